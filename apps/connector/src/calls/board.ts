import {
  activityOf,
  beginHandOver,
  consults,
  devicesReported,
  endHandOver,
  expireHandOvers,
  forget,
  gate,
  handOverDeadline,
  isSameNumber,
  legChanged,
  legEnded,
  mixes,
  NO_CALLS,
  viewOf,
  type Abilities,
  type Change,
  type DeviceReport,
  type HandOverTarget,
  type LegFact,
  type NewIds,
  type UserCall,
  type UserCalls,
  type Verdict,
  type Wish,
} from '@offhook/call-model';
import type {
  AnyEvent,
  CallId,
  CallRecord,
  connectorEvents,
  CorrelationId,
  EndCause,
  Epoch,
  LineActivity,
  LinkCall,
  RecordId,
  Revision,
  UserActivity,
  UserId,
} from '@offhook/contract';
import type { Clock } from '../clock.ts';
import { beginningOf, type Beginning, type Recorded } from './view.ts';
import { CallWay } from './way.ts';

/** Where finished calls go. */
export interface RecordKeeper {
  /** Remembers a running call, so that a crash leaves a record of it. */
  begin(record: Beginning): void;
  /** It was begun, and turned out to be one with another call: no record of it is wanted. */
  forget(recordId: RecordId): void;
  /** Resolves when the record is safe on disk. Never rejects: what fails there is logged and counted there. */
  finish(record: CallRecord): Promise<void>;
}

export interface BoardOptions {
  readonly epoch: Epoch;
  readonly clock: Clock;
  /** A new id, of characters that the contract allows. */
  readonly newId: () => string;
  readonly publish: (event: AnyEvent<typeof connectorEvents>) => void;
  readonly records: RecordKeeper;
  readonly abilities: (userId: UserId) => Abilities;
}

/** How a call is recorded, and how far its record has come. */
interface Noting {
  readonly recordId: RecordId;
  reached: 'nothing' | 'begun' | 'answered';
  readonly way: CallWay;
  /** The end is being written; resolves when it is safe and told. */
  ending: Promise<void> | undefined;
}

interface Entry {
  state: UserCalls;
  /** As the cloud was told last, with the text by which changes are seen. */
  readonly told: Map<CallId, { readonly call: LinkCall; readonly text: string }>;
  readonly noting: Map<CallId, Noting>;
  activity: LineActivity;
  timer: { readonly until: number; readonly cancel: () => void } | undefined;
  /** A call that was asked for at the desk phone, and has not been seen there yet. */
  awaited: { number: string; correlationId: CorrelationId; until: number } | undefined;
  /** The last calls that ended: a call-back can still be asked for. */
  lately: readonly UserCall[];
}

/** Milliseconds for a desk phone that was asked to call to do so: somebody may have to lift it first. */
const DESK_CALL = 30_000;
/** Milliseconds by which the platform may tell of a call later than its INVITE comes. */
const LATE_REPORT = 5_000;
/** Ended calls of a user that are remembered. */
const LATELY = 4;

/**
 * The users' calls as they are now, in one numbered order: joins what the SIP legs say with what the platform says, tells
 * the cloud of every change, and keeps the records. Holds no rule of a call itself; those are in `@offhook/call-model`.
 */
export class CallBoard {
  readonly #options: BoardOptions;
  readonly #users = new Map<UserId, Entry>();
  #revision = 0;

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  /** Calls that have ended, and whose record is not safe yet: then their end is told. */
  get ending(): number {
    let count = 0;
    for (const { noting } of this.#users.values()) {
      for (const { ending } of noting.values()) if (ending !== undefined) count += 1;
    }
    return count;
  }

  calls(userId: UserId): UserCalls {
    return this.#users.get(userId)?.state ?? NO_CALLS;
  }

  call(userId: UserId, callId: CallId): UserCall | undefined {
    return this.calls(userId).calls.get(callId);
  }

  told(userId: UserId, callId: CallId): LinkCall | undefined {
    return this.#users.get(userId)?.told.get(callId)?.call;
  }

  /** The calls of one user as they were told last, and the place of that truth in the order. */
  snapshot(userId: UserId): { revision: Revision; calls: LinkCall[]; activity: LineActivity } {
    const entry = this.#users.get(userId);
    return {
      revision: { epoch: this.#options.epoch, rev: this.#revision },
      calls: [...(entry?.told.values() ?? [])].flatMap(({ call }) =>
        call.state.name === 'ended' ? [] : [call],
      ),
      activity: entry?.activity ?? 'idle',
    };
  }

  /** Of all users who are not idle. */
  activities(): UserActivity[] {
    const all: UserActivity[] = [];
    for (const [userId, { activity }] of this.#users) {
      if (activity !== 'idle') all.push({ userId, activity });
    }
    return all;
  }

  /** The gate of the call model; a call that has ended lately still permits what it was shown with. */
  gate(userId: UserId, wish: Wish): Verdict {
    const state = this.calls(userId);
    const ended = this.#users.get(userId)?.lately.find(({ callId }) => callId === wish.callId);
    const calls = ended === undefined ? state.calls : new Map([...state.calls, [ended.callId, ended]]);
    return gate({ ...state, calls }, this.#options.abilities(userId), wish);
  }

  legChanged(userId: UserId, leg: LegFact): void {
    this.#apply(userId, (state, now) => legChanged(state, leg, now));
  }

  /** Resolves when what there is to record is safe. */
  async legEnded(userId: UserId, callId: CallId, cause: EndCause): Promise<void> {
    this.#apply(userId, (state, now) => legEnded(state, callId, cause, now));
    await this.#users.get(userId)?.noting.get(callId)?.ending;
  }

  /**
   * An INVITE was turned away before anything else was known of its call: so it is recorded, unless the platform, where it shows the desk
   * phone, tells of it in a moment. Then that is its record.
   *
   * @param waits whether there is time for that: not where the connector is about to stop
   */
  turnedAway(facts: Recorded, cause: EndCause, waits: boolean): void {
    const { abilities, clock, newId, records } = this.#options;
    const beginning = beginningOf(facts, newId() as RecordId);
    const finish = (): void => {
      void records.finish({ ...beginning, endedAt: facts.startedAt, cause });
    };
    if (!waits || abilities(facts.userId).desk === undefined) {
      finish();
      return;
    }
    records.begin(beginning);
    clock.after(LATE_REPORT, () => {
      if (this.#isSeen(facts)) records.forget(beginning.recordId);
      else finish();
    });
  }

  /** The platform has shown a call that has no leg, and that can be this one. */
  #isSeen({ userId, remote, startedAt, direction }: Recorded): boolean {
    const calls = [...this.calls(userId).calls.values(), ...(this.#users.get(userId)?.lately ?? [])];
    return calls.some(
      (call) =>
        call.leg === undefined &&
        call.hadLeg !== true &&
        call.direction === direction &&
        isSameNumber(call.remote, remote) &&
        Math.abs(call.startedAt - startedAt) <= LATE_REPORT,
    );
  }

  reported(userId: UserId, report: DeviceReport): void {
    this.#apply(userId, (state, now) => devicesReported(state, report, this.#idsFor(userId), now));
  }

  /**
   * The platform is asked to call this number at the desk phone: the call that it then shows is the one that was asked for.
   * @returns what takes that back
   */
  awaitDeskCall(userId: UserId, number: string, correlationId: CorrelationId): () => void {
    const until = this.#options.clock.now().at + DESK_CALL;
    const entry = this.#entry(userId);
    const awaited = { number, correlationId, until };
    entry.awaited = awaited;
    return () => {
      if (entry.awaited === awaited) entry.awaited = undefined;
    };
  }

  #idsFor(userId: UserId): NewIds {
    return {
      callId: () => this.#options.newId() as CallId,
      correlationId: ({ direction, place, remote }) => {
        const entry = this.#entry(userId);
        const { awaited } = entry;
        const fits = direction === 'outgoing' && place === 'desk_phone';
        const isIt =
          fits && awaited !== undefined && (remote.number === '' || remote.number === awaited.number);
        if (!isIt || this.#options.clock.now().at >= awaited.until) {
          return this.#options.newId() as CorrelationId;
        }
        entry.awaited = undefined;
        return awaited.correlationId;
      },
    };
  }

  beginHandOver(userId: UserId, callId: CallId, to: HandOverTarget, milliseconds: number): void {
    const until = this.#options.clock.now().at + milliseconds;
    this.#apply(userId, (state) => beginHandOver(state, callId, to, until));
  }

  endHandOver(userId: UserId, callId: CallId): void {
    this.#apply(userId, (state, now) => endHandOver(state, callId, now));
  }

  consults(userId: UserId, callId: CallId, about: CallId): void {
    this.#apply(userId, (state) => consults(state, callId, about));
  }

  mixes(userId: UserId, callId: CallId, otherCallId: CallId): void {
    this.#apply(userId, (state) => mixes(state, callId, otherCallId));
  }

  /** What the user can do has changed: so may what their calls permit. */
  abilitiesChanged(userId: UserId): void {
    if (this.#users.has(userId)) this.#apply(userId, (state) => ({ state, changed: [] }));
  }

  #apply(userId: UserId, next: (state: UserCalls, instant: number) => Change): void {
    const entry = this.#entry(userId);
    entry.state = next(entry.state, this.#options.clock.now().instant).state;
    // What one call permits depends on the others, so all are looked at: they are few.
    for (const call of entry.state.calls.values()) {
      if (call.end === undefined) this.#tell(userId, entry, call);
      else this.#tellEnd(userId, entry, call);
    }
    this.#tellActivity(userId, entry);
    this.#arm(userId, entry);
  }

  #entry(userId: UserId): Entry {
    let entry = this.#users.get(userId);
    if (entry === undefined) {
      entry = {
        state: NO_CALLS,
        told: new Map(),
        noting: new Map(),
        activity: 'idle',
        timer: undefined,
        awaited: undefined,
        lately: [],
      };
      this.#users.set(userId, entry);
    }
    return entry;
  }

  #tell(userId: UserId, entry: Entry, call: UserCall): void {
    const view = this.#publish(userId, entry, call);
    const noting = this.#noting(entry, call);
    noting.way.seen(view, call, this.#options.clock.now().instant);
    const reached = call.answeredAt === undefined ? 'begun' : 'answered';
    if (noting.reached === reached) return;
    noting.reached = reached;
    const { recordId, way } = noting;
    this.#options.records.begin(beginningOf({ ...call, userId }, recordId, call.answeredAt, way.told()));
  }

  /** The end is told when its record is on disk. */
  #tellEnd(userId: UserId, entry: Entry, call: UserCall): void {
    const noting = this.#noting(entry, call);
    if (noting.ending !== undefined || call.end === undefined) return;
    const { cause, endedAt, sameAs } = call.end;
    if (sameAs !== undefined) {
      this.#options.records.forget(noting.recordId);
      const heir = entry.state.calls.get(sameAs);
      if (heir !== undefined) this.#noting(entry, heir).way.absorb(noting.way);
      this.#clear(userId, entry, call);
      return;
    }
    const { recordId, way } = noting;
    const beginning = beginningOf({ ...call, userId }, recordId, call.answeredAt, way.told());
    // The wall clock may have been set back during the call.
    const end = Math.max(endedAt, call.answeredAt ?? 0, call.startedAt);
    noting.ending = this.#finish(userId, entry, call, { ...beginning, endedAt: end, cause });
  }

  async #finish(userId: UserId, entry: Entry, call: UserCall, record: CallRecord): Promise<void> {
    await this.#options.records.finish(record);
    entry.lately = [call, ...entry.lately].slice(0, LATELY);
    this.#clear(userId, entry, call);
  }

  /** The end is told, and the call taken out; what was ended lately can still be shown to who waits for it. */
  #clear(userId: UserId, entry: Entry, call: UserCall): void {
    const { callId } = call;
    // First: who waits for the last end looks when it is told.
    entry.noting.delete(callId);
    this.#publish(userId, entry, call);
    entry.state = forget(entry.state, callId);
    const remembered = new Set(entry.lately.map((ended) => ended.callId));
    for (const [told, { call: view }] of entry.told) {
      if (view.state.name === 'ended' && !remembered.has(told)) entry.told.delete(told);
    }
  }

  #publish(userId: UserId, entry: Entry, of: UserCall): LinkCall {
    const call = viewOf(entry.state, of, this.#options.abilities(userId));
    // Views are plain data made by one function in one order.
    const text = JSON.stringify(call);
    if (entry.told.get(call.callId)?.text === text) return call;
    entry.told.set(call.callId, { call, text });
    this.#revision += 1;
    const revision = { epoch: this.#options.epoch, rev: this.#revision };
    this.#options.publish({ name: 'call.changed', data: { userId, revision, call } });
    return call;
  }

  #noting(entry: Entry, { callId }: UserCall): Noting {
    let noting = entry.noting.get(callId);
    if (noting === undefined) {
      noting = {
        recordId: this.#options.newId() as RecordId,
        reached: 'nothing',
        way: new CallWay(),
        ending: undefined,
      };
      entry.noting.set(callId, noting);
    }
    return noting;
  }

  #tellActivity(userId: UserId, entry: Entry): void {
    const activity = activityOf(entry.state);
    if (activity === entry.activity) return;
    entry.activity = activity;
    this.#options.publish({ name: 'activity.changed', data: { userId, activity } });
  }

  /** Hand-overs that do not arrive end in time. */
  #arm(userId: UserId, entry: Entry): void {
    const until = handOverDeadline(entry.state);
    if (until === entry.timer?.until) return;
    entry.timer?.cancel();
    entry.timer = undefined;
    if (until === undefined) return;
    const { clock } = this.#options;
    const cancel = clock.after(until - clock.now().at, () => {
      entry.timer = undefined;
      // A timer may fire a little early; then it is set again.
      this.#apply(userId, (state, now) => expireHandOvers(state, clock.now().at, now));
    });
    entry.timer = { until, cancel };
  }
}
