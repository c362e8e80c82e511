import { UnstyledButton } from '@mantine/core';
import type { KnownCall, Verdict } from '@offhook/phone-core';
import { IconAntennaBars3, IconAntennaBars5, IconMicrophoneOff, IconVolumeOff } from '@tabler/icons-react';
import { parts } from '../app/parts.ts';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { usePopoverPart } from '../app/use-popover-part.ts';
import { useWords } from '../i18n/use-words.ts';
import classes from './QualityLine.module.css';
import { verdictWords } from './verdict-words.ts';

/** How the call sounds, in words where something is wrong; its numbers on demand. It has its place from the first moment on: nothing moves when it speaks. */
export function QualityLine({ call, compact }: { readonly call: KnownCall; readonly compact: boolean }) {
  const verdict = usePhoneState((state) => state.quality[call.callId]?.verdict);
  const talking = call.position === 'here' && call.state.name === 'connected';
  if (!talking || compact) return null;
  return (
    <div className={classes['line']}>
      {verdict === undefined ? null : <Shown call={call} verdict={verdict} />}
    </div>
  );
}

function Shown({ call, verdict }: { readonly call: KnownCall; readonly verdict: Verdict }) {
  const { t } = useWords();
  const { loaded: Loaded, opened, button, press, close } = usePopoverPart(parts.quality);
  const target = (
    <UnstyledButton
      ref={button}
      className={classes['button']}
      data-tone={verdict === 'good' || verdict === 'unknown' ? undefined : 'wait'}
      aria-label={t('quality.show', { words: t(verdictWords(verdict)) })}
      aria-haspopup="dialog"
      aria-expanded={opened}
      onClick={press}
    >
      <VerdictIcon verdict={verdict} />
      <span aria-live="polite">{t(verdictWords(verdict))}</span>
    </UnstyledButton>
  );
  if (Loaded === undefined) return target;
  return <Loaded callId={call.callId} opened={opened} onClose={close} target={target} />;
}

function VerdictIcon({ verdict }: { readonly verdict: Verdict }) {
  switch (verdict) {
    case 'good':
    case 'unknown':
      return <IconAntennaBars5 size={18} stroke={1.8} />;
    case 'microphone_silent':
      return <IconMicrophoneOff size={18} stroke={1.8} />;
    case 'nothing_arrives':
    case 'nothing_heard':
      return <IconVolumeOff size={18} stroke={1.8} />;
    case 'gaps_up':
    case 'gaps_down':
    case 'delay':
      return <IconAntennaBars3 size={18} stroke={1.8} />;
  }
}
