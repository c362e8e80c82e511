import type { HeadsetState } from '@offhook/headset';
import type { Phone } from '@offhook/phone-core';
import { createStore } from 'zustand/vanilla';
import { readPreference, writePreference } from '../app/preferences.ts';
import type { HeadsetLink } from './service.ts';
import type { HeadsetWay } from './ways.ts';

const KEY = 'offhook.headset';
/** One window of a device has the headset; the next one takes over when it closes. */
const LOCK = 'offhook.headset';

export interface HeadsetChoice {
  readonly way: HeadsetWay | undefined;
  /** `elsewhere`: another window has it. `unsupported`: this browser has no such way. */
  readonly state: HeadsetState | { readonly name: 'elsewhere' } | { readonly name: 'unsupported' };
}

/** What is drawn in the settings. */
export const headsetStore = createStore<HeadsetChoice>(() => ({ way: undefined, state: { name: 'off' } }));

/** The rest is loaded by those who have a headset. */
export function chosenWay(): string | undefined {
  const way = readPreference(KEY);
  return way === '' ? undefined : way;
}

let link: HeadsetLink | undefined;
let release: (() => void) | undefined;
let doing: Promise<void> = Promise.resolve();

const inTurn = (what: () => Promise<void>): Promise<void> => {
  doing = doing.then(what, what);
  return doing;
};

/** Goes on with what was chosen before. */
export function startHeadset(phone: Phone): Promise<void> {
  return inTurn(async () => {
    const { isHeadsetWay } = await import('./ways.ts');
    const way = chosenWay();
    if (isHeadsetWay(way) && link === undefined) await open(phone, way);
  });
}

/** In the course of a click: the browser may ask which headset is meant. */
export async function connectHeadset(phone: Phone, way: HeadsetWay): Promise<void> {
  if (link === undefined || headsetStore.getState().way !== way) {
    await stopHeadset();
    await inTurn(() => open(phone, way));
  }
  await link?.connect();
  if (link !== undefined) writePreference(KEY, way);
}

export async function forgetHeadset(): Promise<void> {
  writePreference(KEY, '');
  await inTurn(async () => link?.forget());
  await stopHeadset();
  headsetStore.setState({ way: undefined, state: { name: 'off' } });
}

/** Lets go of it; what was chosen stays chosen. */
export function stopHeadset(): Promise<void> {
  return inTurn(async () => {
    const gone = link;
    link = undefined;
    await gone?.close();
    release?.();
    release = undefined;
  });
}

async function open(phone: Phone, way: HeadsetWay): Promise<void> {
  const [{ openWay }, { linkHeadset }] = await Promise.all([import('./ways.ts'), import('./service.ts')]);
  const port = openWay(way);
  if (port === undefined) {
    headsetStore.setState({ way, state: { name: 'unsupported' } });
    return;
  }
  headsetStore.setState({ way, state: { name: 'elsewhere' } });
  if (!(await takeLock(() => void startHeadset(phone)))) return;
  headsetStore.setState({ way, state: { name: 'absent' } });
  link = await linkHeadset({
    phone,
    port,
    now: () => performance.now(),
    onState: (state) => headsetStore.setState({ state }),
  });
}

/** Until `release` is called. */
function hold(): Promise<void> {
  return new Promise((resolve) => (release = resolve));
}

/** False where another window has it: `later` runs when that one has let go. */
function takeLock(later: () => void): Promise<boolean> {
  // Without HTTPS there are none, and no WebHID either: nobody contends.
  if ((navigator.locks as LockManager | undefined) === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      if (lock !== null) return hold();
      // Waits its turn, lets go, and begins anew with what is chosen by then.
      void navigator.locks.request(LOCK, later);
      return undefined;
    });
  });
}
