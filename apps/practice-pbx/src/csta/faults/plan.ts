import type { EventFault, FaultRule, RequestFault, SessionFault } from './rules.ts';

/** Decides what goes wrong, one message at a time. */
export interface FaultPlan {
  ofRequest(name: string): RequestFault | undefined;
  ofEvent(name: string): EventFault | undefined;
  ofSession(name: string, direction: 'in' | 'out'): SessionFault | undefined;
}

interface Armed {
  readonly rule: FaultRule;
  skip: number;
  times: number;
}

/** More are refused: the oldest would never come to anything. */
export const MOST_RULES = 100;

/** Explicit rules: the first that fits and is not used up decides. Without any, nothing goes wrong. */
export class FaultRules implements FaultPlan {
  #armed: Armed[] = [];

  /** Whether there was room. */
  add(rule: FaultRule): boolean {
    if (this.#armed.length >= MOST_RULES) return false;
    this.#armed.push({ rule, skip: rule.skip, times: rule.times });
    return true;
  }

  clear(): void {
    this.#armed = [];
  }

  /** Those that are not used up, as they are now. */
  get rules(): readonly FaultRule[] {
    return this.#armed.map(({ rule, skip, times }) => ({ ...rule, skip, times }));
  }

  ofRequest(name: string): RequestFault | undefined {
    const rule = this.#take((one) => one.on === 'request' && fits(one, name));
    return rule?.on === 'request' ? rule.fault : undefined;
  }

  ofEvent(name: string): EventFault | undefined {
    const rule = this.#take((one) => one.on === 'event' && fits(one, name));
    return rule?.on === 'event' ? rule.fault : undefined;
  }

  ofSession(name: string, direction: 'in' | 'out'): SessionFault | undefined {
    const rule = this.#take((one) => one.on === 'session' && one.direction === direction && fits(one, name));
    return rule?.on === 'session' ? rule.fault : undefined;
  }

  /** Every rule counts the messages that fit it by itself. */
  #take(matches: (rule: FaultRule) => boolean): FaultRule | undefined {
    const fitting = this.#armed.filter(({ rule }) => matches(rule));
    const due = fitting.find(({ skip }) => skip === 0);
    for (const armed of fitting) {
      if (armed.skip > 0) armed.skip -= 1;
    }
    if (due === undefined) return undefined;
    due.times -= 1;
    if (due.times === 0) this.#armed = this.#armed.filter((armed) => armed !== due);
    return due.rule;
  }
}

function fits({ message }: FaultRule, name: string): boolean {
  return message === '*' || message === name;
}

/** Likelihoods in [0, 1] of something going wrong. */
export interface FaultChances {
  readonly request: number;
  readonly event: number;
  readonly session: number;
  /** The longest delay. */
  readonly ms: number;
}

/** Faults by chance: the same seed and the same messages give the same faults. */
export class SeededFaults implements FaultPlan {
  readonly #random: () => number;
  readonly #chances: FaultChances;

  constructor(seed: number, chances: FaultChances) {
    this.#random = mulberry32(seed);
    this.#chances = chances;
  }

  ofRequest(): RequestFault | undefined {
    if (this.#random() >= this.#chances.request) return undefined;
    return this.#oneOf<RequestFault>([
      { kind: 'late_answer', ms: this.#delay() },
      { kind: 'missing_answer' },
      { kind: 'duplicated_answer' },
      { kind: 'false_success' },
      { kind: 'false_refusal', code: 'systemResourceAvailability.generic' },
      { kind: 'link_loss', when: 'before' },
      { kind: 'link_loss', when: 'after' },
    ]);
  }

  ofEvent(): EventFault | undefined {
    if (this.#random() >= this.#chances.event) return undefined;
    return this.#oneOf<EventFault>([
      { kind: 'late_event', ms: this.#delay() },
      { kind: 'missing_event' },
      { kind: 'duplicated_event' },
      { kind: 'reordered_event' },
      { kind: 'link_loss', when: 'after' },
    ]);
  }

  ofSession(): SessionFault | undefined {
    if (this.#random() >= this.#chances.session) return undefined;
    return this.#oneOf<SessionFault>([
      { kind: 'link_loss' },
      { kind: 'wrong_frame', shape: 'header' },
      { kind: 'silence' },
    ]);
  }

  #delay(): number {
    return Math.floor(this.#random() * this.#chances.ms);
  }

  #oneOf<T>(faults: readonly T[]): T | undefined {
    return faults[Math.floor(this.#random() * faults.length)];
  }
}

/** A small generator whose numbers follow from its seed alone. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
