import type { LineConfig, LineState, PbxConfig } from '@offhook/contract';
import type { Flow, RegisterParams, RegistrationId, RegistrationState, SipEndpointApi } from '@offhook/sip';
import { VirtualClock } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import type { SipDriver } from '../calls/live-call.ts';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { clockOn, settle } from '../testing/virtual-clock.ts';
import { Lines } from './lines.ts';
import { PbxLocator } from './locator.ts';
import { plainPbx } from '../testing/pbx-config.ts';

const pbx: PbxConfig = {
  kind: 'generic-sip',
  host: '192.0.2.1',
  port: 5070,
  transport: 'udp',
  domain: 'pbx.example',
  registerExpires: 600,
  ringSeconds: 30,
  ...plainPbx,
};
const line = (name: string, number: string, changes: Partial<LineConfig> = {}): LineConfig => ({
  lineId: id.line(`line-${name}`),
  userId: id.user(name),
  number,
  displayName: name,
  authUser: number,
  password: 'secret',
  kept: {},
  ...changes,
});

/** Lines on an endpoint that only notes what it is told. */
function setUp(
  lookup: (host: string) => Promise<readonly string[]> = () => Promise.reject(new Error('no DNS')),
) {
  const time = new VirtualClock();
  const commands: string[] = [];
  const registered: RegisterParams[] = [];
  const changes: [string, LineState][] = [];
  /** Whether the removal of a binding is over at once. */
  const registrar = { answers: true };
  const endpoint = {
    register(params: RegisterParams): RegistrationId {
      registered.push(params);
      commands.push(`register ${params.aor} at ${String(time.now)}`);
      return registered.length as RegistrationId;
    },
    refreshRegistration(registration: RegistrationId): void {
      commands.push(`refresh ${registered[registration - 1]?.aor ?? ''} at ${String(time.now)}`);
    },
    unregister(registration: RegistrationId): void {
      commands.push(`unregister ${registered[registration - 1]?.aor ?? ''}`);
      if (registrar.answers) lines.onRegistration(registration, { name: 'unregistered' });
    },
  } as unknown as SipEndpointApi;
  const sip: SipDriver = { run: (command) => command(endpoint, time.now) };
  const clock = clockOn(time);
  const locator = new PbxLocator({
    lookup,
    clock,
    log: quiet,
    onMoved: () => lines.relocated(),
    onUnknown: () => lines.unlocated(),
  });
  const lines: Lines = new Lines(
    {
      sip,
      clock,
      random: () => 0.5,
      log: quiet,
      onChanged: (userId, state) => changes.push([userId, state]),
    },
    locator,
  );
  return { time, commands, registered, changes, lines, locator, registrar };
}

const registration = (number: number): RegistrationId => number as RegistrationId;

describe('the configuration', () => {
  test('registers each line with its own Contact, spread over time', () => {
    const { lines, time, registered } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101'), line('ben', '*102#')] });
    expect(registered).toEqual([]);
    time.advance(40);
    expect(registered[1]).toEqual({
      registrar: 'sip:pbx.example',
      aor: 'sip:*102%23@pbx.example',
      contactUser: 'line-ben',
      ownsContactUser: true,
      expires: 600,
      credentials: { username: '*102#', password: 'secret' },
      target: { transport: 'udp', address: '192.0.2.1', port: 5070 },
    });
    expect(lines.counts()).toEqual({ lines: 2, registered: 0, failed: 0 });
  });

  test('a thousand lines take twenty seconds, and no number of them more than thirty', () => {
    for (const [count, spread] of [
      [1_000, 20_000],
      [10_000, 30_000],
    ] as const) {
      const { lines, time, registered } = setUp();
      const many = Array.from({ length: count }, (_, index) => line(`u${String(index)}`, String(index)));
      lines.apply({ revision: 1, pbx, lines: many });
      time.advance(spread / 2 - 1);
      expect(registered).toEqual([]);
      time.advance(1);
      expect(registered).toHaveLength(count);
    }
  });

  test('a change touches the lines that it changes and no other', () => {
    const { lines, time, commands } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101'), line('ben', '102'), line('carla', '103')] });
    time.advance(100);
    commands.length = 0;
    lines.apply({
      revision: 2,
      pbx,
      lines: [
        line('anna', '101', { displayName: 'Anna Berger' }),
        line('ben', '102', { password: 'new' }),
        line('david', '104'),
      ],
    });
    time.advance(100);
    expect(commands).toEqual([
      'unregister sip:103@pbx.example',
      'unregister sip:102@pbx.example',
      'register sip:102@pbx.example at 120',
      'register sip:104@pbx.example at 120',
    ]);
    expect(lines.ofUser(id.user('anna'))?.line.displayName).toBe('Anna Berger');
    expect(lines.ofUser(id.user('ben'))?.credentials.password).toBe('new');
    expect(lines.ofUser(id.user('carla'))).toBeUndefined();
  });

  test('another PBX means every line registers there', () => {
    const { lines, time, commands } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    time.advance(100);
    commands.length = 0;
    lines.apply({ revision: 2, pbx: { ...pbx, port: 5080 }, lines: [line('anna', '101')] });
    time.advance(100);
    expect(commands).toEqual(['unregister sip:101@pbx.example', 'register sip:101@pbx.example at 110']);
  });

  test('another ring time is none of the PBX’s business', () => {
    const { lines, time, commands } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    time.advance(100);
    commands.length = 0;
    lines.apply({ revision: 2, pbx: { ...pbx, ringSeconds: 60 }, lines: [line('anna', '101')] });
    time.advance(100);
    expect(commands).toEqual([]);
    expect(lines.ringTime()).toBe(60_000);
    for (const changed of [{ domain: 'other.example' }, { registerExpires: 300 }]) {
      lines.apply({ revision: 3, pbx: { ...pbx, ...changed }, lines: [line('anna', '101')] });
      time.advance(100);
      expect(commands.splice(0)).toHaveLength(2);
    }
  });

  test('[RFC3261-10.2] a line registers anew when its old registration is gone, and not before', () => {
    const { lines, time, commands, registrar } = setUp();
    registrar.answers = false;
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    time.advance(100);
    commands.length = 0;
    lines.apply({ revision: 2, pbx, lines: [line('anna', '101', { password: 'new' })] });
    time.advance(10_000);
    // Taken out and in again meanwhile: the binding is the same one.
    lines.apply({ revision: 3, pbx, lines: [] });
    lines.apply({ revision: 4, pbx, lines: [line('anna', '101', { password: 'newer' })] });
    time.advance(10_000);
    expect(commands).toEqual(['unregister sip:101@pbx.example']);
    lines.onRegistration(registration(1), { name: 'unregistered' });
    expect(commands.slice(1)).toEqual(['register sip:101@pbx.example at 20100']);
  });

  test('a line that waits for its old registration is not started when the connector stops', () => {
    const { lines, time, commands, registrar } = setUp();
    registrar.answers = false;
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    time.advance(100);
    lines.apply({ revision: 2, pbx, lines: [line('anna', '101', { password: 'new' })] });
    time.advance(100);
    lines.unregisterAll();
    expect(lines.leaving).toBe(1);
    lines.onRegistration(registration(1), { name: 'unregistered' });
    expect(lines.leaving).toBe(0);
    expect(commands.filter((command) => command.startsWith('register'))).toHaveLength(1);
  });

  test('a line that is taken out before it has registered never does', () => {
    const { lines, time, commands } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    lines.apply({ revision: 2, pbx, lines: [] });
    time.advance(1_000);
    expect(commands).toEqual([]);
    expect(time.pending).toBe(0);
  });
});

describe('a PBX that speaks TLS', () => {
  test.each([
    [{ domain: 'pbx.example' }, 'pbx.example'],
    [{ domain: undefined, host: 'sip.example' }, 'sip.example'],
    [{ domain: undefined }, undefined],
  ])(
    '[RFC5922-4] has to have a certificate for its domain, else its host, else its address: %j',
    async (names, name) => {
      const { lines, time, registered } = setUp(() => Promise.resolve(['192.0.2.1']));
      const { domain, ...changed } = { ...pbx, transport: 'tls' as const, ...names };
      const config = { ...changed, ...(domain !== undefined && { domain }) };
      lines.apply({ revision: 1, pbx: config, lines: [line('anna', '101')] });
      await settle();
      time.advance(100);
      expect(registered[0]?.target).toEqual({
        transport: 'tls',
        address: '192.0.2.1',
        port: 5070,
        ...(name !== undefined && { serverName: name }),
      });
    },
  );
});

describe('the state of a line', () => {
  test('is told when it changes, with the reason in words; a refresh is no news', () => {
    const { lines, time, changes } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    time.advance(100);
    lines.onRegistration(registration(1), { name: 'registering' });
    lines.onRegistration(registration(1), { name: 'registered', expiresAt: 600_000, serviceRoute: [] });
    lines.onRegistration(registration(1), { name: 'registering' });
    lines.onRegistration(registration(1), { name: 'registered', expiresAt: 1_200_000, serviceRoute: [] });
    const why = {
      kind: 'response',
      status: 403,
      reason: 'Forbidden',
      warning: '399 pbx "Check provisioning"',
    } as const;
    lines.onRegistration(registration(1), { name: 'failed', retryAt: 0, why });
    expect(changes).toEqual([
      ['anna', { number: '101', state: 'registered' }],
      [
        'anna',
        { number: '101', state: 'failed', reason: expect.stringContaining('Check provisioning') as string },
      ],
    ]);
    expect(lines.stateOf(id.user('anna'))?.state).toBe('failed');
    expect(lines.ofUser(id.user('anna'))?.registered).toBe(false);
  });

  test('[RFC3608-5] carries the route that the registrar gives its calls, until it gives another', () => {
    const { lines, time } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    time.advance(100);
    const registered = (serviceRoute: readonly string[]): void =>
      lines.onRegistration(registration(1), { name: 'registered', expiresAt: 600_000, serviceRoute });
    registered(['<sip:sbc.example;lr>']);
    expect(lines.ofUser(id.user('anna'))?.route).toEqual(['<sip:sbc.example;lr>']);
    registered([]);
    expect(lines.ofUser(id.user('anna'))?.route).toEqual([]);
  });

  test('of a registration that has been replaced is no news', () => {
    const { lines, time, changes, registrar } = setUp();
    registrar.answers = false;
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    time.advance(100);
    lines.apply({ revision: 2, pbx, lines: [line('anna', '101', { password: 'new' })] });
    lines.onRegistration(registration(1), { name: 'registered', expiresAt: 1, serviceRoute: [] });
    expect(changes).toEqual([]);
    expect(lines.leaving).toBe(1);
    lines.onRegistration(registration(1), { name: 'unregistered' });
    expect(lines.leaving).toBe(0);
  });
});

const failed = (why: Extract<RegistrationState, { name: 'failed' }>['why']): RegistrationState => ({
  name: 'failed',
  retryAt: 0,
  why,
});

describe('what is known of the PBX', () => {
  const refusal = {
    kind: 'response',
    status: 403,
    reason: 'Forbidden',
    server: 'OpenScape Voice V10',
  } as const;

  test('nothing before it has answered; reached when it says anything at all, with its name', () => {
    const { lines, time } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101'), line('ben', '102')] });
    time.advance(1_000);
    expect(lines.health()).toEqual({ reached: undefined, server: undefined, refused: 0, reason: undefined });
    lines.onRegistration(registration(1), failed(refusal));
    expect(lines.health()).toEqual({
      reached: true,
      server: 'OpenScape Voice V10',
      refused: 1,
      reason: expect.stringContaining('403 Forbidden') as string,
    });
  });

  test('not reached when no line has an answer; one that is registered is enough', () => {
    const { lines, time } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101'), line('ben', '102')] });
    time.advance(1_000);
    lines.onRegistration(registration(1), failed({ kind: 'timeout' }));
    expect(lines.health()).toMatchObject({ reached: false, refused: 0 });
    lines.onRegistration(registration(2), {
      name: 'registered',
      expiresAt: 600_000,
      serviceRoute: [],
      server: 'PBX/1',
    });
    lines.onRegistration(registration(1), failed({ kind: 'timeout' }));
    expect(lines.health()).toMatchObject({ reached: true, server: 'PBX/1', refused: 0 });
  });

  test('a reason that no longer holds is not told', () => {
    const { lines, time } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    time.advance(100);
    lines.onRegistration(registration(1), failed(refusal));
    lines.onRegistration(registration(1), { name: 'registered', expiresAt: 600_000, serviceRoute: [] });
    expect(lines.health()).toMatchObject({ refused: 0, reason: undefined });
  });
});

/** Three lines: two are registered, one has failed. */
const threeLines = () => {
  const world = setUp();
  const { lines, time, commands } = world;
  lines.apply({ revision: 1, pbx, lines: [line('anna', '101'), line('ben', '102'), line('carla', '103')] });
  time.advance(1_000);
  for (const number of [1, 2]) {
    lines.onRegistration(registration(number), {
      name: 'registered',
      expiresAt: 600_000,
      serviceRoute: [],
    });
  }
  lines.onRegistration(registration(3), { name: 'failed', why: { kind: 'timeout' }, retryAt: 600_000 });
  commands.length = 0;
  return world;
};

describe('a PBX that seems to have forgotten us', () => {
  test('[RFC3261-10.2.4] is asked anew for every registered line, spread, after a grace', () => {
    const { lines, time, commands } = threeLines();
    lines.refreshSoon();
    time.advance(2_019);
    expect(commands).toEqual([]);
    time.advance(1);
    expect(commands).toEqual(['refresh sip:101@pbx.example at 3020', 'refresh sip:102@pbx.example at 3020']);
  });

  test('is asked at most once in 30 seconds, however many calls say so', () => {
    const { lines, time, commands } = threeLines();
    for (let call = 0; call < 100; call += 1) lines.refreshSoon();
    time.advance(10_000);
    expect(commands).toHaveLength(2);
    lines.refreshSoon();
    lines.refreshSoon();
    time.advance(22_019);
    expect(commands).toHaveLength(2);
    time.advance(1);
    expect(commands).toHaveLength(4);
    time.advance(300_000);
    expect(commands).toHaveLength(4);
  });

  test('is not asked for a line that is taken out meanwhile, nor when the connector stops', () => {
    const { lines, time, commands } = threeLines();
    lines.refreshSoon();
    time.advance(2_010);
    lines.apply({ revision: 2, pbx, lines: [line('ben', '102')] });
    time.advance(1_000);
    expect(commands.filter((command) => command.startsWith('refresh'))).toEqual([
      'refresh sip:102@pbx.example at 3020',
    ]);
    lines.refreshSoon();
    lines.unregisterAll();
    expect(time.pending).toBe(0);
  });
});

const flow = (address: string): Flow => ({
  transport: 'udp',
  address,
  port: 5070,
  localAddress: '192.0.2.2',
  localPort: 5060,
});

describe('whose line an INVITE is for', () => {
  test('our Contact names the line; a PBX may use the number instead, in the Request-URI or in To', () => {
    const { lines } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101'), line('ben', '102')] });
    expect(lines.ofInvite('line-ben', '999', false)?.number).toBe('102');
    expect(lines.ofInvite('101', '', true)?.number).toBe('101');
    expect(lines.ofInvite('trunk', '102', true)?.number).toBe('102');
    expect(lines.ofInvite('999', '998', true)).toBeUndefined();
  });

  test('a stranger who dials numbers rings nobody', () => {
    const { lines } = setUp();
    lines.apply({ revision: 1, pbx, lines: [line('anna', '101')] });
    expect(lines.isPbx(flow('192.0.2.1'))).toBe(true);
    expect(lines.isPbx(flow('198.51.100.7'))).toBe(false);
    expect(lines.ofInvite('101', '101', false)).toBeUndefined();
  });
});

describe('a PBX with a name', () => {
  test('lines register when it is found, say so while it is not, and follow it when it moves', async () => {
    const answers: (string[] | undefined)[] = [undefined, ['192.0.2.1'], ['192.0.2.1'], ['192.0.2.8']];
    const { lines, time, commands, registered, locator } = setUp(() => {
      const next = answers.shift();
      return next === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(next);
    });
    lines.apply({ revision: 1, pbx: { ...pbx, host: 'pbx.example' }, lines: [line('anna', '101')] });
    time.advance(100);
    expect(lines.stateOf(id.user('anna'))).toMatchObject({ state: 'registering' });
    await settle();
    expect(lines.stateOf(id.user('anna'))).toMatchObject({ state: 'failed' });
    time.advance(5_000);
    await settle();
    time.advance(100);
    expect(registered.at(-1)?.target?.address).toBe('192.0.2.1');
    time.advance(60_000);
    await settle();
    time.advance(100);
    expect(commands).toHaveLength(1);
    time.advance(60_000);
    await settle();
    time.advance(100);
    expect(registered.at(-1)?.target?.address).toBe('192.0.2.8');
    expect(commands.filter((command) => command.startsWith('unregister'))).toHaveLength(1);
    locator.close();
    lines.unregisterAll();
    expect(time.pending).toBe(0);
  });
});
