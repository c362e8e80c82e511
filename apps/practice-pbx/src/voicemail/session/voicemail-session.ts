import { DtmfDetector } from '@offhook/audio';
import type { Millis } from '@offhook/sip';
import type { Language } from '../prompts/catalogue.ts';
import { BREATH, prompt } from '../prompts/sound.ts';
import type { Sound } from '../prompts/sound.ts';
import type { Caller, EpochMillis, VoiceMachine, VoiceEffect, VoiceInput } from '../voice-machine.ts';
import { Identification } from './identification.ts';
import { LeaveMessage } from './leave-message.ts';
import { Line } from './line.ts';
import type { FlowInput } from './line.ts';
import { OwnerMenu } from './owner-menu.ts';
import type { OwnedMailbox, VoicemailSetting } from './setting.ts';

type Started = Extract<VoiceInput, { kind: 'started' }>;

type State =
  | { readonly name: 'waiting' }
  | { readonly name: 'leaving'; readonly flow: LeaveMessage; readonly owned: OwnedMailbox }
  | { readonly name: 'identifying'; readonly flow: Identification }
  | { readonly name: 'owner'; readonly flow: OwnerMenu }
  /** The last words; then it hangs up. */
  | { readonly name: 'farewell' }
  | { readonly name: 'over' };

type Result = { readonly next: 'farewell'; readonly sounds: readonly Sound[] } | undefined;

/**
 * One call to the voicemail.
 *
 * ```
 *              ┌─ leave_message ──► leaving ───────────────────────┐
 *              │                       └── * ──┐                   ▼
 *   waiting ───┼─ remote_access ──► identifying ◄┘ ── third failure ──► farewell ── played ──► over
 *              │                       ▼ PIN                       ▲
 *              └─ own_mailbox ────► owner ─── *, nobody ───────────┘
 *   any ── hung up · longest call ──► over
 * ```
 */
export class VoicemailSession implements VoiceMachine {
  readonly #setting: VoicemailSetting;
  readonly #line = new Line();
  #state: State = { name: 'waiting' };
  #started: { readonly input: Started; readonly at: Millis } | undefined;
  #language: Language;
  /** Where the other side sends keys as sound. */
  #detector: { readonly rate: number; readonly keys: DtmfDetector } | undefined;

  constructor(setting: VoicemailSetting) {
    this.#setting = setting;
    this.#language = setting.language;
  }

  takeEffects(): readonly VoiceEffect[] {
    return this.#line.takeEffects();
  }

  deadline(): Millis | undefined {
    const state = this.#state;
    const end = this.#end();
    switch (state.name) {
      case 'waiting':
      case 'over':
        return undefined;
      case 'farewell':
        return end;
      case 'leaving':
      case 'identifying':
      case 'owner':
        return end === undefined ? undefined : Math.min(end, state.flow.deadline() ?? end);
      default:
        return state satisfies never;
    }
  }

  handle(input: VoiceInput, now: Millis): void {
    if (input.kind === 'started') {
      this.#start(input, now);
      return;
    }
    if (input.kind === 'played' && !this.#line.finished(input)) return;
    const end = this.#end();
    if (input.kind === 'tick' && end !== undefined && now >= end) {
      this.#give({ kind: 'hung_up' }, now);
      if (this.#state.name !== 'over') this.#line.hangUp();
      this.#state = { name: 'over' };
      return;
    }
    this.#give(input, now);
    if (input.kind === 'hung_up') this.#state = { name: 'over' };
    if (input.kind === 'frame')
      for (const digit of this.#keysIn(input)) this.#give({ kind: 'digit', digit }, now);
  }

  #start(input: Started, now: Millis): void {
    if (this.#state.name !== 'waiting') return;
    this.#started = { input, at: now };
    const { purpose, caller } = input;
    const owned = purpose.mailbox === undefined ? undefined : this.#setting.find(purpose.mailbox);
    this.#language = owned?.language ?? this.#language;
    switch (purpose.kind) {
      case 'remote_access':
        if (purpose.mailbox !== undefined && owned !== undefined && owned.pin === undefined) {
          this.#farewell([prompt(this.#language, 'own-extension-only')]);
        } else if (purpose.mailbox !== undefined && owned === undefined) this.#refuse();
        else this.#identify(owned);
        return;
      case 'leave_message':
        if (owned === undefined) this.#refuse();
        else this.#leave(owned, caller);
        return;
      case 'own_mailbox':
        if (owned === undefined) this.#refuse();
        else this.#open(owned);
        return;
      default:
        purpose satisfies never;
    }
  }

  #refuse(): void {
    this.#farewell([prompt(this.#language, 'no-such-mailbox')]);
  }

  #leave(owned: OwnedMailbox, caller: Caller): void {
    const { times } = this.#setting;
    if (owned.mailbox.roomSeconds * 1000 < times.shortestRecording) {
      this.#farewell([prompt(owned.language, 'mailbox-full')]);
      return;
    }
    const flow = new LeaveMessage(this.#line, owned, caller, times, (at) => this.#wallClock(at));
    this.#state = { name: 'leaving', flow, owned };
  }

  #identify(known: OwnedMailbox | undefined): void {
    this.#state = { name: 'identifying', flow: new Identification(this.#line, this.#setting, known) };
  }

  #open(owned: OwnedMailbox): void {
    this.#language = owned.language;
    const flow = new OwnerMenu(this.#line, owned, this.#setting, (at) => this.#wallClock(at));
    this.#state = { name: 'owner', flow };
  }

  #give(input: FlowInput, now: Millis): void {
    const state = this.#state;
    switch (state.name) {
      case 'leaving': {
        const result = state.flow.handle(input, now);
        if (result?.next === 'identification') this.#identify(state.owned);
        else this.#goOn(result, input);
        break;
      }
      case 'identifying': {
        const result = state.flow.handle(input, now);
        if (result?.next === 'owner') this.#open(result.owned);
        else this.#goOn(result, input);
        break;
      }
      case 'owner':
        this.#goOn(state.flow.handle(input, now), input);
        break;
      case 'farewell':
        if (input.kind !== 'played') break;
        this.#line.hangUp();
        this.#state = { name: 'over' };
        break;
      case 'waiting':
      case 'over':
        break;
      default:
        state satisfies never;
    }
  }

  #goOn(result: Result, input: FlowInput): void {
    // Nobody hears a farewell after hanging up.
    if (result !== undefined && input.kind !== 'hung_up') this.#farewell(result.sounds);
  }

  #farewell(sounds: readonly Sound[]): void {
    const before = sounds.length === 0 ? [] : [...sounds, BREATH];
    this.#state = { name: 'farewell' };
    this.#line.say([...before, prompt(this.#language, 'goodbye')]);
  }

  /** When the longest call is over. */
  #end(): Millis | undefined {
    return this.#started === undefined ? undefined : this.#started.at + this.#setting.times.longestCall;
  }

  #wallClock(now: Millis): EpochMillis {
    const { input, at } = this.#started ?? { input: { wallClock: 0 }, at: now };
    return (input.wallClock + Math.round(now - at)) as EpochMillis;
  }

  #keysIn({ samples, sampleRate }: Extract<VoiceInput, { kind: 'frame' }>): string {
    if (this.#started?.input.sendsEvents !== false || this.#state.name === 'over') return '';
    if (this.#detector?.rate !== sampleRate) {
      this.#detector = { rate: sampleRate, keys: new DtmfDetector(sampleRate) };
    }
    return this.#detector.keys.push(samples);
  }
}
