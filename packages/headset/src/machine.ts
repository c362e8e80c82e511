import { darkLamps, type HeadsetSignal, type Lamps } from './port.ts';

/** What may be asked of a call, by the names that the phone's contract has for them. */
export type HeadsetService = 'answer' | 'reject' | 'hangUp' | 'mute' | 'hold' | 'retrieve' | 'alternate';

/** A call as a headset sees it: at this window, or ringing here. */
export interface HeadsetCall {
  readonly id: string;
  /** `talking` also while the other side is being called. */
  readonly state: 'ringing' | 'talking' | 'held';
  readonly muted: boolean;
  /** Something was asked of it that has not been answered yet. */
  readonly busy: boolean;
  readonly permitted: readonly HeadsetService[];
}

export type HeadsetEffect =
  | { readonly name: 'act'; readonly id: string; readonly service: Exclude<HeadsetService, 'mute'> }
  | { readonly name: 'mute'; readonly id: string; readonly muted: boolean }
  | { readonly name: 'show'; readonly lamps: Lamps };

export type HeadsetInput =
  /** The headset is there anew: it knows nothing. */
  | { readonly name: 'attached' }
  | { readonly name: 'lost' }
  | { readonly name: 'calls'; readonly calls: readonly HeadsetCall[] }
  | { readonly name: 'signal'; readonly signal: HeadsetSignal };

/** Keys say again what a lamp was set to: within this time of setting it, that is no press. */
export const ECHO_MS = 150;

export type Switches = Pick<Lamps, 'offHook' | 'muted'>;

interface Written {
  readonly lamp: 'offHook' | 'muted';
  readonly to: boolean;
  readonly at: number;
}

/**
 * ```
 *   away ──attached──► there ──lost──► away        calls are kept in both
 * ```
 * While it is there, `lit` is what it was shown last, and `stands` how its switches stand: as the lamps put them, and as the
 * person has moved them since.
 */
export interface HeadsetMachine {
  readonly there: boolean;
  readonly calls: readonly HeadsetCall[];
  readonly lit: Lamps;
  readonly stands: Switches;
  readonly written: readonly Written[];
}

const dark = { lit: darkLamps, stands: { offHook: false, muted: false }, written: [] } as const;

export const initialMachine: HeadsetMachine = { there: false, calls: [], ...dark };

export interface HeadsetStep {
  readonly machine: HeadsetMachine;
  readonly effects: readonly HeadsetEffect[];
}

/**
 * Keeps a headset and the calls in step. `at`: milliseconds of any one clock.
 *
 * - [HS1] a hook press while a call rings answers it, whatever else goes on
 * - [HS2] else a hook press ends the call that talks
 * - [HS3] lifting with calls on hold alone takes the newest back; laying down never opens a microphone
 * - [HS4] flash: answers what rings, swaps, holds, takes back
 * - [HS5] drop refuses what rings, else ends what talks
 * - [HS6] mute belongs to the call that talks; without one the headset is told that it is not muted
 * - [HS7] lamps follow the calls; what a switch changed and the calls did not follow is set right, once nothing is under way
 * - [HS8] what comes back for a lamp that was just set is no press
 * - [HS9] a headset that is lost changes nothing of a call; one that comes back is shown everything
 * - [HS10] nothing is asked that the call does not permit
 */
export function stepHeadset(machine: HeadsetMachine, input: HeadsetInput, at: number): HeadsetStep {
  switch (input.name) {
    case 'attached':
      return shown({ ...machine, there: true, ...dark }, at, true);
    case 'lost':
      return { machine: { ...machine, there: false, ...dark }, effects: [] };
    case 'calls':
      return shown({ ...machine, calls: input.calls }, at, false);
    case 'signal':
      return machine.there ? signalCame(machine, input.signal, at) : { machine, effects: [] };
  }
}

function signalCame(before: HeadsetMachine, signal: HeadsetSignal, at: number): HeadsetStep {
  if (isEcho(before, signal, at)) return { machine: before, effects: [] };
  const effect = effectOf(before, signal);
  const machine = moved(before, signal);
  // The calls answer for what was asked; a press without an effect leaves the headset wrong now.
  return effect === undefined ? shown(machine, at, false) : { machine, effects: [effect] };
}

/** [HS8] A switch says where a lamp put it; a key that only says "pressed" does so within an instant. */
function isEcho({ stands, written }: HeadsetMachine, signal: HeadsetSignal, at: number): boolean {
  if (signal.name !== 'hook' && signal.name !== 'mute') return false;
  const lamp = lampOf(signal.name);
  if (signal.to !== 'toggle' && signal.to === stands[lamp]) return true;
  return written.some(
    (one) => one.lamp === lamp && at - one.at <= ECHO_MS && (signal.to === 'toggle' || signal.to === one.to),
  );
}

function moved(machine: HeadsetMachine, signal: HeadsetSignal): HeadsetMachine {
  if ((signal.name !== 'hook' && signal.name !== 'mute') || signal.to === 'toggle') return machine;
  return { ...machine, stands: { ...machine.stands, [lampOf(signal.name)]: signal.to } };
}

function lampOf(name: 'hook' | 'mute'): 'offHook' | 'muted' {
  return name === 'hook' ? 'offHook' : 'muted';
}

function effectOf({ calls }: HeadsetMachine, signal: HeadsetSignal): HeadsetEffect | undefined {
  const free = calls.filter(({ busy }) => !busy);
  const ringing = free.find(({ state }) => state === 'ringing');
  const talking = free.find(({ state }) => state === 'talking');
  const held = free.findLast(({ state }) => state === 'held');
  const talks = calls.some(({ state }) => state === 'talking');
  switch (signal.name) {
    case 'hook':
      if (ringing !== undefined) return act(ringing, 'answer');
      if (talks) return signal.to === true ? undefined : act(talking, 'hangUp');
      return signal.to === false ? undefined : act(held, 'retrieve');
    case 'flash':
      if (ringing !== undefined) return act(ringing, 'answer');
      if (talks && held !== undefined) return act(held, 'alternate') ?? act(held, 'retrieve');
      return talks ? act(talking, 'hold') : act(held, 'retrieve');
    case 'drop':
      return ringing === undefined ? act(talking, 'hangUp') : act(ringing, 'reject');
    case 'mute': {
      // Muting waits for nothing: it works while a hold or a transfer is under way.
      const one = calls.find(({ state, permitted }) => state === 'talking' && permitted.includes('mute'));
      if (one === undefined) return undefined;
      return { name: 'mute', id: one.id, muted: signal.to === 'toggle' ? !one.muted : signal.to };
    }
  }
}

/** [HS10] */
function act(
  call: HeadsetCall | undefined,
  service: Exclude<HeadsetService, 'mute'>,
): HeadsetEffect | undefined {
  return call?.permitted.includes(service) === true ? { name: 'act', id: call.id, service } : undefined;
}

/** [HS7] */
function shown(machine: HeadsetMachine, at: number, anyway: boolean): HeadsetStep {
  const { there, lit, stands } = machine;
  const lamps = lampsOf(machine, anyway);
  const moved = (['offHook', 'muted'] as const).filter((lamp) => lamps[lamp] !== stands[lamp]);
  if (!there || (!anyway && moved.length === 0 && isSame(lamps, lit))) return { machine, effects: [] };
  const fresh = machine.written.filter((one) => at - one.at <= ECHO_MS);
  const changed = (['offHook', 'muted'] as const).filter(
    (lamp) => lamps[lamp] !== lit[lamp] || moved.includes(lamp),
  );
  const written = [...fresh, ...changed.map((lamp) => ({ lamp, to: lamps[lamp], at }))];
  const { offHook, muted } = lamps;
  return {
    machine: { ...machine, lit: lamps, stands: { offHook, muted }, written },
    effects: [{ name: 'show', lamps }],
  };
}

function lampsOf({ calls, stands }: HeadsetMachine, anyway: boolean): Lamps {
  const talking = calls.filter(({ state }) => state === 'talking');
  const offHook = talking.length > 0;
  return {
    // What the hook did may be what is under way: its lamp waits for the answer, or it would undo the press.
    offHook: !anyway && calls.some(({ busy }) => busy) ? stands.offHook : offHook,
    ringing: calls.some(({ state, busy }) => state === 'ringing' && !busy),
    muted: talking.some(({ muted }) => muted),
    held: !offHook && calls.some(({ state }) => state === 'held'),
  };
}

function isSame(a: Lamps, b: Lamps): boolean {
  return a.offHook === b.offHook && a.ringing === b.ringing && a.muted === b.muted && a.held === b.held;
}
