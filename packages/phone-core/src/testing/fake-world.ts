import {
  Call,
  Me,
  OffhookError,
  Snapshot,
  type CallService,
  type CallState,
  type ErrorCode,
  type LineSettings,
  type Position,
  type Revision,
} from '@offhook/contract';
import { createPhone, type Phone } from '../phone.ts';
import type { HttpRequest, HttpResponse, Ports } from '../ports.ts';
import type { KnownCall } from '../state/state.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeAttention } from './fake-attention.ts';
import { FakeMicrophones, FakeMixers, FakePeers } from './fake-media.ts';
import { FakeCloud } from './fake-socket.ts';
import { FakeLockManager, FakeTabStorage } from './fake-tab.ts';

export const anna = Me.parse({
  userId: 'anna',
  tenantId: 'demo',
  tenantName: 'Demo AG',
  email: 'anna@demo.example',
  name: 'Anna Berger',
  role: 'user',
  number: '101',
});

export const revision = (rev: number, epoch = 'e1') => ({ epoch, rev }) as Revision;

/** As both ways of asking who is signed in are answered. */
export const signedIn = (me: typeof anna): HttpResponse => ({
  status: 200,
  body: { state: 'signed_in', me },
});

export const connected = { name: 'connected', answeredAt: 1, heldByRemote: false } as const;

export interface CallParts {
  readonly id?: string;
  readonly state?: CallState;
  readonly direction?: 'incoming' | 'outgoing';
  readonly position?: Position;
  readonly muted?: boolean;
  readonly correlationId?: string;
  readonly startedAt?: number;
  readonly permitted?: readonly CallService[];
  readonly consultationFor?: string;
  readonly mixedWith?: string;
  readonly rings?: readonly ('clients' | 'desk_phone' | 'alternative')[];
}

const everything: CallService[] = ['hangUp', 'hold', 'retrieve', 'mute', 'dtmf', 'attach'];

export function callOf(parts: CallParts = {}): Call {
  const { id = 'call-1', state = connected, direction = 'outgoing', position = 'here' } = parts;
  return Call.parse({
    callId: id,
    correlationId: parts.correlationId ?? `correlation-${id}`,
    direction,
    remote: { number: '102', name: 'Ben Carter' },
    state,
    startedAt: parts.startedAt ?? 1,
    muted: parts.muted ?? false,
    media: 'none',
    position,
    rings: parts.rings ?? (position === 'nowhere' ? ['clients'] : []),
    ...(parts.consultationFor === undefined ? {} : { consultationFor: parts.consultationFor }),
    ...(parts.mixedWith === undefined ? {} : { mixedWith: parts.mixedWith }),
    permitted: parts.permitted ?? (position === 'nowhere' ? ['answer', 'reject'] : everything),
  });
}

export const settings: LineSettings = {
  forwarding: { immediate: null, busy: null, noAnswer: { to: 'voicemail' } },
  doNotDisturb: false,
  alternativeNumber: '+4915550101',
  routing: 'all',
  busyBehaviour: 'second_call',
  messageWaiting: { waiting: false },
  voicemailNumber: '500',
  settable: ['forwarding.immediate', 'forwarding.busy', 'forwarding.noAnswer', 'doNotDisturb'],
};

export function snapshotOf(calls: readonly Call[] | 'unknown', at: Revision = revision(1)): Snapshot {
  return Snapshot.parse({
    me: anna,
    connector: calls === 'unknown' ? 'offline' : 'online',
    line: { number: '101', state: 'registered' },
    presence: { state: 'available', line: 'idle', choice: 'automatic' },
    ...(calls === 'unknown' ? {} : { settings }),
    abilities: ['placeAtDesk', 'pickUp', 'groupPickUp', 'voicemail', 'settings'],
    calls: calls === 'unknown' ? { known: false } : { known: true, revision: at, list: calls },
  });
}

export function mediaOf(legId: string) {
  return { legId, sdp: `answer ${legId}` };
}

/** A phone in a world that a test holds in its hand. */
export class FakeWorld {
  readonly clock = new FakeClock();
  readonly cloud = new FakeCloud();
  readonly microphones = new FakeMicrophones();
  readonly peers = new FakePeers();
  readonly mixers = new FakeMixers();
  readonly attention = new FakeAttention();
  readonly tabStorage = new FakeTabStorage();
  readonly lockManager = new FakeLockManager();
  readonly requests: HttpRequest[] = [];
  http: (request: HttpRequest) => HttpResponse = () => signedIn(anna);
  /** 0.5: half of every jittered delay. */
  random = 0.5;
  #ids = 0;
  readonly phone: Phone;
  readonly ports: Ports;

  constructor() {
    this.ports = {
      clock: this.clock,
      random: () => this.random,
      newId: () => {
        this.#ids += 1;
        return `id-${this.#ids}`;
      },
      http: async (request) => {
        this.requests.push(request);
        await settle();
        return this.http(request);
      },
      openSocket: this.cloud.open,
      microphones: this.microphones,
      peers: this.peers,
      mixers: this.mixers,
      attention: this.attention,
      tabStorage: this.tabStorage,
      locks: this.lockManager.page(),
      log: () => undefined,
      agent: 'test',
    };
    this.phone = createPhone(this.ports);
  }

  get state() {
    return this.phone.store.getState();
  }

  call(id = 'call-1'): KnownCall | undefined {
    return this.state.calls.find((call) => call.callId === id);
  }

  /** Signed in, welcomed, with these calls. */
  async start(calls: readonly Call[] | 'unknown' = []): Promise<void> {
    this.phone.start();
    await this.pass();
    await this.connect(calls);
  }

  /** The newest socket comes up. */
  async connect(calls: readonly Call[] | 'unknown' = [], at: Revision = revision(1)): Promise<void> {
    this.cloud.socket.open();
    this.cloud.socket.welcome();
    this.cloud.socket.event('snapshot', snapshotOf(calls, at));
    await this.pass();
  }

  async changed(rev: number, parts: CallParts, epoch = 'e1'): Promise<void> {
    this.cloud.socket.event('call.changed', { revision: revision(rev, epoch), call: callOf(parts) });
    await this.pass();
  }

  /** Lets everything happen that needs no time. */
  async pass(): Promise<void> {
    await this.clock.advance(0);
    await settle();
    await settle();
  }
}

export function refusal(status: number, code: ErrorCode): HttpResponse {
  return { status, body: { error: new OffhookError(code).toWire() } };
}
