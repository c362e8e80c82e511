import { expect, it } from 'vitest';
import type { HeadsetState } from '../port.ts';
import { headsetPortSuite, type Rig } from '../testing/port.suite.ts';
import { SimulatedJabra } from '../testing/simulated-jabra.ts';
import { createJabraPort } from './jabra.ts';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
};

headsetPortSuite('the library of Jabra', (): Promise<Rig> => {
  const jabra = new SimulatedJabra();
  const port = createJabraPort(() => Promise.resolve(jabra.library));
  return Promise.resolve({
    port,
    told: () => ({ ...jabra.lamps }),
    hook: () => jabra.pressHook(),
    mute: () => jabra.pressMute(),
    flash: () => jabra.pressFlash(),
    unplug: () => jabra.unplug(),
    plug: () => jabra.plug(),
    settle: turns,
    close: () => port.close(),
  });
});

it('[D6] a library that was not placed is a headset that fails, not an error', async () => {
  const states: HeadsetState[] = [];
  const port = createJabraPort(() => Promise.reject(new Error('404')));
  await port.start({ onState: (state) => states.push(state), onSignal: () => undefined });
  expect(states).toEqual([{ name: 'failed' }]);
  await port.close();
});
