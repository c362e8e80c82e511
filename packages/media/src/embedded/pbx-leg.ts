import { TelephoneEventReceiver, type RtpPacket, type VoiceCodecName } from '@offhook/audio';
import { receives, sends, type NegotiatedAudio } from '@offhook/sdp';
import type { PacketKind } from '../rtp/stream-rewriter.ts';
import { randomUint32, type EngineContext } from './options.ts';
import { PbxSession } from './pbx-session.ts';
import { PbxTransport, type PbxTransportHandlers } from './pbx-transport.ts';
import type { PortPool } from './port-pool.ts';

const SILENT_AFTER_MS = 5000;

export interface PbxLegHandlers {
  /** Voice of the codec in use, or a telephone event. */
  readonly onRtp: (packet: RtpPacket, kind: PacketKind) => void;
  readonly onRtcp: (datagram: Uint8Array) => void;
  readonly onDigit: (digit: string) => void;
  readonly onFlow: (state: 'flowing' | 'silent') => void;
  /** The PBX sends another one of the agreed codecs from now on. */
  readonly onCodecSwitched: () => void;
  readonly onDiscarded: () => void;
}

/** The PBX side of a bridge: its sockets, what is agreed with it, and what its packets mean. */
export class PbxLeg {
  readonly session: PbxSession;
  readonly #transport: PbxTransport;
  readonly #handlers: PbxLegHandlers;
  readonly #now: () => number;
  readonly #digits = new TelephoneEventReceiver();
  /** When its last packet came; undefined while it is silent. */
  #lastPacketAt: number | undefined;

  /** Rejects with `no_port`. */
  static async open(
    context: EngineContext,
    ports: PortPool,
    codecs: readonly VoiceCodecName[],
    handlers: PbxLegHandlers,
  ): Promise<PbxLeg> {
    const pair = await ports.reserve();
    const { pbxAddress: address, random } = context;
    const session = new PbxSession({
      codecs,
      address,
      port: pair.port,
      sessionId: `${randomUint32(random)}`,
    });
    return new PbxLeg(session, handlers, context.now, (own) => new PbxTransport(ports, pair, own, context));
  }

  private constructor(
    session: PbxSession,
    handlers: PbxLegHandlers,
    now: () => number,
    connect: (own: PbxTransportHandlers) => PbxTransport,
  ) {
    this.session = session;
    this.#handlers = handlers;
    this.#now = now;
    this.#transport = connect({
      onRtp: (packet) => this.#onRtp(packet),
      onRtcp: handlers.onRtcp,
      onDiscarded: handlers.onDiscarded,
    });
  }

  /** Negotiated, and the PBX is to hear us. */
  get sends(): boolean {
    const agreed = this.session.agreed;
    return agreed !== undefined && sends(agreed.direction);
  }

  get receives(): boolean {
    const agreed = this.session.agreed;
    return agreed !== undefined && receives(agreed.direction);
  }

  /** Sends to where the new description says. */
  apply({ remote, rtcpMux }: NegotiatedAudio): void {
    const { address, port, rtcpPort } = remote;
    this.#transport.setRemote({ rtp: { address, port }, rtcp: { address, port: rtcpPort }, rtcpMux });
  }

  sendRtp(datagram: Uint8Array): void {
    this.#transport.sendRtp(datagram);
  }

  sendRtcp(datagram: Uint8Array): void {
    this.#transport.sendRtcp(datagram);
  }

  tick(now: number): void {
    if (this.#lastPacketAt !== undefined && now - this.#lastPacketAt > SILENT_AFTER_MS) this.fellSilent();
  }

  /** Its stream has ended, or says nothing more. */
  fellSilent(): void {
    if (this.#lastPacketAt === undefined) return;
    this.#lastPacketAt = undefined;
    this.#handlers.onFlow('silent');
  }

  /** Idempotent. The ports are free once it resolves. */
  close(): Promise<void> {
    this.#lastPacketAt = undefined;
    return this.#transport.close();
  }

  #onRtp(packet: RtpPacket): void {
    const kind = this.session.classify(packet.payloadType);
    if (kind === undefined) {
      this.#handlers.onDiscarded();
      return;
    }
    const wasSilent = this.#lastPacketAt === undefined;
    this.#lastPacketAt = this.#now();
    if (wasSilent) this.#handlers.onFlow('flowing');
    if (kind === 'switched') this.#handlers.onCodecSwitched();
    if (kind === 'event') {
      for (const report of this.#digits.receive(packet)) {
        if (report.kind === 'pressed') this.#handlers.onDigit(report.digit);
      }
    }
    this.#handlers.onRtp(packet, kind === 'switched' ? 'voice' : kind);
  }
}
