import type { Me } from '@offhook/contract';
import { Logo } from '@offhook/ui';
import { ActionIcon } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useWords } from '../i18n/use-words.ts';
import { PresenceMenu } from '../presence/PresenceMenu.tsx';
import { VoicemailButton } from '../voicemail/VoicemailButton.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import classes from './Header.module.css';
import { LinePill } from './LinePill.tsx';

export interface HeaderProps {
  readonly me: Me;
  readonly settingsOpen: boolean;
  readonly onSettings: () => void;
}

export function Header({ me, settingsOpen, onSettings }: HeaderProps) {
  const { t } = useWords();
  return (
    <header className={classes['header']}>
      <div className={classes['inner']}>
        <span className={classes['brand']}>
          <Logo size={28} />
          <span className={classes['name']}>Offhook</span>
          <span className={classes['tenant']}>{me.tenantName}</span>
        </span>
        <LinePill number={me.number} />
        <PresenceMenu />
        <span className={classes['actions']}>
          <VoicemailButton />
          <ActionIcon
            className={classes['settings'] ?? ''}
            variant={settingsOpen ? 'light' : 'subtle'}
            color={settingsOpen ? 'cobalt' : 'gray'}
            size={36}
            radius="xl"
            aria-label={t('settings.title')}
            aria-pressed={settingsOpen}
            title={t('settings.title')}
            onClick={onSettings}
          >
            <IconSettings size={22} stroke={1.7} />
          </ActionIcon>
        </span>
        <AccountMenu me={me} />
      </div>
    </header>
  );
}
