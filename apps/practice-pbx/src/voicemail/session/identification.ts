import type { Millis } from '@offhook/sip';
import { BREATH, prompt } from '../prompts/sound.ts';
import type { Sound } from '../prompts/sound.ts';
import type { FlowInput, Line } from './line.ts';
import type { OwnedMailbox, VoicemailSetting } from './setting.ts';

type State =
  /** The number of the mailbox. */
  | { readonly name: 'mailbox'; digits: string }
  /** The PIN; `claimed` as it was entered: whether it exists is not told before the PIN is right. */
  | { readonly name: 'pin'; readonly claimed: OwnedMailbox | undefined; digits: string };

export type IdentificationResult =
  | { readonly next: 'owner'; readonly owned: OwnedMailbox }
  | { readonly next: 'farewell'; readonly sounds: readonly Sound[] }
  | undefined;

const TRIES = 3;
/** Digits beyond are not taken. */
const MOST_DIGITS = 32;

/**
 * Somebody who is not at his own extension proves whose mailbox it is.
 *
 * ```
 *   mailbox ── digits # ──► pin ── right ──► owner
 *      ▲                     │
 *      └──── wrong, or nothing entered; the third time: farewell
 * ```
 *
 * `*` begins the entry anew. Digits without `#` count after the wait.
 */
export class Identification {
  readonly #line: Line;
  readonly #setting: VoicemailSetting;
  /** Known from the start: then only the PIN is asked for. */
  readonly #known: OwnedMailbox | undefined;
  #state: State;
  #failures = 0;
  #waitUntil: Millis | undefined;

  constructor(line: Line, setting: VoicemailSetting, known: OwnedMailbox | undefined) {
    this.#line = line;
    this.#setting = setting;
    this.#known = known;
    this.#state = this.#first();
    this.#ask([]);
  }

  deadline(): Millis | undefined {
    return this.#waitUntil;
  }

  handle(input: FlowInput, now: Millis): IdentificationResult {
    switch (input.kind) {
      case 'played':
        this.#waitUntil = now + this.#setting.times.wait;
        return undefined;
      case 'digit':
        this.#line.stop();
        this.#waitUntil = now + this.#setting.times.wait;
        return this.#digit(input.digit);
      case 'tick':
        return this.#waitUntil !== undefined && now >= this.#waitUntil ? this.#entered() : undefined;
      case 'frame':
      case 'hung_up':
        return undefined;
      default:
        return input satisfies never;
    }
  }

  get #language() {
    return this.#known?.language ?? this.#setting.language;
  }

  #first(): State {
    return this.#known === undefined
      ? { name: 'mailbox', digits: '' }
      : { name: 'pin', claimed: this.#known, digits: '' };
  }

  #ask(before: readonly Sound[]): void {
    this.#waitUntil = undefined;
    const question = prompt(this.#language, this.#state.name === 'mailbox' ? 'enter-mailbox' : 'enter-pin');
    this.#line.say([...before, question]);
  }

  #digit(digit: string): IdentificationResult {
    if (digit === '#') return this.#entered();
    if (digit === '*') this.#state.digits = '';
    else if (this.#state.digits.length < MOST_DIGITS) this.#state.digits += digit;
    return undefined;
  }

  #entered(): IdentificationResult {
    const state = this.#state;
    if (state.digits === '') return this.#failed([]);
    switch (state.name) {
      case 'mailbox':
        this.#state = { name: 'pin', claimed: this.#setting.find(state.digits), digits: '' };
        this.#ask([]);
        return undefined;
      case 'pin': {
        const { claimed } = state;
        if (claimed?.pin !== undefined && claimed.pin === state.digits)
          return { next: 'owner', owned: claimed };
        return this.#failed([prompt(this.#language, 'pin-wrong'), BREATH]);
      }
      default:
        return state satisfies never;
    }
  }

  #failed(sounds: readonly Sound[]): IdentificationResult {
    this.#failures += 1;
    if (this.#failures >= TRIES) return { next: 'farewell', sounds };
    this.#state = this.#first();
    this.#ask(sounds);
    return undefined;
  }
}
