import { legChanged, NO_CALLS } from '@offhook/call-model';
import type { DialCodes, LineConfig, LinkCall, PbxConfig } from '@offhook/contract';
import {
  dialogInfoType,
  eventOf,
  formatDialogInfo,
  formatMessageSummary,
  parseNameAddr,
  parseSipUri,
  header,
  SipEndpoint,
  type Body,
  type DialogEntry,
  type EndpointEvent,
  type MessageSummary,
  type NotifierId,
  type SessionId,
} from '@offhook/sip';
import { perfectNetwork, SeededRandom, SimulatedNetwork, SipHost, VirtualClock } from '@offhook/testkit';
import { inviteOf, uriOf } from '../../calls/invites.ts';
import type { LineBook, LineOfUser } from '../../calls/lines.ts';
import { LiveCall, type LiveCallOptions } from '../../calls/live-call.ts';
import { placeCall, ringCall } from '../../calls/machine.ts';
import type { CallFacts } from '../../calls/model.ts';
import { isSessionEvent, textOf } from '../../calls/session-events.ts';
import { describe as describeVoice, describeAnswer, FakeEngine } from '../../testing/fake-engine.ts';
import { id } from '../../testing/ids.ts';
import { quiet } from '../../testing/log.ts';
import { plainPbx } from '../../testing/pbx-config.ts';
import { anna, times } from '../../testing/scene.ts';
import { clockOn, pass } from '../../testing/virtual-clock.ts';
import type { TestDesk, TestPlatform, Told } from '../contract-suite.ts';
import type { Subject } from '../platform.ts';
import { GenericSip } from './generic-sip.ts';

const US = { address: '192.0.2.2', port: 5060 };
const PBX = { address: '192.0.2.1', port: 5060 };
const DOMAIN = 'pbx.example';

export const ALL_CODES: DialCodes = {
  voicemail: '500',
  forwardImmediate: '*21*{number}',
  forwardImmediateOff: '#21',
  forwardBusy: '*67*{number}',
  forwardBusyOff: '#67',
  forwardNoAnswer: '*61*{number}',
  forwardNoAnswerOff: '#61',
  doNotDisturb: '*25',
  doNotDisturbOff: '#25',
  park: '*70',
  pickUp: '*8{number}',
  groupPickUp: '*8',
  callBack: '*37*{number}',
  conference: '*90*{number}',
};

export interface ExchangeOptions {
  readonly codes?: DialCodes;
  /** Event packages that the PBX has. */
  readonly packages?: readonly string[];
  readonly mainNumber?: string;
  readonly alternative?: string;
  /** What it answers REFER with, where that is no question of behaviour. */
  readonly referStatus?: number;
}

const sdp = (text: string): Body => ({
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(text),
});

/** A scripted SIP PBX with one user, the adapter before it, and the user's legs; virtual time. */
export class SipExchange implements TestPlatform {
  readonly link = undefined;
  readonly told: Told = { devices: [], settings: [], abilities: 0, links: [] };
  readonly platform: GenericSip;
  readonly line: LineConfig;
  readonly pbxConfig: PbxConfig;
  /** Numbers that were called at the PBX, in order. */
  readonly dialled: string[] = [];
  /** Refer-To of each REFER. */
  readonly referred: string[] = [];
  /** Contacts of each 302. */
  readonly redirected: string[] = [];
  /** Packages that were subscribed to, with the time. */
  readonly subscribed: string[] = [];
  readonly legs: LiveCall[] = [];
  readonly clock = new VirtualClock();
  /** REFERs that come to nothing though it agrees otherwise, by their order: the call that they ask for is answered so. */
  readonly comesToNothing = new Map<number, number>();
  how: 'agree' | 'refuse' | 'silent' = 'agree';
  mailbox: MessageSummary = { waiting: false, counts: {} };
  #dialogs: DialogEntry[] = [];
  #version = 0;
  #ids = 0;
  readonly #options: ExchangeOptions;
  readonly #ours: SipHost<SipEndpoint>;
  #pbx: SipHost<SipEndpoint>;
  readonly #notifiers = new Map<NotifierId, string>();
  readonly #restart: () => void;
  readonly #engine = new FakeEngine();
  readonly #bySession = new Map<SessionId, LiveCall>();
  readonly #lines: LineBook;

  private constructor(options: ExchangeOptions) {
    this.#options = options;
    const { codes = ALL_CODES, mainNumber, alternative = '004915550101' } = options;
    this.line = {
      lineId: id.line('line-anna'),
      userId: id.user('anna'),
      number: '5101',
      displayName: 'Anna',
      authUser: '5101',
      password: 'secret',
      ...(mainNumber === undefined ? {} : { mainNumber }),
      kept: { alternativeNumber: alternative },
    };
    this.pbxConfig = {
      ...plainPbx,
      kind: 'generic-sip',
      host: PBX.address,
      port: PBX.port,
      transport: 'udp',
      registerExpires: 600,
      ringSeconds: 120,
      codes,
    };
    const random = new SeededRandom(1);
    const { clock } = this;
    const network = new SimulatedNetwork({ clock, random: random.fork(), conditions: perfectNetwork });
    const host = (place: typeof US, onEvent: (event: EndpointEvent) => void): SipHost<SipEndpoint> =>
      new SipHost({
        network,
        clock,
        place,
        endpoint: new SipEndpoint({
          random: random.fork().bytes,
          product: 'test',
          local: [{ transport: 'udp', ...place }],
          unsolicited: ['message-summary'],
        }),
        onEvent,
      });
    this.#ours = host(US, (event) => {
      this.#onOurs(event);
    });
    const openPbx = (): SipHost<SipEndpoint> =>
      host(PBX, (event) => {
        this.#onPbx(event);
      });
    this.#pbx = openPbx();
    this.#restart = () => {
      this.#pbx[Symbol.dispose]();
      this.#notifiers.clear();
      this.#pbx = openPbx();
    };
    this.#lines = this.#lineBook();
    this.platform = new GenericSip({
      sip: this.#ours,
      clock: clockOn(clock),
      random: () => random.fraction(),
      newId: () => this.#newId(),
      log: quiet,
      lines: this.#lines,
      isOwnLeg: (callId) => this.legs.some(({ sipCallId }) => sipCallId === callId),
      events: {
        onDevices: (_user, report) => {
          this.told.devices.push(report);
        },
        onSettings: (_user, settings) => {
          this.told.settings.push(settings);
        },
        onAbilities: () => {
          this.told.abilities += 1;
        },
        onLink: (state) => {
          this.told.links.push(state);
        },
      },
    });
  }

  /** Registered and probed. */
  static async open(options: ExchangeOptions = {}): Promise<SipExchange> {
    const exchange = new SipExchange(options);
    exchange.platform.apply({ pbx: exchange.pbxConfig, lines: [exchange.line] });
    await exchange.pass(1_000);
    return exchange;
  }

  [Symbol.dispose](): void {
    this.platform.stop();
    this.#ours[Symbol.dispose]();
    this.#pbx[Symbol.dispose]();
  }

  pass(milliseconds: number): Promise<void> {
    return pass(this.clock, milliseconds, 25);
  }

  behave(how: 'agree' | 'refuse' | 'silent'): void {
    this.how = how;
  }

  counts(): ReturnType<SipEndpoint['counts']> {
    return this.#ours.endpoint.counts();
  }

  async atClient(number: string, state: 'ringing' | 'talking' | 'held'): Promise<Subject> {
    const live = state === 'ringing' ? await this.#ring(number) : await this.#talk(number);
    if (state === 'held') {
      const held = live.request(anna, { method: 'hold' });
      await this.pass(200);
      await held;
    }
    return { line: this.line, remoteNumber: number, leg: live.handle, connection: undefined };
  }

  /** A call at another device of the number, where the PBX has dialog-info. */
  get desk(): TestDesk | undefined {
    if (this.#options.packages?.includes('dialog') === false) return undefined;
    return {
      begin: async (number, state) => {
        const params = new Map(state === 'held' ? [['+sip.rendering', 'no']] : []);
        const dialog: DialogEntry = {
          id: number,
          callId: `desk-call-${number}`,
          localTag: 'desk-tag',
          remoteTag: 'peer-tag',
          direction: 'recipient',
          state: state === 'ringing' ? 'early' : 'confirmed',
          local: { target: { uri: 'sip:101@192.0.2.7', params } },
          remote: { identity: { uri: `sip:${number}@${DOMAIN}` } },
        };
        await this.show([...this.#dialogs.filter(({ id: known }) => known !== number), dialog]);
        await this.pass(500);
      },
      end: async (number) => {
        await this.show(this.#dialogs.filter(({ id: known }) => known !== number));
        await this.pass(500);
      },
      subject: (number) => ({
        line: this.line,
        remoteNumber: number,
        leg: undefined,
        connection: this.told.devices
          .at(-1)
          ?.connections.find(({ place, remote }) => place === 'desk_phone' && remote.number === number),
      }),
    };
  }

  /** Shows these as the number's dialogs. */
  async show(dialogs: readonly DialogEntry[]): Promise<void> {
    this.#dialogs = [...dialogs];
    this.notifyAll();
    await this.pass(50);
  }

  notifyAll(): void {
    for (const [notifier, name] of this.#notifiers) this.#notify(notifier, name);
  }

  /** Restarted: it has forgotten who has subscribed to what, and who is in a call. */
  forgetSubscriptions(): void {
    this.#restart();
  }

  /** A NOTIFY that nobody has subscribed to. */
  async notifyUnasked(summary: MessageSummary): Promise<void> {
    this.#pbx.run((endpoint, now) => {
      endpoint.request(
        {
          method: 'NOTIFY',
          to: `sip:${this.line.lineId}@${US.address}`,
          from: `sip:${this.line.number}@${DOMAIN}`,
          target: { transport: 'udp', ...US },
          headers: [
            ['Event', 'message-summary'],
            ['Subscription-State', 'active'],
          ],
          body: formatMessageSummary(summary),
        },
        now,
      );
    });
    await this.pass(100);
  }

  #newId(): string {
    this.#ids += 1;
    return `id-${String(this.#ids)}`;
  }

  #lineBook(): LineBook {
    const line: LineOfUser = {
      line: this.line,
      registered: true,
      credentials: { username: '5101', password: 'secret' },
      target: { transport: 'udp', ...PBX },
      route: [],
      domain: DOMAIN,
    };
    return {
      configured: true,
      ofUser: (userId) => (userId === this.line.userId ? line : undefined),
      ofInvite: () => this.line,
      isPbx: () => true,
      isEmergency: () => false,
      ringTime: () => 120_000,
    };
  }

  #facts(direction: CallFacts['direction'], number: string): CallFacts {
    return {
      callId: id.call(this.#newId()),
      userId: this.line.userId,
      correlationId: id.correlation(this.#newId()),
      direction,
      remote: { number },
      startedAt: 0,
    };
  }

  async #talk(number: string): Promise<LiveCall> {
    const facts = this.#facts('outgoing', number);
    const joining = { requestId: 1, clientId: anna, legId: id.leg(this.#newId()), offer: 'browser offer' };
    const first = placeCall(facts, times, joining, { at: this.clock.now, instant: 0 });
    const live = new LiveCall(
      first.call,
      this.#legOptions(number, (session) => this.#bySession.set(session, live)),
    );
    this.legs.push(live);
    live.start(first.effects);
    await this.pass(300);
    return live;
  }

  async #ring(number: string): Promise<LiveCall> {
    this.#pbx.run((endpoint, now) => {
      endpoint.invite(
        {
          to: `sip:${this.line.lineId}@${US.address}`,
          from: `sip:${number}@${DOMAIN}`,
          offer: sdp(describeVoice(42_000)),
          target: { transport: 'udp', ...US },
        },
        now,
      );
    });
    await this.pass(100);
    const live = this.legs.at(-1);
    if (live === undefined) throw new Error('no call has come');
    return live;
  }

  #legOptions(number: string, onSession: (session: SessionId) => void): LiveCallOptions {
    const line = this.#lines.ofUser(this.line.userId);
    return {
      sip: this.#ours,
      engine: this.#engine,
      clock: clockOn(this.clock),
      log: quiet,
      invite: (endpoint, offer, now) => {
        if (line === undefined) throw new Error('no line');
        const sipCallId = this.#newId();
        const session = endpoint.invite(inviteOf(line, { to: uriOf(line, number), sipCallId, offer }), now);
        return { session, sipCallId };
      },
      onSession,
      referrals: {
        judge: () => ({ ok: false, status: 403 }),
        invite: (endpoint, { uri }, offer, now) => {
          if (line === undefined) throw new Error('no line');
          const sipCallId = this.#newId();
          return { session: endpoint.invite(inviteOf(line, { to: uri, sipCallId, offer }), now), sipCallId };
        },
      },
      onFact: (fact) => {
        // As the board takes it: nothing of it may throw.
        legChanged(NO_CALLS, fact, 0);
      },
      told: () => ({}) as LinkCall,
      onReattach: () => {},
      onOver: () => Promise.resolve(),
    };
  }

  #onOurs(event: EndpointEvent): void {
    if (this.platform.onSip(event)) return;
    if (event.type === 'referral.changed') {
      for (const live of this.legs) live.onReferral(event.referral, event.state);
      return;
    }
    if (!isSessionEvent(event) || event.type === 'session.request') return;
    if (event.type !== 'session.incoming') {
      this.#bySession.get(event.session)?.onSip(event);
      return;
    }
    const offer = event.offer === undefined ? undefined : textOf(event.offer);
    const first = ringCall(
      this.#facts('incoming', '200'),
      times,
      { offer, ringFor: 120_000 },
      { at: this.clock.now, instant: 0 },
    );
    const live = new LiveCall(
      first.call,
      this.#legOptions('', () => {}),
      { session: event.session, sipCallId: event.info.callId },
    );
    this.legs.push(live);
    this.#bySession.set(event.session, live);
    live.start(first.effects);
  }

  #onPbx(event: EndpointEvent): void {
    switch (event.type) {
      case 'request':
        this.#onRequest(event);
        break;
      case 'notifier.wanted': {
        const name = this.#notifiers.get(event.notifier);
        if (name !== undefined) this.#notify(event.notifier, name);
        break;
      }
      case 'notifier.ended':
        this.#notifiers.delete(event.notifier);
        break;
      case 'session.incoming':
        this.#onInvite(event);
        break;
      case 'session.request':
        this.#onRefer(event);
        break;
      case 'session.reoffer': {
        const offer = event.offer === undefined ? '' : textOf(event.offer);
        this.#pbx.run((endpoint, now) => {
          endpoint.acceptOffer(event.session, sdp(describeAnswer(41_000, offer)), now);
        });
        break;
      }
      case 'session.ended':
        if (event.end.by === 'refused' && event.end.response.status === 302) {
          this.redirected.push(header(event.end.response, 'Contact') ?? '');
        }
        break;
      case 'session.progress':
      case 'session.early_confirmed':
      case 'session.redirected':
      case 'session.accepted':
      case 'session.confirmed':
      case 'session.reoffer_result':
      case 'response':
      case 'registration.changed':
      case 'subscription.changed':
      case 'subscription.notified':
      case 'referral.changed':
        break;
    }
  }

  #onRequest({ requestId, request }: Extract<EndpointEvent, { type: 'request' }>): void {
    const name = eventOf(request)?.package ?? '';
    if (request.method === 'SUBSCRIBE') this.subscribed.push(`${name} at ${String(this.clock.now)}`);
    this.#pbx.run((endpoint, now) => {
      const { packages = ['dialog', 'message-summary'] } = this.#options;
      if (request.method !== 'SUBSCRIBE' || !packages.includes(name)) {
        endpoint.respond(requestId, 489, now);
        return;
      }
      this.#notifiers.set(endpoint.acceptSubscription(requestId, now), name);
    });
  }

  #notify(notifier: NotifierId, name: string): void {
    this.#version += 1;
    const body =
      name === 'dialog'
        ? formatDialogInfo({
            version: this.#version,
            state: 'full',
            entity: `sip:${this.line.mainNumber ?? this.line.number}@${DOMAIN}`,
            dialogs: this.#dialogs,
          })
        : formatMessageSummary(this.mailbox);
    this.#pbx.run((endpoint, now) => {
      endpoint.notify(
        notifier,
        { ...body, contentType: name === 'dialog' ? dialogInfoType : body.contentType },
        now,
      );
    });
  }

  #onInvite({ session, request, offer }: Extract<EndpointEvent, { type: 'session.incoming' }>): void {
    const number = decodeURIComponent(parseSipUri(request.uri)?.user ?? '');
    this.dialled.push(number);
    const isCode = /[*#]/u.test(number);
    if (isCode && this.how === 'silent') return;
    this.#pbx.run((endpoint, now) => {
      if (isCode && this.how === 'refuse') endpoint.refuse(session, 403, now);
      else
        endpoint.accept(session, sdp(describeAnswer(41_000, offer === undefined ? '' : textOf(offer))), now);
    });
  }

  #onRefer({ session, request, requestId }: Extract<EndpointEvent, { type: 'session.request' }>): void {
    if (request.method !== 'REFER') return;
    this.referred.push(parseNameAddr(header(request, 'Refer-To') ?? '')?.uri ?? '');
    if (this.how === 'silent') return;
    this.#pbx.run((endpoint, now) => {
      const { referStatus = this.how === 'refuse' ? 603 : undefined } = this.#options;
      if (referStatus !== undefined) {
        endpoint.respond(requestId, referStatus, now);
        return;
      }
      const referrer = endpoint.acceptRefer(requestId, now);
      const failure = this.comesToNothing.get(this.referred.length - 1);
      if (failure !== undefined) {
        if (referrer !== undefined) endpoint.report(referrer, failure, now);
        return;
      }
      if (referrer !== undefined) endpoint.report(referrer, 200, now);
      endpoint.end(session, now);
    });
  }
}
