import type { EndpointEvent, SipEndpointApi } from '../../endpoint/api.ts';
import type { Life } from './life.test-support.ts';
import type { CallRecord, Leg } from './record.test-support.ts';
import type { WireEvent } from './wire.test-support.ts';

/** What one step of the clock has touched, in the order in which it happened. */
export interface Step {
  readonly now: number;
  /** Those who had an input or a command. */
  readonly hosts: ReadonlySet<HostView>;
  readonly calls: ReadonlySet<CallRecord>;
  readonly wire: readonly {
    readonly life: Life;
    readonly record: CallRecord;
    /** Of this host in this call, the newest. */
    readonly leg: Leg | undefined;
    readonly event: WireEvent;
  }[];
  readonly told: readonly Told[];
}

/** An event about a session, and what its application had heard of that session before. */
export interface Told {
  readonly life: Life;
  readonly event: EndpointEvent;
  readonly leg: Leg | undefined;
  /** The session's end had been told already, or nobody knows the session. */
  readonly isOutOfTurn: boolean;
  /** Of an incoming call: this life has had a call with this Call-ID before. */
  readonly isSecondTime: boolean;
}

export interface HostView {
  readonly life: Life;
  readonly sip: Pick<SipEndpointApi, 'counts' | 'deadline'>;
  /** Sessions whose end the application has not heard of. */
  readonly openSessions: number;
  /** Address of record, where this host has registered and believes that it is bound. */
  readonly boundAs: string | undefined;
}

/** When a world is over. */
export interface WorldEnd {
  readonly hosts: readonly HostView[];
  readonly calls: readonly CallRecord[];
  /** Bindings that the registrar still has. */
  readonly bindings: number;
  /** From the end of the last call, with a network that works again, to the last timer. */
  readonly settledIn: number;
  /** No link was cut and nobody was restarted, and little was lost. */
  readonly isFriendly: boolean;
}

export interface Violation {
  readonly invariant: string;
  readonly callId: string | undefined;
  readonly text: string;
  /** Virtual time since the world began, in milliseconds. */
  readonly at: number;
}

type Fault = (text: string, record?: CallRecord) => void;

/** Something that is always true, as a sentence and as a check: when it fails it says what was seen instead. */
export interface Invariant {
  readonly name: string;
  readonly says: string;
  /** After every step of the clock, about what that step has touched. */
  readonly step?: (step: Step, fault: Fault) => void;
  /** About each call, when it and its world are over. */
  readonly call?: (record: CallRecord, end: WorldEnd, fault: Fault) => void;
  readonly world?: (end: WorldEnd, fault: Fault) => void;
}

/** A broken stack breaks much at once, and again in each step; the first few of each kind tell enough. */
const mostOfAKind = 5;

/** Collects what happens in a step of the clock, asks all invariants about it, and keeps what they find. */
export class Judge {
  readonly violations: Violation[] = [];
  steps = 0;
  readonly #invariants: readonly Invariant[];
  readonly #now: () => number;
  readonly #start: number;
  #hosts = new Set<HostView>();
  #calls = new Set<CallRecord>();
  #wire: Step['wire'][number][] = [];
  #told: Told[] = [];

  constructor(invariants: readonly Invariant[], now: () => number) {
    this.#invariants = invariants;
    this.#now = now;
    this.#start = now();
  }

  settled(host: HostView): void {
    this.#hosts.add(host);
  }

  touched(record: CallRecord): void {
    this.#calls.add(record);
  }

  onWire(seen: Step['wire'][number]): void {
    this.#calls.add(seen.record);
    this.#wire.push(seen);
  }

  onTold(told: Told): void {
    if (told.leg !== undefined) this.#calls.add(told.leg.record);
    this.#told.push(told);
  }

  fault(invariant: string, text: string, callId?: string): void {
    const alike = this.violations.filter((each) => each.invariant === invariant);
    const isKnown = callId !== undefined && alike.some((each) => each.callId === callId);
    if (isKnown || alike.length >= mostOfAKind) return;
    this.violations.push({ invariant, callId, text, at: this.#now() - this.#start });
  }

  /** After each step of the clock. */
  step(): void {
    this.steps += 1;
    if (this.#hosts.size === 0 && this.#calls.size === 0 && this.#told.length === 0) return;
    const step: Step = {
      now: this.#now(),
      hosts: this.#hosts,
      calls: this.#calls,
      wire: this.#wire,
      told: this.#told,
    };
    this.#hosts = new Set();
    this.#calls = new Set();
    this.#wire = [];
    this.#told = [];
    for (const { name, step: check } of this.#invariants) check?.(step, this.#faultOf(name));
  }

  end(end: WorldEnd): void {
    for (const { name, call, world } of this.#invariants) {
      const fault = this.#faultOf(name);
      world?.(end, fault);
      if (call !== undefined) for (const record of end.calls) call(record, end, fault);
    }
  }

  #faultOf(name: string): Fault {
    return (text, record) => this.fault(name, text, record?.scenario.callId);
  }
}
