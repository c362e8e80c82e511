import {
  initialDevices,
  newEar,
  stepDevices,
  type DevicesInput,
  type DevicesState,
  type ListedDevice,
  type OutputAbility,
} from '@offhook/phone-core';
import { call, full, online, settings, states } from './builders.ts';
import { scene, type Scene } from './scene.ts';

const both = (id: string, label: string, groupId: string): readonly ListedDevice[] => [
  { kind: 'audioinput', deviceId: `${id}-in`, label, groupId },
  { kind: 'audiooutput', deviceId: `${id}-out`, label, groupId },
];

const laptop = both('laptop', 'Built-in Audio (Realtek)', 'card');
const headset = both('headset', 'Headset (2- Jabra Evolve2 65) (0b0e:0e32)', 'jabra');
const system: readonly ListedDevice[] = laptop.map((one) => ({
  ...one,
  deviceId: 'default',
  label: `Default - ${one.label}`,
}));

function after(outputs: OutputAbility, ...inputs: readonly DevicesInput[]): DevicesState {
  let state = initialDevices(outputs, []);
  for (const input of inputs) state = stepDevices(state, input);
  return state;
}

const plugged = (devices: readonly ListedDevice[]): DevicesInput => ({ name: 'listed', devices });
const talking: DevicesInput = { name: 'call', running: true };
const headsetRef = { id: 'headset-out', label: 'Headset (2- Jabra Evolve2 65) (0b0e:0e32)', group: 'jabra' };
const atHeadset: readonly DevicesInput[] = [
  plugged([...system, ...laptop, ...headset]),
  talking,
  { name: 'chosen', role: 'speaker', choice: { name: 'device', device: headsetRef } },
];

const atSettings = (devices: DevicesState): Scene =>
  scene(full({ settings: { held: settings, pending: undefined, last: undefined } }), { sound: { devices } });

const inCall = (...inputs: readonly DevicesInput[]): Scene =>
  scene(online({ calls: [call(states.connected)] }), { sound: { devices: after('any', ...inputs) } });

/** Devices and what is said of them; the scenes of settings are seen at `#settings/sound`. */
export const soundScenes = {
  'sound-devices': atSettings(
    after('any', ...atHeadset, {
      name: 'chosen',
      role: 'secondRinger',
      choice: {
        name: 'device',
        device: { id: 'laptop-out', label: 'Built-in Audio (Realtek)', group: 'card' },
      },
    }),
  ),
  'sound-withheld': atSettings(after('any')),
  'sound-picked': atSettings(after('asked', plugged([...laptop.slice(0, 1), ...headset]))),
  'sound-fixed': atSettings(after('none', plugged(laptop.slice(0, 1)))),
  'device-arrived': inCall(plugged(laptop), talking, plugged([...laptop, ...headset])),
  'device-lost': inCall(...atHeadset, plugged([...system, ...laptop])),
  'device-back': inCall(
    ...atHeadset,
    plugged([...system, ...laptop]),
    plugged([...system, ...laptop, ...headset]),
  ),
  'muted-speech': scene(online({ calls: [call(states.connected, { muted: true })] }), {
    sound: { ear: { ...newEar, mutedSpeech: true } },
  }),
} satisfies Record<string, Scene>;
