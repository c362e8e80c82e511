import { MicrophoneError, deviceFor, type MicrophoneFailure } from '@offhook/phone-core';
import { useEffect, useRef, useState } from 'react';
import { openMeter } from '../../browser/meter.ts';
import type { BrowserMicrophone } from '../../browser/microphones.ts';
import { playAt } from '../../browser/outputs.ts';
import { useDevicesState, useSound } from '../../sound/SoundContext.tsx';

export const RECORD_MS = 5_000;
const LOOK_EVERY_MS = 80;

export type MicrophoneTestPhase = 'off' | 'listening' | 'recording' | 'playing';

export interface MicrophoneTesting {
  readonly phase: MicrophoneTestPhase;
  /** Decibels below full scale, while it listens or records. */
  readonly db: number;
  readonly problem: MicrophoneFailure | undefined;
  readonly start: () => void;
  readonly record: () => void;
  readonly stop: () => void;
}

/** Opens the chosen microphone for its level and a recording that is played at the chosen speaker and kept nowhere. */
export function useMicrophoneTest(): MicrophoneTesting {
  const { microphones, devices } = useSound();
  const [phase, setPhase] = useState<MicrophoneTestPhase>('off');
  const [db, setDb] = useState(Number.NEGATIVE_INFINITY);
  const [problem, setProblem] = useState<MicrophoneFailure>();
  const open = useRef<BrowserMicrophone>(undefined);
  const recording = useRef<AbortController>(undefined);
  const wanted = useDevicesState((state) => deviceFor(state, 'microphone')?.id ?? '');
  /** Another microphone is listened to at once. */
  const listensTo = phase === 'off' ? undefined : wanted;

  useEffect(() => {
    if (listensTo === undefined) return undefined;
    const over = new AbortController();
    void (async () => {
      try {
        const microphone = await microphones.open();
        if (over.signal.aborted) {
          microphone.close();
          return;
        }
        open.current = microphone;
        const meter = openMeter(microphone.track);
        const timer = window.setInterval(() => setDb(meter.db()), LOOK_EVERY_MS);
        over.signal.addEventListener('abort', () => {
          window.clearInterval(timer);
          meter.close();
          microphone.close();
          open.current = undefined;
        });
      } catch (thrown) {
        if (over.signal.aborted) return;
        setProblem(thrown instanceof MicrophoneError ? thrown.reason : 'failed');
        setPhase('off');
      }
    })();
    return () => {
      over.abort();
      recording.current?.abort();
    };
  }, [listensTo, microphones]);

  async function record(): Promise<void> {
    const microphone = open.current;
    if (microphone === undefined) return;
    const over = new AbortController();
    recording.current = over;
    setPhase('recording');
    try {
      const spoken = await recorded(microphone.stream, over.signal);
      if (over.signal.aborted) return;
      setPhase('playing');
      await played(spoken, deviceFor(devices.store.getState(), 'speaker')?.id ?? '', over.signal);
    } finally {
      setPhase((now) => (now === 'off' ? now : 'listening'));
    }
  }

  return {
    phase,
    db,
    problem,
    start: () => {
      setProblem(undefined);
      setPhase('listening');
    },
    record: () => void record(),
    stop: () => setPhase('off'),
  };
}

function recorded(stream: MediaStream, signal: AbortSignal): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  const done = new Promise<Blob>((resolve) => {
    recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
    recorder.addEventListener('stop', () => resolve(new Blob(pieces, { type: recorder.mimeType })));
  });
  const stop = (): void => {
    window.clearTimeout(timer);
    if (recorder.state !== 'inactive') recorder.stop();
  };
  const timer = window.setTimeout(stop, RECORD_MS);
  signal.addEventListener('abort', stop);
  recorder.start();
  return done;
}

async function played(spoken: Blob, speaker: string, signal: AbortSignal): Promise<void> {
  const url = URL.createObjectURL(spoken);
  const player = new Audio(url);
  const over = new Promise<void>((resolve) => {
    for (const end of ['ended', 'error', 'pause']) player.addEventListener(end, () => resolve());
  });
  signal.addEventListener('abort', () => player.pause());
  try {
    await playAt(player, speaker);
    await player.play();
    await over;
  } finally {
    URL.revokeObjectURL(url);
  }
}
