import type { NegotiatedAudio } from '@offhook/sdp';
import { VoiceLeg } from '../voice/leg.ts';
import type { SocketAddress } from '../voice/leg.ts';
import type { Pacer } from '../voice/pacer.ts';
import { randomStreamStart } from '../voice/ports.ts';
import type { RtpPort } from '../voice/ports.ts';
import { DEAF, Ear } from './hearing.ts';
import type { Hearing } from './hearing.ts';
import { PhoneVoice } from './phone-voice.ts';

/** The sound of one call of a phone, on the phone's one port: calls are told apart by where their voice comes from. */
export class PhoneSound {
  readonly #leg = new VoiceLeg(randomStreamStart());
  readonly #voice: PhoneVoice;
  readonly #pacing: Disposable;
  #ear: Ear | undefined;

  constructor(port: RtpPort, pacer: Pacer, toneHz: number) {
    const leg = this.#leg;
    this.#voice = new PhoneVoice(leg, toneHz);
    this.#pacing = pacer.add((now) => {
      const datagram = this.#voice.next(now);
      const to = leg.destination;
      if (datagram !== undefined && to !== undefined) port.send(datagram, to);
    });
  }

  get hearing(): Hearing {
    return this.#ear?.report(performance.now()) ?? DEAF;
  }

  agree(voice: NegotiatedAudio): void {
    this.#leg.agree(voice);
    const rate = this.#leg.sampleRate;
    if (rate !== undefined && this.#ear?.rate !== rate) this.#ear = new Ear(rate);
  }

  speak(on: boolean): void {
    this.#voice.speak(on);
  }

  press(digits: string): void {
    this.#voice.press(digits);
  }

  /** False where the datagram belongs to another call. */
  receive(datagram: Uint8Array, from: SocketAddress): boolean {
    if (!this.#leg.isFrom(from)) return false;
    const now = performance.now();
    const received = this.#leg.receive(datagram, from, now);
    if (received?.kind === 'event') this.#ear?.event(received.pressed);
    else if (received !== undefined) {
      const { samples, rate } = this.#leg.decode(received.packet, received.codec);
      if (rate === this.#ear?.rate) this.#ear.hear(samples, now);
    }
    return true;
  }

  stop(): void {
    this.#pacing[Symbol.dispose]();
  }
}
