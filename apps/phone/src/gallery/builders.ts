import {
  Ability,
  Call,
  HistoryEntry,
  Me,
  type CallService,
  type CallState,
  type EndCause,
  type LineSettings,
  type Party,
  type Position,
  type Presence,
  type RingingPlace,
  type UserId,
} from '@offhook/contract';
import { initialState, type KnownCall, type PhoneState } from '@offhook/phone-core';

/** Pictures are of one moment, so that two of them can be compared. */
export const NOW = Date.now();

export const anna = Me.parse({
  userId: 'anna',
  tenantId: 'demo',
  tenantName: 'Demo AG',
  email: 'anna@demo.example',
  name: 'Anna Berger',
  role: 'user',
  number: '101',
});

export const people = {
  ben: { number: '102', name: 'Ben Carter', userId: 'ben' as UserId },
  carla: { number: '201', name: 'Carla Duval', userId: 'carla' as UserId },
  david: { number: '202', name: 'David Engel', userId: 'david' as UserId },
  outside: { number: '+4989636480018' },
  withheld: { number: '' },
  long: { number: '+493012345678', name: 'Maximiliane Charlotte von Hohenstein-Wittgenstein' },
} as const;

/** What colleagues do, in the scenes where that is known. */
export const presences: Readonly<Record<UserId, Presence>> = {
  [people.ben.userId]: { state: 'available', line: 'idle' },
  [people.carla.userId]: { state: 'busy', line: 'talking' },
  [people.david.userId]: { state: 'available', line: 'ringing' },
};

export const settings: LineSettings = {
  forwarding: {
    immediate: null,
    busy: { to: 'voicemail' },
    noAnswer: { to: 'number', number: '+4915550101' },
  },
  doNotDisturb: false,
  alternativeNumber: '+491701234567',
  routing: 'all',
  busyBehaviour: 'second_call',
  messageWaiting: { waiting: false },
  voicemailNumber: '500',
  settable: [
    'forwarding.immediate',
    'forwarding.busy',
    'forwarding.noAnswer',
    'doNotDisturb',
    'alternativeNumber',
    'routing',
    'busyBehaviour',
  ],
};

/** A telephone system that offers everything. */
export function full(part: Partial<PhoneState> = {}): PhoneState {
  return online({
    abilities: Ability.options,
    settings: { held: settings, pending: undefined, last: undefined },
    ownPresence: {
      held: { state: 'available', line: 'idle', choice: 'automatic' },
      pending: undefined,
      problem: undefined,
    },
    presences,
    ...part,
  });
}

const talking: CallService[] = ['mute', 'dtmf', 'hold', 'hangUp', 'attach'];

/** What a talking call permits where the telephone system offers everything. */
export const everything: CallService[] = [
  ...talking,
  'transfer',
  'consult',
  'pushToDesk',
  'pushToAlternative',
  'park',
];

/** Services of two calls, at the one that waits. */
export const paired: CallService[] = [
  'alternate',
  'conference',
  'completeTransfer',
  'reconnect',
  'retrieve',
  'hangUp',
];

export const states = {
  calling: { name: 'calling' },
  ringing: { name: 'ringing' },
  connected: { name: 'connected', answeredAt: NOW - 134_000, heldByRemote: false },
  heldByRemote: { name: 'connected', answeredAt: NOW - 95_000, heldByRemote: true },
  held: { name: 'held', answeredAt: NOW - 612_000 },
} as const satisfies Record<string, CallState>;

export function ended(cause: EndCause): CallState {
  return { name: 'ended', endedAt: NOW, cause };
}

export interface CallOptions {
  readonly id?: string;
  readonly remote?: Party;
  readonly rings?: readonly RingingPlace[];
  readonly parkedAt?: string;
  readonly members?: readonly Party[];
  readonly consultationFor?: string;
  readonly mixedWith?: string;
  readonly divertedBy?: Party;
  readonly direction?: 'incoming' | 'outgoing';
  readonly position?: Position;
  readonly muted?: boolean;
  readonly waits?: true;
  readonly permitted?: readonly CallService[];
}

export function call(state: CallState, options: CallOptions = {}): KnownCall {
  const { id = 'call-1', remote = people.ben, direction = 'outgoing', muted = false } = options;
  const incomingRings = direction === 'incoming' && state.name === 'ringing';
  const ends = state.name === 'ended';
  const { position = incomingRings || ends ? 'nowhere' : 'here' } = options;
  const parsed = Call.parse({
    callId: id,
    correlationId: `c-${id}`,
    direction,
    remote,
    state,
    startedAt: NOW - 140_000,
    muted,
    media: 'flowing',
    position,
    rings: options.rings ?? (incomingRings ? ['clients'] : []),
    ...extrasOf(options),
    permitted: options.permitted ?? (position === 'other_client' ? [] : permittedIn(state, incomingRings)),
  });
  const waits = options.waits === undefined ? {} : { waits: options.waits };
  return { ...parsed, ...waits, rev: 1, wasHere: position === 'here' || ends };
}

function extrasOf(options: CallOptions) {
  const { parkedAt, members, consultationFor, mixedWith, divertedBy } = options;
  return Object.fromEntries(
    Object.entries({ parkedAt, members, consultationFor, mixedWith, divertedBy }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

export function permittedIn(state: CallState, incomingRings: boolean): CallService[] {
  switch (state.name) {
    case 'calling':
      return ['hangUp'];
    case 'ringing':
      return incomingRings ? ['answer', 'reject'] : ['hangUp', 'dtmf', 'mute'];
    case 'connected':
      return talking;
    case 'held':
      return ['retrieve', 'hangUp'];
    case 'ended':
      return [];
  }
}

/** Signed in, online, registered. */
export function online(part: Partial<PhoneState> = {}): PhoneState {
  const state: PhoneState = {
    ...initialState,
    session: { name: 'signedIn', me: anna },
    connection: { name: 'online', since: NOW },
    connector: 'online',
    line: { number: '101', state: 'registered' },
    ...part,
  };
  const mine = state.calls.filter((one) => one.position === 'here');
  const flowing = { path: 'flowing', remoteAudio: undefined, microphoneProblem: undefined } as const;
  return {
    ...state,
    voices: { ...Object.fromEntries(mine.map((one) => [one.callId, flowing])), ...part.voices },
  };
}

const hour = 3_600_000;

export function entry(
  id: string,
  remote: Party,
  hoursAgo: number,
  rest: { direction: 'incoming' | 'outgoing'; cause: EndCause; seconds?: number } & Pick<
    HistoryEntry,
    'note' | 'divertedBy' | 'members' | 'steps'
  >,
): HistoryEntry {
  const startedAt = NOW - hoursAgo * hour;
  return HistoryEntry.parse({
    recordId: id,
    callId: `h-${id}`,
    correlationId: `h-${id}`,
    remote,
    startedAt,
    ...(rest.seconds === undefined ? {} : { answeredAt: startedAt + 6_000 }),
    endedAt: startedAt + 6_000 + (rest.seconds ?? 14) * 1_000,
    ...rest,
  });
}

export const history: readonly HistoryEntry[] = [
  entry('1', people.carla, 0.3, { direction: 'outgoing', cause: 'completed', seconds: 372 }),
  entry('2', people.ben, 0.9, { direction: 'incoming', cause: 'cancelled' }),
  entry('3', people.outside, 1.6, { direction: 'incoming', cause: 'completed', seconds: 1_284 }),
  entry('4', people.david, 2.1, { direction: 'outgoing', cause: 'busy' }),
  entry('5', people.withheld, 26, { direction: 'incoming', cause: 'no_answer' }),
  entry('6', people.long, 27, { direction: 'incoming', cause: 'completed', seconds: 4_210 }),
  entry('7', people.ben, 29, { direction: 'incoming', cause: 'answered_elsewhere' }),
  entry('8', people.carla, 75, { direction: 'outgoing', cause: 'no_answer' }),
];
