import { sequenceDistance, timestampDistance, type RtpPacket, type VoiceCodecName } from '@offhook/audio';
import type { Bridge, BridgeEvent, MediaDirection, MediaEngine } from '../engine.ts';
import { BrowserPeer, type BrowserPeerOptions } from './browser-peer.ts';
import { Conditions } from './conditions.ts';
import { PbxPeer } from './pbx-peer.ts';
import { Talker, toneFrames } from './voice.ts';

export const EVENT_LINE = 'a=rtpmap:101 telephone-event/8000';
/** Static payload type of a codec, and telephone-event. */
export const FORMATS: Readonly<Record<VoiceCodecName, string>> = {
  G722: '9 101',
  PCMA: '8 101',
  PCMU: '0 101',
};

/** A bridge of the engine under test with its two other ends, all closed by `close`. For tests. */
export class TestCall {
  readonly bridge: Bridge;
  readonly events: BridgeEvent[] = [];
  readonly pbx: PbxPeer;
  /** Our last description as the PBX has it. */
  toPbx = '';
  readonly #conditions = new Conditions();
  readonly #browsers: BrowserPeer[] = [];
  readonly #talkers: Talker[] = [];

  static async open(engine: MediaEngine): Promise<TestCall> {
    return new TestCall(engine, await PbxPeer.open());
  }

  private constructor(engine: MediaEngine, pbx: PbxPeer) {
    this.pbx = pbx;
    this.bridge = engine.openBridge({
      label: 'test',
      onEvent: (event) => {
        this.events.push(event);
        this.#conditions.check();
      },
    });
  }

  browser(options: BrowserPeerOptions = {}): BrowserPeer {
    const peer = new BrowserPeer(options);
    this.#browsers.push(peer);
    return peer;
  }

  /** A browser whose voice path is up. */
  async attach(legId: string, options: BrowserPeerOptions = {}): Promise<BrowserPeer> {
    const peer = this.browser(options);
    const answer = await this.bridge.openBrowserLeg(legId, await peer.offer());
    peer.accept(answer);
    peer.trickle((candidate, mid) => this.bridge.addBrowserCandidate(legId, candidate, mid));
    await peer.connected();
    await this.event(
      (event) => event.type === 'browser' && event.legId === legId && event.state === 'connected',
    );
    return peer;
  }

  /** We call: our offer, the PBX's answer with one codec. */
  async dial(codec: VoiceCodecName, direction = 'sendrecv'): Promise<void> {
    this.toPbx = await this.bridge.createPbxOffer();
    this.bridge.acceptPbxAnswer(
      this.pbx.describe({ formats: FORMATS[codec], lines: [EVENT_LINE], direction }),
    );
  }

  /** We change what we said, and the PBX agrees. */
  async reoffer(codec: VoiceCodecName, direction: MediaDirection, theirs: string): Promise<void> {
    this.toPbx = await this.bridge.createPbxOffer(direction);
    const answer = { formats: FORMATS[codec], lines: [EVENT_LINE], direction: theirs };
    this.bridge.acceptPbxAnswer(this.pbx.describe(answer));
  }

  /** A tone from that browser until the call closes. */
  browserTalks(
    peer: BrowserPeer,
    codec: VoiceCodecName,
    ssrc = 4242,
    frames = toneFrames(codec, 1000, 50),
  ): Talker {
    return this.#talk(new Talker({ codec, frames, ssrc, send: (datagram) => peer.send(datagram) }));
  }

  pbxTalks(codec: VoiceCodecName, frames = toneFrames(codec, 440, 50)): Talker {
    const send = (datagram: Uint8Array): void => this.pbx.send(datagram, this.toPbx);
    return this.#talk(new Talker({ codec, frames, ssrc: 77, send }));
  }

  /** Resolves with the first event, also a past one, that fits. */
  async event(fits: (event: BridgeEvent) => boolean): Promise<BridgeEvent | undefined> {
    await this.#conditions.until(() => this.events.some(fits));
    return this.events.find(fits);
  }

  async close(): Promise<void> {
    for (const talker of this.#talkers) talker.stop();
    this.bridge.close();
    await Promise.all([this.pbx.close(), ...this.#browsers.map((browser) => browser.close())]);
  }

  #talk(talker: Talker): Talker {
    this.#talkers.push(talker);
    return talker;
  }
}

/** Those that carry one of the frames. */
export function carrying(packets: readonly RtpPacket[], frames: readonly Uint8Array[]): readonly RtpPacket[] {
  const known = new Set(frames.map((frame) => Buffer.from(frame).toString('base64')));
  return packets.filter(({ payload }) => known.has(Buffer.from(payload).toString('base64')));
}

/** Faults of a stream that ought to be one without a seam: an empty list where it is. */
export function seams(packets: readonly RtpPacket[]): readonly string[] {
  const faults: string[] = [];
  for (const [index, packet] of packets.entries()) {
    const before = packets[index - 1];
    if (before === undefined) continue;
    if (packet.ssrc !== before.ssrc) faults.push(`${index}: SSRC changes`);
    const step = sequenceDistance(packet.sequenceNumber, before.sequenceNumber);
    if (step !== 1) faults.push(`${index}: sequence number moves by ${step}`);
    const ticks = timestampDistance(packet.timestamp, before.timestamp);
    const sameEvent = packet.payloadType === before.payloadType && packet.payload.byteLength === 4;
    // A key press and the wait for voice behind it take 220 ms; more than 300 ms would be a hole.
    if (sameEvent ? ticks < 0 : ticks <= 0 || ticks > 2400)
      faults.push(`${index}: timestamp moves by ${ticks}`);
  }
  return faults;
}
