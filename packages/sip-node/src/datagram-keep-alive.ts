import type { RandomBytes } from '@offhook/sip';
import { BindingCheck, defaultBindingTimes, type BindingTimes } from './stun/binding-check.ts';
import { bindingRequest, type StunMessage } from './stun/message.ts';
import { placeText, type Place } from './transport.ts';

/** Times in milliseconds. */
export interface DatagramKeepAliveOptions {
  /** `crlf` is answered by nobody over UDP; `stun` shows whether the way back is open, of registrars that answer it. */
  readonly method: 'crlf' | 'stun';
  /** Between pings of one peer, of which 80–100 % are drawn: 24–29 s for what NATs do to UDP (RFC 5626 section 4.4.2). */
  readonly everyMs: number;
  /** After so long without a registration there, nobody needs the way back. */
  readonly forgetMs: number;
  readonly peers: number;
  readonly binding: BindingTimes;
  /** `once_seen`: silence means something only of a peer that has answered before. */
  readonly expectAnswer: 'always' | 'once_seen';
}

/** A registration lasts an hour where nobody says otherwise. */
export const defaultDatagramKeepAlive: Omit<DatagramKeepAliveOptions, 'everyMs'> = {
  method: 'crlf',
  forgetMs: 65 * 60_000,
  peers: 1_000,
  binding: defaultBindingTimes,
  expectAnswer: 'once_seen',
};

export type KeepAliveAction =
  | { readonly kind: 'send'; readonly place: Place; readonly bytes: Uint8Array }
  /** Who has registered over this flow has to do so anew. */
  | { readonly kind: 'failed'; readonly place: Place };

type State =
  | { readonly name: 'quiet' }
  | {
      readonly name: 'asking';
      readonly transactionId: Buffer;
      readonly request: Buffer;
      readonly check: BindingCheck;
    }
  /** Nothing is sent before the next registration. */
  | { readonly name: 'failed' };

interface Peer {
  readonly place: Place;
  registeredAt: number;
  pingAt: number;
  state: State;
  /** It has answered, now or in an earlier flow. */
  answers: boolean;
  /** Where it has seen this flow come from. */
  mapped: string | undefined;
}

export interface Chance {
  readonly bytes: RandomBytes;
  /** In [0, 1). */
  readonly fraction: () => number;
}

const REGISTER = Buffer.from('REGISTER ');
const CRLFS = Buffer.from('\r\n\r\n');

/**
 * Keeps the way back through NATs open where we are registered over UDP (RFC 5626 sections 3.5 and 4.4.2): which
 * registrars are pinged, when and how, and when a flow has failed. Pure.
 *
 * ```
 *   quiet ──interval, crlf: sent──► quiet
 *   quiet ──interval, stun──► asking ──answer with the address of before──► quiet
 *                               │ no answer, an error, or another address
 *                               ▼
 *                             failed ──next REGISTER──► quiet
 * ```
 */
export class DatagramKeepAlive {
  readonly #options: DatagramKeepAliveOptions;
  readonly #chance: Chance;
  readonly #onFull: () => void;
  readonly #peers = new Map<string, Peer>();

  /** @param onFull a registrar is not pinged because there are too many */
  constructor(options: DatagramKeepAliveOptions, chance: Chance, onFull: () => void = () => undefined) {
    this.#options = options;
    this.#chance = chance;
    this.#onFull = onFull;
  }

  /** Takes note of what is sent; `true` where the deadline may have changed. */
  sent({ address, port }: Place, bytes: Uint8Array, now: number): boolean {
    if (bytes[0] !== REGISTER[0] || !REGISTER.equals(bytes.subarray(0, REGISTER.length))) return false;
    const place = { address, port };
    const key = placeText(place);
    const known = this.#peers.get(key);
    if (known !== undefined) {
      known.registeredAt = now;
      if (known.state.name !== 'failed') return false;
      known.state = { name: 'quiet' };
      known.pingAt = now + this.#interval();
      return true;
    }
    if (this.#peers.size >= this.#options.peers) {
      this.#onFull();
      return false;
    }
    this.#peers.set(key, {
      place,
      registeredAt: now,
      pingAt: now + this.#interval(),
      state: { name: 'quiet' },
      answers: false,
      mapped: undefined,
    });
    return true;
  }

  /** An answer that came from a peer; only that to the request under way counts. */
  answered(from: Place, answer: Exclude<StunMessage, { kind: 'request' }>): readonly KeepAliveAction[] {
    const peer = this.#peers.get(placeText(from));
    if (peer?.state.name !== 'asking') return [];
    if (!peer.state.transactionId.equals(answer.transactionId)) return [];
    if (answer.kind === 'error') return this.#fail(peer);
    const mapped = placeText(answer.mapped);
    peer.answers = true;
    if (peer.mapped !== undefined && peer.mapped !== mapped) return this.#fail(peer);
    peer.mapped = mapped;
    peer.state = { name: 'quiet' };
    return [];
  }

  /** What is to be done now; it counts as done. */
  due(now: number): readonly KeepAliveAction[] {
    const actions: KeepAliveAction[] = [];
    for (const [key, peer] of this.#peers) {
      if (now >= peer.registeredAt + this.#options.forgetMs) this.#peers.delete(key);
      else actions.push(...this.#dueFor(peer, now));
    }
    return actions;
  }

  deadline(): number | undefined {
    let first: number | undefined;
    for (const peer of this.#peers.values()) {
      const at = deadlineOf(peer) ?? peer.registeredAt + this.#options.forgetMs;
      first = Math.min(first ?? at, at);
    }
    return first;
  }

  #dueFor(peer: Peer, now: number): readonly KeepAliveAction[] {
    const { place, state } = peer;
    switch (state.name) {
      case 'failed':
        return [];
      case 'asking': {
        const verdict = state.check.check(now);
        if (verdict === 'unanswered') return this.#fail(peer);
        return verdict === 'again' ? [{ kind: 'send', place, bytes: state.request }] : [];
      }
      case 'quiet':
        if (now < peer.pingAt) return [];
        peer.pingAt = now + this.#interval();
        return [{ kind: 'send', place, bytes: this.#ping(peer, now) }];
    }
  }

  #ping(peer: Peer, now: number): Uint8Array {
    if (this.#options.method === 'crlf') return CRLFS;
    const transactionId = Buffer.from(this.#chance.bytes(12));
    const request = bindingRequest(transactionId);
    const check = new BindingCheck(this.#options.binding, now);
    peer.state = { name: 'asking', transactionId, request, check };
    return request;
  }

  #fail(peer: Peer): readonly KeepAliveAction[] {
    const isMeant = this.#options.expectAnswer === 'always' || peer.answers;
    peer.state = { name: isMeant ? 'failed' : 'quiet' };
    peer.mapped = undefined;
    return isMeant ? [{ kind: 'failed', place: peer.place }] : [];
  }

  #interval(): number {
    return this.#options.everyMs * (0.8 + 0.2 * this.#chance.fraction());
  }
}

/** When a peer is to be looked at; `undefined` where nothing is to be done before it registers. */
function deadlineOf({ state, pingAt }: Peer): number | undefined {
  switch (state.name) {
    case 'quiet':
      return pingAt;
    case 'asking':
      return state.check.deadline();
    case 'failed':
      return undefined;
  }
}
