import { useWords } from '../i18n/use-words.ts';
import { usePhoneState } from '../app/PhoneContext.tsx';
import classes from './Header.module.css';
import { lineWords } from './trouble.ts';

/** Whether this phone can be called now, in two words. */
export function LinePill({ number }: { readonly number: string | undefined }) {
  const { t } = useWords();
  const key = usePhoneState((state) => lineWords(state).key);
  const tone = usePhoneState((state) => lineWords(state).tone);
  return (
    <span className={classes['pill']} data-tone={tone}>
      <span className={classes['dot']} />
      {t(key)}
      {number === undefined ? null : <span className={classes['number']}>{number}</span>}
    </span>
  );
}
