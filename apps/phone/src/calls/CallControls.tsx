import type { CallService } from '@offhook/contract';
import { permits, type CallActivity, type KnownCall } from '@offhook/phone-core';
import { RoundButton, type RoundButtonTone } from '@offhook/ui';
import {
  IconDeviceLaptop,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPlayerPause,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { useWords } from '../i18n/use-words.ts';
import type { ComponentType } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import type { WordKey } from '../i18n/words.ts';
import { HangUpIcon } from './HangUpIcon.tsx';
import classes from './CallControls.module.css';

export interface CallControlsProps {
  readonly call: KnownCall;
  readonly activity: CallActivity;
  readonly muted: boolean;
  readonly compact: boolean;
  readonly keypadOpen: boolean;
  readonly onKeypad: () => void;
}

interface Control {
  readonly service: CallService;
  readonly label: WordKey;
  readonly icon: ComponentType<{ size: number; stroke: number }>;
  readonly tone: RoundButtonTone;
  readonly expanded?: boolean;
  readonly run: () => void;
}

/** A button for each service that the call permits now, and no other. */
export function CallControls(props: CallControlsProps) {
  const { t } = useWords();
  const { call, activity, compact } = props;
  const controls = useControls(props).filter((control) => permits(call, control.service));
  if (controls.length === 0) return null;
  return (
    <div className={classes['controls']} data-compact={compact || undefined}>
      {controls.map(({ service, label, icon: Symbol, tone, expanded, run }) => (
        <RoundButton
          key={service}
          data-service={service}
          label={t(label)}
          icon={<Symbol size={compact ? 20 : 25} stroke={1.7} />}
          tone={tone}
          compact={compact}
          busy={activity.pending !== undefined && service !== 'hangUp'}
          aria-expanded={expanded}
          onClick={run}
        />
      ))}
    </div>
  );
}

function useControls({ call, muted, keypadOpen, onKeypad }: CallControlsProps): readonly Control[] {
  const { calls } = usePhone();
  const { callId } = call;
  const controls: Control[] = [
    {
      service: 'mute',
      label: muted ? 'call.unmute' : 'call.mute',
      icon: muted ? IconMicrophoneOff : IconMicrophone,
      tone: muted ? 'active' : 'plain',
      run: () => void calls.setMuted(callId, !muted),
    },
    {
      service: 'dtmf',
      label: 'call.keypad',
      icon: IconDialpad,
      tone: keypadOpen ? 'active' : 'plain',
      expanded: keypadOpen,
      run: onKeypad,
    },
    {
      service: 'hold',
      label: 'call.hold',
      icon: IconPlayerPause,
      tone: 'plain',
      run: () => void calls.hold(callId),
    },
    {
      service: 'retrieve',
      label: 'call.retrieve',
      icon: IconPlayerPlay,
      tone: 'active',
      run: () => void calls.retrieve(callId),
    },
    {
      service: 'answer',
      label: 'call.answer',
      icon: IconPhone,
      tone: 'answer',
      run: () => void calls.answer(callId),
    },
    {
      service: 'reject',
      label: 'call.reject',
      icon: HangUpIcon,
      tone: 'end',
      run: () => void calls.reject(callId),
    },
    {
      service: 'hangUp',
      label: 'call.hangUp',
      icon: HangUpIcon,
      tone: 'end',
      run: () => void calls.hangUp(callId),
    },
  ];
  const pull: Control = {
    service: 'pull',
    label: 'call.continueHere',
    icon: IconDeviceLaptop,
    tone: 'plain',
    run: () => void calls.pull(callId),
  };
  return [pull, ...controls];
}
