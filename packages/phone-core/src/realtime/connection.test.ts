import { ClientId, CloseCode, Limits, PROTOCOL_VERSION } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { FakeCloud } from '../testing/fake-socket.ts';
import { Connection, ConnectionTimes, type ConnectionState } from './connection.ts';
import type { IncomingEvent } from './frames.ts';

let clock: FakeClock;
let cloud: FakeCloud;
let connection: Connection;
let states: ConnectionState[];
let events: IncomingEvent[];
let doubts: number;

beforeEach(() => {
  clock = new FakeClock();
  cloud = new FakeCloud();
  states = [];
  events = [];
  doubts = 0;
  connection = new Connection(
    { clock, random: () => 0.5, openSocket: cloud.open, log: () => undefined, agent: 'test' },
    {
      onState: (state) => states.push(state),
      onWelcome: () => undefined,
      onEvent: (event) => events.push(event),
      onDoubt: () => {
        doubts += 1;
      },
    },
  );
  connection.start(ClientId.parse('tab-1'));
});

function goOnline(): void {
  cloud.socket.open();
  cloud.socket.welcome();
}

describe('greeting', () => {
  it('says hello with protocol and client id as its first frame, and is online when welcomed', () => {
    cloud.socket.open();
    expect(cloud.socket.sent).toEqual([
      { type: 'hello', protocol: PROTOCOL_VERSION, clientId: 'tab-1', agent: 'test' },
    ]);
    expect(connection.state.name).toBe('greeting');
    cloud.socket.welcome();
    expect(connection.state.name).toBe('online');
  });

  it('gives a cloud up that does not say welcome in time', async () => {
    cloud.socket.open();
    await clock.advance(ConnectionTimes.greetingMs);
    expect(connection.state.name).toBe('waiting');
    expect(cloud.sockets[0]?.closedByClient).toBeDefined();
  });
});

describe('requests', () => {
  it('an answer goes to the request with its id, whatever the order', async () => {
    goOnline();
    const first = connection.request('ping', {});
    const second = connection.request('directory.search', { query: 'ben', limit: 5 });
    const [ping, search] = cloud.socket.requests();
    cloud.socket.answer(search?.id ?? 0, { entries: [{ userId: 'ben', name: 'Ben', number: '102' }] });
    cloud.socket.answer(ping?.id ?? 0, { now: 7 });
    await expect(first).resolves.toEqual({ now: 7 });
    await expect(second).resolves.toMatchObject({ entries: [{ number: '102' }] });
  });

  it('fail with `unavailable` while not online and when the socket ends under them', async () => {
    goOnline();
    const open = connection.request('ping', {});
    cloud.socket.drop();
    await expect(open).rejects.toMatchObject({ code: 'unavailable' });
    await expect(connection.request('ping', {})).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('wait while the first connection is being made, and fail when it fails', async () => {
    const early = connection.request('ping', {});
    goOnline();
    await settle();
    cloud.socket.answer(cloud.socket.requests()[0]?.id ?? 0, { now: 7 });
    await expect(early).resolves.toEqual({ now: 7 });
    connection.stop();

    connection.start(ClientId.parse('tab-1'));
    const hopeless = connection.request('ping', {});
    cloud.socket.drop();
    await expect(hopeless).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('more than may be open do not wait for the first connection', async () => {
    const waiting = Array.from({ length: Limits.openRequests }, () => connection.request('ping', {}));
    await expect(connection.request('ping', {})).rejects.toMatchObject({ code: 'queue_full' });
    connection.stop();
    await expect(Promise.all(waiting)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('fail with `timeout` when no answer comes, and a late answer hurts nobody', async () => {
    goOnline();
    const open = connection.request('ping', {}, 5_000).catch((error: unknown) => error);
    await clock.advance(5_000);
    expect(await open).toMatchObject({ code: 'timeout' });
    cloud.socket.answer(1, { now: 1 });
    expect(connection.state.name).toBe('online');
  });

  it('fail with the code that the cloud gives, and with `internal` for a result that breaks the contract', async () => {
    goOnline();
    const refused = connection.request('ping', {});
    cloud.socket.refuse(1, 'rate_limited');
    await expect(refused).rejects.toMatchObject({ code: 'rate_limited' });
    const broken = connection.request('ping', {});
    cloud.socket.answer(2, { now: 'soon' });
    await expect(broken).rejects.toMatchObject({ code: 'internal' });
  });

  it('are bounded: one more than the limit is `queue_full`', async () => {
    goOnline();
    const open = Array.from({ length: 64 }, () => connection.request('ping', {}).catch(() => undefined));
    await expect(connection.request('ping', {})).rejects.toMatchObject({ code: 'queue_full' });
    connection.stop();
    await Promise.all(open);
  });
});

describe('reconnecting', () => {
  it('waits longer after each failure, half of 500, 1000, 2000 ms with this jitter', async () => {
    const delays: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      cloud.socket.drop();
      const state = connection.state;
      if (state.name !== 'waiting') throw new Error(state.name);
      delays.push(state.retryAt - clock.now());
      // oxlint-disable-next-line no-await-in-loop
      await clock.advance(delays.at(-1) ?? 0);
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000]);
    expect(cloud.sockets).toHaveLength(5);
  });

  it('starts with short delays again only after having been online for a while', async () => {
    for (let round = 0; round < 3; round += 1) {
      goOnline();
      cloud.socket.drop(CloseCode.GoingAway);
      // oxlint-disable-next-line no-await-in-loop
      await clock.advance(2_000);
    }
    goOnline();
    cloud.socket.drop();
    expect(connection.state).toMatchObject({ name: 'waiting', attempt: 4 });
    await clock.advance(4_000);
    goOnline();
    await clock.advance(ConnectionTimes.settledMs);
    cloud.socket.drop();
    expect(connection.state).toMatchObject({ name: 'waiting', attempt: 1 });
  });

  it('a wake-up shortens a long wait and never lengthens a short one', async () => {
    for (let round = 0; round < 8; round += 1) {
      cloud.socket.drop();
      // oxlint-disable-next-line no-await-in-loop
      if (round < 7) await clock.advance(30_000);
    }
    const opened = cloud.sockets.length;
    connection.nudge();
    await clock.advance(ConnectionTimes.nudgeSpreadMs);
    expect(cloud.sockets).toHaveLength(opened + 1);

    connection.stop();
    connection.start(ClientId.parse('tab-1'));
    cloud.socket.drop();
    const before = connection.state;
    if (before.name !== 'waiting') throw new Error(before.name);
    await clock.advance(before.retryAt - clock.now() - 1);
    connection.nudge();
    expect(connection.state).toEqual(before);
  });

  it.each([
    [CloseCode.Unauthenticated, 'session_expired'],
    [CloseCode.ProtocolUnsupported, 'reload_needed'],
    [CloseCode.Replaced, 'replaced'],
  ] as const)('close code %i stops for good: %s', async (code, reason) => {
    goOnline();
    cloud.socket.drop(code);
    expect(connection.state).toEqual({ name: 'stopped', reason });
    await clock.advance(120_000);
    expect(cloud.sockets).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('tells a missing session from one that ran out by what the cloud says before it closes', () => {
    cloud.socket.open();
    cloud.socket.refused('unauthenticated');
    cloud.socket.drop(CloseCode.Unauthenticated);
    expect(connection.state).toEqual({ name: 'stopped', reason: 'signed_out' });
  });

  it('stop leaves no timer and no socket', () => {
    goOnline();
    connection.stop();
    expect(clock.pending).toBe(0);
    expect(cloud.socket.closedByClient).toBeDefined();
    expect(connection.state).toEqual({ name: 'idle' });
  });
});

describe('heartbeat', () => {
  it('asks after a silence, and stays when answered', async () => {
    goOnline();
    cloud.on('ping', () => ({ result: { now: 1 } }));
    await clock.advance(60_000);
    expect(cloud.socket.requests('ping').length).toBeGreaterThanOrEqual(3);
    expect(connection.state.name).toBe('online');
  });

  it('gives a socket up that does not answer', async () => {
    goOnline();
    await clock.advance(15_000);
    expect(connection.state.name).toBe('online');
    await clock.advance(ConnectionTimes.pingMs);
    expect(connection.state.name).not.toBe('online');
  });

  it('a wake-up while online asks at once with little patience: a laptop lid kills sockets silently', async () => {
    goOnline();
    connection.nudge();
    await settle();
    expect(cloud.socket.requests('ping')).toHaveLength(1);
    await clock.advance(ConnectionTimes.probeMs);
    expect(connection.state.name).not.toBe('online');
  });
});

describe('events', () => {
  const line = { line: { number: '101', state: 'registered' } };

  it('are handed on as data of the contract', () => {
    goOnline();
    cloud.socket.event('line.changed', line);
    expect(events).toEqual([{ name: 'line.changed', data: line }]);
    expect(doubts).toBe(0);
  });

  it('a gap in their numbers is a doubt', () => {
    goOnline();
    cloud.socket.event('line.changed', line);
    cloud.socket.loseEvent();
    cloud.socket.event('line.changed', line);
    expect(doubts).toBe(1);
    expect(events).toHaveLength(2);
  });

  it('one that breaks the contract is a doubt; one of a newer contract is passed over', () => {
    goOnline();
    cloud.socket.event('line.changed', { line: { state: 'perhaps' } });
    expect(doubts).toBe(1);
    cloud.socket.text('{"type":"event","seq":2,"name":"weather.changed","data":{}}');
    expect(doubts).toBe(1);
    expect(events).toEqual([]);
    expect(connection.state.name).toBe('online');
  });

  it('numbers begin anew with each socket', async () => {
    goOnline();
    cloud.socket.event('line.changed', line);
    cloud.socket.drop();
    await clock.advance(1_000);
    goOnline();
    cloud.socket.event('line.changed', line);
    expect(doubts).toBe(0);
  });

  it.each(['not json', '[]', '{"type":"greeting"}', `"${'x'.repeat(300_000)}"`])(
    'a frame that is none ends the socket: %.20s',
    (text) => {
      goOnline();
      cloud.socket.text(text);
      expect(connection.state.name).toBe('waiting');
    },
  );
});
