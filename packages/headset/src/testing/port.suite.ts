import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initialMachine, stepHeadset, type HeadsetCall, type HeadsetEffect } from '../machine.ts';
import type { HeadsetPort, HeadsetSignal, HeadsetState, Lamps } from '../port.ts';

/** One headset behind one implementation, with a person's hands on it. */
export interface Rig {
  readonly port: HeadsetPort;
  /** What the headset shows. */
  told(): Lamps;
  hook(): void;
  mute(): void;
  /** Its key for that, or the hook key held down. */
  flash(): void;
  unplug(): void;
  plug(): void;
  /** Everything under way has arrived on both sides. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const talk: HeadsetCall = {
  id: 'a',
  state: 'talking',
  muted: false,
  busy: false,
  permitted: ['answer', 'hangUp', 'mute', 'hold', 'retrieve'],
};

/** What every way to a headset owes the phone. The machine is the real one. */
export function headsetPortSuite(name: string, open: () => Promise<Rig>): void {
  describe(`a headset by ${name}`, () => {
    let rig: Rig;
    let states: HeadsetState[];
    let signals: HeadsetSignal[];
    let asked: HeadsetEffect[];
    let machine = initialMachine;
    let at = 0;

    const give = (input: Parameters<typeof stepHeadset>[1]): void => {
      const step = stepHeadset(machine, input, at);
      machine = step.machine;
      for (const effect of step.effects) {
        if (effect.name === 'show') rig.port.show(effect.lamps);
        else asked.push(effect);
      }
    };
    /** A second later, so that what comes now is no echo. */
    const calls = async (...all: readonly HeadsetCall[]): Promise<void> => {
      give({ name: 'calls', calls: all });
      await rig.settle();
      at += 1_000;
    };
    const does = async (what: () => void): Promise<readonly HeadsetEffect[]> => {
      asked = [];
      what();
      await rig.settle();
      at += 1_000;
      return asked;
    };

    beforeEach(async () => {
      machine = initialMachine;
      states = [];
      signals = [];
      asked = [];
      rig = await open();
      await rig.port.start({
        onState(state) {
          states.push(state);
          if (state.name === 'ready') give({ name: 'attached' });
          else give({ name: 'lost' });
        },
        onSignal(signal) {
          signals.push(signal);
          give({ name: 'signal', signal });
        },
      });
      await rig.settle();
    });

    afterEach(() => rig.close());

    it('is ready without a question when it was allowed before', () => {
      expect(states.at(-1)).toEqual({
        name: 'ready',
        product: expect.stringContaining('Simulated') as string,
      });
    });

    it('rings, is lifted, and the call is answered; the echo of that ends nothing', async () => {
      await calls({ ...talk, state: 'ringing' });
      expect(rig.told()).toMatchObject({ ringing: true, offHook: false });
      expect(await does(() => rig.hook())).toEqual([{ name: 'act', id: 'a', service: 'answer' }]);
      asked = [];
      await calls(talk);
      expect(rig.told()).toMatchObject({ ringing: false, offHook: true });
      expect(asked).toEqual([]);
      expect(await does(() => rig.hook())).toEqual([{ name: 'act', id: 'a', service: 'hangUp' }]);
      asked = [];
      await calls();
      expect(rig.told()).toMatchObject({ ringing: false, offHook: false });
      expect(asked).toEqual([]);
    });

    it('what is answered and hung up on the screen is shown, and comes back as no press', async () => {
      await calls({ ...talk, state: 'ringing' });
      await calls(talk);
      expect(rig.told()).toMatchObject({ ringing: false, offHook: true });
      await calls();
      expect(rig.told()).toMatchObject({ ringing: false, offHook: false });
      expect(asked).toEqual([]);
    });

    it('mute goes both ways', async () => {
      await calls(talk);
      expect(await does(() => rig.mute())).toEqual([{ name: 'mute', id: 'a', muted: true }]);
      await calls({ ...talk, muted: true });
      expect(rig.told().muted).toBe(true);
      expect(await does(() => rig.mute())).toEqual([{ name: 'mute', id: 'a', muted: false }]);
      await calls(talk);
      expect(rig.told().muted).toBe(false);
      asked = [];
      await calls({ ...talk, muted: true });
      expect(rig.told().muted).toBe(true);
      expect(asked).toEqual([]);
    });

    it('a call on hold leaves the hook; the key for it swaps', async () => {
      await calls(talk);
      expect(await does(() => rig.flash())).toEqual([{ name: 'act', id: 'a', service: 'hold' }]);
      await calls({ ...talk, state: 'held' });
      expect(rig.told()).toMatchObject({ offHook: false, held: true });
      await calls(talk);
      expect(rig.told()).toMatchObject({ offHook: true, held: false });
    });

    it('is pulled out in a call: nothing happens to the call; back again, it is shown what is true', async () => {
      await calls(talk);
      expect(await does(() => rig.unplug())).toEqual([]);
      expect(states.at(-1)).toEqual({ name: 'absent' });
      await calls({ ...talk, muted: true });
      expect(await does(() => rig.plug())).toEqual([]);
      expect(states.at(-1)).toMatchObject({ name: 'ready' });
      expect(rig.told()).toMatchObject({ offHook: true, muted: true });
    });

    it('is let go of: dark, and what is pressed is nobody’s', async () => {
      await calls(talk);
      await rig.port.close();
      await rig.settle();
      expect(rig.told()).toMatchObject({ offHook: false, ringing: false, muted: false });
      const before = signals.length;
      rig.hook();
      await rig.settle();
      expect(signals.length).toBe(before);
      await rig.port.close();
    });

    it('is forgotten', async () => {
      await rig.port.forget();
      await rig.settle();
      expect(states.at(-1)).toEqual({ name: 'off' });
    });
  });
}
