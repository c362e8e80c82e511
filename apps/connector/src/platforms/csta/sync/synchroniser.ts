import type { UserId } from '@offhook/contract';
import type {
  CallId,
  CstaEvent,
  CstaOutcome,
  CstaRequest,
  MessageNamed,
  MonitorCrossRefId,
} from '@offhook/csta';
import { toDeviceId } from '@offhook/csta';
import type { DeviceKey } from '../numbers.ts';
import type { Roster, WatchedDevice } from '../roster.ts';
import { serviceOf, type Knowledge } from '../services/knowledge.ts';
import { isNoService, isUnknownDevice } from '../services/refusals.ts';
import type { FactBook } from '../settings/facts.ts';
import { applyEvent } from '../state/apply-event.ts';
import { applyCallSnapshot, applyDeviceSnapshot, keepAsKnown } from '../state/apply-snapshot.ts';
import type { CallBook } from '../state/book.ts';
import { callsOf, happeningOf } from '../state/happening.ts';
import type { SyncCounts, SyncEffect, SyncLimits } from './api.ts';
import { Audits } from './audits.ts';
import { Doubts } from './doubts.ts';
import { Grace } from './grace.ts';
import { JobQueue, nameOf, type Job } from './queue.ts';
import { Watches } from './watches.ts';

type ReadJob = Extract<Job, { kind: 'read' }>;
type Instant = { readonly at: number; readonly instant: number };

/** Milliseconds after which a setting is asked for again where nobody has answered; the wait doubles. */
const READ_AGAIN = { first: 5_000, most: 600_000 } as const;
/** How often what waits for its time is looked at, in milliseconds. */
const TICK = 250;

/**
 * Keeps what we know of the platform's devices in step with it. Pure: events, answers and time go in, requests and notices come out.
 *
 * ```
 *            ready                 MonitorStartResponse          SnapshotDeviceResponse
 *   idle ─────────► monitor wanted ─────────────────► snapshot ──────────────────► watched ─┐ event, audit
 *    ▲                ▲        │ refused, late                                      │   ▲    │ doubt → snapshot
 *    │                └────────┘ after a wait            MonitorStop of the server  │   └────┘
 *    │                └─────────────────────────────────────────────────────────────┤
 *    └── link down (every state) ───────────────────────────────────────────────────┘
 * ```
 *
 * When the link goes, the calls stay as they were for a while; then they are taken out, and nothing rings for ever. When it comes
 * back, each device's snapshot decides anew.
 */
export class Synchroniser {
  readonly #book: CallBook;
  readonly #facts: FactBook;
  readonly #knowledge: Knowledge;
  readonly #limits: SyncLimits;
  readonly #effects: SyncEffect[] = [];
  readonly #queue: JobQueue;
  readonly #doubts = new Doubts();
  readonly #watches: Watches;
  readonly #audits: Audits;
  readonly #grace: Grace;
  readonly #open = new Map<number, Job>();
  /** Settings that have not been read, with the time at which they are asked for again. */
  readonly #unread = new Map<string, { readonly at: number; readonly wait: number; readonly job: ReadJob }>();
  /** Of those, what is older than an event that came meanwhile: what they say may not be so any more. */
  readonly #overtaken = new WeakSet<Job>();
  #lastKey = 0;
  #isUp = false;
  #isTold = false;
  #tickAt = 0;
  #snapshots = 0;
  #doubted = 0;
  #events = 0;
  #strays = 0;

  constructor(
    book: CallBook,
    facts: FactBook,
    knowledge: Knowledge,
    limits: SyncLimits,
    random: () => number,
  ) {
    this.#book = book;
    this.#facts = facts;
    this.#knowledge = knowledge;
    this.#limits = limits;
    this.#queue = new JobQueue(limits.spacing);
    this.#watches = new Watches(book, random);
    this.#audits = new Audits(book, limits);
    this.#grace = new Grace(book, limits);
  }

  poll(): SyncEffect | undefined {
    return this.#effects.shift();
  }

  /** When to give a `tick`, if nothing comes before; of the clock that only goes forward. */
  deadline(): number | undefined {
    const soon = this.#open.size < this.#limits.inFlight ? this.#queue.readyAt() : undefined;
    const ticks = this.#isUp || this.#grace.isRunning ? this.#tickAt : undefined;
    if (!this.#isUp) return ticks;
    return soon === undefined ? ticks : Math.min(soon, ticks ?? soon);
  }

  get counts(): SyncCounts {
    return {
      devices: this.#book.roster.devices.size,
      watched: this.#book.watched.size,
      unknown: this.#watches.unknown().length,
      calls: this.#book.calls.size,
      snapshots: this.#snapshots,
      doubts: this.#doubted,
      events: this.#events,
      strayEvents: this.#strays,
    };
  }

  isWatched(key: DeviceKey): boolean {
    return this.#isUp && this.#book.watched.has(key) && this.#watches.isInService(key);
  }

  /** The lines of the configuration, when they have changed. */
  configured(roster: Roster, now: Instant): void {
    const before = this.#book.roster;
    for (const [key, device] of before.devices) {
      const after = roster.devices.get(key);
      if (after?.userId === device.userId && after.role === device.role) continue;
      this.#forget(device);
      for (const [name, { job }] of this.#unread) if (job.device.key === key) this.#unread.delete(name);
      const crossRef = this.#watches.end(key);
      if (crossRef !== undefined && this.#isUp) {
        this.#send({ name: 'MonitorStop', monitorCrossRefID: crossRef });
      }
    }
    this.#book.roster = roster;
    this.#facts.retain(roster);
    if (this.#isUp) this.#watchAll();
    this.#settle(now);
  }

  /** The session is ready, and nothing of an earlier one is left. */
  up(now: Instant): void {
    this.#isUp = true;
    this.#isTold = false;
    this.#tickAt = now.at + TICK;
    this.#knowledge.forget();
    // What this platform has is not known yet, and by what it has not refused calls permit more than with SIP alone.
    this.#effects.push({ kind: 'abilities', userId: undefined });
    this.#queue.add({ kind: 'capabilities' }, 'urgent');
    this.#watchAll();
    this.#settle(now);
  }

  down(now: Instant): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#open.clear();
    this.#queue.clear();
    this.#unread.clear();
    this.#doubts.clear();
    this.#watches.endAll();
    this.#grace.begin(now.at);
    this.#tickAt = now.at + TICK;
    this.#effects.push({ kind: 'abilities', userId: undefined });
    this.#settle(now);
  }

  event(event: CstaEvent | MessageNamed<'MonitorStop'>, now: Instant): void {
    if (event.name === 'SwitchingFunctionDevices') return;
    this.#events += 1;
    const device = this.#deviceOf(event.monitorCrossRefID);
    if (device === undefined) {
      // Of a monitor that we have stopped, or of one whose start was not answered yet: its snapshot comes.
      this.#strays += 1;
      return;
    }
    if (event.name === 'MonitorStop') {
      this.#watches.failed(device.key, now.at);
      this.#told(device.userId);
    } else this.#happened(device, event, now);
    this.#settle(now);
  }

  answered(key: number, outcome: CstaOutcome, now: Instant): void {
    const job = this.#open.get(key);
    this.#open.delete(key);
    if (job !== undefined) this.#done(job, outcome, now);
    this.#settle(now);
  }

  tick(now: Instant): void {
    if (now.at >= this.#tickAt) {
      this.#tickAt = now.at + TICK;
      if (this.#isUp) {
        for (const key of this.#watches.due(now.at)) this.#monitor(key, 'calm');
        for (const key of this.#doubts.ripe(now.at)) this.#snapshot(key, 'urgent');
        for (const [name, unread] of this.#unread) {
          if (unread.at > now.at) continue;
          this.#unread.set(name, { ...unread, at: Infinity });
          this.read(unread.job.device, unread.job.request);
        }
        const { devices, calls } = this.#audits.due(now.at);
        for (const key of devices) this.#snapshot(key, 'calm');
        for (const call of calls) this.#queue.add({ kind: 'call', call }, 'calm');
      }
      for (const key of this.#grace.over(now.at, this.#isUp)) this.#expire(key);
      this.#grace.sweep(now.at, this.#isUp);
    }
    this.#settle(now);
  }

  /** Somebody has reason to believe that a device is not as we think: a command was not answered. */
  doubt(key: DeviceKey, now: Instant): void {
    if (!this.#isUp) return;
    this.#book.doubt(key);
    this.#settle(now);
  }

  /** A setting was asked for and nobody has answered. */
  unread(device: WatchedDevice, request: CstaRequest, now: Instant): void {
    if (!this.#isUp) return;
    const job: ReadJob = { kind: 'read', device, request };
    const before = this.#unread.get(nameOf(job))?.wait;
    const wait = before === undefined ? READ_AGAIN.first : Math.min(READ_AGAIN.most, 2 * before);
    this.#unread.set(nameOf(job), { at: now.at + wait, wait, job });
  }

  /** Reads a user's settings. */
  read(device: WatchedDevice, request: CstaRequest): void {
    this.#queue.add({ kind: 'read', device, request }, 'calm');
  }

  #deviceOf(crossRef: MonitorCrossRefId): WatchedDevice | undefined {
    const key = this.#watches.deviceOf(crossRef);
    return key === undefined ? undefined : this.#book.roster.devices.get(key);
  }

  #happened(device: WatchedDevice, event: CstaEvent, now: Instant): void {
    if (event.name === 'OutOfServiceEvent' || event.name === 'BackInServiceEvent') {
      this.#watches.inService(device.key, event.name === 'BackInServiceEvent');
      this.#told(device.userId);
    }
    const feature = this.#facts.happened(device, event);
    if (feature === 'changed') this.#effects.push({ kind: 'settings', userId: device.userId });
    if (feature === 'unclear') {
      this.read(device, { name: 'GetForwarding', device: toDeviceId(device.number) });
    }
    if (feature !== 'no_feature') return;
    const happening = happeningOf(event);
    if (happening === undefined) return;
    const calls = callsOf(happening);
    for (const job of this.#open.values()) {
      const isOld =
        job.kind === 'device' ? job.device === device : job.kind === 'call' && calls.includes(job.call);
      if (isOld) this.#overtaken.add(job);
    }
    applyEvent(this.#book, device, happening, now.instant);
  }

  /** Devices that are in a call first. */
  #watchAll(): void {
    const busy = new Set([...this.#book.calls.values()].flatMap(({ members }) => [...members.keys()]));
    for (const key of this.#book.roster.devices.keys()) {
      if (!this.#watches.isKnown(key)) this.#monitor(key, busy.has(key) ? 'urgent' : 'calm');
    }
  }

  #monitor(key: DeviceKey, urgency: 'urgent' | 'calm'): void {
    const device = this.#book.roster.devices.get(key);
    if (device === undefined) return;
    this.#watches.starting(key);
    this.#queue.add({ kind: 'monitor', device }, urgency);
  }

  #snapshot(key: DeviceKey, urgency: 'urgent' | 'calm'): void {
    const device = this.#book.roster.devices.get(key);
    if (device !== undefined && this.#book.watched.has(key))
      this.#queue.add({ kind: 'device', device }, urgency);
  }

  #done(job: Job, outcome: CstaOutcome, now: Instant): void {
    switch (job.kind) {
      case 'capabilities':
        if (outcome.ok && outcome.response.name === 'GetSwitchingFunctionCapabilitiesResponse') {
          this.#knowledge.listed(outcome.response);
        }
        this.#effects.push({ kind: 'abilities', userId: undefined });
        return;
      case 'monitor':
        this.#monitored(job.device, outcome, now);
        return;
      case 'device':
        if (this.#overtaken.has(job)) this.#snapshot(job.device.key, 'urgent');
        else this.#deviceShown(job.device, outcome, now);
        return;
      case 'call': {
        if (this.#overtaken.has(job)) {
          this.#book.ask(job.call);
          // Shown to nobody yet: then what was so is better than nothing.
          if (this.#book.calls.get(job.call)?.isKnown !== false) return;
        }
        if (!outcome.ok && outcome.failure.code !== 'refused') {
          keepAsKnown(this.#book, job.call);
          return;
        }
        const snapshot =
          outcome.ok && outcome.response.name === 'SnapshotCallResponse' ? outcome.response : undefined;
        applyCallSnapshot(this.#book, job.call, snapshot, now.instant);
        return;
      }
      case 'read':
        this.#wasRead(job, outcome, now);
    }
  }

  #monitored(device: WatchedDevice, outcome: CstaOutcome, now: Instant): void {
    const { key } = device;
    if (outcome.ok && outcome.response.name === 'MonitorStartResponse') {
      this.#watches.started(key, outcome.response.monitorCrossRefID);
      this.#queue.add({ kind: 'device', device }, 'urgent');
      const user = this.#book.roster.users.get(device.userId);
      for (const request of user === undefined ? [] : this.#facts.readsOf(user, device)) {
        this.read(device, request);
      }
      this.#told(device.userId);
      return;
    }
    const isUnknown = !outcome.ok && isUnknownDevice(outcome.failure);
    this.#watches.failed(key, now.at, isUnknown);
    // What was known of it from before cannot be looked at any more.
    if (isUnknown) this.#expire(key);
  }

  #deviceShown(device: WatchedDevice, outcome: CstaOutcome, now: Instant): void {
    this.#snapshots += 1;
    this.#audits.looked(device.key, now.at);
    if (outcome.ok && outcome.response.name === 'SnapshotDeviceResponse') {
      this.#grace.looked(device.key);
      applyDeviceSnapshot(this.#book, device, outcome.response, now.instant);
    } else this.#book.doubt(device.key);
  }

  #wasRead(job: ReadJob, outcome: CstaOutcome, now: Instant): void {
    const { device, request } = job;
    if (outcome.ok || outcome.failure.code === 'refused') this.#unread.delete(nameOf(job));
    else this.unread(device, request, now);
    if (outcome.ok) {
      if (this.#facts.answered(device, outcome.response)) {
        this.#effects.push({ kind: 'settings', userId: device.userId });
      }
      return;
    }
    const service = isNoService(outcome.failure) ? serviceOf(request.name) : undefined;
    if (service !== undefined && this.#knowledge.lacks(service)) {
      this.#effects.push({ kind: 'abilities', userId: undefined });
    }
  }

  #expire(key: DeviceKey): void {
    const device = this.#book.roster.devices.get(key);
    if (device !== undefined) this.#forget(device);
  }

  /** The device's calls are not known any more. */
  #forget(device: WatchedDevice): void {
    for (const call of this.#book.calls.values()) {
      const share = call.shares.get(device.userId);
      if (share === undefined || !call.members.has(device.key)) continue;
      if (device.role !== 'number') {
        const { role } = device;
        this.#book.noteGone(device.userId, {
          place: role,
          platformCall: share.name,
          cause: 'pbx_unreachable',
        });
      }
      this.#book.leave(call, device, 'LinkLost', undefined);
      this.#book.over.delete(call.id, device.key);
    }
  }

  #told(userId: UserId): void {
    this.#effects.push({ kind: 'abilities', userId });
  }

  /** Carries out what the book wants, and sends what may be sent. */
  #settle(now: Instant): void {
    const { devices, calls, users, alerting } = this.#book.take();
    for (const userId of users) this.#effects.push({ kind: 'report', userId });
    for (const { userId, call } of alerting) this.#effects.push({ kind: 'alerting', userId, call });
    if (!this.#isUp) return;
    for (const key of devices) {
      if (!this.#book.watched.has(key)) continue;
      this.#doubted += 1;
      if (this.#doubts.raise(key, now.at)) this.#snapshot(key, 'urgent');
    }
    for (const call of calls) this.#queue.add({ kind: 'call', call }, 'urgent');
    this.#pump(now);
    if (!this.#isTold && this.#queue.size === 0 && this.#open.size === 0) {
      this.#isTold = true;
      this.#effects.push({ kind: 'synchronised', unknown: this.#unknownNumbers() });
    }
  }

  #unknownNumbers(): string[] {
    return this.#watches.unknown().map((key) => this.#book.roster.devices.get(key)?.number ?? key);
  }

  #pump(now: Instant): void {
    while (this.#open.size < this.#limits.inFlight) {
      const job = this.#queue.take(now.at);
      if (job === undefined) return;
      const request = this.#requestOf(job);
      if (request === undefined) continue;
      this.#open.set(this.#send(request), job);
    }
  }

  #send(request: CstaRequest): number {
    this.#lastKey += 1;
    this.#effects.push({ kind: 'request', key: this.#lastKey, request, timeoutMs: this.#limits.answerMs });
    return this.#lastKey;
  }

  /** `undefined`: it is of no interest any more. */
  #requestOf(job: Job): CstaRequest | undefined {
    switch (job.kind) {
      case 'capabilities':
        return { name: 'GetSwitchingFunctionCapabilities' };
      case 'monitor':
        return {
          name: 'MonitorStart',
          monitorObject: { deviceObject: toDeviceId(job.device.number) },
          monitorType: 'device',
        };
      case 'device':
        return { name: 'SnapshotDevice', snapshotObject: toDeviceId(job.device.number) };
      case 'call':
        return this.#callRequest(job.call);
      case 'read':
        return job.request;
    }
  }

  /** By one of our own connections in it, where there is one: those the platform surely knows. */
  #callRequest(id: CallId): CstaRequest | undefined {
    const members = [...(this.#book.calls.get(id)?.members.values() ?? [])];
    const member = members.find(({ key }) => this.#book.watched.has(key)) ?? members[0];
    return member === undefined ? undefined : { name: 'SnapshotCall', snapshotObject: member.connection };
  }
}
