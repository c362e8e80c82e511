import type { DeviceConnection, DeviceReport } from '@offhook/call-model';
import {
  OffhookError,
  type LineConfig,
  type LineSettings,
  type PbxConfig,
  type UserId,
} from '@offhook/contract';
import { VirtualClock } from '@offhook/testkit';
import { quiet } from '../../../testing/log.ts';
import { plainPbx } from '../../../testing/pbx-config.ts';
import { clockOn, settle } from '../../../testing/virtual-clock.ts';
import { NO_PLATFORM } from '../../none.ts';
import type { LegHandle, Platform, Subject } from '../../platform.ts';
import { CstaPlatform } from '../platform.ts';
import type { CstaProfile } from '../profile.ts';
import { MOBILE } from './desk.ts';
import { FakeExchange, type FakeOptions } from './fake-exchange.ts';
import { GROUPS, LINES } from './lines.ts';
import { VirtualExchangeLink } from './virtual-link.ts';

export interface OfficeOptions {
  readonly profile: CstaProfile;
  readonly exchange?: Partial<FakeOptions>;
  readonly lines?: readonly LineConfig[];
  readonly sip?: Platform;
  readonly pbx?: Partial<PbxConfig>;
}

/** A platform adapter with its control link to a fake exchange, in virtual time; everything that it tells is noted. */
export class Office {
  readonly clock = new VirtualClock();
  readonly exchange: FakeExchange;
  readonly link: VirtualExchangeLink;
  readonly platform: CstaPlatform;
  readonly reports: { userId: UserId; report: DeviceReport }[] = [];
  readonly settingsTold: { userId: UserId; settings: LineSettings }[] = [];
  readonly links: string[] = [];
  readonly words: string[] = [];
  abilitiesTold = 0;
  /** What each user can, as it was when it was told last to be another. */
  readonly lastAbilities = new Map<UserId, string>();
  readonly #pbx: PbxConfig;
  lines: readonly LineConfig[];

  constructor(options: OfficeOptions) {
    this.exchange = new FakeExchange({ groups: GROUPS, others: [MOBILE], ...options.exchange }, (told) => {
      this.link.tell(told);
    });
    this.link = new VirtualExchangeLink(this.clock, this.exchange);
    this.lines = options.lines ?? LINES;
    this.#pbx = {
      ...plainPbx,
      emergencyNumbers: ['112'],
      kind: options.profile.kind,
      host: 'pbx.test',
      port: 5060,
      transport: 'udp',
      registerExpires: 600,
      ringSeconds: 120,
      csta: { port: 1040, transport: 'tcp' },
      codes: { voicemail: '500' },
      ...options.pbx,
    };
    this.platform = new CstaPlatform({
      profile: options.profile,
      clock: clockOn(this.clock),
      random: () => 0.5,
      log: quiet,
      openLink: this.link.open,
      sip: () => options.sip ?? NO_PLATFORM,
      events: {
        onDevices: (userId, report) => this.reports.push({ userId, report }),
        onSettings: (userId, settings) => this.settingsTold.push({ userId, settings }),
        onAbilities: (userId) => {
          this.abilitiesTold += 1;
          this.lastAbilities.set(userId, this.abilitiesOf(userId));
        },
        onLink: (state, reason) => {
          this.links.push(state);
          if (reason !== undefined) this.words.push(reason);
        },
      },
    });
  }

  /** Configured, connected, and in step. */
  static async open(options: OfficeOptions): Promise<Office> {
    const office = new Office(options);
    office.apply();
    await office.pass(500);
    return office;
  }

  abilitiesOf(userId: UserId): string {
    return JSON.stringify(this.platform.abilities(userId));
  }

  apply(): void {
    this.platform.apply({ pbx: this.#pbx, lines: this.lines });
  }

  async pass(milliseconds: number, step = 10): Promise<void> {
    const until = this.clock.now + milliseconds;
    await settle();
    while (this.clock.now < until) {
      this.clock.advance(Math.min(step, until - this.clock.now));
      await settle();
    }
  }

  /** What the user's calls are, as it was told last. */
  connections(userId: UserId): readonly DeviceConnection[] {
    return this.reports.findLast((told) => told.userId === userId)?.report.connections ?? [];
  }

  shown(userId: UserId): string[] {
    return this.connections(userId).map(({ place, state, remote }) => `${place} ${state} ${remote.number}`);
  }

  /** As a request finds the call. */
  subject(userId: UserId, place: DeviceConnection['place'] = 'desk_phone', leg?: LegHandle): Subject {
    const line = this.lines.find((one) => one.userId === userId);
    if (line === undefined) throw new Error('no such line');
    const connection = this.connections(userId).findLast((one) => one.place === place);
    return { line, remoteNumber: connection?.remote.number ?? '', leg, connection };
  }

  /** What became of it, in so much virtual time. */
  async outcome(act: () => Promise<unknown>, milliseconds = 10_000): Promise<string> {
    const result: { outcome?: string } = {};
    const finished = Promise.try(act).then(
      () => (result.outcome = 'done'),
      (error: unknown) => (result.outcome = OffhookError.from(error).code),
    );
    for (let passed = 0; passed < milliseconds && result.outcome === undefined; passed += 50)
      await this.pass(50);
    return result.outcome === undefined ? 'nothing' : finished;
  }

  async lose(): Promise<void> {
    this.link.isReachable = false;
    this.link.cut();
    await this.pass(50);
  }

  async restore(): Promise<void> {
    this.link.isReachable = true;
    await this.pass(70_000, 50);
  }
}
