import { until } from './until.ts';

export type DeskPhoneState = 'idle' | 'calling' | 'alerting' | 'ringing' | 'talking' | 'holding';

/** What the API says of a telephone, as far as it is looked at here. */
interface PhoneSeen {
  readonly id: string;
  readonly state: DeskPhoneState;
  readonly display: string;
  readonly hears: {
    readonly frequencyHz: number | null;
    readonly levelDbfs: number;
    readonly tones: string;
    readonly events: string;
  };
}

export type ForwardingType = 'immediate' | 'busy' | 'noAnswer';

/** What the API says of an extension's settings, as far as it is looked at here. */
export interface FeaturesSeen {
  readonly doNotDisturb: boolean;
  readonly busyBehaviour: string;
  readonly routing: string;
  readonly alternative?: string;
  readonly forwarding: readonly { readonly type: ForwardingType; readonly active: boolean }[];
}

/** What a hand at the practice PBX's desk phones can do, over its local API. */
export class PracticePbx {
  /** Of its page and its API. */
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  call(phone: string, to: string): Promise<void> {
    return this.#post(`/api/phones/${phone}/call`, { to });
  }

  answer(phone: string): Promise<void> {
    return this.#post(`/api/phones/${phone}/answer`);
  }

  hangUp(phone: string): Promise<void> {
    return this.#post(`/api/phones/${phone}/hangup`);
  }

  /** A key without a number: `hold`, `retrieve`, `reject`, `swap`, `conference`. */
  press(phone: string, key: string): Promise<void> {
    return this.#post(`/api/phones/${phone}/${key}`);
  }

  /** Waits until a desk phone is in a state, as its display would show. */
  async waitFor(phone: string, state: DeskPhoneState, within?: number): Promise<void> {
    await until(
      `desk phone ${phone} to be ${state}`,
      () => this.#look(phone),
      (seen) => seen.state === state,
      within,
    );
  }

  async expectDisplay(phone: string, pattern: RegExp): Promise<void> {
    await until(
      `desk phone ${phone} to show ${pattern}`,
      () => this.#look(phone),
      ({ display }) => pattern.test(display),
    );
  }

  /** Presses keys during a call. */
  keys(phone: string, digits: string): Promise<void> {
    return this.#post(`/api/phones/${phone}/dtmf`, { digits });
  }

  /** Waits until a desk phone has heard nothing for a second. */
  async expectSilence(phone: string): Promise<void> {
    await until(
      `desk phone ${phone} to hear nothing`,
      () => this.#look(phone),
      ({ hears }) => hears.levelDbfs < -60,
    );
  }

  /** Waits until a desk phone hears a tone of `frequency` Hz, give or take 10. */
  async expectToHear(phone: string, frequency: number): Promise<void> {
    await until(
      `desk phone ${phone} to hear ${frequency} Hz`,
      () => this.#look(phone),
      ({ hears }) => Math.abs((hears.frequencyHz ?? 0) - frequency) <= 10,
    );
  }

  /** Waits until a desk phone hears music, or whatever is no tone of `frequency` Hz. */
  async expectMusic(phone: string, frequency: number): Promise<void> {
    await until(
      `desk phone ${phone} to hear music instead of ${frequency} Hz`,
      () => this.#look(phone),
      ({ hears }) => hears.levelDbfs > -50 && Math.abs((hears.frequencyHz ?? 0) - frequency) > 20,
    );
  }

  /** Waits until a desk phone has heard these keys in this call. */
  async expectKeys(phone: string, keys: string): Promise<void> {
    await until(
      `desk phone ${phone} to hear the keys ${keys}`,
      () => this.#look(phone),
      ({ hears }) => `${hears.tones} ${hears.events}`.includes(keys),
    );
  }

  /**
   * What the telephone's own keys set: do-not-disturb, and forwarding of a kind (off without `to`). They dial a code, so a hand
   * waits for the end of the call before.
   */
  async setDoNotDisturb(phone: string, on: boolean): Promise<void> {
    await this.waitFor(phone, 'idle');
    await this.#post(`/api/phones/${phone}/do-not-disturb`, { on });
  }

  async setForwarding(phone: string, type: ForwardingType, to?: string): Promise<void> {
    await this.waitFor(phone, 'idle');
    await this.#post(`/api/phones/${phone}/forwarding`, { type, ...(to === undefined ? {} : { to }) });
  }

  /** As the administrator of the PBX sets it; in the words of the PBX's API. */
  setFeature(extension: string, setting: object): Promise<void> {
    return this.#post(`/api/extensions/${extension}/settings`, setting);
  }

  /** Waits until the PBX says this of what is set for an extension. */
  async expectFeatures(
    extension: string,
    expected: string,
    isRight: (features: FeaturesSeen) => boolean,
  ): Promise<void> {
    await until(
      `the PBX to have ${expected} for ${extension}`,
      () => this.#get<FeaturesSeen>(`/api/extensions/${extension}/settings`),
      isRight,
    );
  }

  /** Waits until an application has its control link (CSTA). */
  async expectControlled(): Promise<void> {
    await until(
      'the control link to be up',
      () => this.#get<{ csta: { applications: readonly { monitors: number }[] } }>('/api/csta'),
      ({ csta }) => csta.applications.some(({ monitors }) => monitors > 0),
    );
  }

  /** Fault switch: every control link is cut at once. */
  cutControlLink(): Promise<void> {
    return this.#post('/api/test/csta/links', { act: 'cut' });
  }

  /** Fault switch: rules in the words of the PBX's API. */
  addFaults(...rules: readonly object[]): Promise<void> {
    return this.#post('/api/test/csta/faults', { rules });
  }

  async clearFaults(): Promise<void> {
    await fetch(new URL('/api/test/csta/faults', this.url), { method: 'DELETE' });
  }

  /** Hangs up every telephone; waits until no call is left. */
  async quiet(): Promise<void> {
    await until(
      'no call to be left at the PBX',
      async () => {
        await this.hangUpAll();
        return (await this.#get<{ calls: readonly unknown[] }>('/api/calls')).calls;
      },
      (calls) => calls.length === 0,
    );
  }

  async hangUpAll(): Promise<void> {
    const { phones } = await this.#get<{ phones: readonly PhoneSeen[] }>('/api/phones');
    for (const { id, state } of phones) {
      if (state === 'ringing') await this.press(id, 'reject').catch(() => undefined);
      else if (state !== 'idle') await this.hangUp(id).catch(() => undefined);
    }
  }

  #look(phone: string): Promise<PhoneSeen> {
    return this.#get<PhoneSeen>(`/api/phones/${phone}`);
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(new URL(path, this.url));
    return (await response.json()) as T;
  }

  async #post(path: string, body: object = {}): Promise<void> {
    const response = await fetch(new URL(path, this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    }
  }
}
