import { ActionIcon } from '@mantine/core';
import { canDo, newMessages } from '@offhook/phone-core';
import { IconRecordMail } from '@tabler/icons-react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ariaShortcut } from '../shortcuts/shortcuts.ts';
import classes from './VoicemailButton.module.css';

const MOST_SHOWN = 99;

/** One click dials the mailbox. Red, with the count, while there is something new in it. */
export function VoicemailButton() {
  const { t } = useWords();
  const { calls } = usePhone();
  const has = usePhoneState((state) => canDo(state, 'voicemail'));
  const number = usePhoneState((state) => state.settings.held?.voicemailNumber);
  const fresh = usePhoneState(newMessages);
  if (!has || number === undefined || number === null) return null;
  const label =
    typeof fresh === 'number'
      ? t('voicemail.new', { count: fresh })
      : t(fresh ? 'voicemail.some' : 'voicemail.open');
  return (
    <ActionIcon
      className={classes['button'] ?? ''}
      variant="subtle"
      color="gray"
      size={36}
      radius="xl"
      data-voicemail
      data-new={fresh !== false || undefined}
      aria-label={label}
      aria-keyshortcuts={ariaShortcut('voicemail')}
      title={label}
      onClick={() => void calls.place(number, t('voicemail.name'))}
    >
      <IconRecordMail size={26} stroke={1.6} />
      {fresh === false ? null : (
        // Drawn, not said: the button's name has the count.
        <span
          className={classes['badge']}
          data-count={typeof fresh === 'number' ? (fresh > MOST_SHOWN ? `${MOST_SHOWN}+` : fresh) : ''}
        />
      )}
    </ActionIcon>
  );
}
