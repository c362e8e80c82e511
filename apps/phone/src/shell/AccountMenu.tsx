import { UnstyledButton } from '@mantine/core';
import type { Me } from '@offhook/contract';
import { PersonAvatar } from '@offhook/ui';
import { useRef, useState } from 'react';
import { parts } from '../app/parts.ts';
import { usePart } from '../app/use-part.ts';
import { useWords } from '../i18n/use-words.ts';
import classes from './AccountMenu.module.css';

/** One's own picture; what is behind it is loaded at the first press, or before it in an idle moment. */
export function AccountMenu({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const { loaded: Loaded, ask } = usePart(parts.account);
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  const press = async (): Promise<void> => {
    if (Loaded !== undefined) {
      setOpened((open) => !open);
    } else if (await ask()) {
      // The popover gives the focus back to where it was when it opened: to the new button, as the old one is gone.
      button.current?.focus();
      setOpened(true);
    }
  };
  const target = (
    <UnstyledButton
      ref={button}
      className={classes['trigger']}
      aria-label={`${t('account.open')}: ${me.name}`}
      aria-haspopup="dialog"
      aria-expanded={opened}
      onClick={() => void press()}
    >
      <PersonAvatar name={me.name} size={36} />
    </UnstyledButton>
  );
  if (Loaded === undefined) return target;
  return <Loaded me={me} opened={opened} onClose={() => setOpened(false)} target={target} />;
}
