import { negotiateAudio, offerAudio, settleAudio } from '@offhook/sdp';
import type {
  AudioCapabilities,
  Direction,
  LocalAudio,
  NegotiatedAudio,
  SessionDescription,
} from '@offhook/sdp';
import type { Body } from '@offhook/sip';
import { bodyOf, readBody } from './negotiation.ts';

/** Our RTP address and port for one side of a call, and the session id of our descriptions. */
export type LocalVoice = Pick<LocalAudio, 'sessionId' | 'address' | 'port'>;

/**
 * Offer and answer (RFC 3264) with one side: holds our last offer until it is answered and what came of it. A
 * new negotiation that fails leaves the old agreement as it was.
 */
export class Party {
  readonly #local: LocalVoice;
  #version = 0;
  #voice: NegotiatedAudio | undefined;
  #offered: SessionDescription | undefined;

  constructor(local: LocalVoice) {
    this.#local = local;
  }

  /** The agreement that holds now. */
  get voice(): NegotiatedAudio | undefined {
    return this.#voice;
  }

  /** An offer of ours waits for its answer. */
  get isWaiting(): boolean {
    return this.#offered !== undefined;
  }

  offer(capabilities: AudioCapabilities, direction: Direction = 'sendrecv'): Body {
    this.#offered = offerAudio(capabilities, this.#next(direction));
    return bodyOf(this.#offered);
  }

  /**
   * Takes the answer to our last offer; undefined where it cannot be used: then the offer still stands, for
   * the answer of another fork, until it is withdrawn.
   */
  settle(answer: Body | undefined): NegotiatedAudio | undefined {
    const offered = this.#offered;
    const description = answer === undefined ? undefined : readBody(answer);
    if (offered === undefined || description === undefined || 'kind' in description) return undefined;
    const settled = settleAudio(offered, description);
    if (settled.kind === 'rejected') return undefined;
    this.#offered = undefined;
    this.#voice = settled.audio;
    return settled.audio;
  }

  /** The last offer was refused or given up. */
  withdraw(): void {
    this.#offered = undefined;
  }

  /** Answers their offer; undefined where there is nothing in it that we may take. */
  answer(
    offer: SessionDescription,
    capabilities: AudioCapabilities,
    wanted: Direction = 'sendrecv',
  ): { readonly body: Body; readonly voice: NegotiatedAudio } | undefined {
    const answer = negotiateAudio(offer, capabilities, this.#next(wanted));
    if (answer.kind === 'rejected') return undefined;
    this.#voice = answer.audio;
    return { body: bodyOf(answer.description), voice: answer.audio };
  }

  /** Every description is a version later than the last: always right, and for an unchanged one merely needless. */
  #next(direction: Direction): LocalAudio {
    this.#version += 1;
    return { ...this.#local, sessionVersion: this.#version, direction };
  }
}
