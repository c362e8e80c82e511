import type { LineConfig, LineId, LineState, PbxConfig, UserId } from '@offhook/contract';
import {
  escapeUser,
  formatHostPort,
  type Flow,
  type RegistrationId,
  type RegistrationState,
  type Target,
} from '@offhook/sip';
import type { LineBook, LineOfUser } from '../calls/lines.ts';
import type { SipDriver } from '../calls/live-call.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { PbxLocator } from './locator.ts';
import { reasonOf } from './reasons.ts';

export interface ConnectorConfig {
  readonly revision: number;
  readonly pbx: PbxConfig;
  readonly lines: readonly LineConfig[];
}

export interface LinesOptions {
  readonly sip: SipDriver;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onChanged: (userId: UserId, line: LineState) => void;
  readonly log: Log;
}

/** New lines register spread over so many milliseconds for each of them, and no longer than the cap. */
const SPREAD_PER_LINE = 20;
const SPREAD_CAP = 30_000;
/** Before the lines are asked anew at a PBX that seems to have forgotten them: one that just starts gets a moment. */
const REFRESH_GRACE = 2_000;
/** Least time from one such round to the next. */
const REFRESH_INTERVAL = 30_000;
const DEFAULT_RING_TIME = 120_000;

interface Entry {
  config: LineConfig;
  state: LineState;
  /** Route of its calls, as the registrar said last (Service-Route, RFC 3608). */
  route: readonly string[];
  registration: RegistrationId | undefined;
  /** Of its start, or of its early refresh. */
  cancelStart: (() => void) | undefined;
  /** Its time to start has come, but the line's old binding is still being taken back. */
  waits: boolean;
  /** The PBX has answered the last attempt, and said no. */
  refused: boolean;
}

/** What is known of the PBX by how it answers REGISTER. */
export interface PbxHealth {
  /** Absent before the first answer, or the first attempt that got none. */
  readonly reached: boolean | undefined;
  /** What it calls itself. */
  readonly server: string | undefined;
  readonly refused: number;
  /** Of a line that is not registered. */
  readonly reason: string | undefined;
}

/**
 * The users' lines at the PBX: each is registered, with all of them spread over time, for a PBX that comes back is not
 * to be rushed. A change of the configuration touches the lines that it changes and no other.
 *
 * A line that registers anew has the same Contact as before. So it starts when its old registration is gone: else the old
 * one's un-REGISTER might come after the new REGISTER, and the line would show as registered without a binding.
 */
export class Lines implements LineBook {
  readonly #options: LinesOptions;
  readonly #locator: PbxLocator;
  readonly #entries = new Map<LineId, Entry>();
  readonly #byRegistration = new Map<RegistrationId, Entry>();
  /** Registrations that are being taken back and are not yet known to be gone. */
  readonly #leaving = new Map<LineId, RegistrationId>();
  #byUser = new Map<UserId, Entry>();
  #byNumber = new Map<string, Entry>();
  #pbx: PbxConfig | undefined;
  /** The target with which lines register now. */
  #target: Target | undefined;
  #cancelRefresh: (() => void) | undefined;
  /** Whether the PBX has answered the last attempt that is over. */
  #answered: boolean | undefined;
  #server: string | undefined;
  /** When the last early round began, on the clock that only goes forward. */
  #refreshedAt = -Infinity;

  constructor(options: LinesOptions, locator: PbxLocator) {
    this.#options = options;
    this.#locator = locator;
  }

  apply(config: ConnectorConfig): void {
    const { pbx, lines } = config;
    const before = this.#pbx;
    this.#pbx = pbx;
    const moved = before === undefined || !samePlace(before, pbx);
    const pbxChanged = moved || !sameRegistrar(before, pbx);
    if (moved) {
      this.#answered = undefined;
      this.#server = undefined;
      this.#locator.locate(pbx);
    }
    this.#target = this.#locator.target();
    const wanted = new Set(lines.map(({ lineId }) => lineId));
    for (const [lineId, entry] of this.#entries) if (!wanted.has(lineId)) this.#remove(lineId, entry);
    const toStart: Entry[] = [];
    for (const line of lines) {
      const entry = this.#entries.get(line.lineId);
      if (entry === undefined) {
        toStart.push(this.#create(line));
      } else {
        const registersAnew = pbxChanged || !sameRegistration(entry.config, line);
        if (registersAnew) this.#stop(entry);
        entry.config = line;
        if (registersAnew) toStart.push(entry);
      }
    }
    const entries = [...this.#entries.values()];
    this.#byUser = new Map(entries.map((entry) => [entry.config.userId, entry]));
    this.#byNumber = new Map(entries.map((entry) => [entry.config.number, entry]));
    this.#startSpread(toStart);
  }

  get configured(): boolean {
    return this.#pbx !== undefined;
  }

  /** The PBX's address has become known or has changed. */
  relocated(): void {
    this.#target = this.#locator.target();
    const entries = [...this.#entries.values()];
    for (const entry of entries) this.#stop(entry);
    this.#startSpread(entries);
  }

  /** The PBX's name could not be looked up. */
  unlocated(): void {
    for (const entry of this.#entries.values()) {
      if (entry.registration === undefined && entry.cancelStart === undefined) this.#start(entry);
    }
  }

  /**
   * The PBX seems to have forgotten us: every registered line is registered anew, with all of them spread over time.
   * What is called meanwhile falls into the round that waits.
   */
  refreshSoon(): void {
    if (this.#cancelRefresh !== undefined) return;
    const { clock, log } = this.#options;
    const wait = Math.max(REFRESH_GRACE, this.#refreshedAt + REFRESH_INTERVAL - clock.now().at);
    this.#cancelRefresh = clock.after(wait, () => {
      this.#cancelRefresh = undefined;
      this.#refreshedAt = clock.now().at;
      const registered = [...this.#entries.values()].filter(({ state }) => state.state === 'registered');
      log.info({ lines: registered.length }, 'asking the PBX for the lines anew');
      this.#spread(registered, (entry) => {
        this.#refresh(entry);
      });
    });
  }

  onRegistration(registration: RegistrationId, state: RegistrationState): void {
    const entry = this.#byRegistration.get(registration);
    if (entry === undefined) return;
    if (state.name === 'unregistered') {
      this.#byRegistration.delete(registration);
      this.#onGone(entry.config.lineId);
      return;
    }
    if (entry.registration !== registration) return;
    const number = entry.config.number;
    switch (state.name) {
      case 'registering':
        // A refresh is no news.
        if (entry.state.state === 'failed') this.#set(entry, { number, state: 'registering' });
        break;
      case 'registered':
        entry.route = state.serviceRoute;
        entry.refused = false;
        this.#heard(true, state.server);
        this.#set(entry, { number, state: 'registered' });
        break;
      case 'failed':
        entry.refused = state.why.kind === 'response';
        this.#heard(entry.refused, state.why.kind === 'response' ? state.why.server : undefined);
        this.#set(entry, { number, state: 'failed', reason: reasonOf(state.why) });
        break;
    }
  }

  #onGone(lineId: LineId): void {
    this.#leaving.delete(lineId);
    const entry = this.#entries.get(lineId);
    if (entry?.waits === true) this.#start(entry);
  }

  userIds(): Iterable<UserId> {
    return this.#byUser.keys();
  }

  stateOf(userId: UserId): LineState | undefined {
    return this.#byUser.get(userId)?.state;
  }

  counts(): { lines: number; registered: number; failed: number } {
    let registered = 0;
    let failed = 0;
    for (const { state } of this.#entries.values()) {
      if (state.state === 'registered') registered += 1;
      if (state.state === 'failed') failed += 1;
    }
    return { lines: this.#entries.size, registered, failed };
  }

  health(): PbxHealth {
    let refused = 0;
    let reason: string | undefined;
    let registered = false;
    for (const entry of this.#entries.values()) {
      const { state } = entry;
      if (state.state === 'registered') registered = true;
      if (state.state !== 'failed') continue;
      // A line that was refused says more than one that waits for the same PBX.
      if (entry.refused || refused === 0) reason = state.reason;
      if (entry.refused) refused += 1;
    }
    return { reached: registered || this.#answered, server: this.#server, refused, reason };
  }

  #heard(answered: boolean, server: string | undefined): void {
    this.#answered = answered;
    if (server !== undefined) this.#server = server;
  }

  /** Takes every binding back. */
  unregisterAll(): void {
    this.#cancelRefresh?.();
    this.#cancelRefresh = undefined;
    for (const [lineId, entry] of this.#entries) this.#remove(lineId, entry);
  }

  /** Bindings that are being taken back and are not yet known to be gone. */
  get leaving(): number {
    return this.#leaving.size;
  }

  ofUser(userId: UserId): LineOfUser | undefined {
    const entry = this.#byUser.get(userId);
    const place = this.place(userId);
    if (entry === undefined || place === undefined) return undefined;
    const { config, state } = entry;
    return {
      ...place,
      line: config,
      registered: state.state === 'registered',
      credentials: { username: config.authUser, password: config.password },
    };
  }

  /** Where calls of this user's line go, or of one that does not register. */
  place(userId: UserId | undefined): Pick<LineOfUser, 'target' | 'route' | 'domain'> | undefined {
    if (this.#pbx === undefined) return undefined;
    const entry = userId === undefined ? undefined : this.#byUser.get(userId);
    return { target: this.#target, route: entry?.route ?? [], domain: domainOf(this.#pbx) };
  }

  /**
   * The Contact that we registered carries the line's id. A PBX that puts the number there instead is understood, too;
   * anybody else who dials our address by number is not, so that scanners do not ring people.
   */
  ofInvite(requestUser: string, toUser: string, fromPbx: boolean): LineConfig | undefined {
    const byId = this.#entries.get(requestUser as LineId);
    if (byId !== undefined || !fromPbx) return byId?.config;
    return (this.#byNumber.get(requestUser) ?? this.#byNumber.get(toUser))?.config;
  }

  isPbx(flow: Flow): boolean {
    return this.#locator.has(flow.address);
  }

  isEmergency(number: string): boolean {
    return this.#pbx?.emergencyNumbers.includes(number) ?? false;
  }

  ringTime(): number {
    return this.#pbx === undefined ? DEFAULT_RING_TIME : this.#pbx.ringSeconds * 1000;
  }

  #create(config: LineConfig): Entry {
    const entry: Entry = {
      config,
      state: { number: config.number, state: 'registering' },
      route: [],
      registration: undefined,
      cancelStart: undefined,
      waits: false,
      refused: false,
    };
    this.#entries.set(config.lineId, entry);
    return entry;
  }

  #startSpread(entries: readonly Entry[]): void {
    this.#spread(entries, (entry) => {
      this.#start(entry);
    });
  }

  #spread(entries: readonly Entry[], act: (entry: Entry) => void): void {
    const { clock, random } = this.#options;
    const spread = Math.min(SPREAD_CAP, entries.length * SPREAD_PER_LINE);
    for (const entry of entries) {
      entry.cancelStart?.();
      entry.cancelStart = clock.after(random() * spread, () => {
        entry.cancelStart = undefined;
        act(entry);
      });
    }
  }

  #start(entry: Entry): void {
    const pbx = this.#pbx;
    const { config } = entry;
    entry.waits = this.#leaving.has(config.lineId);
    if (pbx === undefined || entry.waits) return;
    if (this.#target === undefined) {
      // While the first look-up is under way, nothing has failed.
      if (!this.#locator.unknown) return;
      this.#answered = false;
      this.#set(entry, {
        number: config.number,
        state: 'failed',
        reason: `The name of the telephone system, ${pbx.host.slice(0, 200)}, cannot be looked up yet.`,
      });
      return;
    }
    const target = this.#target;
    const host = formatHostPort(domainOf(pbx), undefined);
    this.#options.sip.run((endpoint, now) => {
      const registration = endpoint.register(
        {
          registrar: `sip:${host}`,
          aor: `sip:${escapeUser(config.number)}@${host}`,
          contactUser: config.lineId,
          ownsContactUser: true,
          expires: pbx.registerExpires,
          credentials: { username: config.authUser, password: config.password },
          target,
        },
        now,
      );
      entry.registration = registration;
      this.#byRegistration.set(registration, entry);
    });
    this.#set(entry, { number: config.number, state: 'registering' });
  }

  #refresh({ registration }: Entry): void {
    if (registration === undefined || !this.#byRegistration.has(registration)) return;
    this.#options.sip.run((endpoint, now) => {
      endpoint.refreshRegistration(registration, now);
    });
  }

  /** Takes the binding back, where there is one. The entry itself stays. */
  #stop(entry: Entry): void {
    entry.cancelStart?.();
    entry.cancelStart = undefined;
    entry.waits = false;
    const { registration } = entry;
    if (registration === undefined) return;
    entry.registration = undefined;
    // Before the command, for the registration may be gone at once.
    this.#leaving.set(entry.config.lineId, registration);
    this.#options.sip.run((endpoint, now) => {
      endpoint.unregister(registration, now);
    });
    this.#set(entry, { number: entry.config.number, state: 'registering' });
  }

  #remove(lineId: LineId, entry: Entry): void {
    this.#entries.delete(lineId);
    this.#stop(entry);
  }

  #set(entry: Entry, state: LineState): void {
    const before = entry.state;
    entry.state = state;
    const same =
      before.state === state.state && before.reason === state.reason && before.number === state.number;
    const { lineId, userId } = entry.config;
    // A line that was taken out of the configuration is no news for anybody.
    if (same || this.#entries.get(lineId) !== entry) return;
    const { log, onChanged } = this.#options;
    if (state.state === 'failed')
      log.warn({ lineId, number: state.number, reason: state.reason }, 'line failed');
    else log.info({ lineId, number: state.number, state: state.state }, 'line');
    onChanged(userId, state);
  }
}

const domainOf = (pbx: PbxConfig): string => pbx.domain ?? pbx.host.replace(/^\[(.*)\]$/u, '$1');

/** Whether the PBX is to be found where it was. */
const samePlace = (left: PbxConfig, right: PbxConfig): boolean =>
  left.host === right.host && left.port === right.port && left.transport === right.transport;

/** Whether it gets the same REGISTER, but for the line. How long calls ring is none of its business. */
const sameRegistrar = (left: PbxConfig, right: PbxConfig): boolean =>
  domainOf(left) === domainOf(right) && left.registerExpires === right.registerExpires;

/** Whether the PBX would see no difference. */
const sameRegistration = (left: LineConfig, right: LineConfig): boolean =>
  left.number === right.number &&
  left.authUser === right.authUser &&
  left.password === right.password &&
  left.userId === right.userId;
