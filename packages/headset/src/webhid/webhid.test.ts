import { describe, expect, it } from 'vitest';
import type { HeadsetState } from '../port.ts';
import { buttonHeadset, keyboard, rangeHeadset, switchHeadset } from '../testing/layouts.ts';
import { headsetPortSuite, type Rig } from '../testing/port.suite.ts';
import { SimulatedHid, SimulatedHidHeadset } from '../testing/simulated-hid.ts';
import { createWebHidPort } from './webhid.ts';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
};

function openRig(collections: ConstructorParameters<typeof SimulatedHidHeadset>[0]) {
  return (): Promise<Rig> => {
    let now = 0;
    const hid = new SimulatedHid();
    const headset = new SimulatedHidHeadset(collections, () => (now += 10), { echoes: true });
    hid.allowed.add(headset);
    hid.plug(headset);
    const port = createWebHidPort(hid);
    const told = () => ({
      offHook: headset.lamp('offHook'),
      ringing: headset.lamp('ring'),
      muted: headset.lamp('mute'),
      held: headset.lamp('hold'),
    });
    return Promise.resolve({
      port,
      told,
      hook: () => headset.press('hook'),
      mute: () => headset.press('mute'),
      ...(collections === buttonHeadset
        ? {
            flash: () => {
              headset.down('hook');
              now += 1_000;
              headset.up();
            },
          }
        : { flash: () => headset.press('flash') }),
      unplug: () => hid.unplug(headset),
      plug: () => hid.plug(headset),
      settle: turns,
      close: () => port.close(),
    });
  };
}

headsetPortSuite('WebHID, hook switch', openRig(switchHeadset));
headsetPortSuite('WebHID, push buttons', openRig(buttonHeadset));

describe('WebHID', () => {
  it('[D6] asks in one click, opens what was picked, and gives the permission back', async () => {
    const hid = new SimulatedHid();
    const headset = new SimulatedHidHeadset(rangeHeadset, () => 0, { name: 'Desk headset' });
    const keys = new SimulatedHidHeadset(keyboard, () => 0);
    hid.plug(headset);
    hid.plug(keys);
    const states: HeadsetState[] = [];
    const port = createWebHidPort(hid);
    await port.start({ onState: (state) => states.push(state), onSignal: () => undefined });
    expect(states).toEqual([{ name: 'absent' }]);
    await port.connect();
    expect(states.slice(1)).toEqual([{ name: 'asking' }, { name: 'absent' }]);
    hid.choice = headset;
    await port.connect();
    expect(states.at(-1)).toEqual({ name: 'ready', product: 'Desk headset' });
    hid.choice = undefined;
    await port.connect();
    expect(states.at(-1)).toEqual({ name: 'ready', product: 'Desk headset' });
    await port.forget();
    expect(states.at(-1)).toEqual({ name: 'off' });
    expect([headset.forgotten, headset.opened, keys.opened]).toEqual([true, false, false]);
    await port.close();
  });

  it('[D6] a device that another program holds is said to fail', async () => {
    const hid = new SimulatedHid();
    const headset = new SimulatedHidHeadset(switchHeadset, () => 0);
    hid.allowed.add(headset);
    hid.plug(headset);
    headset.plugged = false;
    const states: HeadsetState[] = [];
    const port = createWebHidPort(hid);
    await port.start({ onState: (state) => states.push(state), onSignal: () => undefined });
    expect(states).toEqual([{ name: 'failed' }]);
    await port.close();
  });
});
