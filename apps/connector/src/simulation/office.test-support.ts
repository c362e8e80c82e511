import type { CallRecord, LineConfig, LinkCall, UserId } from '@offhook/contract';
import { SipEndpoint } from '@offhook/sip';
import {
  SeededRandom,
  SimulatedNetwork,
  SipHost,
  VirtualClock,
  type NetworkConditions,
} from '@offhook/testkit';
import { CallBoard } from '../calls/board.ts';
import { CallControl } from '../calls/control.ts';
import { CallRequests } from '../calls/requests.ts';
import { isSessionEvent } from '../calls/session-events.ts';
import type { LineBook } from '../calls/lines.ts';
import { ClientPresence, type Client } from '../calls/presence.ts';
import { NO_PLATFORM } from '../platforms/none.ts';
import type { Platform } from '../platforms/platform.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { times } from '../testing/scene.ts';
import { clockOn } from '../testing/virtual-clock.ts';
import { Peers } from './peers.test-support.ts';

const CONNECTOR = { address: '192.0.2.2', port: 5060 };
const PBX = { address: '192.0.2.1', port: 5060 };
export const DOMAIN = 'pbx.example';
export const RING_TIME = 20_000;

export interface Told {
  readonly rev: number;
  readonly call: LinkCall;
}

/**
 * An office on the simulated network: the connector's call control on a real SIP endpoint, the other side of its
 * calls on another one, an engine without voice, virtual time, and everything that the cloud was told.
 */
export class Office {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  readonly engine = new FakeEngine();
  readonly presence = new ClientPresence();
  readonly board: CallBoard;
  readonly control: CallControl;
  readonly requests: CallRequests;
  readonly connector: SipHost<SipEndpoint>;
  readonly peers: Peers;
  readonly told = new Map<string, Told[]>();
  readonly records: CallRecord[] = [];
  readonly reattached: string[] = [];
  /** How often a call was lost at the PBX. */
  losses = 0;
  readonly #lines = new Map<string, LineConfig>();
  readonly #watchers = new Map<UserId, (call: LinkCall) => void>();
  #ids = 0;

  constructor(seed: number, conditions: NetworkConditions, platform: Platform = NO_PLATFORM) {
    this.random = new SeededRandom(seed);
    const { clock } = this;
    this.network = new SimulatedNetwork({ clock, random: this.random.fork(), conditions });
    this.connector = new SipHost({
      network: this.network,
      clock,
      place: CONNECTOR,
      endpoint: new SipEndpoint({
        random: this.random.fork().bytes,
        product: 'connector',
        local: [{ transport: 'udp', ...CONNECTOR }],
      }),
      onEvent: (event) => {
        if (isSessionEvent(event)) this.control.onSip(event);
        else if (event.type === 'referral.changed') this.control.onReferral(event.referral, event.state);
      },
    });
    this.peers = new Peers({ network: this.network, clock, place: PBX, random: this.random.fork() });
    const records = {
      begin: () => {},
      forget: () => {},
      finish: (record: CallRecord) => {
        this.records.push(record);
        return Promise.resolve();
      },
    };
    const newId = () => {
      this.#ids += 1;
      return `id-${String(this.#ids)}`;
    };
    this.board = new CallBoard({
      epoch: id.epoch('epoch-1'),
      clock: clockOn(clock),
      newId,
      records,
      abilities: (userId) => platform.abilities(userId),
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
      admit: (userId, situation) => platform.admit(userId, situation),
      publish: (event) => {
        if (event.name === 'media.reattach') this.reattached.push(event.data.callId);
      },
      onPbxLost: () => {
        this.losses += 1;
      },
      log: quiet,
    });
    this.requests = new CallRequests({
      control: this.control,
      board: this.board,
      lines,
      platform,
      clock: clockOn(clock),
    });
    this.presence.snapshot([], 0);
  }

  /** A user with a line and, unless `absent`, one client. */
  addUser(
    name: string,
    where: 'present' | 'absent' = 'present',
    more: Pick<LineConfig, 'callerId'> = {},
  ): Client {
    const userId = id.user(name);
    const client = { userId, clientId: id.client(`${name}-tab`) };
    this.#lines.set(name, {
      lineId: id.line(`line-${name}`),
      userId,
      number: name,
      displayName: name,
      authUser: name,
      password: 'secret',
      kept: {},
      ...more,
    });
    if (where === 'present') this.presence.joined(client);
    return client;
  }

  /** Called after each change of the user's calls that the cloud is told. */
  watch(userId: UserId, onTold: (call: LinkCall) => void): void {
    this.#watchers.set(userId, onTold);
  }

  /** What the cloud was told of a user, in order. */
  toldOf(userId: UserId): Told[] {
    return this.told.get(userId) ?? [];
  }

  lastOf(userId: UserId): LinkCall | undefined {
    return this.toldOf(userId).at(-1)?.call;
  }

  /** Everything that should be gone when all calls are over. */
  leftovers(): Record<string, number> {
    const connector = this.connector.endpoint.counts();
    const pbx = this.peers.counts();
    const media = this.engine.counts();
    return {
      calls: this.control.count,
      connectorTransactions: connector.transactions,
      connectorDialogs: connector.dialogs,
      connectorSessions: connector.sessions,
      connectorTimers: connector.timers,
      pbxTransactions: pbx.transactions,
      pbxDialogs: pbx.dialogs,
      pbxSessions: pbx.sessions,
      pbxTimers: pbx.timers,
      bridges: media.bridges,
      browserLegs: media.browserLegs,
      ports: media.pbxPorts,
      appointments: this.clock.pending,
    };
  }

  #tell(userId: UserId, rev: number, call: LinkCall): void {
    const told = this.told.get(userId) ?? [];
    told.push({ rev, call });
    this.told.set(userId, told);
    this.#watchers.get(userId)?.(call);
  }

  #lineBook(): LineBook {
    return {
      configured: true,
      ofUser: (userId) => {
        const line = this.#lines.get(userId);
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
      ofInvite: (requestUser) => this.#lines.get(requestUser.replace('line-', '')),
      isPbx: ({ address }) => address === PBX.address,
      isEmergency: (number) => number === '112',
      ringTime: () => RING_TIME,
    };
  }
}
