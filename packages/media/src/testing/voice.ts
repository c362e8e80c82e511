import {
  createVoiceCodec,
  dominantFrequency,
  levelDbfs,
  RtpStream,
  STATIC_PAYLOAD_TYPES,
  toneSamples,
  type RtpPacket,
  type VoiceCodecName,
} from '@offhook/audio';

/** Frames of 20 ms, a tone in the codec, no two neighbours alike. */
export function toneFrames(codec: VoiceCodecName, frequency: number, count: number): readonly Uint8Array[] {
  const voice = createVoiceCodec(codec);
  const perFrame = voice.sampleRate / 50;
  const samples = toneSamples(voice.sampleRate, [frequency], count / 50);
  return Array.from({ length: count }, (_, index) =>
    voice.encode(samples.subarray(index * perFrame, (index + 1) * perFrame)),
  );
}

/** What somebody hears of those packets. */
export function heard(
  codec: VoiceCodecName,
  packets: readonly RtpPacket[],
): { hz: number | undefined; dbfs: number } {
  const voice = createVoiceCodec(codec);
  const samples = packets.flatMap((packet) => [...voice.decode(packet.payload)]);
  // Behind the first 40 ms, in which a decoder settles.
  const settled = Int16Array.from(samples.slice(voice.sampleRate / 25));
  return { hz: dominantFrequency(settled, voice.sampleRate), dbfs: levelDbfs(settled) };
}

/** Sends frames at the pace of speech, from its making until `stop`. */
export class Talker {
  readonly stream: RtpStream;
  readonly #timer: NodeJS.Timeout;
  #sent = 0;

  constructor(options: {
    readonly codec: VoiceCodecName;
    readonly frames: readonly Uint8Array[];
    readonly send: (datagram: Uint8Array) => void;
    readonly ssrc?: number;
    readonly payloadType?: number;
  }) {
    const { codec, frames, send, ssrc = 4242, payloadType = STATIC_PAYLOAD_TYPES[codec] } = options;
    // Close to the wraps of both numbers, so that each test crosses them.
    this.stream = new RtpStream({ ssrc, sequenceNumber: 65_530, timestamp: 4_294_966_000 });
    this.#timer = setInterval(() => {
      const frame = frames[this.#sent % frames.length];
      this.#sent += 1;
      if (frame !== undefined) send(this.stream.voice(payloadType, frame, 160));
    }, 20);
  }

  get sent(): number {
    return this.#sent;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
