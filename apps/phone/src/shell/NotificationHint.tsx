import { ActionIcon, Button } from '@mantine/core';
import { IconBell, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { readPreference, writePreference } from '../app/preferences.ts';
import { useWords } from '../i18n/use-words.ts';
import { useNotifications } from '../ringing/use-notifications.ts';
import classes from './NotificationHint.module.css';

const STORAGE_KEY = 'offhook.notificationHint';

/** Offered once: browsers let a page ask for notifications only after a click, and never again after a no. */
export function NotificationHint() {
  const { t } = useWords();
  const { permission, setEnabled } = useNotifications();
  const [dismissed, setDismissed] = useState(() => readPreference(STORAGE_KEY) === 'dismissed');
  if (permission !== 'default' || dismissed) return null;
  const dismiss = (): void => {
    writePreference(STORAGE_KEY, 'dismissed');
    setDismissed(true);
  };
  return (
    <aside className={classes['hint']}>
      <IconBell size={20} stroke={1.7} className={classes['icon']} />
      <div className={classes['words']}>
        {t('notify.hint')}
        <Button variant="light" size="xs" onClick={() => void setEnabled(true)}>
          {t('notify.allow')}
        </Button>
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={t('app.dismiss')} onClick={dismiss}>
        <IconX size={16} />
      </ActionIcon>
    </aside>
  );
}
