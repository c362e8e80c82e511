import { until } from './until.ts';

export type DeskPhoneState = 'idle' | 'calling' | 'alerting' | 'ringing' | 'talking' | 'holding';

/** What a hand at the practice PBX's desk phones can do, over its local API. */
export class PracticePbx {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
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

  /** Waits until a desk phone is in a state, as its display would show. */
  async waitFor(phone: string, state: DeskPhoneState): Promise<void> {
    const look = async () => {
      const response = await fetch(new URL(`/api/phones/${phone}`, this.#url));
      return ((await response.json()) as { state: DeskPhoneState }).state;
    };
    await until(`desk phone ${phone} to be ${state}`, look, (seen) => seen === state);
  }

  async #post(path: string, body: object = {}): Promise<void> {
    const response = await fetch(new URL(path, this.#url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    }
  }
}
