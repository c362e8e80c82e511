import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  decodeALaw,
  dominantFrequency,
  encodeALaw,
  levelDbfs,
  parseRtp,
  RtpStream,
  SILENCE_DBFS,
  STATIC_PAYLOAD_TYPES,
  ToneGenerator,
} from '@offhook/audio';
import { until } from '../../src/until.ts';

const SAMPLE_RATE = 8_000;
const FRAME_MS = 20;
const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;
/** Half a second. */
const REMEMBERED = SAMPLE_RATE / 2;
/** Packets come each 20 ms; after so long without one nobody speaks. */
const PAUSE_MS = 200;
const SILENT_BELOW_DBFS = -50;

/** Mouth and ear of a subject in one call: a steady tone in A-law over RTP, and the last half second that came. */
export class Voice implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #tone: ToneGenerator;
  readonly #stream: RtpStream;
  #heard = new Int16Array(0);
  #heardAt = Number.NEGATIVE_INFINITY;
  #speaking: NodeJS.Timeout | undefined;

  private constructor(socket: Socket, frequency: number) {
    const start = randomBytes(10);
    this.#socket = socket;
    this.#tone = new ToneGenerator(SAMPLE_RATE, [frequency]);
    this.#stream = new RtpStream({
      ssrc: start.readUInt32BE(0),
      sequenceNumber: start.readUInt16BE(4),
      timestamp: start.readUInt32BE(6),
    });
    socket.on('message', (datagram) => this.#listen(datagram));
  }

  /** @param frequency Hz of what it says */
  static async open(frequency: number): Promise<Voice> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Voice(socket, frequency);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  speakTo(address: string, port: number): void {
    this.beSilent();
    let due = performance.now();
    this.#speaking = setInterval(() => {
      for (; due <= performance.now(); due += FRAME_MS) {
        const payload = encodeALaw(this.#tone.next(FRAME_SAMPLES));
        const packet = this.#stream.voice(STATIC_PAYLOAD_TYPES.PCMA, payload, FRAME_SAMPLES);
        this.#socket.send(packet, port, address);
      }
    }, FRAME_MS);
  }

  beSilent(): void {
    clearInterval(this.#speaking);
    this.#speaking = undefined;
  }

  /** Waits until it has heard a tone of `frequency` Hz, give or take 10, for half a second since the last pause. */
  async expectToHear(frequency: number): Promise<void> {
    const hear = () =>
      this.#isPaused || this.#heard.length < REMEMBERED
        ? undefined
        : dominantFrequency(this.#heard, SAMPLE_RATE);
    const isRight = (heard: number | undefined) => Math.abs((heard ?? 0) - frequency) <= 10;
    await until(`to hear ${frequency} Hz`, hear, isRight);
  }

  /** Waits until nothing comes, or nothing but silence. */
  async expectSilence(): Promise<void> {
    const hear = () => (this.#isPaused ? SILENCE_DBFS : levelDbfs(this.#heard));
    await until('silence', hear, (level) => level < SILENT_BELOW_DBFS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.beSilent();
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  get #isPaused(): boolean {
    return performance.now() - this.#heardAt > PAUSE_MS;
  }

  #listen(datagram: Uint8Array): void {
    const packet = parseRtp(datagram);
    if (packet?.payloadType !== STATIC_PAYLOAD_TYPES.PCMA) {
      return;
    }
    if (this.#isPaused) {
      this.#heard = new Int16Array(0);
    }
    const samples = decodeALaw(packet.payload);
    const all = new Int16Array(this.#heard.length + samples.length);
    all.set(this.#heard);
    all.set(samples, this.#heard.length);
    this.#heard = all.slice(-REMEMBERED);
    this.#heardAt = performance.now();
  }
}
