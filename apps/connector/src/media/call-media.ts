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

/** What the engine does for one side, one after the other. Work that is given up is replaced by a new one. */
class Work {
  last: Promise<void> = Promise.resolve();
}

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
  #browserWork = new Work();
  #pbxWork = new Work();

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
    const work = this.#browserWork;
    work.last = this.#openLeg(work, bridge, legId, offer);
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

  /** What is under way for this side is not waited for, and its outcome is passed over. */
  giveUp(side: 'browser' | 'pbx'): void {
    if (side === 'browser') this.#browserWork = new Work();
    else this.#pbxWork = new Work();
  }

  /** Idempotent. */
  close(): void {
    const bridge = this.#bridge;
    this.#bridge = undefined;
    this.giveUp('browser');
    this.giveUp('pbx');
    bridge?.close();
  }

  #describe(make: (bridge: Bridge) => Promise<string>): void {
    const bridge = this.#opened((why) => {
      this.#deliver({ kind: 'media.pbx_refused', why });
    });
    if (bridge === undefined) return;
    const work = this.#pbxWork;
    work.last = this.#describeAfter(work, bridge, make);
  }

  async #openLeg(work: Work, bridge: Bridge, legId: LegId, offer: string): Promise<void> {
    await work.last;
    if (this.#browserWork !== work) return;
    const outcome = await Promise.try(() => bridge.openBrowserLeg(legId, offer)).then(
      (answer): MediaInput => ({ kind: 'media.browser_answer', legId, answer }),
      (error: unknown): MediaInput => ({ kind: 'media.browser_refused', legId, why: refusalOf(error) }),
    );
    if (this.#browserWork === work) this.#tell(bridge, outcome);
  }

  async #describeAfter(work: Work, bridge: Bridge, make: (bridge: Bridge) => Promise<string>): Promise<void> {
    await work.last;
    if (this.#pbxWork !== work) return;
    const outcome = await Promise.try(() => make(bridge)).then(
      (description): MediaInput => ({ kind: 'media.pbx_description', description }),
      (error: unknown): MediaInput => ({ kind: 'media.pbx_refused', why: refusalOf(error) }),
    );
    if (this.#pbxWork === work) this.#tell(bridge, outcome);
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
      case 'pbx':
        this.#tell(bridge, { kind: 'media.pbx', state: event.state });
        break;
      // Answers hold all candidates; the PBX's digits change nothing of the call.
      case 'candidate':
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
