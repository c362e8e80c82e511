import type { LineSettings, SettingsChange } from '@offhook/contract';
import type { Request } from '../calls/acts.ts';
import { problemOf } from '../calls/problems.ts';
import type { Log } from '../ports.ts';
import type { SettingsOutcome } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';
import { inverseOf, isTaken, namesOf } from './changes.ts';

/**
 * The telephone settings. What holds is what the platform says: a change is shown as wanted until its answer, and then
 * whatever came back is shown, also where that is something else.
 */
export class Settings {
  readonly #store: PhoneStore;
  readonly #request: Request;
  readonly #log: Log;

  constructor(store: PhoneStore, request: Request, log: Log) {
    this.#store = store;
    this.#request = request;
    this.#log = log;
  }

  /** One at a time: nothing happens while another is under way, or where nothing is known. Never rejects. */
  async change(change: SettingsChange): Promise<void> {
    const { held, pending } = this.#store.getState().settings;
    if (held === undefined || pending !== undefined) return;
    this.#store.setState(({ settings }) => ({
      settings: { ...settings, pending: change, last: undefined },
    }));
    const outcome = await this.#ask(change, held);
    this.#store.setState(({ settings }) => ({
      settings: { ...settings, pending: undefined, last: { of: namesOf(change), outcome } },
    }));
  }

  /** Brings back what held before the last change. */
  async undo(): Promise<void> {
    const outcome = this.#store.getState().settings.last?.outcome;
    if (outcome?.name === 'changed') await this.change(outcome.undo);
  }

  dismiss(): void {
    this.#store.setState(({ settings }) => ({ settings: { ...settings, last: undefined } }));
  }

  /** The platform says something, perhaps because somebody changed it at the desk phone. */
  changed(held: LineSettings): void {
    this.#store.setState(({ settings }) => ({ settings: { ...settings, held } }));
  }

  async #ask(change: SettingsChange, before: LineSettings): Promise<SettingsOutcome> {
    try {
      const { settings } = await this.#request('settings.set', { change });
      this.changed(settings);
      if (!isTaken(settings, change)) return { name: 'not_taken' };
      return { name: 'changed', undo: inverseOf(before, change) };
    } catch (thrown) {
      const problem = problemOf(thrown);
      this.#log('warn', 'settings.change_failed', { of: namesOf(change), problem });
      return { name: 'failed', problem };
    }
  }
}
