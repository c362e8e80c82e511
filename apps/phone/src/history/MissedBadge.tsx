import { VisuallyHidden } from '@mantine/core';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import classes from './MissedBadge.module.css';

const MOST_SHOWN = 99;

/** How many missed calls nobody has looked at; nothing where there are none. */
export function MissedBadge() {
  const { t } = useWords();
  const count = usePhoneState((state) => state.missedCalls);
  if (count === 0) return null;
  return (
    <span className={classes['badge']} data-missed={count}>
      <span aria-hidden="true">{count > MOST_SHOWN ? `${MOST_SHOWN}+` : count}</span>
      <VisuallyHidden>{t('history.unseen', { count })}</VisuallyHidden>
    </span>
  );
}
