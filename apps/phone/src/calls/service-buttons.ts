import type { CallService } from '@offhook/contract';
import { isIncomingRinging, type KnownCall, type Phone } from '@offhook/phone-core';
import type { RoundButtonTone } from '@offhook/ui';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsExchange,
  IconDeviceLandlinePhone,
  IconDeviceLaptop,
  IconDeviceMobile,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconParking,
  IconPhone,
  IconPhoneCheck,
  IconPhoneIncoming,
  IconPhonePlus,
  IconPhoneOutgoing,
  IconPlayerPause,
  IconPlayerPlay,
  IconUsersGroup,
  IconRecordMail,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { WordKey } from '../i18n/words.ts';
import type { ShortcutName } from '../shortcuts/shortcuts.ts';
import { HangUpIcon } from './HangUpIcon.tsx';

export type ButtonIcon = ComponentType<{ size: number; stroke: number }>;

/**
 * Where a service's button is: on the `face` of the card, with the `pair` services of the call that waits, in the list of
 * places to `move` to, or `nowhere` since this window does it by itself.
 */
export type ServicePlace = 'face' | 'pair' | 'move' | 'nowhere';

export interface ServiceButton {
  readonly label: WordKey;
  readonly icon: ButtonIcon;
  readonly tone: RoundButtonTone;
  readonly place: ServicePlace;
  /** On the face also where the card is a single row. */
  readonly inRow: boolean;
  readonly shortcut?: ShortcutName;
}

const face = { place: 'face', tone: 'plain', inRow: false } as const;
const pair = { place: 'pair', tone: 'plain', inRow: true } as const;
const move = { place: 'move', tone: 'plain', inRow: true } as const;

/** The button of each service, in the order in which they are drawn. A call has those that it permits, and no other. */
export const serviceButtons: Readonly<Record<CallService, ServiceButton>> = {
  pull: { ...face, label: 'call.continueHere', icon: IconDeviceLaptop, inRow: true },
  mute: { ...face, label: 'call.mute', icon: IconMicrophone, inRow: true, shortcut: 'mute' },
  dtmf: { ...face, label: 'call.keypad', icon: IconDialpad, shortcut: 'keypad' },
  hold: { ...face, label: 'call.hold', icon: IconPlayerPause, inRow: true, shortcut: 'hold' },
  retrieve: {
    ...face,
    label: 'call.retrieve',
    icon: IconPlayerPlay,
    tone: 'active',
    inRow: true,
    shortcut: 'hold',
  },
  transfer: { ...face, label: 'call.transfer', icon: IconPhoneOutgoing, shortcut: 'transfer' },
  consult: { ...face, label: 'call.consult', icon: IconPhonePlus, shortcut: 'consult' },
  callBack: { ...face, label: 'call.callBack', icon: IconPhoneIncoming, inRow: true },
  answer: {
    ...face,
    label: 'call.answer',
    icon: IconPhone,
    tone: 'answer',
    inRow: true,
    shortcut: 'answer',
  },
  reject: { ...face, label: 'call.reject', icon: HangUpIcon, tone: 'end', inRow: true, shortcut: 'reject' },
  answerAtDesk: { ...face, label: 'call.answerAtDesk', icon: IconDeviceLandlinePhone },
  toVoicemail: { ...face, label: 'call.toVoicemail', icon: IconRecordMail },
  deflect: { ...face, label: 'call.deflect', icon: IconArrowForwardUp },
  hangUp: { ...face, label: 'call.hangUp', icon: HangUpIcon, tone: 'end', inRow: true, shortcut: 'hangUp' },
  alternate: { ...pair, label: 'call.alternate', icon: IconArrowsExchange, shortcut: 'alternate' },
  conference: { ...pair, label: 'call.conference', icon: IconUsersGroup },
  completeTransfer: { ...pair, label: 'call.completeTransfer', icon: IconPhoneCheck },
  reconnect: { ...pair, label: 'call.reconnect', icon: IconArrowBackUp },
  pushToDesk: { ...move, label: 'call.pushToDesk', icon: IconDeviceLandlinePhone },
  pushToAlternative: { ...move, label: 'call.pushToAlternative', icon: IconDeviceMobile },
  park: { ...move, label: 'call.park', icon: IconParking },
  attach: { ...move, label: 'call.continueHere', icon: IconDeviceLaptop, place: 'nowhere' },
};

export const servicesInOrder = Object.keys(serviceButtons) as readonly CallService[];

/** The other faces of buttons whose meaning turns with the call. */
const unmuteButton: ServiceButton = {
  ...serviceButtons.mute,
  label: 'call.unmute',
  icon: IconMicrophoneOff,
  tone: 'active',
};
const answerHereButton: ServiceButton = {
  ...serviceButtons.answer,
  label: 'call.answerHere',
};

/** The button of a service as it is for this call now. */
export function buttonOf(service: CallService, { call, muted }: Pressed): ServiceButton {
  if (service === 'mute' && muted) return unmuteButton;
  // It rings at the desk phone alone: bringing it here is answering it.
  if (service === 'pull' && isIncomingRinging(call)) return answerHereButton;
  return serviceButtons[service];
}

/** What a button opens in its card, instead of asking at once. */
export type CardPanel = 'keypad' | 'transfer' | 'consult' | 'deflect';

const panels: Readonly<Partial<Record<CallService, CardPanel>>> = {
  dtmf: 'keypad',
  transfer: 'transfer',
  consult: 'consult',
  deflect: 'deflect',
};

export function panelOf(service: CallService): CardPanel | undefined {
  return panels[service];
}

export function serviceOfPanel(panel: CardPanel): CallService {
  return panel === 'keypad' ? 'dtmf' : panel;
}

export interface Pressed {
  readonly calls: Phone['calls'];
  /** Of a conference that shows as several calls, the one whose buttons are drawn. */
  readonly call: KnownCall;
  readonly counterpart: KnownCall | undefined;
  readonly muted: boolean;
  readonly hangUp: () => void;
  readonly togglePanel: (panel: CardPanel) => void;
}

/** What a press of a service's button does. */
export function press(service: CallService, pressed: Pressed): void {
  const { calls, counterpart, muted, hangUp, togglePanel } = pressed;
  const { callId } = pressed.call;
  switch (service) {
    case 'answer':
      return void calls.answer(callId);
    case 'answerAtDesk':
      return void calls.answerAtDesk(callId);
    case 'reject':
      return void calls.reject(callId);
    case 'toVoicemail':
      return void calls.toVoicemail(callId);
    case 'hangUp':
      return hangUp();
    case 'hold':
      return void calls.hold(callId);
    case 'retrieve':
      return void calls.retrieve(callId);
    case 'mute':
      return void calls.setMuted(callId, !muted);
    case 'dtmf':
      return togglePanel('keypad');
    case 'transfer':
    case 'consult':
    case 'deflect':
      return togglePanel(service);
    case 'pull':
    case 'attach':
      return void calls.pull(callId);
    case 'pushToDesk':
      return void calls.push(callId, 'desk_phone');
    case 'pushToAlternative':
      return void calls.push(callId, 'alternative');
    case 'park':
      return void calls.park(callId);
    case 'callBack':
      return void calls.callBack(callId);
    case 'alternate':
      return void calls.alternate(callId);
    case 'reconnect':
      return void calls.reconnect(callId);
    case 'completeTransfer':
      if (counterpart !== undefined) void calls.completeTransfer(callId, counterpart.callId);
      return undefined;
    case 'conference':
      if (counterpart !== undefined) void calls.conference(callId, counterpart.callId);
      return undefined;
  }
}
