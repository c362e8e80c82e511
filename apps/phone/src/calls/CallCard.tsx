import { ActionIcon } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { isMuted, isRingingHere, noActivity, permits, type KnownCall } from '@offhook/phone-core';
import { PersonAvatar } from '@offhook/ui';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { statusTone, statusWords } from '../words/call-words.ts';
import { partyWords } from '../words/party.ts';
import classes from './CallCard.module.css';
import { CallControls } from './CallControls.tsx';
import { CallTimer } from './CallTimer.tsx';
import { KeypadInCall } from './KeypadInCall.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { VoiceNote } from './VoiceNote.tsx';

export interface CallCardProps {
  readonly call: KnownCall;
  /** One row, for a call that is not the one that matters most. */
  readonly compact: boolean;
}

export function CallCard({ call, compact }: CallCardProps) {
  const { t } = useWords();
  const phone = usePhone();
  const activity = usePhoneState((state) => state.activities[call.callId] ?? noActivity);
  const muted = usePhoneState((state) => isMuted(state, call));
  const ringing = usePhoneState((state) => isRingingHere(state, call));
  const [keypadOpen, setKeypadOpen] = useState(false);
  const keypad = keypadOpen && permits(call, 'dtmf');
  useHotkeys(keypad ? [['Escape', () => setKeypadOpen(false)]] : [], []);

  const { title, detail } = partyWords(call.remote);
  const status = statusWords(call, activity.pending === 'hangUp');
  const ended = call.state.name === 'ended';
  const focus = useKeptFocus(ended);
  return (
    <article
      {...focus}
      // The focus rests here while the call has no button to take it.
      tabIndex={-1}
      className={classes['card']}
      data-compact={compact || undefined}
      data-ringing={ringing || undefined}
      data-keypad={keypad || undefined}
      data-dense={keypad || activity.problem !== undefined || undefined}
      data-tone={statusTone(call)}
      aria-label={title ?? t('call.unknownCaller')}
    >
      <div className={classes['person']}>
        <PersonAvatar name={call.remote.name} size={compact ? 48 : 96} ringing={ringing} />
        <div className={classes['words']}>
          {ringing && !compact ? <span className={classes['kicker']}>{t('call.incoming')}</span> : null}
          <span className={classes['name']}>{title ?? t('call.unknownCaller')}</span>
          {detail === undefined || compact ? null : <span className={classes['number']}>{detail}</span>}
          <span className={classes['state']}>
            <span role="status" className={classes['status']}>
              {status.cause === undefined ? t(status.key) : t(status.key, { words: t(status.cause) })}
            </span>
            <CallTimer call={call} />
            {muted && !ended ? <span className={classes['tag']}>{t('call.muted')}</span> : null}
            {call.position === 'other_client' && !ended ? (
              <span className={classes['tag']}>{t('call.otherWindow')}</span>
            ) : null}
          </span>
        </div>
      </div>
      <VoiceNote call={call} />
      {activity.problem === undefined ? null : (
        <ProblemNote
          problem={activity.problem}
          {...(permits(call, 'answer')
            ? { onListenOnly: () => void phone.calls.answer(call.callId, { listenOnly: true }) }
            : {})}
          onDismiss={() => phone.calls.dismissProblem(call.callId)}
        />
      )}
      {keypad ? <KeypadInCall callId={call.callId} /> : null}
      <CallControls
        call={call}
        activity={activity}
        muted={muted}
        compact={compact}
        keypadOpen={keypad}
        onKeypad={() => setKeypadOpen(!keypad)}
      />
      {ended ? (
        <ActionIcon
          className={classes['dismiss'] ?? ''}
          variant="subtle"
          color="gray"
          aria-label={t('app.dismiss')}
          onClick={() => phone.calls.dismissCall(call.callId)}
        >
          <IconX size={18} />
        </ActionIcon>
      ) : null}
    </article>
  );
}
