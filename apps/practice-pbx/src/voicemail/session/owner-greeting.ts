import type { Millis } from '@offhook/sip';
import { BEEP, BREATH, prompt } from '../prompts/sound.ts';
import type { SharedPrompt } from '../prompts/catalogue.ts';
import type { Sound } from '../prompts/sound.ts';
import { greetingOf } from './leave-message.ts';
import type { FlowInput, Line } from './line.ts';
import { Recorder } from './recorder.ts';
import type { OwnedMailbox, VoicemailTimes } from './setting.ts';
import { Patience } from './patience.ts';

type State =
  | { readonly name: 'menu' }
  /** "Speak after the tone", and the tone. */
  | { readonly name: 'cue' }
  | { readonly name: 'recording'; readonly recorder: Recorder };

/** `back`: to the main menu. `gone`: nobody presses a key. */
export type OwnerGreetingResult = 'back' | 'gone' | undefined;

/**
 * The owner's greeting: 1 record, 2 listen, 3 the standard one, 9 and 0 what there is to choose, * back.
 *
 * ```
 *   menu ── 1 ──► cue ── played ──► recording ── # · silence · limit ──► menu
 *                  └─────── * ────────┴──────── * (as before) ─────────► menu
 * ```
 *
 * A greeting that is hung up on is not taken: nobody said that it is finished.
 */
export class OwnerGreeting {
  readonly #line: Line;
  readonly #owned: OwnedMailbox;
  readonly #times: VoicemailTimes;
  readonly #patience: Patience;
  #state: State = { name: 'menu' };

  constructor(line: Line, owned: OwnedMailbox, times: VoicemailTimes) {
    this.#line = line;
    this.#owned = owned;
    this.#times = times;
    this.#patience = new Patience(times.wait);
    this.#menu([]);
  }

  deadline(): Millis | undefined {
    return this.#state.name === 'recording' ? this.#state.recorder.deadline() : this.#patience.deadline();
  }

  handle(input: FlowInput, now: Millis): OwnerGreetingResult {
    const state = this.#state;
    switch (state.name) {
      case 'menu':
        return this.#inMenu(input, now);
      case 'cue':
        if (input.kind === 'played') this.#record(now);
        if (input.kind === 'digit' && input.digit === '*') this.#menu([]);
        return undefined;
      case 'recording':
        this.#whileRecording(state.recorder, input, now);
        return undefined;
      default:
        return state satisfies never;
    }
  }

  #inMenu(input: FlowInput, now: Millis): OwnerGreetingResult {
    switch (input.kind) {
      case 'played':
        this.#patience.wait(now);
        return undefined;
      case 'tick': {
        const lost = this.#patience.tick(now);
        if (lost === 'ask_again') this.#menu([]);
        return lost === 'gone' ? 'gone' : undefined;
      }
      case 'digit':
        this.#patience.answered();
        return this.#key(input.digit);
      case 'frame':
      case 'hung_up':
        return undefined;
      default:
        return input satisfies never;
    }
  }

  #key(digit: string): OwnerGreetingResult {
    switch (digit) {
      case '1':
        this.#state = { name: 'cue' };
        this.#line.say([this.#prompt('record-greeting'), BEEP]);
        return undefined;
      case '2':
        this.#menu([...greetingOf(this.#owned), BREATH]);
        return undefined;
      case '3':
        this.#owned.mailbox.setGreeting(undefined);
        this.#menu([this.#prompt('greeting-standard'), BREATH]);
        return undefined;
      case '0':
      case '9':
        this.#menu([]);
        return undefined;
      case '*':
        return 'back';
      default:
        this.#line.say([this.#prompt('unknown-key')]);
        return undefined;
    }
  }

  #record(now: Millis): void {
    const { longestGreeting: longest, shortestRecording: shortest, silence } = this.#times;
    this.#state = { name: 'recording', recorder: new Recorder({ longest, shortest, silence }, now) };
  }

  #whileRecording(recorder: Recorder, input: FlowInput, now: Millis): void {
    switch (input.kind) {
      case 'digit':
        if (input.digit === '#') this.#recorded(recorder, true);
        else if (input.digit === '*') this.#menu([]);
        return;
      case 'frame':
        recorder.push(input.samples, input.sampleRate, now);
        break;
      case 'hung_up':
        return;
      case 'played':
      case 'tick':
        break;
      default:
        input satisfies never;
    }
    if (recorder.ended(now) !== undefined) this.#recorded(recorder, false);
  }

  #recorded(recorder: Recorder, byKey: boolean): void {
    const greeting = recorder.take(byKey);
    const kept = greeting === undefined ? 'too_short' : this.#owned.mailbox.setGreeting(greeting);
    const outcome = (
      { too_short: 'greeting-too-short', kept: 'greeting-saved', full: 'mailbox-full' } as const
    )[kept];
    this.#menu([this.#prompt(outcome), BREATH]);
  }

  #menu(before: readonly Sound[]): void {
    this.#state = { name: 'menu' };
    this.#line.say([...before, this.#prompt('greeting-menu')]);
  }

  #prompt(name: SharedPrompt): Sound {
    return prompt(this.#owned.language, name);
  }
}
