import type { LineConfig, PbxConfig } from '@offhook/contract';
import { header, parseNameAddr, SipEndpoint, type RegistrationState } from '@offhook/sip';
import { perfectNetwork, SeededRandom, SimulatedNetwork, SipHost, VirtualClock } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { Lines } from '../lines/lines.ts';
import { PbxLocator } from '../lines/locator.ts';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { clockOn, settle } from '../testing/virtual-clock.ts';
import { plainPbx } from '../testing/pbx-config.ts';

const CONNECTOR = { address: '192.0.2.2', port: 5060 };
const PBX = { address: '192.0.2.1', port: 5060 };
const pbx: PbxConfig = {
  kind: 'generic-sip',
  host: 'pbx.example',
  port: PBX.port,
  transport: 'udp',
  registerExpires: 600,
  ringSeconds: 30,
  ...plainPbx,
};
const anna = (password: string): LineConfig => ({
  lineId: id.line('line-anna'),
  userId: id.user('anna'),
  number: '101',
  displayName: 'Anna',
  authUser: '101',
  password,
  kept: {},
});

/** One line of the connector and a registrar that keeps one binding for each Contact, 30 ms away. */
class Registration {
  readonly clock = new VirtualClock();
  readonly bound = new Set<string>();
  readonly states: RegistrationState['name'][] = [];
  /** Where the PBX's name points to. */
  addresses: readonly string[] = [PBX.address];
  registers = 0;
  readonly lines: Lines;
  readonly #locator: PbxLocator;

  constructor() {
    const random = new SeededRandom(1);
    const { clock } = this;
    const conditions = { ...perfectNetwork, delay: [30, 30] } as const;
    const network = new SimulatedNetwork({ clock, random: random.fork(), conditions });
    const endpoint = (place: typeof PBX) =>
      new SipEndpoint({
        random: random.fork().bytes,
        product: 'test',
        local: [{ transport: 'udp', ...place }],
      });
    const connector = new SipHost({
      network,
      clock,
      place: CONNECTOR,
      endpoint: endpoint(CONNECTOR),
      onEvent: (event) => {
        if (event.type !== 'registration.changed') return;
        this.states.push(event.state.name);
        this.lines.onRegistration(event.registration, event.state);
      },
    });
    network.onDatagram = ({ from, bytes }) => {
      if (from.address === CONNECTOR.address && Buffer.from(bytes).includes('REGISTER sip')) {
        this.registers += 1;
      }
    };
    for (const address of [PBX.address, '192.0.2.9']) this.#registrar(network, endpoint, address);
    const options = { clock: clockOn(clock), random: () => random.fraction(), log: quiet };
    this.#locator = new PbxLocator({
      ...options,
      lookup: () => Promise.resolve(this.addresses),
      onMoved: () => this.lines.relocated(),
      onUnknown: () => this.lines.unlocated(),
    });
    this.lines = new Lines({ ...options, sip: connector, onChanged: () => {} }, this.#locator);
  }

  get shown(): string | undefined {
    return this.lines.stateOf(id.user('anna'))?.state;
  }

  async pass(duration: number, stepBy = 1_000): Promise<void> {
    const until = this.clock.now + duration;
    while (this.clock.now < until) {
      this.clock.advance(Math.min(stepBy, until - this.clock.now));
      await settle();
    }
  }

  /** The PBX's name is looked up and points to another address. */
  async move(address: string): Promise<void> {
    this.addresses = [address];
    this.#locator.locate(pbx);
    await settle();
  }

  /** Until the next REGISTER is on its way, and not yet there. */
  async untilRegister(): Promise<void> {
    const { registers } = this;
    while (this.registers === registers) await this.pass(10, 10);
  }

  /** Both addresses are nodes of one PBX with one location service. */
  #registrar(network: SimulatedNetwork, endpoint: (place: typeof PBX) => SipEndpoint, address: string) {
    const place = { address, port: PBX.port };
    const host = new SipHost({
      network,
      clock: this.clock,
      place,
      endpoint: endpoint(place),
      onEvent: (event) => {
        if (event.type !== 'request') return;
        const contact = header(event.request, 'contact') ?? '';
        const uri = parseNameAddr(contact)?.uri ?? '';
        if (header(event.request, 'expires') === '0') this.bound.delete(uri);
        else this.bound.add(uri);
        const headers = [...this.bound].map((one) => ['Contact', `<${one}>;expires=600`] as const);
        host.run((sip, now) => {
          sip.respond(event.requestId, 200, now, { headers });
        });
      },
    });
  }
}

async function registered(): Promise<Registration> {
  const registration = new Registration();
  registration.lines.apply({ revision: 1, pbx, lines: [anna('old')] });
  await registration.pass(1_000, 10);
  expect(registration.shown).toBe('registered');
  return registration;
}

const contact = 'sip:line-anna@192.0.2.2:5060';

describe('a line that is shown as registered has a binding', () => {
  test('after a change of its password while a refresh is in flight', async () => {
    const registration = await registered();
    await registration.untilRegister();
    registration.lines.apply({ revision: 2, pbx, lines: [anna('new')] });
    await registration.pass(5_000, 10);
    expect(registration.shown).toBe('registered');
    expect([...registration.bound]).toEqual([contact]);
    expect(registration.states.slice(-4)).toEqual([
      'registering',
      'unregistered',
      'registering',
      'registered',
    ]);
  });

  test('[RFC3261-10.2.4] after the PBX was restarted and has forgotten it, once a call says so', async () => {
    const registration = await registered();
    registration.bound.clear();
    registration.lines.refreshSoon();
    await registration.pass(3_000, 10);
    expect([...registration.bound]).toEqual([contact]);
    expect(registration.shown).toBe('registered');
    expect(registration.registers).toBe(2);
  });

  test('after the PBX has moved to its other node while a refresh is in flight', async () => {
    const registration = await registered();
    await registration.untilRegister();
    await registration.move('192.0.2.9');
    await registration.pass(5_000, 10);
    expect(registration.shown).toBe('registered');
    expect([...registration.bound]).toEqual([contact]);
  });
});
