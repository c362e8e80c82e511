import { UnstyledButton } from '@mantine/core';
import type { Me } from '@offhook/contract';
import { PersonAvatar } from '@offhook/ui';
import { parts } from '../app/parts.ts';
import { usePopoverPart } from '../app/use-popover-part.ts';
import { useWords } from '../i18n/use-words.ts';
import classes from './AccountMenu.module.css';

/** One's own picture; what is behind it is loaded at the first press, or before it in an idle moment. */
export function AccountMenu({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const { loaded: Loaded, opened, button, press, close } = usePopoverPart(parts.account);
  const target = (
    <UnstyledButton
      ref={button}
      className={classes['trigger']}
      aria-label={`${t('account.open')}: ${me.name}`}
      aria-haspopup="dialog"
      aria-expanded={opened}
      onClick={press}
    >
      <PersonAvatar name={me.name} size={36} />
    </UnstyledButton>
  );
  if (Loaded === undefined) return target;
  return <Loaded me={me} opened={opened} onClose={close} target={target} />;
}
