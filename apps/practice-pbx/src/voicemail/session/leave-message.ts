import type { Millis } from '@offhook/sip';
import { BEEP, BREATH, prompt, recorded } from '../prompts/sound.ts';
import type { Sound } from '../prompts/sound.ts';
import { spokenDigits } from '../prompts/spoken.ts';
import type { Caller, EpochMillis } from '../voice-machine.ts';
import type { FlowInput, Line } from './line.ts';
import { Recorder } from './recorder.ts';
import type { OwnedMailbox, VoicemailTimes } from './setting.ts';

type State =
  | { readonly name: 'greeting' }
  | { readonly name: 'beep' }
  | { readonly name: 'recording'; readonly recorder: Recorder };

/** How a recording came to its end. */
type Ending = 'key' | 'hung_up' | 'limit' | 'silence';

/** What the session goes on with; undefined: with this flow. */
export type LeaveMessageResult =
  | { readonly next: 'farewell'; readonly sounds: readonly Sound[] }
  /** The owner wants to listen. */
  | { readonly next: 'identification' }
  | undefined;

/**
 * A caller leaves a message.
 *
 * ```
 *   greeting ── played, # or 1 ──► beep ── played ──► recording ── # · silence · limit ──► farewell
 *      └── * (where there is a PIN) ──► identification    └── hang-up ──► kept or dropped
 * ```
 */
export class LeaveMessage {
  readonly #line: Line;
  readonly #owned: OwnedMailbox;
  readonly #caller: Caller;
  readonly #times: VoicemailTimes;
  readonly #wallClock: (now: Millis) => EpochMillis;
  #state: State = { name: 'greeting' };

  constructor(
    line: Line,
    owned: OwnedMailbox,
    caller: Caller,
    times: VoicemailTimes,
    wallClock: (now: Millis) => EpochMillis,
  ) {
    this.#line = line;
    this.#owned = owned;
    this.#caller = caller;
    this.#times = times;
    this.#wallClock = wallClock;
    line.say(greetingOf(owned));
  }

  deadline(): Millis | undefined {
    return this.#state.name === 'recording' ? this.#state.recorder.deadline() : undefined;
  }

  handle(input: FlowInput, now: Millis): LeaveMessageResult {
    const state = this.#state;
    switch (state.name) {
      case 'greeting':
        return this.#whileGreeting(input);
      case 'beep':
        if (input.kind === 'played') this.#record(now);
        return undefined;
      case 'recording':
        return this.#whileRecording(state.recorder, input, now);
      default:
        return state satisfies never;
    }
  }

  #whileGreeting(input: FlowInput): LeaveMessageResult {
    if (input.kind === 'played') this.#beep();
    if (input.kind !== 'digit') return undefined;
    if (input.digit === '#' || input.digit === '1') this.#beep();
    return input.digit === '*' && this.#owned.pin !== undefined ? { next: 'identification' } : undefined;
  }

  #beep(): void {
    this.#state = { name: 'beep' };
    this.#line.say([BEEP]);
  }

  #record(now: Millis): void {
    const { longestMessage, shortestRecording, silence } = this.#times;
    const longest = Math.min(longestMessage, this.#owned.mailbox.roomSeconds * 1000);
    this.#state = {
      name: 'recording',
      recorder: new Recorder({ longest, shortest: shortestRecording, silence }, now),
    };
  }

  #whileRecording(recorder: Recorder, input: FlowInput, now: Millis): LeaveMessageResult {
    switch (input.kind) {
      case 'hung_up':
        return this.#end(recorder, 'hung_up', now);
      case 'digit':
        return input.digit === '#' ? this.#end(recorder, 'key', now) : undefined;
      case 'frame':
        recorder.push(input.samples, input.sampleRate, now);
        break;
      case 'played':
      case 'tick':
        break;
      default:
        input satisfies never;
    }
    const ending = recorder.ended(now);
    return ending === undefined ? undefined : this.#end(recorder, ending, now);
  }

  #end(recorder: Recorder, ending: Ending, now: Millis): LeaveMessageResult {
    const { language, mailbox } = this.#owned;
    const recording = recorder.take(ending === 'key');
    const kept =
      recording === undefined
        ? 'too_short'
        : mailbox.add({ caller: this.#caller, receivedAt: this.#wallClock(now), recording });
    const why: readonly Sound[] = ending === 'limit' ? [prompt(language, 'recording-limit'), BREATH] : [];
    const outcome = (
      { too_short: 'message-too-short', kept: 'message-saved', full: 'mailbox-full' } as const
    )[kept];
    return { next: 'farewell', sounds: [...why, prompt(language, outcome)] };
  }
}

/** The owner's own, or the standard one with the number. */
export function greetingOf({ mailbox, language }: OwnedMailbox): readonly Sound[] {
  return mailbox.greeting === undefined
    ? [
        prompt(language, 'standard-greeting-for'),
        ...spokenDigits(language, mailbox.number),
        BREATH,
        prompt(language, 'standard-greeting-leave'),
      ]
    : [recorded(mailbox.greeting)];
}
