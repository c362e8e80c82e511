import { isRtcp, parseRtp, RtpStream, type RtpPacket } from '@offhook/audio';
import { Audio, PeerConnection, type Track } from 'node-datachannel';
import { Conditions } from './conditions.ts';

export interface BrowserPeerOptions {
  /** As in rtpmap lines; G722, PCMU and PCMA where absent. */
  readonly codecs?: readonly (readonly [payloadType: number, map: string])[];
  readonly direction?: 'SendRecv' | 'RecvOnly' | 'SendOnly' | 'Inactive';
  /** Made for each peer: whoever opens it closes it. */
  readonly name?: string;
}

const CODECS = [
  [9, 'G722/8000'],
  [0, 'PCMU/8000'],
  [8, 'PCMA/8000'],
  [126, 'telephone-event/8000'],
] as const;

/** A peer that plays the browser: offers audio, connects, sends and receives RTP. For tests. */
export class BrowserPeer {
  readonly packets: RtpPacket[] = [];
  readonly reports: Uint8Array[] = [];
  readonly states: string[] = [];
  readonly #connection: PeerConnection;
  readonly #track: Track;
  readonly #offer = Promise.withResolvers<string>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #candidates: { candidate: string; mid: string }[] = [];
  #onCandidate: ((candidate: string, mid: string) => void) | undefined;
  readonly #conditions = new Conditions();

  constructor(options: BrowserPeerOptions = {}) {
    this.#connection = new PeerConnection(options.name ?? 'browser', { iceServers: [] });
    const audio = new Audio('0', options.direction ?? 'SendRecv');
    for (const [payloadType, map] of options.codecs ?? CODECS) audio.addAudioCodec(payloadType, map);
    audio.addSSRC(4242, 'browser');
    this.#track = this.#connection.addTrack(audio);
    this.#track.onMessage((datagram) => this.#receive(datagram));
    this.#track.onOpen(() => this.#conditions.check());
    // Without a listener the track would never let go of the event loop.
    this.#track.onClosed(() => undefined);
    this.#connection.onStateChange((state) => {
      this.states.push(state);
      if (state === 'closed') this.#ended.resolve();
      this.#conditions.check();
    });
    this.#connection.onLocalDescription((sdp) => this.#offer.resolve(sdp));
    this.#connection.onLocalCandidate((candidate, mid) => {
      if (this.#onCandidate === undefined) this.#candidates.push({ candidate, mid });
      else this.#onCandidate(candidate, mid);
    });
    this.#connection.setLocalDescription('offer');
  }

  /** Without candidates: `trickle` gives them. */
  offer(): Promise<string> {
    return this.#offer.promise;
  }

  /** Gives the candidates so far and all later ones. */
  trickle(onCandidate: (candidate: string, mid: string) => void): void {
    for (const { candidate, mid } of this.#candidates.splice(0)) onCandidate(candidate, mid);
    this.#onCandidate = onCandidate;
  }

  accept(answer: string): void {
    this.#connection.setRemoteDescription(answer, 'answer');
  }

  /** Its track can send. */
  async connected(): Promise<void> {
    await this.until(() => this.#track.isOpen());
  }

  get isConnected(): boolean {
    return this.#track.isOpen();
  }

  /** Resolves once the condition holds; it is looked at after each packet and state. */
  until(holds: () => boolean): Promise<void> {
    return this.#conditions.until(holds);
  }

  /** Into the void once the other side is gone, as a browser does it. */
  send(datagram: Uint8Array): void {
    if (this.#track.isOpen()) this.#track.sendMessageBinary(Buffer.from(datagram));
  }

  /** DTLS says goodbye, as when a tab is closed. Resolves when everything is let go. */
  async close(): Promise<void> {
    this.#track.close();
    this.#connection.close();
    await this.#ended.promise;
  }

  #receive(datagram: Uint8Array): void {
    const packet = parseRtp(datagram);
    if (packet !== undefined) this.packets.push(packet);
    else if (isRtcp(datagram)) this.reports.push(datagram);
    this.#conditions.check();
  }
}

/** A stream as a browser would number it. */
export function browserStream(ssrc = 4242): RtpStream {
  return new RtpStream({ ssrc, sequenceNumber: 65_000, timestamp: 4_294_900_000 });
}
