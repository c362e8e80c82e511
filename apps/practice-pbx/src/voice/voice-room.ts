import type { NegotiatedAudio } from '@offhook/sdp';
import { NOTHING, SOUNDS_WITH_END } from '../switch/model.ts';
import type { Heard, LegId } from '../switch/model.ts';
import type { VoiceApplication } from './application.ts';
import { ApplicationCall } from './application-call.ts';
import { Inbox, mix, MIX_FRAME, MIX_RATE } from './inbox.ts';
import { keyFrames } from './key-frames.ts';
import type { Frame } from './key-frames.ts';
import { VoiceLeg } from './leg.ts';
import type { Received } from './leg.ts';
import type { Pacer } from './pacer.ts';
import type { LocalVoice } from './party.ts';
import { randomStreamStart } from './ports.ts';
import type { RtpPort, RtpPorts } from './ports.ts';
import type { Recordings } from './recordings.ts';
import { soundSource } from './sounds.ts';
import { KeyToneSource } from './source.ts';
import type { SampleSource } from './source.ts';
import { StreamResampler } from './stream-resampler.ts';

export interface VoiceRoomOptions {
  readonly ports: RtpPorts;
  readonly pacer: Pacer;
  readonly recordings: Recordings;
  readonly voicemail: VoiceApplication | undefined;
  readonly wallClock: () => number;
  readonly events: VoiceEvents;
}

export interface VoiceEvents {
  /** The sound is over, or the voicemail hangs up. */
  readonly onPlayed: (leg: LegId) => void;
  readonly onDigits: (leg: LegId, digits: string) => void;
  /** Nothing has come from this leg for {@link SILENCE_MS}; again after as long a time. */
  readonly onSilent: (leg: LegId) => void;
}

/** A leg that sends nothing for so long is asked whether it still knows the call. */
export const SILENCE_MS = 15_000;

interface End {
  readonly id: LegId;
  readonly port: RtpPort;
  readonly leg: VoiceLeg;
  readonly inbox: Inbox;
  heard: Heard;
  player: { readonly source: SampleSource; readonly rate: number; readonly pacing: Disposable } | undefined;
  application: ApplicationCall | undefined;
  /** Hears by the mixer: several, or one of another codec. */
  mixing: { readonly rate: number; readonly out: StreamResampler } | undefined;
  /** Keys that are being sent to it, in the place of voice. */
  keys: Frame[];
  watchedSince: number;
}

/**
 * The voice of all calls on real sockets: one port per leg. Two legs of one codec have their packets passed on untouched; what
 * has another codec is transcoded, and several are mixed, both by one clock at 16 kHz.
 */
export class VoiceRoom {
  readonly #options: VoiceRoomOptions;
  readonly #ends = new Map<LegId, End>();
  /** Whose port is being opened. */
  readonly #opening = new Set<LegId>();
  readonly #watch: NodeJS.Timeout;
  #clock: Disposable | undefined;

  constructor(options: VoiceRoomOptions) {
    this.#options = options;
    this.#watch = setInterval(() => this.#lookForSilence(), SILENCE_MS / 5);
    this.#watch.unref();
  }

  /** `ready` gets undefined where there is no port; it is not called for a leg that is closed meanwhile. */
  open(id: LegId, ready: (voice: LocalVoice | undefined) => void): void {
    this.#opening.add(id);
    void this.#open(id, ready);
  }

  async #open(id: LegId, ready: (voice: LocalVoice | undefined) => void): Promise<void> {
    const port = await this.#options.ports.open();
    if (!this.#opening.delete(id)) port?.close();
    else if (port === undefined) ready(undefined);
    else {
      this.#ends.set(id, this.#endOf(id, port));
      const sessionId = String(randomStreamStart().ssrc);
      ready({ address: port.address, port: port.port, sessionId });
    }
  }

  agree(id: LegId, voice: NegotiatedAudio): void {
    const end = this.#ends.get(id);
    if (end === undefined) return;
    end.leg.agree(voice);
    // Another codec may have another rate: the sound starts anew.
    if (end.player !== undefined && end.player.rate !== end.leg.sampleRate) this.#play(end);
    if (end.mixing !== undefined) this.#mixFor(end);
  }

  hear(id: LegId, heard: Heard): void {
    const end = this.#ends.get(id);
    if (end === undefined) return;
    end.heard = heard;
    end.mixing = undefined;
    if (heard.kind === 'legs' && heard.legs.length > 1) this.#mixFor(end);
    this.#play(end);
    this.#beat();
  }

  press(id: LegId, digits: string): void {
    const end = this.#ends.get(id);
    if (end === undefined) return;
    end.keys.push(...digits.split('').flatMap((digit) => keyFrames(end.leg, digit)));
    this.#beat();
  }

  close(id: LegId): void {
    this.#opening.delete(id);
    const end = this.#ends.get(id);
    if (end === undefined) return;
    this.#ends.delete(id);
    end.player?.pacing[Symbol.dispose]();
    end.application?.end();
    end.port.close();
    this.#beat();
  }

  dispose(): void {
    clearInterval(this.#watch);
    for (const id of this.#ends.keys()) this.close(id);
  }

  #endOf(id: LegId, port: RtpPort): End {
    const end: End = {
      id,
      port,
      leg: new VoiceLeg(randomStreamStart()),
      inbox: new Inbox(),
      heard: NOTHING,
      player: undefined,
      application: undefined,
      mixing: undefined,
      keys: [],
      watchedSince: performance.now(),
    };
    port.onDatagram = (datagram, from) => {
      const received = end.leg.receive(datagram, from, performance.now());
      if (received !== undefined) this.#heardFrom(end, received);
    };
    return end;
  }

  #heardFrom(from: End, received: Received): void {
    const now = performance.now();
    if (received.kind === 'event' && received.pressed !== '') {
      this.#options.events.onDigits(from.id, received.pressed);
      for (const digit of received.pressed) {
        from.application?.digit(digit);
        if (from.player?.source instanceof KeyToneSource) from.player.source.press(digit);
      }
    }
    if (isEcho(from.heard)) send(from, from.leg.relay(received, now));
    let isMixed = from.application !== undefined;
    for (const to of this.#ends.values()) {
      if (to.heard.kind !== 'legs' || !to.heard.legs.includes(from.id)) continue;
      if (to.heard.legs.length > 1 && received.kind === 'voice') isMixed = true;
      else if (to.keys.length === 0 && !this.#passOn(to, received, now)) isMixed = true;
    }
    if (isMixed && received.kind === 'voice') {
      const { samples, rate } = from.leg.decode(received.packet, received.codec);
      from.inbox.put(samples, rate);
    }
  }

  /** False where it has to be transcoded. */
  #passOn(to: End, received: Received, now: number): boolean {
    const datagram = to.leg.relay(received, now);
    send(to, datagram);
    if (received.kind === 'event' || to.leg.destination === undefined) return true;
    const isUntouched = datagram !== undefined || to.leg.speaks(received.codec);
    if (isUntouched) to.mixing = undefined;
    else if (to.mixing === undefined) this.#mixFor(to);
    return isUntouched;
  }

  #mixFor(end: End): void {
    const rate = end.leg.sampleRate;
    end.mixing = rate === undefined ? undefined : { rate, out: new StreamResampler(MIX_RATE, rate) };
    this.#beat();
  }

  /** The mixer's clock runs while somebody needs it. */
  #beat(): void {
    const isNeeded = [...this.#ends.values()].some(
      ({ mixing, application, keys }) => mixing !== undefined || application !== undefined || keys.length > 0,
    );
    if (isNeeded) this.#clock ??= this.#options.pacer.add((now) => this.#tick(now));
    else {
      this.#clock?.[Symbol.dispose]();
      this.#clock = undefined;
    }
  }

  #tick(now: number): void {
    const frames = new Map<LegId, Int16Array | undefined>();
    const frameOf = (id: LegId): Int16Array | undefined => {
      if (!frames.has(id)) frames.set(id, this.#ends.get(id)?.inbox.take());
      return frames.get(id);
    };
    for (const end of this.#ends.values()) {
      end.application?.hear(frameOf(end.id) ?? new Int16Array(MIX_FRAME));
      const key = end.keys.shift();
      if (key !== undefined) {
        send(end, key(now));
        if (end.keys.length === 0) this.#beat();
      } else if (end.mixing !== undefined && end.heard.kind === 'legs') {
        const samples = end.mixing.out.next(mix(end.heard.legs.flatMap((id) => frameOf(id) ?? [])));
        send(end, end.leg.play({ next: () => samples }, now));
      }
    }
  }

  /** Starts what this end hears from now on, where it is made here. */
  #play(end: End): void {
    end.player?.pacing[Symbol.dispose]();
    end.player = undefined;
    const { heard } = end;
    if (heard.kind !== 'voicemail') {
      end.application?.end();
      end.application = undefined;
    }
    const rate = end.leg.sampleRate;
    if (rate === undefined) return;
    if (heard.kind === 'voicemail') this.#apply(end, rate, heard);
    else if (heard.kind === 'sound') {
      const source = soundSource(heard.sound, rate, this.#options.recordings);
      if (source === undefined) return;
      const isOnce = SOUNDS_WITH_END.has(heard.sound);
      this.#start(end, source, rate, isOnce ? () => this.#options.events.onPlayed(end.id) : undefined);
    }
  }

  #start(end: End, source: SampleSource, rate: number, atEnd: (() => void) | undefined): void {
    const pacing = this.#options.pacer.add((now) => {
      if (end.leg.destination === undefined) return;
      const datagram = end.leg.play(source, now);
      if (datagram !== undefined) send(end, datagram);
      else if (atEnd !== undefined) {
        pacing[Symbol.dispose]();
        atEnd();
      }
    });
    end.player = { source, rate, pacing };
  }

  #apply(end: End, rate: 8000 | 16_000, heard: Extract<Heard, { kind: 'voicemail' }>): void {
    const { voicemail, events, wallClock } = this.#options;
    if (voicemail === undefined) return;
    end.application ??= new ApplicationCall(voicemail, {
      caller: heard.caller,
      box: heard.box,
      purpose: heard.purpose,
      answeredAt: wallClock(),
      onHangUp: () => events.onPlayed(end.id),
    });
    this.#start(end, end.application.sourceAt(rate), rate, undefined);
    this.#beat();
  }

  #lookForSilence(): void {
    const now = performance.now();
    for (const end of this.#ends.values()) {
      // Before the call is answered there is nothing to hear.
      if (end.leg.sampleRate === undefined) continue;
      const since = Math.max(end.leg.lastHeardAt ?? 0, end.watchedSince);
      if (now - since < SILENCE_MS) continue;
      end.watchedSince = now;
      this.#options.events.onSilent(end.id);
    }
  }
}

function isEcho(heard: Heard): boolean {
  return heard.kind === 'sound' && heard.sound === 'echo';
}

function send(end: End, datagram: Uint8Array | undefined): void {
  const to = end.leg.destination;
  if (datagram !== undefined && to !== undefined) end.port.send(datagram, to);
}
