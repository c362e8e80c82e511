import type { Millis } from '@offhook/sip';
import type { MessageId, VoicemailMessage } from '../mailbox/mailbox.ts';
import type { SharedPrompt } from '../prompts/catalogue.ts';
import { BREATH, prompt, recorded } from '../prompts/sound.ts';
import type { Sound } from '../prompts/sound.ts';
import { spokenCount, spokenDigits, spokenNumber, spokenTime } from '../prompts/spoken.ts';
import type { EpochMillis } from '../voice-machine.ts';
import type { FlowInput, Line } from './line.ts';
import { OwnerGreeting } from './owner-greeting.ts';
import { Patience } from './patience.ts';
import type { OwnedMailbox, VoicemailSetting } from './setting.ts';

type State =
  /** Something is said or was said; keys choose. */
  | { readonly name: 'menu' }
  /** "Message two, from …, today at …". */
  | { readonly name: 'heading'; readonly message: VoicemailMessage }
  | { readonly name: 'listening' }
  | { readonly name: 'greeting'; readonly greeting: OwnerGreeting };

export type OwnerMenuResult = { readonly next: 'farewell'; readonly sounds: readonly Sound[] } | undefined;

/**
 * The owner listens to his messages, new ones first, oldest first. Every key interrupts what is said.
 *
 * ```
 *   menu ── 1, 2, 9 ──► heading ── played ──► listening ── played ──► menu
 *     ▲ ◄── 0, 3, 4, * ───┴─────────────────────┘
 *     ├── 5 ──► greeting ── * ──► menu
 *     └── * without a message, or no key three times: farewell
 * ```
 *
 * A message counts as heard when its own sound begins. Deleted ones can be kept again (3) until the call ends: only
 * then they go.
 */
export class OwnerMenu {
  readonly #line: Line;
  readonly #owned: OwnedMailbox;
  readonly #setting: VoicemailSetting;
  readonly #wallClock: (now: Millis) => EpochMillis;
  readonly #patience: Patience;
  /** In the order of listening; the end grows while messages arrive. */
  readonly #queue: MessageId[] = [];
  readonly #deleted = new Set<MessageId>();
  /** Index of the message that keys are about; -1 before the first. */
  #at = -1;
  #state: State = { name: 'menu' };
  #repeatable: readonly Sound[] = [];

  constructor(
    line: Line,
    owned: OwnedMailbox,
    setting: VoicemailSetting,
    wallClock: (now: Millis) => EpochMillis,
  ) {
    this.#line = line;
    this.#owned = owned;
    this.#setting = setting;
    this.#wallClock = wallClock;
    this.#patience = new Patience(setting.times.wait);
    this.#queueArrivals();
    this.#overview();
  }

  deadline(): Millis | undefined {
    return this.#state.name === 'greeting' ? this.#state.greeting.deadline() : this.#patience.deadline();
  }

  handle(input: FlowInput, now: Millis): OwnerMenuResult {
    const state = this.#state;
    if (state.name === 'greeting' && input.kind !== 'hung_up') {
      return this.#inGreeting(state.greeting.handle(input, now));
    }
    switch (input.kind) {
      case 'played':
        this.#played(now);
        return undefined;
      case 'digit':
        this.#patience.answered();
        return this.#key(input.digit, now);
      case 'tick': {
        const lost = this.#patience.tick(now);
        if (lost === 'ask_again') this.#say([this.#prompt('main-menu')]);
        return lost === 'gone' ? this.#leave() : undefined;
      }
      case 'hung_up':
        this.#owned.mailbox.delete(this.#deleted);
        return undefined;
      case 'frame':
        return undefined;
      default:
        return input satisfies never;
    }
  }

  #inGreeting(result: ReturnType<OwnerGreeting['handle']>): OwnerMenuResult {
    switch (result) {
      case 'back':
        this.#say([this.#prompt('main-menu')]);
        return undefined;
      case 'gone':
        return this.#leave();
      case undefined:
        return undefined;
      default:
        return result satisfies never;
    }
  }

  #played(now: Millis): void {
    const state = this.#state;
    switch (state.name) {
      case 'heading':
        this.#state = { name: 'listening' };
        this.#owned.mailbox.markHeard(state.message.id);
        this.#line.say([recorded(state.message.recording)]);
        break;
      case 'listening':
        this.#say([this.#prompt('end-of-message')]);
        break;
      case 'menu':
        this.#patience.wait(now);
        break;
      case 'greeting':
        // Its own inputs go to itself.
        break;
      default:
        state satisfies never;
    }
  }

  #key(digit: string, now: Millis): OwnerMenuResult {
    switch (digit) {
      case '1':
        if (this.#current === undefined) this.#next(now);
        else this.#announce(this.#current, now);
        return undefined;
      case '2':
        this.#next(now);
        return undefined;
      case '3':
        this.#delete();
        return undefined;
      case '4':
        this.#sayCaller();
        return undefined;
      case '5':
        this.#state = {
          name: 'greeting',
          greeting: new OwnerGreeting(this.#line, this.#owned, this.#setting.times),
        };
        return undefined;
      case '9':
        if (this.#current === undefined) this.#say(this.#repeatable);
        else this.#announce(this.#current, now);
        return undefined;
      case '0':
        this.#say([this.#prompt('main-menu')]);
        return undefined;
      case '*':
        if (this.#at < 0) return this.#leave();
        this.#at = -1;
        this.#overview();
        return undefined;
      default:
        this.#say([this.#prompt('unknown-key')]);
        return undefined;
    }
  }

  get #current(): VoicemailMessage | undefined {
    const id = this.#queue[this.#at];
    return id === undefined ? undefined : this.#owned.mailbox.message(id);
  }

  #next(now: Millis): void {
    this.#queueArrivals();
    for (this.#at += 1; this.#at < this.#queue.length; this.#at += 1) {
      const message = this.#current;
      // Gone: the owner deleted it at another telephone. Deleted here: it is passed over.
      if (message === undefined || this.#deleted.has(message.id)) continue;
      this.#announce(message, now);
      return;
    }
    this.#at = -1;
    this.#say([this.#prompt('no-more-messages')]);
  }

  #announce(message: VoicemailMessage, now: Millis): void {
    const { language } = this.#owned;
    const { localTime } = this.#setting;
    const digits = spokenDigits(language, message.caller.number);
    this.#state = { name: 'heading', message };
    this.#line.say([
      this.#prompt('message'),
      ...spokenNumber(language, this.#at + 1),
      BREATH,
      this.#prompt('from'),
      ...(digits.length === 0 ? [this.#prompt('unknown-caller')] : digits),
      BREATH,
      ...spokenTime(language, localTime(message.receivedAt), localTime(this.#wallClock(now))),
      BREATH,
    ]);
  }

  #delete(): void {
    const message = this.#current;
    if (message === undefined) {
      this.#say([this.#prompt('choose-message-first')]);
      return;
    }
    const isDeleted = this.#deleted.delete(message.id);
    if (!isDeleted) this.#deleted.add(message.id);
    this.#say([this.#prompt(isDeleted ? 'message-kept' : 'message-deleted')]);
  }

  #sayCaller(): void {
    const message = this.#current;
    const digits = message === undefined ? [] : spokenDigits(this.#owned.language, message.caller.number);
    if (message === undefined) this.#say([this.#prompt('choose-message-first')]);
    else if (digits.length === 0) this.#say([this.#prompt('from'), this.#prompt('unknown-caller')]);
    else this.#say([this.#prompt('number-of-caller'), ...digits]);
  }

  /** How many there are, and what can be done. */
  #overview(): void {
    const { language, mailbox } = this.#owned;
    const kept = mailbox.messages.filter(({ id }) => !this.#deleted.has(id));
    const old = kept.filter(({ heard }) => heard).length;
    this.#say([
      this.#prompt('you-have'),
      ...spokenCount(language, 'new', kept.length - old),
      ...(old === 0 ? [] : [this.#prompt('and'), ...spokenCount(language, 'old', old)]),
      BREATH,
      this.#prompt('main-menu'),
    ]);
  }

  #queueArrivals(): void {
    const queued = new Set(this.#queue);
    const arrived = this.#owned.mailbox.messages.filter(({ id }) => !queued.has(id));
    this.#queue.push(
      ...arrived.filter(({ heard }) => !heard).map(({ id }) => id),
      ...arrived.filter(({ heard }) => heard).map(({ id }) => id),
    );
  }

  #leave(): OwnerMenuResult {
    this.#owned.mailbox.delete(this.#deleted);
    return { next: 'farewell', sounds: [] };
  }

  #say(sounds: readonly Sound[]): void {
    this.#state = { name: 'menu' };
    this.#repeatable = sounds;
    this.#line.say(sounds);
  }

  #prompt(name: SharedPrompt): Sound {
    return prompt(this.#owned.language, name);
  }
}
