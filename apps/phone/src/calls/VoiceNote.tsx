import type { KnownCall } from '@offhook/phone-core';
import { useWords } from '../i18n/use-words.ts';
import { usePhoneState } from '../app/PhoneContext.tsx';
import type { WordKey } from '../i18n/words.ts';
import classes from './Notes.module.css';

/** What a person has to know of the sound while it is not as it should be. */
export function VoiceNote({ call }: { readonly call: KnownCall }) {
  const { t } = useWords();
  const voice = usePhoneState((state) => state.voices[call.callId]);
  if (call.holder !== 'mine' || call.state.name !== 'connected') return null;
  const path = pathWords(voice?.path);
  const microphone = voice?.microphoneProblem;
  return (
    <>
      {path === undefined ? null : <span className={classes['voice']}>{t(path)}</span>}
      {microphone === undefined ? null : (
        <div className={classes['note']} data-tone="wait">
          <strong>{t(`microphone.${microphone}`)}</strong>
          <span>{t('call.listening')}</span>
        </div>
      )}
    </>
  );
}

function pathWords(path: 'connecting' | 'flowing' | 'repairing' | undefined): WordKey | undefined {
  switch (path) {
    case 'connecting':
      return 'call.voiceConnecting';
    case 'repairing':
    case undefined:
      return 'call.voiceRepairing';
    case 'flowing':
      return undefined;
  }
}
