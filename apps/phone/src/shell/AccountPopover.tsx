import { Divider, Popover, Select, Stack, Switch, Text, UnstyledButton } from '@mantine/core';
import { OffhookError, type Me } from '@offhook/contract';
import { ColorSchemeChoice, PersonAvatar } from '@offhook/ui';
import { IconDownload, IconHelp, IconLogout, IconShieldLock, IconStethoscope } from '@tabler/icons-react';
import { useState, type ReactElement } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePhone } from '../app/PhoneContext.tsx';
import { chooseLanguage } from '../i18n/i18n.ts';
import { isLanguage } from '../i18n/languages.ts';
import { languageNames, languages } from '@offhook/words';
import type { WordKey } from '../i18n/words.ts';
import { openHelp } from '../help/open-help.ts';
import { useInstall } from '../install/offer.ts';
import { useNotifications } from '../ringing/use-notifications.ts';
import classes from './AccountMenu.module.css';

export interface AccountPopoverProps {
  readonly me: Me;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The button it belongs to. */
  readonly target: ReactElement;
}

/** What is behind one's own picture. */
export function AccountPopover({ me, opened, onClose, target }: AccountPopoverProps) {
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && onClose()}
      position="bottom-end"
      width={300}
      radius="lg"
      trapFocus
      returnFocus
      shadow="lg"
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown p={0}>
        <AccountPanel me={me} onLeave={onClose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function AccountPanel({ me, onLeave }: { readonly me: Me; readonly onLeave: () => void }) {
  const { t } = useWords();
  return (
    <>
      <div className={classes['person']}>
        <PersonAvatar name={me.name} size={44} />
        <div className={classes['who']}>
          <Text fw={600} truncate>
            {me.name}
          </Text>
          <Text size="sm" c="dimmed" truncate>
            {me.email}
          </Text>
          {me.number === undefined ? null : (
            <Text size="sm" c="dimmed">
              {t('account.number', { number: me.number })}
            </Text>
          )}
        </div>
      </div>
      <Divider />
      <Stack gap="md" p="md">
        <ColorSchemeChoice label={t('account.theme')} nameOf={(scheme) => t(`account.theme.${scheme}`)} />
        <LanguageChoice />
        <NotificationSwitch />
      </Stack>
      <Divider />
      <a className={classes['link']} href="/account/security">
        <IconShieldLock size={18} stroke={1.7} />
        {t('account.security')}
      </a>
      <a className={classes['link']} href="#check" onClick={onLeave}>
        <IconStethoscope size={18} stroke={1.7} />
        {t('check.title')}
      </a>
      <UnstyledButton
        className={classes['link'] ?? ''}
        onClick={() => {
          openHelp();
          onLeave();
        }}
      >
        <IconHelp size={18} stroke={1.7} />
        {t('help.title')}
      </UnstyledButton>
      <InstallEntry />
      <SignOut />
    </>
  );
}

export function LanguageChoice() {
  const { t, i18n } = useWords();
  return (
    <Select
      size="sm"
      label={t('account.language')}
      value={i18n.language}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      data={languages.map((code) => ({ value: code, label: languageNames[code] }))}
      onChange={(code) => {
        if (code !== null && isLanguage(code)) void chooseLanguage(i18n, code);
      }}
    />
  );
}

export function NotificationSwitch() {
  const { t } = useWords();
  const { permission, enabled, setEnabled } = useNotifications();
  if (permission === 'unsupported') return null;
  return (
    <Switch
      labelPosition="left"
      classNames={{ body: classes['switch'] ?? '' }}
      label={t('account.notifications')}
      description={permission === 'denied' ? t('account.notifications.off') : undefined}
      checked={enabled}
      disabled={permission === 'denied'}
      onChange={(event) => void setEnabled(event.currentTarget.checked)}
    />
  );
}

function InstallEntry() {
  const { t } = useWords();
  const install = useInstall();
  if (install === undefined) return null;
  return (
    <UnstyledButton className={classes['link']} onClick={install}>
      <IconDownload size={18} stroke={1.7} />
      {t('install.entry')}
    </UnstyledButton>
  );
}

function SignOut() {
  const { t } = useWords();
  const phone = usePhone();
  const [problem, setProblem] = useState<WordKey>();
  async function signOut(): Promise<void> {
    try {
      await phone.signOut();
    } catch (thrown) {
      setProblem(`error.${OffhookError.from(thrown).code}`);
    }
  }
  return (
    <>
      {problem === undefined ? null : (
        <Text size="sm" c="var(--offhook-bad-text)" px="md" pt="sm" role="alert">
          {t(problem)}
        </Text>
      )}
      <UnstyledButton className={`${classes['link']} ${classes['last']}`} onClick={() => void signOut()}>
        <IconLogout size={18} stroke={1.7} />
        {t('account.signOut')}
      </UnstyledButton>
    </>
  );
}
