import type { CallId, SwitchEvent } from '../switch/api.ts';
import { isConference } from '../switch/call.ts';
import type { Call, Connection } from '../switch/call.ts';
import { holds } from '../switch/hearing.ts';
import type { Person } from '../person.ts';
import type { Switch } from '../switch/switch.ts';

/** One line per step of a call's life. */
export interface CallLog {
  readonly event: 'call.started' | 'call.answered' | 'call.ended' | 'call.failed';
  readonly callId: string;
  readonly from?: string;
  readonly to?: string;
  readonly cause?: string;
}

/** A call as the page and the API show it. */
export interface CallView {
  readonly id: string;
  readonly from: Person;
  readonly to: Person;
  readonly state: 'ringing' | 'talking' | 'service';
  /** Which sides hold. */
  readonly holding: readonly ('caller' | 'callee')[];
  /** Of the caller. */
  readonly codec: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly isConference: boolean;
  /** The slot where it is parked. */
  readonly parkedAt: string | null;
  /** Everybody in it, with the state of ECMA-269. */
  readonly parties: readonly { readonly person: Person; readonly device: string; readonly state: string }[];
}

/** Times for people, and a line for each step, beside the calls that the switch holds. */
export class CallViews {
  readonly #core: Switch;
  readonly #wallClock: () => number;
  readonly #log: (line: CallLog) => void;
  readonly #times = new Map<CallId, { readonly startedAt: number; answeredAt: number | undefined }>();

  constructor(core: Switch, wallClock: () => number, log: (line: CallLog) => void) {
    this.#core = core;
    this.#wallClock = wallClock;
    this.#log = log;
  }

  /** Keeps the times of calls; what is over is forgotten. */
  heard(event: SwitchEvent): void {
    if (event.kind !== 'connection') return;
    const { call, name, cause } = event;
    const times = this.#times.get(call.id);
    if (times === undefined) {
      this.#times.set(call.id, { startedAt: this.#wallClock(), answeredAt: undefined });
      this.#log({ event: 'call.started', callId: call.id, from: call.calling, to: call.called });
    } else if (name === 'established' && times.answeredAt === undefined) {
      times.answeredAt = this.#wallClock();
      this.#log({ event: 'call.answered', callId: call.id });
    } else if (name === 'failed') this.#log({ event: 'call.failed', callId: call.id, cause });
    for (const id of this.#times.keys()) {
      if (this.#core.call(id) !== undefined) continue;
      this.#times.delete(id);
      this.#log({ event: 'call.ended', callId: id });
    }
  }

  get all(): readonly CallView[] {
    return [...this.#core.inside].map((call) => this.#view(call));
  }

  #view(call: Call): CallView {
    const connections = [...call.connections];
    const caller = connections.find(({ device }) => device === call.calling);
    const callee = connections.find((connection) => connection !== caller);
    const times = this.#times.get(call.id);
    const sides = [
      ['caller', caller],
      ['callee', callee],
    ] as const;
    return {
      id: call.id,
      from: caller?.person ?? { number: call.calling },
      to: callee?.person ?? { number: call.called },
      state: stateOf(connections),
      holding: sides.flatMap(([side, connection]) =>
        connection !== undefined && holds(connection) ? [side] : [],
      ),
      codec: caller?.leg?.voice?.codec.name ?? null,
      startedAt: times?.startedAt ?? this.#wallClock(),
      answeredAt: times?.answeredAt ?? null,
      isConference: isConference(call),
      parkedAt: call.parked?.slot.device ?? null,
      parties: connections.map(({ person, device, state }) => ({ person, device, state })),
    };
  }
}

function stateOf(connections: readonly Connection[]): CallView['state'] {
  if (connections.some(({ endpoint }) => endpoint?.kind === 'plays')) return 'service';
  const answered = connections.filter(({ state, leg }) => state !== 'alerting' && leg?.isAnswered === true);
  return answered.length > 1 || connections.some(({ endpoint }) => endpoint !== undefined)
    ? 'talking'
    : 'ringing';
}
