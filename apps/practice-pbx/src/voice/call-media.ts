import type { NegotiatedAudio } from '@offhook/sdp';
import type { LocalVoice } from '../calls/party.ts';
import type { Heard, Side } from '../calls/types.ts';
import { VoiceLeg } from './leg.ts';
import type { Received } from './leg.ts';
import type { Pacer } from './pacer.ts';
import { randomStreamStart } from './ports.ts';
import type { RtpPort, RtpPorts } from './ports.ts';
import type { Recordings } from './recordings.ts';
import { KeyToneSource, RecordingSource, toneSource } from './source.ts';
import type { SampleSource } from './source.ts';

/** The media of one call, as the call's machine asks for it. */
export interface CallMedia {
  readonly voices: Readonly<Record<Side, LocalVoice>>;
  agree(side: Side, voice: NegotiatedAudio): void;
  hear(side: Side, heard: Heard): void;
  close(): void;
}

export interface CallMediaEvents {
  /** The announcement is over. */
  readonly onPlayed: () => void;
  /** Nothing has come from this side for {@link SILENCE_MS}; again after as long a time. */
  readonly onSilent: (side: Side) => void;
}

/** Opens the media of calls. */
export interface MediaRoom {
  /** `ready` gets undefined where there is no port. */
  open(
    kind: 'bridge' | 'service',
    events: CallMediaEvents,
    ready: (media: CallMedia | undefined) => void,
  ): void;
}

/** A side that sends nothing for so long is asked whether it still knows the call. */
export const SILENCE_MS = 15_000;

const TONE_HZ = 1000;
const TONE_DBFS = -18;

interface End {
  readonly port: RtpPort;
  readonly leg: VoiceLeg;
  heard: Heard;
  player: { readonly source: SampleSource; readonly rate: number; readonly pacing: Disposable } | undefined;
  watchedSince: number;
}

/** RTP between real sockets: passes voice on, plays what the PBX itself says, and listens for keys. */
export class RtpMediaRoom implements MediaRoom {
  readonly #ports: RtpPorts;
  readonly #pacer: Pacer;
  readonly #recordings: Recordings;

  constructor(ports: RtpPorts, pacer: Pacer, recordings: Recordings) {
    this.#ports = ports;
    this.#pacer = pacer;
    this.#recordings = recordings;
  }

  open(
    kind: 'bridge' | 'service',
    events: CallMediaEvents,
    ready: (media: CallMedia | undefined) => void,
  ): void {
    void this.#open(kind, events).then(ready);
  }

  async #open(kind: 'bridge' | 'service', events: CallMediaEvents): Promise<CallMedia | undefined> {
    const caller = await this.#ports.open();
    if (caller === undefined) return undefined;
    if (kind === 'service') return new RtpCallMedia(caller, undefined, this.#pacer, this.#recordings, events);
    const callee = await this.#ports.open();
    if (callee === undefined) {
      caller.close();
      return undefined;
    }
    return new RtpCallMedia(caller, callee, this.#pacer, this.#recordings, events);
  }
}

class RtpCallMedia implements CallMedia {
  readonly voices: Readonly<Record<Side, LocalVoice>>;
  readonly #ends: Readonly<{ caller: End; callee: End | undefined }>;
  readonly #pacer: Pacer;
  readonly #recordings: Recordings;
  readonly #events: CallMediaEvents;
  readonly #watch: NodeJS.Timeout;

  constructor(
    caller: RtpPort,
    callee: RtpPort | undefined,
    pacer: Pacer,
    recordings: Recordings,
    events: CallMediaEvents,
  ) {
    this.#pacer = pacer;
    this.#recordings = recordings;
    this.#events = events;
    this.#ends = {
      caller: this.#endOf('caller', caller),
      callee: callee === undefined ? undefined : this.#endOf('callee', callee),
    };
    this.voices = { caller: localVoice(caller), callee: localVoice(callee ?? caller) };
    this.#watch = setInterval(() => this.#lookForSilence(), SILENCE_MS / 5);
  }

  agree(side: Side, voice: NegotiatedAudio): void {
    const end = this.#ends[side];
    if (end === undefined) return;
    end.leg.agree(voice);
    // Another codec may have another rate: the sound starts anew.
    if (end.player !== undefined && end.player.rate !== end.leg.sampleRate) this.#play(end);
  }

  hear(side: Side, heard: Heard): void {
    const end = this.#ends[side];
    if (end === undefined || end.heard === heard) return;
    end.heard = heard;
    this.#play(end);
  }

  close(): void {
    clearInterval(this.#watch);
    for (const end of [this.#ends.caller, this.#ends.callee]) {
      end?.player?.pacing[Symbol.dispose]();
      end?.port.close();
    }
  }

  #endOf(side: Side, port: RtpPort): End {
    const end: End = {
      port,
      leg: new VoiceLeg(randomStreamStart()),
      heard: 'nothing',
      player: undefined,
      watchedSince: performance.now(),
    };
    port.onDatagram = (datagram, from) => {
      const received = end.leg.receive(datagram, from, performance.now());
      if (received !== undefined) this.#heardFrom(side, end, received);
    };
    return end;
  }

  #heardFrom(side: Side, from: End, received: Received): void {
    if (from.heard === 'echo') {
      send(from, from.leg.relay(received, performance.now()));
    } else if (from.heard === 'digits' && received.kind === 'event') {
      const source = from.player?.source;
      if (source instanceof KeyToneSource) for (const digit of received.pressed) source.press(digit);
    }
    const to = this.#ends[side === 'caller' ? 'callee' : 'caller'];
    if (to?.heard === 'other') send(to, to.leg.relay(received, performance.now()));
  }

  /** Starts what this end hears from now on, where it is made here. */
  #play(end: End): void {
    end.player?.pacing[Symbol.dispose]();
    end.player = undefined;
    const rate = end.leg.sampleRate;
    const source = rate === undefined ? undefined : this.#sourceOf(end.heard, rate);
    if (rate === undefined || source === undefined) return;
    const isOnce = end.heard === 'announcement';
    const pacing = this.#pacer.add((now) => {
      const datagram = end.leg.play(source, now);
      if (datagram !== undefined) send(end, datagram);
      else if (isOnce) {
        pacing[Symbol.dispose]();
        this.#events.onPlayed();
      }
    });
    end.player = { source, rate, pacing };
  }

  #sourceOf(heard: Heard, rate: 8000 | 16_000): SampleSource | undefined {
    switch (heard) {
      case 'music':
        return new RecordingSource(this.#recordings.music(rate), true);
      case 'announcement':
        return new RecordingSource(this.#recordings.announcement(rate), false);
      case 'tone':
        return toneSource(rate, TONE_HZ, TONE_DBFS);
      case 'digits':
        return new KeyToneSource(rate);
      case 'other':
      case 'echo':
      case 'nothing':
        return undefined;
      default:
        return heard satisfies never;
    }
  }

  #lookForSilence(): void {
    const now = performance.now();
    for (const side of ['caller', 'callee'] as const) {
      const end = this.#ends[side];
      // Before the call is answered there is nothing to hear.
      if (end?.leg.sampleRate === undefined) continue;
      const since = Math.max(end.leg.lastHeardAt ?? 0, end.watchedSince);
      if (now - since < SILENCE_MS) continue;
      end.watchedSince = now;
      this.#events.onSilent(side);
    }
  }
}

function send(end: End, datagram: Uint8Array | undefined): void {
  const to = end.leg.destination;
  if (datagram !== undefined && to !== undefined) end.port.send(datagram, to);
}

function localVoice(port: RtpPort): LocalVoice {
  return { address: port.address, port: port.port, sessionId: String(randomStreamStart().ssrc) };
}
