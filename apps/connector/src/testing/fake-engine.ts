import {
  MediaError,
  type Bridge,
  type BridgeOptions,
  type EngineCounts,
  type MediaDirection,
  type MediaEngine,
} from '@offhook/media';
import { answerDirection, isSdpFault, parseSdp, readAudio } from '@offhook/sdp';

/** A description as a PBX-side peer would send it. */
export const describe = (
  port: number,
  direction: MediaDirection = 'sendrecv',
  address = '192.0.2.9',
): string =>
  [
    'v=0',
    `o=- ${String(port)} 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${String(port)} RTP/AVP 9 101`,
    'a=rtpmap:9 G722/8000',
    'a=rtpmap:101 telephone-event/8000',
    `a=${direction}`,
    '',
  ].join('\r\n');

/** The answer to a description of the other side; `wanted` as in our own. */
export function describeAnswer(
  port: number,
  offer: string,
  wanted: MediaDirection = 'sendrecv',
  address?: string,
): string {
  const parsed = parseSdp(offer);
  const offered = isSdpFault(parsed) ? undefined : readAudio(parsed)?.direction;
  if (offered === undefined) throw new MediaError('bad_sdp', 'no audio in the offer');
  return describe(port, answerDirection(offered, wanted), address);
}

/**
 * An engine without voice: it keeps the interface's promises of order and of counting, and refuses what a real
 * one would. Browser legs connect by themselves; browser offers that contain `refuse` are refused.
 */
export class FakeEngine implements MediaEngine {
  readonly capabilities = { name: 'fake', codecs: ['G722'] as const, transcodes: false };
  readonly bridges = new Set<FakeBridge>();
  /** Whether it answers nothing that it is asked for. */
  hangs = false;
  /** Whether browsers get our answers, and so connect. */
  connects = true;
  #nextPort = 20_000;

  openBridge(options: BridgeOptions): FakeBridge {
    this.#nextPort += 2;
    const bridge = new FakeBridge(options, this.#nextPort, this, () => this.bridges.delete(bridge));
    this.bridges.add(bridge);
    return bridge;
  }

  /** The bridge of a call, by its correlation id. */
  bridgeOf(label: string): FakeBridge | undefined {
    return [...this.bridges].find((bridge) => bridge.label === label);
  }

  counts(): EngineCounts {
    const bridges = [...this.bridges];
    const pbxLegs = bridges.filter(({ hasPort }) => hasPort).length;
    return {
      bridges: bridges.length,
      browserLegs: bridges.filter(({ legId }) => legId !== undefined).length,
      pbxLegs,
      pbxPorts: pbxLegs,
    };
  }

  close(): Promise<void> {
    for (const bridge of this.bridges) bridge.close();
    return Promise.resolve();
  }
}

export class FakeBridge implements Bridge {
  readonly label: string;
  readonly emit: BridgeOptions['onEvent'];
  legId: string | undefined;
  hasPort = false;
  flow: 'pass' | 'hold' = 'pass';
  digits = '';
  #closed = false;
  readonly #port: number;
  readonly #engine: FakeEngine;
  readonly #onClose: () => void;

  constructor(options: BridgeOptions, port: number, engine: FakeEngine, onClose: () => void) {
    this.label = options.label;
    this.emit = options.onEvent;
    this.#port = port;
    this.#engine = engine;
    this.#onClose = onClose;
  }

  async openBrowserLeg(legId: string, offer: string): Promise<string> {
    await this.#turn();
    this.#check();
    if (offer.includes('refuse')) throw new MediaError('no_common_codec', 'no common codec');
    this.legId = legId;
    // A browser connects after it has the answer.
    setImmediate(() => {
      if (!this.#closed && this.#engine.connects) this.emit({ type: 'browser', legId, state: 'connected' });
    });
    return `answer for ${legId}`;
  }

  addBrowserCandidate(): void {
    this.#check();
  }

  closeBrowserLeg(): void {
    this.legId = undefined;
  }

  async createPbxOffer(direction: MediaDirection = 'sendrecv'): Promise<string> {
    await this.#turn();
    this.#check();
    this.hasPort = true;
    return describe(this.#port, direction, '192.0.2.2');
  }

  acceptPbxAnswer(answer: string): void {
    this.#check();
    const parsed = parseSdp(answer);
    if (isSdpFault(parsed) || readAudio(parsed) === undefined)
      throw new MediaError('bad_sdp', 'no audio in the answer');
  }

  async answerPbxOffer(offer: string, direction: MediaDirection = 'sendrecv'): Promise<string> {
    await this.#turn();
    this.#check();
    const answer = describeAnswer(this.#port, offer, direction);
    this.hasPort = true;
    return answer;
  }

  closePbxLeg(): void {
    this.hasPort = false;
  }

  setFlow(flow: 'pass' | 'hold'): void {
    this.flow = flow;
  }

  sendDtmf(digits: string): boolean {
    this.digits += digits;
    return true;
  }

  stats(): ReturnType<Bridge['stats']> {
    const none = { packets: 0, bytes: 0, jitterMs: 0, lost: 0 };
    return { codec: 'G722', fromBrowser: none, fromPbx: none };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
  }

  #turn(): Promise<void> {
    return this.#engine.hangs ? new Promise(() => {}) : Promise.resolve();
  }

  #check(): void {
    if (this.#closed) throw new MediaError('closed', 'the bridge is closed');
  }
}
