import { useSyncExternalStore } from 'react';
import {
  follower,
  lead,
  type Leadership,
  type LeadershipEffect,
  type LeadershipEvent,
  type Word,
} from './leadership.ts';

const NAME = 'offhook.leader';

let state: Leadership = follower;
let release = (): void => {};
let channel: BroadcastChannel | undefined;
const listeners = new Set<() => void>();

function tell(event: LeadershipEvent): void {
  const before = state;
  const step = lead(state, event);
  state = step.state;
  for (const effect of step.effects) obey(effect);
  if (before.role !== state.role) for (const listener of listeners) listener();
}

function obey(effect: LeadershipEffect): void {
  switch (effect.do) {
    case 'queue':
      void navigator.locks.request(NAME, () => {
        const held = new Promise<void>((resolve) => (release = resolve));
        tell({ name: 'granted' });
        return held;
      });
      return;
    case 'release':
      return release();
    case 'say':
      return channel?.postMessage(effect.word);
  }
}

/** Takes part in who leads; once for a page. Without HTTPS there are no locks, and every window leads. */
export function joinWindows(): void {
  if ((navigator.locks as LockManager | undefined) === undefined) return tell({ name: 'granted' });
  channel = new BroadcastChannel(NAME);
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => tell({ name: 'heard', word: data }));
  for (const gesture of ['pointerdown', 'keydown']) {
    window.addEventListener(gesture, () => tell({ name: 'became_audible' }), { capture: true, once: true });
  }
  tell({ name: 'started' });
}

const isLeader = (): boolean => state.role === 'leader';

function onLeadership(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether this is the window that rings, notifies and counts. */
export const useLeads = (): boolean => useSyncExternalStore(onLeadership, isLeader);
