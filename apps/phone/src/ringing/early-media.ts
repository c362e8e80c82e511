/** Root mean square above which somebody, or the telephone system, is heard: about −60 dB. */
const HEARD = 0.001;
const LOOK_EVERY_MS = 200;

/**
 * Plays `sound` for as long as nothing is heard in the streams, of which there may be more later: a telephone system
 * that sends its own ring-back tone or an announcement before the answer (early media) is not talked over.
 */
export function soundUnlessHeard(
  context: AudioContext | undefined,
  streams: () => readonly MediaStream[],
  sound: () => () => void,
): () => void {
  let stop: (() => void) | undefined = sound();
  if (context === undefined) return stop;
  const meter = context.createAnalyser();
  const samples = new Float32Array(meter.fftSize);
  const sources = new Map<MediaStream, MediaStreamAudioSourceNode>();
  const timer = window.setInterval(() => {
    for (const stream of streams()) {
      if (sources.has(stream)) continue;
      const source = context.createMediaStreamSource(stream);
      source.connect(meter);
      sources.set(stream, source);
    }
    meter.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    if (Math.sqrt(power) < HEARD) return;
    stop?.();
    stop = undefined;
  }, LOOK_EVERY_MS);
  return () => {
    window.clearInterval(timer);
    for (const source of sources.values()) source.disconnect();
    stop?.();
  };
}
