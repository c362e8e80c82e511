import type { Mix, Peer, RemoteAudio, VoiceStats } from '@offhook/phone-core';
import { BrowserMicrophone } from '../microphones.ts';
import { browserMixers } from '../mixers.ts';
import { browserPeers } from '../peers.ts';

/* Not in the build: two calls of this page with far ends in the same page, for `mixers.browser.test.ts`. */

const context = new AudioContext();

/** Hertz: this person, and the two others. */
const own = 440;
const others = [1_000, 1_700] as const;

/** What a far end hears, in decibels, at each of the tones. */
export interface Heard {
  readonly own: number;
  readonly other: number;
}

interface Call {
  readonly peer: Peer;
  readonly microphone: BrowserMicrophone;
  readonly remote: RemoteAudio;
  readonly level: (hertz: number) => number;
  mix: Mix | undefined;
}

function tone(hertz: number): MediaStream {
  const oscillator = context.createOscillator();
  oscillator.frequency.value = hertz;
  const gain = context.createGain();
  gain.gain.value = 0.3;
  const destination = context.createMediaStreamDestination();
  oscillator.connect(gain).connect(destination);
  oscillator.start();
  return destination.stream;
}

function microphone(): BrowserMicrophone {
  const stream = tone(own);
  const [track] = stream.getAudioTracks();
  if (track === undefined) throw new Error('No track.');
  return new BrowserMicrophone(stream, track);
}

/** Chromium gives a remote stream to Web Audio only while an element plays it. */
function play(stream: MediaStream): void {
  const player = new Audio();
  player.srcObject = stream;
  void player.play();
}

function meter(stream: MediaStream): (hertz: number) => number {
  play(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 4_096;
  analyser.smoothingTimeConstant = 0;
  context.createMediaStreamSource(stream).connect(analyser);
  const bins = new Float32Array(analyser.frequencyBinCount);
  return (hertz) => {
    analyser.getFloatFrequencyData(bins);
    return bins[Math.round((hertz * analyser.fftSize) / context.sampleRate)] ?? Number.NEGATIVE_INFINITY;
  };
}

/** The far end answers once it has gathered everything, as the connector does. */
async function call(hertz: number): Promise<Call> {
  const far = new RTCPeerConnection();
  for (const track of tone(hertz).getTracks()) far.addTrack(track);
  const heard = new Promise<MediaStream>((resolve) => {
    far.addEventListener('track', ({ track }) => resolve(new MediaStream([track])));
  });
  const mine = microphone();
  const early: RTCIceCandidateInit[] = [];
  const remote = Promise.withResolvers<RemoteAudio>();
  const peer = browserPeers.open(mine, {
    onState: () => undefined,
    onCandidate: ({ candidate, mid }) => {
      const init = { candidate, sdpMid: mid };
      if (far.remoteDescription === null) early.push(init);
      else void far.addIceCandidate(init);
    },
    onRemoteAudio: (audio) => remote.resolve(audio),
  });
  await far.setRemoteDescription({ type: 'offer', sdp: await peer.createOffer() });
  for (const init of early) void far.addIceCandidate(init);
  const gathered = new Promise<void>((resolve) => {
    far.addEventListener('icegatheringstatechange', () => {
      if (far.iceGatheringState === 'complete') resolve();
    });
  });
  await far.setLocalDescription(await far.createAnswer());
  await gathered;
  await peer.acceptAnswer(far.localDescription?.sdp ?? '');
  const audio = await remote.promise;
  if (audio instanceof MediaStream) play(audio);
  return { peer, microphone: mine, remote: audio, level: meter(await heard), mix: undefined };
}

const calls = Promise.all(others.map(call));

export const bench = {
  async join(): Promise<void> {
    const [a, b] = await calls;
    if (a === undefined || b === undefined) return;
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      one.mix = browserMixers.open(one.microphone, other.remote);
      // Two replacements, each on its own connection.
      // oxlint-disable-next-line no-await-in-loop
      await one.peer.replaceSource(one.mix);
    }
  },
  async part(): Promise<void> {
    for (const one of await calls) {
      // oxlint-disable-next-line no-await-in-loop
      await one.peer.replaceSource(one.microphone);
      one.mix?.close();
    }
  },
  async mute(muted: boolean): Promise<void> {
    for (const { microphone: mine } of await calls) mine.setEnabled(!muted);
  },
  /** Of the first call, as the phone counts it. */
  async stats(): Promise<Omit<VoiceStats, 'connection'> | undefined> {
    const [a] = await calls;
    const stats = await a?.peer.stats();
    if (stats === undefined) return undefined;
    const { connection: _connection, ...rest } = stats;
    return rest;
  },
  async heard(): Promise<readonly Heard[]> {
    const [a, b] = await calls;
    if (a === undefined || b === undefined) return [];
    return [
      { own: a.level(own), other: a.level(others[1]) },
      { own: b.level(own), other: b.level(others[0]) },
    ];
  },
};

Object.assign(window, { bench });
