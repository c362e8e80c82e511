import { isMuted, type KnownCall, type PhoneState } from '@offhook/phone-core';
import { PersonAvatar, RoundButton } from '@offhook/ui';
import { IconMicrophone, IconMicrophoneOff } from '@tabler/icons-react';
import { useShallow } from 'zustand/react/shallow';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { statusTone, statusWords } from '../words/call-words.ts';
import { partyWords } from '../words/party.ts';
import classes from './CallCard.module.css';
import controls from './CallControls.module.css';
import { CallTimer } from './CallTimer.tsx';
import { HangUpIcon } from './HangUpIcon.tsx';

/**
 * The conversations that outlived their session, with what this window can do without the service: be silent, and end
 * its voice.
 */
export function OngoingCalls() {
  const calls = usePhoneState(useShallow(withVoice));
  return calls.map((call) => <OngoingCall key={call.callId} call={call} />);
}

function withVoice(state: PhoneState): readonly KnownCall[] {
  return state.calls.filter((call) => state.voices[call.callId] !== undefined);
}

function OngoingCall({ call }: { readonly call: KnownCall }) {
  const { t } = useWords();
  const phone = usePhone();
  const muted = usePhoneState((state) => isMuted(state, call));
  const title = partyWords(call.remote).title ?? t('call.unknownCaller');
  const MuteIcon = muted ? IconMicrophoneOff : IconMicrophone;
  return (
    <article className={classes['card']} data-compact data-tone={statusTone(call)} aria-label={title}>
      <div className={classes['person']}>
        <PersonAvatar name={call.remote.name} size={48} />
        <div className={classes['words']}>
          <span className={classes['name']}>{title}</span>
          <span className={classes['state']}>
            <span role="status" className={classes['status']}>
              {t(statusWords(call, false).key)}
            </span>
            <CallTimer call={call} />
          </span>
        </div>
      </div>
      <div className={controls['controls']} data-compact>
        <RoundButton
          compact
          label={t(muted ? 'call.unmute' : 'call.mute')}
          icon={<MuteIcon size={20} stroke={1.7} />}
          tone={muted ? 'active' : 'plain'}
          onClick={() => void phone.calls.setMuted(call.callId, !muted)}
        />
        <RoundButton
          compact
          label={t('call.hangUp')}
          icon={<HangUpIcon size={20} stroke={1.7} />}
          tone="end"
          onClick={() => void phone.calls.hangUp(call.callId)}
        />
      </div>
    </article>
  );
}
