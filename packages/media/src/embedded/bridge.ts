import type { RtpPacket, VoiceCodecName } from '@offhook/audio';
import { answerDirection, sends, type NegotiatedAudio } from '@offhook/sdp';
import {
  MediaError,
  type Bridge,
  type BridgeEvent,
  type BridgeOptions,
  type BridgeStats,
  type MediaDirection,
} from '../engine.ts';
import { OutgoingStream } from '../rtp/outgoing-stream.ts';
import { ReceiverStatistics } from '../rtp/receiver-statistics.ts';
import type { PacketKind } from '../rtp/stream-rewriter.ts';
import { BrowserLeg, type BrowserLegState } from './browser-leg.ts';
import { chooseFormats, readBrowserOffer } from './browser-sdp.ts';
import { randomUint32, type EngineContext } from './options.ts';
import { PbxLeg } from './pbx-leg.ts';
import type { PortPool } from './port-pool.ts';
import { RtcpReporter } from './rtcp-reporter.ts';

/** In order of preference. */
export const EMBEDDED_CODECS: readonly VoiceCodecName[] = ['G722', 'PCMA', 'PCMU'];

export interface BridgeOwner {
  readonly context: EngineContext;
  readonly ports: PortPool;
  /** Something that ends a little later; the engine's `close` waits for it. */
  readonly ending: (work: Promise<void>) => void;
  readonly onClosed: (bridge: EmbeddedBridge) => void;
}

/** One call's media: wires the two legs to the two outgoing streams. What is decided is decided in those. */
export class EmbeddedBridge implements Bridge {
  readonly #owner: BridgeOwner;
  readonly #options: BridgeOptions;
  readonly #cname: string;
  readonly #toPbx: OutgoingStream;
  readonly #toBrowser: OutgoingStream;
  readonly #fromPbx = new ReceiverStatistics();
  readonly #fromBrowser = new ReceiverStatistics();
  readonly #pbxRtcp: RtcpReporter;
  readonly #browserRtcp: RtcpReporter;
  #browser: BrowserLeg | undefined;
  #pbx: PbxLeg | undefined;
  #pbxOpening: Promise<PbxLeg> | undefined;
  #flow: 'pass' | 'hold' = 'pass';
  #discarded = 0;
  #closed = false;

  constructor(owner: BridgeOwner, options: BridgeOptions) {
    this.#owner = owner;
    this.#options = options;
    const { random, wallClock } = owner.context;
    const start = () => ({
      ssrc: randomUint32(random),
      sequenceNumber: randomUint32(random) & 0xffff,
      timestamp: randomUint32(random),
    });
    this.#toPbx = new OutgoingStream(start());
    this.#toBrowser = new OutgoingStream(start());
    this.#cname = randomUint32(random).toString(36) + randomUint32(random).toString(36);
    const common = { cname: this.#cname, random, wallClock };
    this.#pbxRtcp = new RtcpReporter({ ...common, outgoing: this.#toPbx, incoming: this.#fromPbx });
    this.#browserRtcp = new RtcpReporter({
      ...common,
      outgoing: this.#toBrowser,
      incoming: this.#fromBrowser,
    });
  }

  get hasBrowserLeg(): boolean {
    return this.#browser !== undefined;
  }

  get hasPbxLeg(): boolean {
    return this.#pbx !== undefined;
  }

  /** Runs through without giving way: between the offer and its candidates nothing else may come. */
  // oxlint-disable-next-line require-await -- async makes rejections out of what is thrown
  async openBrowserLeg(legId: string, offerText: string): Promise<string> {
    this.#assertOpen();
    const { context } = this.#owner;
    const offer = readBrowserOffer(offerText);
    const pbxCodec = this.#pbx?.session.codecName;
    const formats = chooseFormats(offer, pbxCodec === undefined ? EMBEDDED_CODECS : [pbxCodec]);
    const leg: BrowserLeg = new BrowserLeg(context, {
      legId,
      offer,
      formats,
      ssrc: this.#toBrowser.ssrc,
      cname: this.#cname,
      onState: (state) => this.#onBrowserState(leg, state),
      onRtp: (packet) => this.#onBrowserRtp(leg, packet),
      onRtcp: (datagram) => this.#onBrowserRtcp(datagram),
    });
    // The old leg goes only now: an offer that cannot be taken leaves it as it was.
    this.closeBrowserLeg();
    this.#browser = leg;
    if (sends(answerDirection(offer.direction, 'sendrecv'))) {
      this.#toBrowser.setFormat({
        codec: formats.codec.name,
        payloadType: formats.codec.payloadType,
        telephoneEvent: formats.telephoneEvent?.payloadType,
      });
    }
    context.log.debug({ label: this.#options.label, legId, codec: formats.codec.name }, 'browser leg opened');
    this.#emit({ type: 'browser', legId, state: 'connecting' });
    return leg.answer;
  }

  addBrowserCandidate(legId: string, candidate: string, mid: string): void {
    if (this.#browser?.legId === legId) this.#browser.addCandidate(candidate, mid);
  }

  closeBrowserLeg(): void {
    const leg = this.#browser;
    if (leg === undefined) return;
    this.#browser = undefined;
    this.#toBrowser.setFormat(undefined);
    this.#owner.ending(leg.close());
  }

  async createPbxOffer(direction: MediaDirection = 'sendrecv'): Promise<string> {
    const { session } = await this.#openPbxLeg();
    return session.createOffer(direction, this.#browser?.formats.codec.name);
  }

  acceptPbxAnswer(answer: string): void {
    this.#assertOpen();
    const leg = this.#pbx;
    if (leg === undefined) throw new MediaError('bad_sdp', 'The PBX answers, but nothing was offered to it');
    this.#apply(leg, leg.session.acceptAnswer(answer));
  }

  async answerPbxOffer(offer: string, direction: MediaDirection = 'sendrecv'): Promise<string> {
    const isNew = this.#pbxOpening === undefined;
    const leg = await this.#openPbxLeg();
    try {
      const preferred = leg.session.codecName ?? this.#browser?.formats.codec.name;
      const { text, audio } = leg.session.answerOffer(offer, direction, preferred);
      this.#apply(leg, audio);
      return text;
    } catch (error) {
      if (isNew) {
        this.closePbxLeg();
        await leg.close();
      }
      throw error;
    }
  }

  closePbxLeg(): void {
    this.#pbxOpening = undefined;
    const leg = this.#pbx;
    if (leg === undefined) return;
    this.#pbx = undefined;
    this.#toPbx.setFormat(undefined);
    if (leg.session.agreed !== undefined) leg.sendRtcp(this.#pbxRtcp.goodbye(this.#owner.context.now()));
    this.#owner.ending(leg.close());
  }

  setFlow(flow: 'pass' | 'hold'): void {
    this.#flow = flow;
  }

  sendDtmf(digits: string): boolean {
    return this.#pbx?.sends === true && this.#toPbx.sendDtmf(digits);
  }

  stats(): BridgeStats {
    return {
      codec: this.#pbx?.session.codecName ?? this.#browser?.formats.codec.name,
      fromBrowser: this.#fromBrowser.stats(),
      fromPbx: this.#fromPbx.stats(),
      discarded: this.#discarded,
    };
  }

  close(): void {
    if (this.#closed) return;
    this.closeBrowserLeg();
    this.closePbxLeg();
    this.#closed = true;
    this.#owner.onClosed(this);
  }

  /** Every 10 ms. */
  tick(now: number): void {
    this.#browser?.tick(now);
    // Asked for anew: in its tick a leg can have failed and gone.
    const browser = this.#browser;
    if (browser?.open === true) {
      for (const datagram of this.#toBrowser.tick(now)) browser.send(datagram);
      const report = this.#browserRtcp.tick(now);
      if (report !== undefined) browser.send(report);
    } else {
      this.#toBrowser.pause();
    }

    const pbx = this.#pbx;
    if (pbx?.session.agreed === undefined) return;
    pbx.tick(now);
    if (pbx.sends) for (const datagram of this.#toPbx.tick(now)) pbx.sendRtp(datagram);
    else this.#toPbx.pause();
    const report = this.#pbxRtcp.tick(now);
    if (report !== undefined) pbx.sendRtcp(report);
  }

  #openPbxLeg(): Promise<PbxLeg> {
    if (this.#pbxOpening !== undefined) return this.#pbxOpening;
    const opening = this.#reservePbxLeg(() => !this.#closed && this.#pbxOpening === opening);
    this.#pbxOpening = opening;
    const forget = (): void => {
      if (this.#pbxOpening === opening) this.#pbxOpening = undefined;
    };
    this.#owner.ending(opening.then(() => undefined, forget));
    return opening;
  }

  async #reservePbxLeg(stillWanted: () => boolean): Promise<PbxLeg> {
    this.#assertOpen();
    const { context, ports } = this.#owner;
    const leg = await PbxLeg.open(context, ports, EMBEDDED_CODECS, {
      onRtp: (packet, kind) => this.#onPbxRtp(packet, kind),
      onRtcp: (datagram) => this.#onPbxRtcp(datagram),
      onDigit: (digit) => this.#emit({ type: 'dtmf', digit }),
      onFlow: (state) => this.#emit({ type: 'pbx', state }),
      onCodecSwitched: () => this.#adoptPbxCodec(),
      onDiscarded: () => {
        this.#discarded += 1;
      },
    });
    if (!stillWanted()) {
      await leg.close();
      throw new MediaError('closed', 'The PBX leg was closed while it opened');
    }
    this.#pbx = leg;
    return leg;
  }

  #apply(leg: PbxLeg, audio: NegotiatedAudio): void {
    leg.apply(audio);
    this.#adoptPbxCodec();
  }

  /** The codec towards the PBX is a new one, or may be. */
  #adoptPbxCodec(): void {
    const session = this.#pbx?.session;
    const { codec, codecName, agreed } = session ?? {};
    if (codec === undefined || codecName === undefined) return;
    this.#toPbx.setFormat({
      codec: codecName,
      payloadType: codec.payloadType,
      telephoneEvent: agreed?.telephoneEvent?.sendPayloadType,
    });
    if (this.#browser !== undefined && this.#browser.formats.codec.name !== codecName) {
      this.#emit({ type: 'codec_mismatch', wanted: codecName });
    }
  }

  /** Both ends speak the same codec, and voice may pass. */
  get #passing(): boolean {
    const browserCodec = this.#browser?.formats.codec.name;
    return (
      this.#flow === 'pass' && browserCodec !== undefined && browserCodec === this.#pbx?.session.codecName
    );
  }

  #onBrowserRtp(leg: BrowserLeg, packet: RtpPacket): void {
    if (leg !== this.#browser) return;
    const { codec, telephoneEvent } = leg.formats;
    const isEvent = packet.payloadType === telephoneEvent?.payloadType;
    if (!isEvent && packet.payloadType !== codec.payloadType) {
      this.#discarded += 1;
      return;
    }
    const kind: PacketKind = isEvent ? 'event' : 'voice';
    const now = this.#owner.context.now();
    this.#fromBrowser.receive(packet, kind, now);
    if (!this.#passing || this.#pbx?.sends !== true) return;
    const datagram = this.#toPbx.forward(packet, kind, now);
    if (datagram !== undefined) this.#pbx.sendRtp(datagram);
  }

  #onPbxRtp(packet: RtpPacket, kind: PacketKind): void {
    const now = this.#owner.context.now();
    this.#fromPbx.receive(packet, kind, now);
    const browser = this.#browser;
    if (!this.#passing || this.#pbx?.receives !== true || browser?.open !== true) return;
    const datagram = this.#toBrowser.forward(packet, kind, now);
    if (datagram !== undefined) browser.send(datagram);
  }

  #onBrowserRtcp(datagram: Uint8Array): void {
    const outcome = this.#browserRtcp.receive(datagram, this.#owner.context.now());
    if (outcome === 'malformed') this.#discarded += 1;
  }

  #onPbxRtcp(datagram: Uint8Array): void {
    const outcome = this.#pbxRtcp.receive(datagram, this.#owner.context.now());
    if (outcome === 'malformed') this.#discarded += 1;
    if (outcome === 'goodbye') this.#pbx?.fellSilent();
  }

  #onBrowserState(leg: BrowserLeg, state: BrowserLegState): void {
    if (leg !== this.#browser) return;
    const { legId } = leg;
    if (state === 'failed') this.closeBrowserLeg();
    this.#owner.context.log.debug({ label: this.#options.label, legId, state }, 'browser leg');
    this.#emit({ type: 'browser', legId, state });
  }

  #emit(event: BridgeEvent): void {
    if (!this.#closed) this.#options.onEvent(event);
  }

  #assertOpen(): void {
    if (this.#closed) throw new MediaError('closed', 'The bridge is closed');
  }
}
