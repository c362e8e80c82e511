import { deviceFor, type Role } from '@offhook/phone-core';
import { tones } from '../../ringing/tones.ts';
import { createSound } from '../../sound/sound.ts';
import { openMeter, type Meter } from '../meter.ts';
import type { BrowserMicrophone } from '../microphones.ts';

/* Not in the build: the phone's sound at the browser's own made-up devices, for `devices.browser.test.ts`. */

const sound = createSound();
const { devices, preferences, microphones } = sound;

tones.follow(() => {
  const state = devices.store.getState();
  const ringers = [deviceFor(state, 'ringer'), deviceFor(state, 'secondRinger')].flatMap(
    (use) => use?.id ?? [],
  );
  return { speaker: deviceFor(state, 'speaker')?.id ?? '', ringers, ...preferences.getState() };
});

/** Where elements of this page were sent to play, in order. */
const sentTo: string[] = [];
// Called with its element below.
// oxlint-disable-next-line typescript/unbound-method
const { setSinkId } = HTMLMediaElement.prototype;
HTMLMediaElement.prototype.setSinkId = async function noted(
  this: HTMLMediaElement,
  id: string,
): Promise<void> {
  await setSinkId.call(this, id);
  sentTo.push(id);
};

let open: BrowserMicrophone | undefined;
let meter: Meter | undefined;

export const bench = {
  /** Labels by kind; undefined while they are withheld. */
  names(): Promise<readonly string[] | undefined> {
    return Promise.resolve(
      devices.store.getState().list?.devices.map(({ kind, label }) => `${kind} ${label}`),
    );
  },
  choose(role: Role, label: string): Promise<string> {
    const kind = role === 'microphone' ? 'audioinput' : 'audiooutput';
    const device = devices.store
      .getState()
      .list?.devices.find((one) => one.kind === kind && one.label === label);
    if (device === undefined) return Promise.reject(new Error(`No ${label}.`));
    devices.choose(role, { name: 'device', device });
    return Promise.resolve(device.id);
  },
  async open(): Promise<string | undefined> {
    open?.close();
    meter?.close();
    open = await microphones.open();
    await devices.refresh();
    meter = openMeter(open.track);
    return open.track.getSettings().deviceId;
  },
  /** Decibels, of the copy that is measured, also while the microphone is muted. */
  loudness(): Promise<number> {
    return Promise.resolve(meter?.db() ?? Number.NEGATIVE_INFINITY);
  },
  mute(): Promise<void> {
    open?.setEnabled(false);
    return Promise.resolve();
  },
  /** What the open microphone's noise suppression is after the wish, or what it is once opened anew. */
  async noiseSuppression(wanted: boolean): Promise<boolean | undefined> {
    preferences.setState({ noiseSuppression: wanted });
    if (!(await microphones.retune())) await bench.open();
    return open?.track.getSettings().noiseSuppression;
  },
  ring(): Promise<void> {
    tones.unlock();
    tones.play('ring');
    return Promise.resolve();
  },
  sentTo(): Promise<readonly string[]> {
    return Promise.resolve(sentTo);
  },
};

Object.assign(window, { bench });
