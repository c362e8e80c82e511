import type { RecordId } from '@offhook/contract';
import { CloseCode, UserId } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HistoryNews } from './history/history.ts';
import { createPhone } from './phone.ts';
import { anna, callOf, FakeWorld, mediaOf, refusal, revision, snapshotOf } from './testing/fake-world.ts';

let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
  world.cloud.on('call.attach', ({ callId }) => ({
    result: { call: callOf({ id: String(callId) }), media: mediaOf('leg') },
  }));
  world.cloud.on('ping', () => ({ result: { now: 1 } }));
});

describe('the session', () => {
  it.each([
    [{}, undefined],
    [{ expired: true }, 'expired'],
    [{ me: anna, secondFactorMissing: true }, 'second_factor_missing'],
  ] as const)('nobody is signed in (%j): the sign-in page, with the reason %s', async (extra, reason) => {
    world.http = () => ({ status: 200, body: { me: null, ...extra } });
    world.phone.start();
    await world.pass();
    expect(world.state.session).toEqual({ name: 'signedOut', reason });
    expect(world.cloud.sockets).toEqual([]);
  });

  it('whoever has signed in gets the realtime socket', async () => {
    world.phone.enter(anna);
    await world.pass();
    expect(world.requests).toEqual([]);
    expect(world.state.session).toMatchObject({ name: 'signedIn', me: { name: 'Anna Berger' } });
    expect(world.cloud.sockets).toHaveLength(1);
  });

  it.each([
    [refusal(401, 'invalid_credentials'), 'invalid_credentials'],
    [refusal(429, 'rate_limited'), 'rate_limited'],
    [{ status: 502, body: '<html>' }, 'unavailable'],
  ])('a request that is answered %j is %s', async (response, code) => {
    world.http = () => response;
    await expect(world.phone.ask({ method: 'POST', path: '/api/session' })).rejects.toMatchObject({ code });
    expect(world.state.session.name).toBe('unknown');
  });

  it('a service that cannot be reached is asked again, sooner when the network is back', async () => {
    world.http = () => {
      throw new TypeError('offline');
    };
    world.phone.start();
    await world.pass();
    const delays: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { session } = world.state;
      if (session.name !== 'unreachable') throw new Error(session.name);
      delays.push(session.retryAt - world.clock.now());
      // oxlint-disable-next-line no-await-in-loop
      await world.clock.advance(delays.at(-1) ?? 0);
      // oxlint-disable-next-line no-await-in-loop
      await world.pass();
    }
    expect(delays).toEqual([500, 1_000, 2_000]);
    await world.clock.advance(60_000);
    const asked = world.requests.length;
    expect(asked).toBeGreaterThan(4);
    world.http = () => refusal(401, 'unauthenticated');
    world.phone.wake('online');
    world.phone.wake('visible');
    await world.pass();
    expect(world.requests).toHaveLength(asked + 1);
    expect(world.state.session.name).toBe('signedOut');
  });

  it('an old answer does not sign out whoever signed in meanwhile', async () => {
    const late = Promise.withResolvers<void>();
    const phone = createPhone({
      ...world.ports,
      http: async () => {
        await late.promise;
        return refusal(401, 'unauthenticated');
      },
    });
    phone.start();
    phone.enter(anna);
    late.resolve();
    await world.pass();
    expect(phone.store.getState().session.name).toBe('signedIn');
  });

  it('close code 4401 leads to the sign-in page; a running voice is not cut off', async () => {
    await world.start([callOf()]);
    world.cloud.socket.drop(CloseCode.Unauthenticated);
    expect(world.state.session).toEqual({ name: 'signedOut', reason: 'expired' });
    expect(world.peers.peer.closed).toBe(false);
    await world.clock.advance(60_000);
    expect(world.cloud.sockets).toHaveLength(1);
  });

  it('a socket that is refused for want of a second factor leads to the sign-in page, which says so', async () => {
    await world.start([callOf()]);
    world.cloud.socket.refused('second_factor_required');
    world.cloud.socket.drop(CloseCode.Unauthenticated);
    expect(world.state.session).toEqual({ name: 'signedOut', reason: 'second_factor_missing' });
    expect(world.peers.peer.closed).toBe(false);
  });

  it('of the calls of an expired session only the conversation is left: nothing rings for nobody', async () => {
    const ringing = { state: { name: 'ringing' }, direction: 'incoming', position: 'nowhere' } as const;
    await world.start([callOf(), callOf({ ...ringing, id: 'call-2' })]);
    world.cloud.socket.drop(CloseCode.Unauthenticated);
    expect(world.state.calls.map((call) => call.callId)).toEqual(['call-1']);
  });

  it('the conversation of an expired session can be ended without the service', async () => {
    await world.start([callOf()]);
    world.cloud.socket.drop(CloseCode.Unauthenticated);
    void world.phone.calls.hangUp(callOf().callId);
    expect(world.peers.peer.closed).toBe(true);
    expect(world.microphones.opened[0]?.closed).toBe(true);
    expect(world.state.voices).toEqual({});
  });

  it.each([
    ['the same person finds the conversation again', 'anna', false],
    ['another person neither sees nor hears it', 'ben', true],
  ])('after an expired session %s', async (_what, userId, silenced) => {
    await world.start([callOf()]);
    world.cloud.socket.drop(CloseCode.Unauthenticated);
    world.phone.enter({ ...anna, userId: UserId.parse(userId) });
    await world.pass();
    expect(world.peers.peer.closed).toBe(silenced);
    expect(world.microphones.opened[0]?.closed).toBe(silenced);
    expect(world.state.calls).toHaveLength(silenced ? 0 : 1);
    expect(Object.keys(world.state.voices)).toHaveLength(silenced ? 0 : 1);
  });

  it('a revoked session takes everything away', async () => {
    await world.start([callOf()]);
    world.cloud.socket.event('session.ended', { reason: 'revoked' });
    await world.pass();
    expect(world.state.session).toEqual({ name: 'signedOut', reason: 'revoked' });
    expect(world.state.calls).toEqual([]);
    expect(world.peers.peer.closed).toBe(true);
  });

  it('a socket that does not open for want of a session is found out by asking', async () => {
    await world.start();
    world.http = () => refusal(401, 'session_expired');
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    world.cloud.socket.drop();
    await world.pass();
    expect(world.state.session).toEqual({ name: 'signedOut', reason: 'expired' });
  });

  it('signing out hangs up first and tells the service', async () => {
    await world.start([callOf()]);
    world.cloud.on('call.hangUp', () => ({ result: { call: callOf() } }));
    world.http = () => ({ status: 204, body: undefined });
    await world.phone.signOut();
    expect(world.cloud.socket.requests('call.hangUp')).toHaveLength(1);
    expect(world.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/session' });
    expect(world.state.session).toEqual({ name: 'signedOut', reason: 'signed_out' });
    expect(world.clock.pending).toBe(0);
  });
});

/** The client id that the window said on its socket number `at`. */
function hello(at: number): unknown {
  return world.cloud.sockets[at]?.sent[0]?.['clientId'];
}

describe('the window', () => {
  it('says the same client id after a reconnect', async () => {
    await world.start();
    world.cloud.socket.drop();
    await world.clock.advance(1_000);
    await world.connect([], revision(2));
    expect(hello(1)).toBe(hello(0));
  });

  it('replaced by another one does not fight back; with a new id it is a window of its own', async () => {
    await world.start();
    world.cloud.socket.drop(CloseCode.Replaced);
    await world.clock.advance(60_000);
    expect(world.cloud.sockets).toHaveLength(1);
    await world.phone.resume();
    await world.connect([], revision(2));
    expect(hello(1)).not.toBe(hello(0));
    expect(world.state.connection.name).toBe('online');
  });

  it('too old for the cloud says so and waits for the person', async () => {
    await world.start();
    world.cloud.socket.drop(CloseCode.ProtocolUnsupported);
    await world.clock.advance(60_000);
    expect(world.state.connection).toEqual({ name: 'stopped', reason: 'reload_needed' });
    expect(world.cloud.sockets).toHaveLength(1);
  });
});

describe('facts', () => {
  it('a lost event makes this window ask for a snapshot', async () => {
    await world.start([callOf()]);
    world.cloud.on('snapshot.get', () => ({ result: snapshotOf([], revision(9)) }));
    world.cloud.socket.loseEvent();
    world.cloud.socket.event('connector.changed', { connector: 'offline' });
    await world.pass();
    expect(world.call()?.state.name).toBe('ended');
  });

  it('a connector that comes back, or comes back as a new process, is asked what is true', async () => {
    await world.start();
    world.cloud.on('snapshot.get', () => ({ result: snapshotOf([callOf({ id: 'b' })], revision(3, 'e2')) }));
    world.cloud.socket.event('connector.changed', { connector: 'offline' });
    await world.pass();
    expect(world.state.connector).toBe('offline');
    expect(world.cloud.socket.requests('snapshot.get')).toHaveLength(0);
    world.cloud.socket.event('connector.changed', { connector: 'online' });
    await world.pass();
    expect(world.state.calls.map((call) => call.callId)).toEqual(['b']);
    await world.changed(1, { id: 'c' }, 'e3');
    expect(world.cloud.socket.requests('snapshot.get')).toHaveLength(2);
  });

  it('the cloud’s clock is what timers go by', async () => {
    world.phone.start();
    await world.pass();
    world.cloud.socket.open();
    world.cloud.socket.welcome({ now: world.clock.now() + 5_000 });
    expect(world.state.clockOffsetMs).toBe(5_000);
  });

  it('line and connector are told as they change', async () => {
    await world.start();
    const line = { number: '101', state: 'failed', reason: '403' } as const;
    world.cloud.socket.event('line.changed', { line });
    expect(world.state.line).toEqual(line);
  });

  it('finished calls go to whoever shows the history', async () => {
    await world.start();
    const seen: HistoryNews[] = [];
    const stop = world.phone.history.onNews((news) => seen.push(news));
    const entry = {
      recordId: 'r1',
      callId: 'c1',
      correlationId: 'x',
      direction: 'incoming',
      remote: { number: '102' },
      startedAt: 1,
      endedAt: 2,
      cause: 'cancelled',
    };
    world.cloud.socket.event('history.added', { entry });
    world.cloud.socket.event('history.changed', { entry: { ...entry, note: 'rang twice' } });
    world.cloud.socket.event('history.removed', { recordId: 'r1' });
    stop();
    world.cloud.socket.event('history.added', { entry: { ...entry, recordId: 'r2' } });
    expect(seen).toEqual([
      { kind: 'added', entry },
      { kind: 'changed', entry: { ...entry, note: 'rang twice' } },
      { kind: 'removed', recordId: 'r1' },
    ]);
  });

  it('[D7] missed calls: asked for with each connection, told by events, and seen once for all devices', async () => {
    world.http = ({ path }) =>
      path === '/api/history/missed'
        ? { status: 200, body: { count: 3 } }
        : path === '/api/history/seen'
          ? { status: 200, body: { count: 0 } }
          : { status: 200, body: { me: anna } };
    await world.start();
    await world.pass();
    expect(world.state.missedCalls).toBe(3);
    world.cloud.socket.event('history.missed', { count: 4 });
    expect(world.state.missedCalls).toBe(4);
    await world.phone.history.markSeen();
    expect(world.state.missedCalls).toBe(0);
    // Nothing is left to be seen: nothing is asked.
    await world.phone.history.markSeen();
    expect(world.requests.filter(({ path }) => path === '/api/history/seen')).toHaveLength(1);
  });

  it('history is asked for page by page', async () => {
    world.http = () => ({ status: 200, body: { entries: [], more: false } });
    await world.phone.history.page({ filter: 'all', search: ' ' });
    await world.phone.history.page({ filter: 'missed', search: 'zoé' }, 'r7' as RecordId);
    expect(world.requests.map(({ path }) => path)).toEqual([
      '/api/history?limit=50',
      '/api/history?limit=50&filter=missed&search=zo%C3%A9&before=r7',
    ]);
  });

  it('another person’s snapshot, after a sign-in in another tab, takes the former one’s calls away', async () => {
    await world.start([callOf()]);
    const other = snapshotOf([], revision(1, 'e9'));
    const me = { ...other.me, userId: 'ben', name: 'Ben Carter' };
    world.cloud.socket.event('snapshot', { ...other, me });
    await world.pass();
    expect(world.state.session).toMatchObject({ me: { name: 'Ben Carter' } });
    expect(world.state.calls).toEqual([]);
    expect(world.peers.peer.closed).toBe(true);
  });
});
