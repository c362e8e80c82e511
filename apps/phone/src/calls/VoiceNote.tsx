import { Button } from '@mantine/core';
import type { KnownCall } from '@offhook/phone-core';
import { useWords } from '../i18n/use-words.ts';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useDelayed } from '../app/use-delayed.ts';
import type { WordKey } from '../i18n/words.ts';
import classes from './Notes.module.css';

/** Setting up the sound takes a moment: only a long one is mentioned. */
const WORTH_A_WORD_MS = 1_200;

/** What a person has to know of the sound while it is not as it should be. */
export function VoiceNote({ call }: { readonly call: KnownCall }) {
  const { t } = useWords();
  const phone = usePhone();
  const voice = usePhoneState((state) => state.voices[call.callId]);
  const talking = call.position === 'here' && call.state.name === 'connected';
  const path = pathWords(voice?.path);
  const pathLate = useDelayed(talking && path !== undefined, WORTH_A_WORD_MS);
  if (!talking) return null;
  const microphone = voice?.microphoneProblem;
  return (
    <>
      {path === undefined || !pathLate ? null : <span className={classes['voice']}>{t(path)}</span>}
      {microphone === undefined ? null : (
        <div className={classes['note']} data-tone="wait">
          <strong>{t(`microphone.${microphone}`)}</strong>
          <span>{t('call.listening')}</span>
          <span>{t(`microphone.${microphone}.hint`)}</span>
          <div className={classes['actions']}>
            <Button size="xs" variant="default" onClick={() => void phone.calls.renewMicrophones()}>
              {t('call.tryAgain')}
            </Button>
            <Button size="xs" variant="default" component="a" href="#settings/sound">
              {t('devices.choose')}
            </Button>
          </div>
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
