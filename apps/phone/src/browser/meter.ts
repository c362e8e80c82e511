/** Decibels below full scale of the last twelfth of a second; −Infinity for digital silence. */
export interface Meter {
  db(): number;
  close(): void;
}

/** Measures a copy of the track, which is heard also while the track itself is muted. Nothing of it leaves this device. */
export function openMeter(track: MediaStreamTrack): Meter {
  const context = new AudioContext();
  if (context.state === 'suspended') void context.resume();
  const copy = track.clone();
  copy.enabled = true;
  const source = context.createMediaStreamSource(new MediaStream([copy]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 4_096;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    db() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return 10 * Math.log10(power);
    },
    close() {
      copy.stop();
      void context.close();
    },
  };
}
