/**
 * What a person did on the headset. `toggle` comes from keys that only say that they were pressed (relative controls and push
 * buttons of HID); a value comes from switches that say where they stand.
 */
export type HeadsetSignal =
  | { readonly name: 'hook'; readonly to: boolean | 'toggle' }
  | { readonly name: 'mute'; readonly to: boolean | 'toggle' }
  /** The key that swaps, holds and takes back; also a hook key that is held down. */
  | { readonly name: 'flash' }
  /** The key that refuses or drops a call. */
  | { readonly name: 'drop' };

/** What the headset is told, and shows with its lights and tones. */
export interface Lamps {
  readonly offHook: boolean;
  readonly ringing: boolean;
  readonly muted: boolean;
  readonly held: boolean;
}

export const darkLamps: Lamps = { offHook: false, ringing: false, muted: false, held: false };

/**
 * `off` none is chosen · `asking` the person is asked which one · `absent` the chosen one is not plugged in, or its program does
 * not run · `ready` · `failed` it is there and does not obey.
 */
export type HeadsetState =
  | { readonly name: 'off' }
  | { readonly name: 'asking' }
  | { readonly name: 'absent' }
  | { readonly name: 'ready'; readonly product: string }
  | { readonly name: 'failed' };

export interface HeadsetHandlers {
  onState(state: HeadsetState): void;
  onSignal(signal: HeadsetSignal): void;
}

/** One way to reach a headset. Nothing here rejects: what went wrong is a state. */
export interface HeadsetPort {
  /** Opens what was allowed before, without asking. Once. */
  start(handlers: HeadsetHandlers): Promise<void>;
  /** Asks the person where that is needed: only in the course of a click. */
  connect(): Promise<void>;
  /** Gives the permission back and lets go of the headset. */
  forget(): Promise<void>;
  /** All lamps at once; those that the headset has not, are left out. */
  show(lamps: Lamps): void;
  /** Idempotent. Leaves the headset dark; no handler runs after this. */
  close(): Promise<void>;
}
