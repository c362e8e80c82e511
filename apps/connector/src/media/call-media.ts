import type { ErrorCode, LegId } from '@offhook/contract';
import {
  MediaError,
  type Bridge,
  type BridgeEvent,
  type MediaDirection,
  type MediaEngine,
} from '@offhook/media';
import type { CallInput, MediaRefusal } from '../calls/model.ts';

type MediaInput = Extract<CallInput, { kind: `media.${string}` }>;

/**
 * One call's voice: turns the machine's wishes into calls of the engine, and what becomes of them into inputs. Holds
 * a bridge from the first wish to `close`; after a close the next wish opens a new one, and what the old one still
 * says is not passed on. Wishes for the same side are carried out one after the other.
 */
export class CallMedia {
  readonly #engine: MediaEngine;
  readonly #label: string;
  readonly #deliver: (input: MediaInput) => void;
  #bridge: Bridge | undefined;
  #browserWork: Promise<void> = Promise.resolve();
  #pbxWork: Promise<void> = Promise.resolve();

  constructor(engine: MediaEngine, label: string, deliver: (input: MediaInput) => void) {
    this.#engine = engine;
    this.#label = label;
    this.#deliver = deliver;
  }

  openBrowserLeg(legId: LegId, offer: string): void {
    const bridge = this.#opened((why) => {
      this.#deliver({ kind: 'media.browser_refused', legId, why });
    });
    if (bridge === undefined) return;
    this.#browserWork = this.#openLeg(this.#browserWork, bridge, legId, offer);
  }

  addCandidate(legId: LegId, candidate: string, mid: string): void {
    try {
      this.#bridge?.addBrowserCandidate(legId, candidate, mid);
    } catch (error) {
      // One path fewer to try; the others may do.
      if (!(error instanceof MediaError)) throw error;
    }
  }

  createPbxOffer(direction: MediaDirection): void {
    this.#describe((bridge) => bridge.createPbxOffer(direction));
  }

  answerPbxOffer(offer: string, direction: MediaDirection): void {
    this.#describe((bridge) => bridge.answerPbxOffer(offer, direction));
  }

  acceptPbxAnswer(answer: string): void {
    const bridge = this.#bridge;
    if (bridge === undefined) return;
    try {
      bridge.acceptPbxAnswer(answer);
    } catch (error) {
      this.#tell(bridge, { kind: 'media.pbx_answer_refused', why: refusalOf(error) });
    }
  }

  setFlow(flow: 'pass' | 'hold'): void {
    this.#bridge?.setFlow(flow);
  }

  /** False where the PBX takes no telephone events in this call. */
  sendDtmf(digits: string): boolean {
    return this.#bridge?.sendDtmf(digits) ?? false;
  }

  /** Idempotent. */
  close(): void {
    const bridge = this.#bridge;
    this.#bridge = undefined;
    bridge?.close();
  }

  #describe(make: (bridge: Bridge) => Promise<string>): void {
    const bridge = this.#opened((why) => {
      this.#deliver({ kind: 'media.pbx_refused', why });
    });
    if (bridge === undefined) return;
    this.#pbxWork = this.#describeAfter(this.#pbxWork, bridge, make);
  }

  async #openLeg(before: Promise<void>, bridge: Bridge, legId: LegId, offer: string): Promise<void> {
    await before;
    if (this.#bridge !== bridge) return;
    try {
      const answer = await bridge.openBrowserLeg(legId, offer);
      this.#tell(bridge, { kind: 'media.browser_answer', legId, answer });
    } catch (error) {
      this.#tell(bridge, { kind: 'media.browser_refused', legId, why: refusalOf(error) });
    }
  }

  async #describeAfter(
    before: Promise<void>,
    bridge: Bridge,
    make: (bridge: Bridge) => Promise<string>,
  ): Promise<void> {
    await before;
    if (this.#bridge !== bridge) return;
    try {
      this.#tell(bridge, { kind: 'media.pbx_description', description: await make(bridge) });
    } catch (error) {
      this.#tell(bridge, { kind: 'media.pbx_refused', why: refusalOf(error) });
    }
  }

  #opened(refuse: (why: MediaRefusal) => void): Bridge | undefined {
    if (this.#bridge !== undefined) return this.#bridge;
    try {
      const bridge = this.#engine.openBridge({
        label: this.#label,
        onEvent: (event) => {
          this.#onEvent(bridge, event);
        },
      });
      this.#bridge = bridge;
      return bridge;
    } catch (error) {
      refuse(refusalOf(error));
      return undefined;
    }
  }

  #onEvent(bridge: Bridge, event: BridgeEvent): void {
    switch (event.type) {
      case 'browser':
        this.#tell(bridge, {
          kind: 'media.browser',
          legId: event.legId as LegId,
          state: event.state,
        });
        break;
      case 'codec_mismatch':
        this.#tell(bridge, { kind: 'media.codec_mismatch' });
        break;
      // Answers hold all candidates; what the PBX's stream does and its digits change nothing of the call.
      case 'candidate':
      case 'pbx':
      case 'dtmf':
        break;
    }
  }

  #tell(bridge: Bridge, input: MediaInput): void {
    if (this.#bridge === bridge) this.#deliver(input);
  }
}

/** The engine's errors in the words of the contract. */
export function refusalOf(error: unknown): MediaRefusal {
  if (error instanceof MediaError) {
    return { code: codeOf(error), text: error.message.slice(0, 500) };
  }
  return { code: 'media_failed', text: 'The voice connection could not be set up.' };
}

function codeOf(error: MediaError): ErrorCode {
  switch (error.code) {
    case 'bad_sdp':
      return 'bad_request';
    case 'no_common_codec':
      return 'codec_unsupported';
    case 'capacity':
    case 'no_port':
    case 'closed':
    case 'engine':
      return 'media_failed';
  }
}
