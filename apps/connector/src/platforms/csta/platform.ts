import { NO_ABILITIES, type Abilities } from '@offhook/call-model';
import {
  OffhookError,
  type LineSettings,
  type PbxConfig,
  type SettingsChange,
  type UserId,
} from '@offhook/contract';
import type { CstaClientStatus, CstaRequest } from '@offhook/csta';
import type { EndpointEvent } from '@offhook/sip';
import { mailboxOf } from '../generic-sip/codes.ts';
import type { PlatformOptions } from '../options.ts';
import type {
  Admission,
  Admitted,
  Platform,
  PlatformCalls,
  PlatformConfig,
  PlatformEvents,
  Subject,
} from '../platform.ts';
import { abilitiesOf } from './abilities.ts';
import { LinkCounts, type CtiCounts } from './counts.ts';
import type { CtiLink, OpenLink } from './link.ts';
import { deviceKey, isSlotNumber } from './numbers.ts';
import type { CstaProfile } from './profile.ts';
import { Roster, type RosterUser } from './roster.ts';
import { CstaCalls } from './services/calls.ts';
import { Knowledge, serviceOf } from './services/knowledge.ts';
import { isNoService } from './services/refusals.ts';
import { admitted, type BehaviourRules } from './settings/behaviour.ts';
import { SettingChanges } from './settings/changes.ts';
import { alternativeOf, keepersOf, settingsOf, type SettingSources } from './settings/compose.ts';
import { DeskCalls } from './settings/desk-calls.ts';
import { FactBook } from './settings/facts.ts';
import { planChange } from './settings/plan.ts';
import { CallBook } from './state/book.ts';
import type { Member } from './state/model.ts';
import { reportOf } from './state/report.ts';
import { DEFAULT_SYNC_LIMITS, type SyncEffect, type SyncLimits } from './sync/api.ts';
import { Synchroniser } from './sync/synchroniser.ts';
import { downWords, unknownWords } from './words.ts';

export interface CstaPlatformOptions extends Pick<PlatformOptions, 'clock' | 'random' | 'log' | 'events'> {
  readonly profile: CstaProfile;
  /** What SIP alone can, on the same lines: takes over what the platform's control link cannot, and all of it when that is down. */
  readonly sip: (events: PlatformEvents) => Platform;
  readonly openLink: OpenLink;
  readonly limits?: Partial<SyncLimits>;
}

/**
 * A platform with a CSTA III control link beside SIP: wires the pure parts of this folder to a link, a clock and the connector. What the
 * platforms differ in is data (`CstaProfile`), and what they can is found out.
 */
export class CstaPlatform implements Platform {
  readonly #calls: PlatformCalls;
  readonly #options: CstaPlatformOptions;
  readonly #sip: Platform;
  readonly #knowledge: Knowledge;
  readonly #facts: FactBook;
  readonly #book: CallBook;
  readonly #sync: Synchroniser;
  readonly #counts = new LinkCounts();
  readonly #changes: SettingChanges;
  readonly #desks: DeskCalls;
  readonly #toldSettings = new Map<UserId, string>();
  readonly #toldDevices = new Map<UserId, string>();
  readonly #toldAbilities = new Map<UserId, string>();
  #pbx: PbxConfig | undefined;
  #linesText = '';
  #linkText: string | undefined;
  #link: CtiLink | undefined;
  #product: string | undefined;
  #isUp = false;
  #isStopped = false;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(options: CstaPlatformOptions) {
    const { profile, random, limits, events } = options;
    this.#options = options;
    this.#knowledge = new Knowledge(profile.tries);
    this.#facts = new FactBook(profile, this.#knowledge);
    this.#book = new CallBook(new Roster([]), (userId, key) => {
      const user = this.#book.roster.users.get(userId);
      if (user === undefined) return undefined;
      const alternative = this.#alternativeOf(user);
      if (alternative !== undefined && deviceKey(alternative) === key) return 'alternative';
      if (isSlotNumber(key, this.#pbx?.codes.unpark)) return 'slot';
      const mailbox = this.#mailboxOf(user);
      return mailbox !== undefined && deviceKey(mailbox) === key ? 'voicemail' : undefined;
    });
    const all = { ...DEFAULT_SYNC_LIMITS, ...limits };
    this.#sync = new Synchroniser(this.#book, this.#facts, this.#knowledge, all, random);
    this.#sip = options.sip({
      onDevices: (userId, report) => {
        // Where there is a control link, it alone tells of devices.
        if (!this.#hasLink && !this.#isStopped) events.onDevices(userId, report);
      },
      onLink: () => {},
      onSettings: (userId) => {
        this.#tellSettings(userId);
      },
      onAbilities: (userId) => {
        this.#tellUser(userId);
      },
    });
    this.#calls = new CstaCalls({
      sip: this.#sip,
      isUp: () => this.#isUp,
      can: (service) => this.#knowledge.can(service),
      userOf: ({ userId }) => this.#book.roster.users.get(userId),
      hasDesk: (user) => this.#hasDesk(user),
      find: (subject) => this.#find(subject),
      mailboxOf: ({ userId }) => this.#ofUser(userId, (user) => this.#mailboxOf(user)),
      alternativeOf: ({ userId }) => this.#ofUser(userId, (user) => this.#alternativeOf(user)),
      request: (request, timeoutMs) => this.#request(request, timeoutMs),
      failed: (request, failure, member) => {
        if (isNoService(failure)) this.#lacks(request);
        else if (member !== undefined && failure.code !== 'not_ready') this.#doubt(member);
      },
      movesBegin: ({ userId }, member, to) => {
        this.#desks.movesBegin(userId);
        if (member !== undefined && to !== undefined) this.#book.over.delete(member.connection.callID, to);
      },
    });
    this.#changes = new SettingChanges({
      facts: this.#facts,
      sip: this.#sip,
      request: this.#request,
      onMissing: (request) => {
        this.#lacks(request);
      },
      onUnread: (device, request) => {
        this.#sync.unread(device, request, options.clock.now());
      },
    });
    this.#desks = new DeskCalls({
      clock: options.clock,
      log: options.log,
      book: this.#book,
      request: this.#request,
      rulesOf: (user) => this.#rulesOf(user),
      alternativeAfter: (user) =>
        keepersOf(this.#sourcesOf(user)).alternativeNumber === 'connector'
          ? this.#pbx?.alternativeAfterSeconds
          : undefined,
    });
  }

  /** Of a tenant without a control link it is all SIP alone. */
  get #hasLink(): boolean {
    return this.#pbx?.csta !== undefined;
  }

  get calls(): PlatformCalls {
    return this.#hasLink ? this.#calls : this.#sip.calls;
  }

  get counts(): CtiCounts {
    return { up: this.#isUp, ...this.#counts.all, ...this.#sync.counts };
  }

  get product(): string | undefined {
    return this.#product;
  }

  apply(config: PlatformConfig): void {
    const { pbx, lines } = config;
    this.#pbx = pbx;
    this.#sip.apply(config);
    // What is kept for the users is no reason to watch their devices anew.
    const text = JSON.stringify(lines.map((line) => ({ ...line, password: '', kept: {} })));
    const roster = new Roster(lines);
    this.#changes.retain(roster);
    for (const told of [this.#toldSettings, this.#toldDevices, this.#toldAbilities]) {
      for (const userId of told.keys()) if (!roster.users.has(userId)) told.delete(userId);
    }
    if (text === this.#linesText) this.#book.roster = roster;
    else this.#sync.configured(roster, this.#options.clock.now());
    this.#linesText = text;
    this.#connect(pbx);
    this.#run();
    for (const userId of roster.users.keys()) this.#tellUser(userId);
  }

  #connect(pbx: PbxConfig): void {
    const { csta } = pbx;
    const text = JSON.stringify([csta, csta?.host ?? pbx.host]);
    if (text === this.#linkText) return;
    this.#linkText = text;
    this.#product = undefined;
    this.#disconnect();
    if (csta === undefined) {
      this.#options.events.onLink('none');
      return;
    }
    const { host = pbx.host, port, transport, user, password } = csta;
    const link = this.#options.openLink({
      host,
      port,
      transport,
      user,
      password,
      onStatus: (status) => {
        if (this.#link === link) this.#onStatus(status);
      },
      onEvent: (event) => {
        if (this.#link !== link) return;
        this.#sync.event(event, this.#options.clock.now());
        this.#run();
      },
      onNote: (code, note) => {
        this.#options.log.debug({ code, note }, 'control link');
      },
    });
    this.#link = link;
  }

  #disconnect(): void {
    const link = this.#link;
    this.#link = undefined;
    void link?.stop();
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#sync.down(this.#options.clock.now());
  }

  #onStatus(status: CstaClientStatus): void {
    const { clock, events, log, profile } = this.#options;
    switch (status.name) {
      case 'idle':
      case 'stopped':
        return;
      case 'connecting':
        events.onLink('connecting');
        return;
      case 'ready':
        log.info({ edition: status.edition }, 'control link is up');
        this.#isUp = true;
        this.#counts.ups += 1;
        this.#sync.up(clock.now());
        events.onLink('up');
        break;
      case 'down':
        log.warn({ code: status.code, text: status.text }, 'control link is down');
        this.#isUp = false;
        this.#sync.down(clock.now());
        events.onLink('down', downWords(profile.name, status));
    }
    this.#run();
  }

  abilities(userId: UserId): Abilities {
    const user = this.#book.roster.users.get(userId);
    if (user === undefined) return NO_ABILITIES;
    if (!this.#hasLink) return this.#sip.abilities(userId);
    return abilitiesOf({
      isUp: this.#isUp,
      can: (service) => this.#knowledge.can(service),
      hasDesk: this.#hasDesk(user),
      hasMailbox: this.#mailboxOf(user) !== undefined,
      hasAlternative: this.#alternativeOf(user) !== undefined,
      sip: this.#sip.abilities(userId),
    });
  }

  settings(userId: UserId): LineSettings | undefined {
    if (!this.#hasLink) return this.#sip.settings(userId);
    return this.#ofUser(userId, (user) => settingsOf(this.#sourcesOf(user)));
  }

  async change(userId: UserId, change: SettingsChange): Promise<LineSettings> {
    const user = this.#book.roster.users.get(userId);
    if (user === undefined) throw new OffhookError('no_line');
    if (!this.#hasLink) return this.#sip.change(userId, change);
    const plan = planChange(this.#sourcesOf(user), change);
    try {
      await this.#changes.carryOut(user, plan);
    } finally {
      // Also where only the first of it was accepted.
      this.#tellUser(userId);
    }
    return settingsOf(this.#sourcesOf(user));
  }

  admit(userId: UserId, situation: Admission): Admitted {
    if (!this.#hasLink) return this.#sip.admit(userId, situation);
    return this.#ofUser(userId, (user) => admitted(this.#rulesOf(user), situation)) ?? { kind: 'ring' };
  }

  onSip(event: EndpointEvent): boolean {
    return this.#sip.onSip(event);
  }

  lineChanged(userId: UserId, registered: boolean): void {
    this.#sip.lineChanged(userId, registered);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#desks.stop();
    this.#disconnect();
    this.#sip.stop();
  }

  // ── carrying out what the synchroniser wants ──

  #run(): void {
    if (this.#isStopped) return;
    const reports = new Set<UserId>();
    for (let effect = this.#sync.poll(); effect !== undefined; effect = this.#sync.poll()) {
      if (effect.kind === 'report') reports.add(effect.userId);
      else this.#carryOut(effect);
    }
    for (const userId of reports) this.#tellDevices(userId);
    this.#arm();
  }

  /** Much of what is told by one device's monitor has been told by another's. */
  #tellDevices(userId: UserId): void {
    if (!this.#book.roster.users.has(userId)) return;
    const report = reportOf(this.#book, userId);
    const text = JSON.stringify(report.connections);
    if (this.#toldDevices.get(userId) === text && report.gone === undefined) return;
    this.#toldDevices.set(userId, text);
    this.#options.events.onDevices(userId, report);
  }

  #carryOut(effect: Exclude<SyncEffect, { kind: 'report' }>): void {
    const { events, log, profile } = this.#options;
    switch (effect.kind) {
      case 'request':
        void this.#forSync(effect.key, effect.request, effect.timeoutMs);
        return;
      case 'abilities':
        if (effect.userId !== undefined) this.#tellUser(effect.userId);
        else for (const userId of this.#book.roster.users.keys()) this.#tellUser(userId);
        return;
      case 'settings':
        this.#tellUser(effect.userId);
        return;
      case 'alerting':
        this.#desks.alerts(effect.userId, effect.call);
        return;
      case 'synchronised': {
        const { unknown } = effect;
        if (unknown.length === 0) return;
        log.warn({ devices: unknown }, 'the platform does not know these devices');
        events.onLink('up', unknownWords(profile.name, unknown));
      }
    }
  }

  async #forSync(key: number, request: CstaRequest, timeoutMs: number): Promise<void> {
    const link = this.#link;
    const outcome = await this.#request(request, timeoutMs);
    // The answers of an earlier link say nothing of this one.
    if (link !== this.#link || this.#isStopped) return;
    if (outcome.ok && outcome.response.name === 'GetSwitchingFunctionCapabilitiesResponse') {
      this.#product = outcome.response.manufacturerName;
    }
    this.#sync.answered(key, outcome, this.#options.clock.now());
    this.#run();
  }

  #arm(): void {
    const at = this.#sync.deadline();
    if (at === this.#timer?.at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (at === undefined) return;
    const { clock } = this.#options;
    const cancel = clock.after(Math.max(0, at - clock.now().at), () => {
      this.#timer = undefined;
      this.#sync.tick(clock.now());
      this.#run();
    });
    this.#timer = { at, cancel };
  }

  readonly #request: CtiLink['request'] = async (request, timeoutMs) => {
    const link = this.#link;
    if (link === undefined) return { ok: false, failure: { code: 'not_ready' } };
    const outcome = await link.request(request, timeoutMs);
    this.#counts.count(outcome);
    return outcome;
  };

  #lacks(request: CstaRequest): void {
    const service = serviceOf(request.name);
    if (service === undefined || !this.#knowledge.lacks(service)) return;
    for (const userId of this.#book.roster.users.keys()) this.#tellUser(userId);
  }

  #doubt({ key }: Member): void {
    this.#sync.doubt(key, this.#options.clock.now());
    this.#run();
  }

  // ── what is known of a user ──

  #ofUser<T>(userId: UserId, read: (user: RosterUser) => T): T | undefined {
    const user = this.#book.roster.users.get(userId);
    return user === undefined ? undefined : read(user);
  }

  #find({ line, connection }: Subject): Member | undefined {
    const user = this.#book.roster.users.get(line.userId);
    if (user === undefined || connection === undefined) return undefined;
    for (const call of this.#book.calls.values()) {
      if (call.shares.get(line.userId)?.name !== connection.platformCall) continue;
      const desk = user.desk === undefined ? undefined : call.members.get(user.desk.key);
      // A call that rings is one at all its devices: it is the number's to send elsewhere.
      if (connection.place === 'desk_phone' || desk?.state === 'alerting') return desk;
      if (connection.place === 'line') return call.members.get(user.own.key);
      const there = [...call.members.values()].find(
        (member) => this.#book.elsewhere(call, line.userId, member) === connection.place,
      );
      if (there !== undefined) return there;
    }
    return undefined;
  }

  #hasDesk({ desk }: RosterUser): boolean {
    return desk !== undefined && this.#sync.isWatched(desk.key);
  }

  #mailboxOf({ line }: RosterUser): string | undefined {
    return this.#pbx === undefined ? undefined : mailboxOf(this.#pbx.codes, line);
  }

  #alternativeOf(user: RosterUser): string | undefined {
    return alternativeOf(this.#sourcesOf(user)) ?? undefined;
  }

  #rulesOf(user: RosterUser): BehaviourRules {
    return {
      settings: settingsOf(this.#sourcesOf(user)),
      mailbox: this.#mailboxOf(user),
      seesDesk: this.#isUp && this.#hasDesk(user) && this.#knowledge.can('deflectCall'),
    };
  }

  #sourcesOf(user: RosterUser): SettingSources {
    const { userId } = user.line;
    return {
      user,
      codes: this.#pbx?.codes ?? {},
      profile: this.#options.profile,
      knowledge: this.#knowledge,
      isUp: this.#isUp,
      facts: this.#facts.of(userId),
      kept: this.#changes.keptOf(user.line),
      sip: this.#sip.settings(userId),
    };
  }

  /** Their calls permit other things, and other settings can be changed, together with what is known. */
  #tellUser(userId: UserId): void {
    if (this.#isStopped) return;
    this.#tellSettings(userId);
    const text = JSON.stringify(this.abilities(userId));
    if (this.#toldAbilities.get(userId) === text) return;
    this.#toldAbilities.set(userId, text);
    this.#options.events.onAbilities(userId);
  }

  #tellSettings(userId: UserId): void {
    const settings = this.settings(userId);
    if (settings === undefined || this.#isStopped) return;
    const text = JSON.stringify(settings);
    if (this.#toldSettings.get(userId) === text) return;
    this.#toldSettings.set(userId, text);
    this.#options.events.onSettings(userId, settings);
  }
}
