import type { BrowserFacts, DevicePorts, Gathered } from '@offhook/phone-core';
import type { BrowserMicrophones } from './microphones.ts';

/* What the self-test asks of the browser. Everything that is opened is closed with the signal or at its end. */

/** How long one listens to the microphone, and plays the tone, in milliseconds. */
const LISTEN_MS = 4_000;
const TONE_MS = 1_500;

/** The service offers no relays yet; with the first one this list comes from it. */
const relays: RTCIceServer[] = [];

export const deviceChecks = (
  microphones: Pick<BrowserMicrophones, 'open'>,
): Pick<DevicePorts, 'browser' | 'listen' | 'gather'> => ({
  browser: facts,
  async listen(onLevel, signal) {
    const microphone = await microphones.open();
    const context = new AudioContext();
    try {
      return await loudest(context, microphone.stream, onLevel, signal);
    } finally {
      microphone.close();
      await context.close();
    }
  },
  gather,
});

function facts(): BrowserFacts {
  return {
    secure: window.isSecureContext,
    webrtc: 'RTCPeerConnection' in window,
    microphones: 'mediaDevices' in navigator,
    notifications: 'Notification' in window ? Notification.permission : 'unsupported',
  };
}

function loudest(
  context: AudioContext,
  stream: MediaStream,
  onLevel: (level: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return new Promise((resolve) => {
    let best = 0;
    const until = performance.now() + LISTEN_MS;
    const look = (): void => {
      analyser.getFloatTimeDomainData(samples);
      const level = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      best = Math.max(best, level);
      onLevel(level);
      if (signal.aborted || performance.now() > until) resolve(best);
      else window.setTimeout(look, 80);
    };
    look();
  });
}

/** Resolves when the tone has been played. */
export async function playTone(): Promise<void> {
  const context = new AudioContext();
  try {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = 440;
    gain.gain.value = 0.2;
    oscillator.connect(gain).connect(context.destination);
    const ended = new Promise((resolve) => oscillator.addEventListener('ended', resolve, { once: true }));
    oscillator.start();
    oscillator.stop(context.currentTime + TONE_MS / 1_000);
    await ended;
  } finally {
    await context.close();
  }
}

function gather(signal: AbortSignal): Promise<Gathered> {
  const connection = new RTCPeerConnection({ iceServers: relays });
  const counts = { host: 0, srflx: 0, prflx: 0, relay: 0 };
  return new Promise((resolve, reject) => {
    const end = (): void => {
      connection.close();
      resolve({ host: counts.host, reflexive: counts.srflx, relay: counts.relay, relays: relays.length });
    };
    signal.addEventListener('abort', end, { once: true });
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate === null) end();
      else if (candidate.type !== null && candidate.candidate !== '') counts[candidate.type] += 1;
    });
    connection.addTransceiver('audio');
    connection.setLocalDescription().catch(reject);
  });
}
