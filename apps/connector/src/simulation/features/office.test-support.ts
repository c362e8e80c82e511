import {
  OffhookError,
  type CallId,
  type CallRecord,
  type LineConfig,
  type LinkCall,
  type PbxConfig,
  type PlatformKind,
  type UserId,
} from '@offhook/contract';
import { SipEndpoint, type EndpointEvent } from '@offhook/sip';
import { perfectNetwork, SeededRandom, SimulatedNetwork, SipHost, VirtualClock } from '@offhook/testkit';
import { CallBoard } from '../../calls/board.ts';
import { CallControl } from '../../calls/control.ts';
import type { LineBook } from '../../calls/lines.ts';
import { ClientPresence, type Client } from '../../calls/presence.ts';
import { CallRequests } from '../../calls/requests.ts';
import { isSessionEvent } from '../../calls/session-events.ts';
import { CstaPlatform } from '../../platforms/csta/platform.ts';
import type { CstaProfile } from '../../platforms/csta/profile.ts';
import type { FakeOptions } from '../../platforms/csta/testing/fake-exchange.ts';
import { VirtualExchangeLink } from '../../platforms/csta/testing/virtual-link.ts';
import { GenericSip } from '../../platforms/generic-sip/generic-sip.ts';
import { OPENSCAPE_4000 } from '../../platforms/openscape-4000/profile.ts';
import { OPENSCAPE_BUSINESS } from '../../platforms/openscape-business/profile.ts';
import { OPENSCAPE_VOICE } from '../../platforms/openscape-voice/profile.ts';
import type { PlatformOptions } from '../../platforms/options.ts';
import type { Platform, PlatformEvents } from '../../platforms/platform.ts';
import { FakeEngine } from '../../testing/fake-engine.ts';
import { id } from '../../testing/ids.ts';
import { quiet } from '../../testing/log.ts';
import { plainPbx } from '../../testing/pbx-config.ts';
import { times } from '../../testing/scene.ts';
import { clockOn, settle } from '../../testing/virtual-clock.ts';
import { DOMAIN } from '../office.test-support.ts';
import type { Breakage } from './breakage.test-support.ts';
import { CONNECTOR, PBX, Trunk } from './trunk.test-support.ts';
import { MAILBOX, Switch, type Extension, type FakeCall } from './switch.test-support.ts';

export const PLATFORMS = ['generic-sip', 'openscape-voice', 'openscape-4000', 'openscape-business'] as const;

const EXTENSIONS: readonly Extension[] = [
  { name: 'anna', main: '101', line: '5101', mobile: '+4915550911' },
  { name: 'ben', main: '102', line: '5102', mobile: '+4915550922' },
  { name: 'carla', main: '103', line: '5103', mobile: '+4915550933' },
];

const CSTA: Readonly<
  Record<Exclude<PlatformKind, 'generic-sip'>, { profile: CstaProfile; options: Partial<FakeOptions> }>
> = {
  'openscape-voice': {
    profile: OPENSCAPE_VOICE,
    options: { style: 'switching_function', order: 'answer_first' },
  },
  'openscape-4000': { profile: OPENSCAPE_4000, options: { style: 'plus', order: 'events_first' } },
  'openscape-business': { profile: OPENSCAPE_BUSINESS, options: { style: 'bare', order: 'answer_first' } },
};

/** All that the cloud was told of one call. */
export interface Story {
  readonly userId: UserId;
  readonly told: LinkCall[];
  readonly revisions: number[];
}

export interface Asked {
  readonly what: string;
  readonly since: number;
  /** A code, or `done`. */
  outcome: string | undefined;
}

export interface FeatureOfficeOptions {
  readonly seed: number;
  readonly kind: PlatformKind;
  readonly broken?: Breakage | undefined;
}

/**
 * An office of three with two clients and a desk phone each, before an exchange of its own: the connector's board, control, requests and
 * platform adapter as they are, SIP and CSTA between them octet for octet, all on virtual time.
 */
export class FeatureOffice {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  readonly engine = new FakeEngine();
  readonly presence = new ClientPresence();
  readonly exchange: Switch;
  readonly trunk: Trunk;
  readonly link: VirtualExchangeLink | undefined;
  readonly platform: Platform;
  readonly board: CallBoard;
  readonly control: CallControl;
  readonly requests: CallRequests;
  readonly connector: SipHost<SipEndpoint>;
  readonly kind: PlatformKind;
  readonly broken: Breakage | undefined;
  readonly clients: readonly Client[];
  readonly stories = new Map<CallId, Story>();
  readonly records: CallRecord[] = [];
  /** Calls that were found to be one with another: no record of them is wanted. */
  readonly forgotten = new Set<string>();
  readonly begun = new Map<string, string>();
  readonly asked: Asked[] = [];
  readonly here = new Set<Client>();
  readonly pbx: PbxConfig;
  /** To whom most of it happens. */
  readonly favourite: Extension;
  linkUps = 0;
  #ids = 0;
  #outside = 7_000;

  constructor({ seed, kind, broken }: FeatureOfficeOptions) {
    this.kind = kind;
    this.broken = broken;
    this.random = new SeededRandom(seed);
    const { clock, random } = this;
    this.network = new SimulatedNetwork({ clock, random: random.fork(), conditions: perfectNetwork });
    const csta = kind === 'generic-sip' ? undefined : CSTA[kind];
    this.exchange = new Switch(clock, EXTENSIONS, csta?.options ?? {}, (told) => this.link?.tell(told));
    this.favourite = random.pick(EXTENSIONS);
    this.exchange.onRinging = (call, devices) => {
      this.#perhapsAnswers(call, devices);
    };
    this.link = csta === undefined ? undefined : new VirtualExchangeLink(clock, this.exchange);
    this.trunk = new Trunk({
      clock,
      network: this.network,
      random: random.fork(),
      switch: this.exchange,
      hasPackages: csta === undefined,
    });
    this.pbx = {
      ...plainPbx,
      kind,
      host: PBX.address,
      port: PBX.port,
      transport: 'udp',
      registerExpires: 600,
      ringSeconds: 120,
      ...(csta === undefined ? {} : { csta: { port: 1040, transport: 'tcp' as const } }),
      codes:
        csta === undefined
          ? {
              voicemail: MAILBOX,
              park: '*70',
              pickUp: '*8{number}',
              groupPickUp: '*8',
              doNotDisturb: '*25',
              doNotDisturbOff: '#25',
            }
          : { voicemail: MAILBOX, unpark: '*7{number}' },
    };
    this.connector = new SipHost({
      network: this.network,
      clock,
      place: CONNECTOR,
      endpoint: new SipEndpoint({
        random: random.fork().bytes,
        product: 'connector',
        local: [{ transport: 'udp', ...CONNECTOR }],
        unsolicited: ['message-summary'],
      }),
      onEvent: (event) => {
        this.#onSip(event);
      },
    });
    const records = {
      begin: ({ recordId, callId }: { recordId: string; callId: string }) => {
        this.begun.set(recordId, callId);
      },
      forget: (recordId: string) => {
        this.forgotten.add(this.begun.get(recordId) ?? '');
      },
      finish: (record: CallRecord) => {
        this.#keep(record);
        return Promise.resolve();
      },
    };
    const newId = (): string => {
      this.#ids += 1;
      return `id-${String(this.#ids)}`;
    };
    this.board = new CallBoard({
      epoch: id.epoch('epoch-1'),
      clock: clockOn(clock),
      newId,
      records,
      abilities: (userId) => this.platform.abilities(userId),
      publish: (event) => {
        if (event.name === 'call.changed')
          this.#tell(event.data.userId, event.data.revision.rev, event.data.call);
      },
    });
    const lines = this.#lineBook();
    this.control = new CallControl({
      sip: this.connector,
      engine: this.engine,
      lines,
      presence: this.presence,
      board: this.board,
      clock: clockOn(clock),
      times,
      newId,
      admit: (userId, situation) => this.platform.admit(userId, situation),
      publish: () => {},
      onPbxLost: () => {},
      log: quiet,
    });
    const events: PlatformEvents = {
      onDevices: (userId, report) => {
        if (broken === 'deaf to devices' && clock.now > 2_000) return;
        this.board.reported(userId, report);
      },
      onSettings: () => {},
      onAbilities: (userId) => {
        this.board.abilitiesChanged(userId);
      },
      onLink: (state) => {
        if (state === 'up') this.linkUps += 1;
      },
    };
    const options: PlatformOptions = {
      sip: this.connector,
      clock: clockOn(clock),
      random: () => random.fraction(),
      newId,
      log: quiet,
      lines,
      isOwnLeg: (sipCallId) => this.control.hasLeg(sipCallId),
      events,
    };
    const { link } = this;
    this.platform =
      csta === undefined || link === undefined
        ? new GenericSip(options)
        : new CstaPlatform({
            ...options,
            profile: csta.profile,
            openLink: link.open,
            sip: (sipEvents) => new GenericSip({ ...options, events: sipEvents }),
          });
    this.requests = new CallRequests({
      control: this.control,
      board: this.board,
      lines,
      platform: this.platform,
      clock: clockOn(clock),
    });
    this.clients = EXTENSIONS.flatMap(({ name }) =>
      ['tab', 'phone'].map((device) => ({
        userId: id.user(name),
        clientId: id.client(`${name}-${device}`),
      })),
    );
    for (const client of this.clients) this.here.add(client);
    this.presence.snapshot(this.clients, 0);
  }

  /** Configured, connected and in step. */
  static async open(options: FeatureOfficeOptions): Promise<FeatureOffice> {
    const office = new FeatureOffice(options);
    office.platform.apply({ pbx: office.pbx, lines: EXTENSIONS.map(lineOf) });
    await office.pass(1_000);
    return office;
  }

  get seesAll(): boolean {
    return this.link !== undefined;
  }

  userOf(name: string): UserId {
    return id.user(name);
  }

  /** Most people outside answer without being told to. */
  #perhapsAnswers(call: FakeCall, devices: readonly string[]): void {
    const [device = ''] = devices;
    if (!/^7[01]\d\d$/u.test(device) || !this.random.chance(0.6)) return;
    this.clock.after(this.random.integer(1, 3_000), () => {
      if (this.exchange.isAlive(call) && call.parts.get(device) === 'alerting')
        this.exchange.answer(call, device);
    });
  }

  /** Somebody outside who has not been in a call yet: so a record is found by the number. */
  newcomer(): string {
    this.#outside += 1;
    return String(this.#outside);
  }

  ask(what: string, act: () => Promise<unknown>): void {
    const asked: Asked = { what, since: this.clock.now, outcome: undefined };
    this.asked.push(asked);
    const isIgnored = this.broken === 'silent to requests' && this.asked.length % 3 === 0;
    Promise.try(isIgnored ? () => new Promise(() => {}) : act).then(
      () => (asked.outcome = 'done'),
      (error: unknown) => (asked.outcome = OffhookError.from(error).code),
    );
  }

  /** From one appointment to the next, with promises settled between them. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.clock.now + milliseconds;
    await settle();
    for (;;) {
      const next = this.clock.next;
      if (next === undefined || next > until) break;
      this.clock.advance(next - this.clock.now);
      await settle();
    }
    this.clock.advance(until - this.clock.now);
    await settle();
  }

  clientLeft(client: Client): void {
    if (!this.here.delete(client)) return;
    this.presence.left(client, this.clock.now);
    this.control.presenceChanged();
  }

  clientCame(client: Client): void {
    this.here.add(client);
    this.presence.joined(client);
    this.control.presenceChanged();
  }

  cloudLost(): void {
    this.presence.linkLost(this.clock.now);
    this.control.presenceChanged();
  }

  cloudBack(): void {
    this.presence.snapshot([...this.here], this.clock.now);
    this.control.presenceChanged();
  }

  /** The exchange is there again at once and knows nothing of before; its streams have stopped. */
  restartExchange(): void {
    this.exchange.restart();
    this.trunk.restart();
    this.link?.cut();
    for (const bridge of this.engine.bridges) {
      bridge.emit({ type: 'pbx', state: 'flowing' });
      bridge.emit({ type: 'pbx', state: 'silent' });
    }
  }

  stop(): void {
    this.platform.stop();
  }

  /** What should be gone when all is over. */
  leftovers(): Record<string, number> {
    const connector = this.connector.endpoint.counts();
    const exchange = this.trunk.counts();
    const media = this.engine.counts();
    const userIds = EXTENSIONS.map(({ name }) => this.userOf(name));
    return {
      legs: this.control.count,
      calls: userIds.reduce((sum, userId) => sum + this.board.calls(userId).calls.size, 0),
      untold: this.board.ending,
      connectorTransactions: connector.transactions,
      connectorDialogs: connector.dialogs,
      connectorSessions: connector.sessions,
      connectorSubscriptions: connector.subscriptions,
      connectorReferrals: connector.referrals + connector.referrers,
      connectorTimers: connector.timers,
      exchangeSessions: exchange.sessions,
      exchangeDialogs: exchange.dialogs,
      exchangeNotifiers: exchange.notifiers,
      bridges: media.bridges,
      browserLegs: media.browserLegs,
      ports: media.pbxPorts,
      expectations: userIds.filter((userId) => this.control.expected.take(userId, () => true) !== undefined)
        .length,
      monitors: this.exchange.monitors.size,
      links: this.link?.sessions ?? 0,
      appointments: this.clock.pending,
    };
  }

  #onSip(event: EndpointEvent): void {
    if (this.platform.onSip(event)) return;
    if (this.broken === 'deaf to ends' && event.type === 'session.ended' && this.clock.now > 5_000) return;
    if (isSessionEvent(event)) this.control.onSip(event);
    else if (event.type === 'referral.changed') this.control.onReferral(event.referral, event.state);
    else if (event.type === 'request') {
      this.connector.run((endpoint, now) => {
        endpoint.respond(event.requestId, 405, now);
      });
    }
  }

  #keep(record: CallRecord): void {
    const { broken } = this;
    if (broken === 'no record' && this.records.length % 2 === 1) {
      this.forgotten.add('');
      this.records.push({ ...record, callId: id.call('somebody-elses') });
      return;
    }
    if (broken === 'all missed') {
      const { answeredAt, ...missed } = record;
      void answeredAt;
      this.records.push({ ...missed, cause: 'no_answer' });
      return;
    }
    this.records.push(record);
    if (broken === 'double records') this.records.push(record);
  }

  #tell(userId: UserId, rev: number, call: LinkCall): void {
    if (this.broken === 'ends untold' && call.state.name === 'ended') return;
    const story = this.stories.get(call.callId) ?? { userId, told: [], revisions: [] };
    this.stories.set(call.callId, story);
    story.told.push(call);
    story.revisions.push(rev);
  }

  #lineBook(): LineBook {
    const lines = new Map(EXTENSIONS.map((extension) => [extension.name, lineOf(extension)]));
    return {
      configured: true,
      ofUser: (userId) => {
        const line = lines.get(userId);
        return line === undefined
          ? undefined
          : {
              line,
              registered: true,
              credentials: { username: line.authUser, password: line.password },
              target: { transport: 'udp', ...PBX },
              route: [],
              domain: DOMAIN,
            };
      },
      ofInvite: (requestUser) => lines.get(requestUser.replace('line-', '')),
      isPbx: ({ address }) => address === PBX.address,
      isEmergency: (number) => number === '112',
      ringTime: () => 40_000,
    };
  }
}

function lineOf({ name, main, line, mobile }: Extension): LineConfig {
  return {
    lineId: id.line(`line-${name}`),
    userId: id.user(name),
    number: line,
    displayName: name,
    authUser: line,
    password: 'secret',
    mainNumber: main,
    kept: { alternativeNumber: mobile },
  };
}
