import { ALIVE_EVERY, type AdminEvent } from '@offhook/contract';

/** What a stream tells. `end`: it is over, or never came about; after it nothing is told. */
export interface StreamEars {
  readonly open: () => void;
  readonly event: (event: AdminEvent) => void;
  readonly end: () => void;
}
/** Opens the stream of events. @returns what closes it; the ears then hear nothing more */
export type OpenStream = (ears: StreamEars) => () => void;

export interface LivePorts {
  readonly openStream: OpenStream;
  /** Something has changed. */
  readonly onEvent: (event: AdminEvent) => void;
  /** What is shown may be old: it is to be fetched anew. `failed`: the stream has not come about, and why is not known. */
  readonly lookAnew: (occasion: 'opened' | 'failed') => void;
  /** In [0, 1). */
  readonly random?: () => number;
}

export interface Live {
  readonly start: () => void;
  readonly stop: () => void;
  /** Whether somebody can see the page: a browser has few connections, and a hidden tab leaves its own to others. */
  readonly setSeen: (seen: boolean) => void;
  readonly isInterrupted: () => boolean;
  readonly subscribe: (onChange: () => void) => () => void;
}

/** Milliseconds. */
const OPEN_WITHIN = 10_000;
/** Two signs of life are missing. */
const SILENT_FOR = 2.5 * ALIVE_EVERY;
const HIDDEN_FOR = 30_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/**
 * One stream, kept open while somebody looks:
 *
 *     off ──start──► opening ──open──► live        live, opening ──hidden for long, stop──► off
 *                     ▲    │            │
 *                     │    └──failed────┤ ended, silent
 *                     └──── waiting ◄───┘
 *
 * A stream that has ended is opened again at once (it ends every few minutes by itself); one that does not come is tried with growing, random waits, and each
 * failure looks anew: that is the slow polling while events are away.
 */
type State =
  | { readonly kind: 'off' }
  | { readonly kind: 'opening'; readonly failures: number; readonly close: () => void }
  | { readonly kind: 'live'; readonly close: () => void }
  | { readonly kind: 'waiting'; readonly failures: number };

export function createLive({ openStream, onEvent, lookAnew, random = Math.random }: LivePorts): Live {
  let state: State = { kind: 'off' };
  let isStarted = false;
  let isSeen = true;
  /** Of the state: how long it may last. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  /** Every change of state passes here. */
  function enter(next: State, lasts?: { readonly ms: number; readonly over: () => void }): void {
    clearTimeout(timer);
    timer = lasts === undefined ? undefined : setTimeout(lasts.over, lasts.ms);
    state = next;
    for (const listener of listeners) listener();
  }

  function open(failures: number): void {
    // What an older stream still says is not heard.
    let isOurs = true;
    const ours =
      <Told extends unknown[]>(hear: (...told: Told) => void) =>
      (...told: Told): void => {
        if (isOurs) hear(...told);
      };
    const closeStream = openStream({
      open: ours(() => {
        enter({ kind: 'live', close }, silence);
        lookAnew('opened');
      }),
      event: ours((event) => {
        if (state.kind === 'live') enter(state, silence);
        onEvent(event);
      }),
      end: ours(() => lost()),
    });
    const close = (): void => {
      isOurs = false;
      closeStream();
    };
    enter({ kind: 'opening', failures, close }, { ms: OPEN_WITHIN, over: lost });
  }

  const silence = { ms: SILENT_FOR, over: (): void => lost() };

  /** The stream is no more: one that was live was well until now, one that did not come has failed. */
  function lost(): void {
    switch (state.kind) {
      case 'off':
      case 'waiting':
        return;
      case 'live':
        if (!isSeen) return off();
        state.close();
        return wait(0);
      case 'opening': {
        if (!isSeen) return off();
        const failures = state.failures + 1;
        state.close();
        wait(failures);
        return lookAnew('failed');
      }
    }
  }

  function wait(failures: number): void {
    const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures, 10));
    // Nobody comes back in step, and nobody at once when the service has just refused.
    const least = failures === 0 ? 0 : ceiling / 2;
    enter(
      { kind: 'waiting', failures },
      { ms: least + random() * (ceiling - least), over: () => open(failures) },
    );
  }

  function off(): void {
    if (state.kind === 'opening' || state.kind === 'live') state.close();
    enter({ kind: 'off' });
  }

  return {
    start: () => {
      isStarted = true;
      if (state.kind === 'off' && isSeen) open(0);
    },
    stop: () => {
      isStarted = false;
      clearTimeout(hiding);
      off();
    },
    setSeen: (seen) => {
      if (seen === isSeen) return;
      isSeen = seen;
      clearTimeout(hiding);
      if (!seen) hiding = setTimeout(off, HIDDEN_FOR);
      else if (isStarted && state.kind === 'off') open(0);
      // Whoever comes back does not wait for the end of a long pause.
      else if (state.kind === 'waiting') open(state.failures);
    },
    isInterrupted: () => (state.kind === 'opening' || state.kind === 'waiting') && state.failures > 0,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
