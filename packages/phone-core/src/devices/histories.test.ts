import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeTabStorage } from '../testing/fake-tab.ts';
import { createDevices, DeviceTimes, microphoneKey, type Devices } from './devices.ts';
import type { ListedDevice } from './listing.ts';
import type { OutputAbility } from './state.ts';
import { deviceFor } from './use.ts';
import type { Role } from './roles.ts';

/* [D5] Histories of devices as browsers report them, in virtual time. */

const input = (deviceId: string, label: string, groupId: string): ListedDevice => ({
  kind: 'audioinput',
  deviceId,
  label,
  groupId,
});
const output = (deviceId: string, label: string, groupId: string): ListedDevice => ({
  ...input(deviceId, label, groupId),
  kind: 'audiooutput',
});

const laptop = [
  input('mic', 'Microphone (Realtek)', 'card'),
  output('speakers', 'Speakers (Realtek)', 'card'),
];
const headset = [
  input('hs-in', 'Headset (Jabra Evolve2 65)', 'jabra'),
  output('hs-out', 'Headset (Jabra Evolve2 65)', 'jabra'),
];
/** As Bluetooth does after pairing anew, and Windows at another socket. */
const headsetAgain = [
  input('hs-in-2', 'Headset (2- Jabra Evolve2 65)', 'jabra-2'),
  output('hs-out-2', 'Headset (2- Jabra Evolve2 65)', 'jabra-2'),
];
const monitor = [output('hdmi', 'LG TV (NVIDIA)', 'nvidia')];

class Desk {
  readonly clock = new FakeClock();
  readonly storage: FakeTabStorage;
  readonly devices: Devices;
  #listed: readonly ListedDevice[];
  #changed: () => void = () => undefined;

  constructor(
    listed: readonly ListedDevice[],
    outputs: OutputAbility = 'any',
    storage = new FakeTabStorage(),
  ) {
    this.#listed = listed;
    this.storage = storage;
    this.devices = createDevices({
      clock: this.clock,
      storage,
      source: {
        outputs,
        list: () => Promise.resolve(this.#listed),
        onChange: (listener) => {
          this.#changed = listener;
          return () => undefined;
        },
      },
    });
  }

  async plug(listed: readonly ListedDevice[]): Promise<void> {
    this.#listed = listed;
    this.#changed();
    await this.clock.advance(DeviceTimes.settleMs);
  }

  async choose(role: Role, id: string): Promise<void> {
    await this.clock.advance(0);
    const device = this.state.list?.devices.find((one) => one.id === id);
    if (device === undefined) throw new Error(`No ${id}.`);
    this.devices.choose(role, { name: 'device', device });
  }

  get state() {
    return this.devices.store.getState();
  }

  id(role: Role): string | undefined {
    return deviceFor(this.state, role)?.id;
  }
}

async function atHeadset(): Promise<Desk> {
  const desk = new Desk([...laptop, ...headset]);
  await desk.choose('microphone', 'hs-in');
  await desk.choose('speaker', 'hs-out');
  desk.devices.setInCall(true);
  return desk;
}

describe('[D5] unplugging and plugging in during a call', () => {
  it('falls back, says so, and takes the headset again when it comes back', async () => {
    const desk = await atHeadset();
    await desk.plug(laptop);
    expect([desk.id('microphone'), desk.id('speaker')]).toEqual(['', '']);
    expect(desk.state.notice).toEqual({ name: 'lost', label: 'Headset (Jabra Evolve2 65)', now: undefined });
    await desk.clock.advance(DeviceTimes.noticeMs);
    expect(desk.state.notice).toBeUndefined();
    await desk.plug([...laptop, ...headset]);
    expect([desk.id('microphone'), desk.id('speaker')]).toEqual(['hs-in', 'hs-out']);
    expect(desk.state.notice).toEqual({ name: 'taken', label: 'Headset (Jabra Evolve2 65)' });
  });

  it('a headset that comes back under another id, in another set, is the same one', async () => {
    const desk = await atHeadset();
    await desk.plug(laptop);
    await desk.plug([...laptop, ...monitor, ...headsetAgain]);
    expect([desk.id('microphone'), desk.id('speaker')]).toEqual(['hs-in-2', 'hs-out-2']);
  });

  it('a new id while it is in use is followed without a word', async () => {
    const desk = await atHeadset();
    await desk.plug([...laptop, ...headsetAgain]);
    expect(desk.id('microphone')).toBe('hs-in-2');
    expect(desk.state.notice).toBeUndefined();
  });

  it('the sockets of one sound card are different devices though they share a group', async () => {
    const jack = output('jack', 'Headphones (Realtek)', 'card');
    const desk = new Desk(laptop);
    await desk.choose('speaker', 'speakers');
    desk.devices.setInCall(true);
    await desk.plug([...laptop, jack]);
    expect(desk.state.notice).toMatchObject({ name: 'arrived', label: 'Headphones (Realtek)' });
    desk.devices.answer(true);
    await desk.plug(laptop);
    expect(desk.state.notice).toEqual({
      name: 'lost',
      label: 'Headphones (Realtek)',
      now: 'Speakers (Realtek)',
    });
  });

  it('who chooses something else meanwhile keeps it where the set is new', async () => {
    const desk = await atHeadset();
    await desk.plug([...laptop, ...monitor]);
    await desk.choose('speaker', 'hdmi');
    await desk.plug([...laptop, ...monitor, ...headset]);
    expect([desk.id('microphone'), desk.id('speaker')]).toEqual(['hs-in', 'hdmi']);
  });
});

describe('[D5] something new is plugged in', () => {
  it('nothing jumps: it is asked about, as one thing, and used on yes', async () => {
    const desk = new Desk(laptop);
    await desk.choose('speaker', 'speakers');
    desk.devices.setInCall(true);
    await desk.plug([...laptop, ...headset]);
    expect([desk.id('microphone'), desk.id('speaker')]).toEqual(['', 'speakers']);
    expect(desk.state.notice).toMatchObject({ name: 'arrived', label: 'Headset (Jabra Evolve2 65)' });
    desk.devices.answer(true);
    expect([desk.id('microphone'), desk.id('speaker'), desk.id('ringer')]).toEqual(['hs-in', 'hs-out', '']);
    expect(desk.state.notice).toBeUndefined();
  });

  it('on no, nobody asks again with this set, also after a reload', async () => {
    const desk = new Desk(laptop);
    await desk.clock.advance(0);
    await desk.plug([...laptop, ...headset]);
    desk.devices.answer(false);
    await desk.plug(laptop);
    await desk.plug([...laptop, ...headset]);
    expect(desk.state.notice).toBeUndefined();
    const reloaded = new Desk(laptop, 'any', desk.storage);
    await reloaded.clock.advance(0);
    await reloaded.plug([...laptop, ...headset]);
    expect(reloaded.state.notice).toBeUndefined();
    expect(reloaded.id('microphone')).toBe('');
  });

  it('the question goes with the device', async () => {
    const desk = new Desk(laptop);
    await desk.clock.advance(0);
    await desk.plug([...laptop, ...headset]);
    await desk.plug(laptop);
    expect(desk.state.notice).toBeUndefined();
  });

  it('parts that come one after the other are one question', async () => {
    const desk = new Desk(laptop);
    await desk.clock.advance(0);
    void desk.plug([...laptop, ...headset.slice(0, 1)]);
    await desk.plug([...laptop, ...headset]);
    expect(desk.state.notice).toMatchObject({
      name: 'arrived',
      devices: [{ id: 'hs-in' }, { id: 'hs-out' }],
    });
  });
});

describe('[D5] the last choice is remembered for each set of devices', () => {
  it('at the desk and on the road, over a reload', async () => {
    const desk = new Desk([...laptop, ...headset]);
    await desk.choose('speaker', 'hs-out');
    const road = new Desk(laptop, 'any', desk.storage);
    await road.choose('speaker', 'speakers');
    const back = new Desk([...headsetAgain, ...laptop], 'any', road.storage);
    await back.clock.advance(0);
    expect(back.id('speaker')).toBe('hs-out-2');
    expect(back.state.notice).toBeUndefined();
  });

  it('what cannot be read is forgotten', async () => {
    const desk = new Desk(laptop, 'any', new FakeTabStorage([['offhook.devices', '[{"key":1},7]']]));
    await desk.clock.advance(0);
    expect(desk.state.memory).toEqual([]);
  });
});

const windows = (of: 'card' | 'jabra') => [
  input('default', `Standard - ${of === 'card' ? 'Microphone (Realtek)' : 'Headset (Jabra Evolve2 65)'}`, of),
  input('communications', 'Kommunikation - Headset (Jabra Evolve2 65)', 'jabra'),
  output('default', `Standard - ${of === 'card' ? 'Speakers (Realtek)' : 'Headset (Jabra Evolve2 65)'}`, of),
  output('communications', 'Kommunikation - Headset (Jabra Evolve2 65)', 'jabra'),
];

const aliased = (label: string, group: string) => [
  input('default', `Default - ${label}`, group),
  output('default', `Default - ${label}`, group),
];

describe('[D5] what browsers do differently', () => {
  it('Windows: voices use its device for calls, rings its other one; aliases are no devices', async () => {
    const desk = new Desk([...windows('card'), ...laptop, ...headset]);
    await desk.clock.advance(0);
    expect(desk.state.list?.devices).toHaveLength(4);
    expect(deviceFor(desk.state, 'microphone')).toMatchObject({
      id: 'communications',
      device: { id: 'hs-in' },
    });
    expect(deviceFor(desk.state, 'ringer')).toMatchObject({ id: '', device: { id: 'speakers' } });
  });

  it('where the system itself turns to the new device, it is followed and not asked about', async () => {
    const desk = new Desk([...aliased('Speakers (Realtek)', 'card'), ...laptop]);
    await desk.clock.advance(0);
    desk.devices.setInCall(true);
    const before = microphoneKey(desk.state);
    await desk.plug([...aliased('Headset (Jabra Evolve2 65)', 'jabra'), ...laptop, ...headset]);
    expect(microphoneKey(desk.state)).not.toBe(before);
    expect(desk.state.notice).toEqual({ name: 'taken', label: 'Headset (Jabra Evolve2 65)' });
  });

  it('names that are withheld before the permission tell nothing, and withheld again change nothing', async () => {
    const withheld = [input('', '', ''), output('', '', '')];
    const desk = new Desk(withheld);
    await desk.clock.advance(0);
    expect(desk.state.list).toBeUndefined();
    await desk.plug([...laptop, ...headset]);
    expect(desk.state.notice).toBeUndefined();
    await desk.choose('microphone', 'hs-in');
    await desk.plug(withheld);
    expect(desk.id('microphone')).toBe('hs-in');
  });

  it('before names are known, the last choice is tried under its former id', () => {
    const storage = new FakeTabStorage();
    const choice = { name: 'device', device: { id: 'hs-in', label: 'Headset', group: 'jabra' } };
    const system = { name: 'system' };
    const choices = { microphone: choice, speaker: system, ringer: system, secondRinger: { name: 'none' } };
    storage.write('offhook.devices', JSON.stringify([{ key: 'x', choices }]));
    expect(new Desk([], 'any', storage).id('microphone')).toBe('hs-in');
  });

  it('Safari: no speaker can be chosen, so none is asked about; microphones can', async () => {
    const desk = new Desk(laptop.slice(0, 1), 'none');
    await desk.clock.advance(0);
    await desk.plug([...laptop, ...headset.slice(1)]);
    expect(desk.state.notice).toBeUndefined();
    await desk.plug([...laptop, ...headset]);
    expect(desk.state.notice).toMatchObject({ name: 'arrived' });
    desk.devices.answer(true);
    expect([desk.id('microphone'), desk.id('speaker')]).toEqual(['hs-in', '']);
  });

  it('Firefox: a speaker that was picked in the browser’s window appears, and is used', async () => {
    const desk = new Desk(laptop.slice(0, 1), 'asked');
    await desk.clock.advance(0);
    await desk.plug([...laptop.slice(0, 1), ...headset.slice(1)]);
    await desk.choose('speaker', 'hs-out');
    expect(desk.id('speaker')).toBe('hs-out');
    expect(desk.state.notice).toBeUndefined();
  });

  it('the second ringer may be nothing, which the others are never', async () => {
    const desk = new Desk([...laptop, ...headset]);
    await desk.clock.advance(0);
    expect(desk.id('secondRinger')).toBeUndefined();
    await desk.choose('secondRinger', 'speakers');
    expect(desk.id('secondRinger')).toBe('speakers');
    await desk.plug(headset);
    expect(desk.id('secondRinger')).toBeUndefined();
    await desk.plug([...laptop, ...headset]);
    expect(desk.id('secondRinger')).toBe('speakers');
  });
});
