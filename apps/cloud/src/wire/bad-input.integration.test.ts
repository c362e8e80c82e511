import { clientMethods, CloseCode, Limits, linkMethods, PROTOCOL_VERSION } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import type { TestSocket } from '../testing/frames.ts';
import {
  heldBy,
  linkCall,
  mediaAnswer,
  openClient,
  openConnector,
  placeParams,
  signIn,
  userSnapshot,
} from '../testing/peers.ts';

const server = useTestServer();
const unbounded = { perSecond: 1_000_000, burst: 1_000_000 };
const rates = { client: unbounded, connector: unbounded };

async function world(options: Parameters<typeof startCloud>[2] = {}) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets, options);
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const open = {
    client: (hello?: object | false) => openClient(cloud.url, anna, hello === undefined ? {} : { hello }),
    connector: (hello?: object | false) =>
      openConnector(cloud.url, key, {}, hello === undefined ? {} : { hello }),
  };
  const metric = async (pattern: RegExp) =>
    Number(pattern.exec(await (await fetch(cloud.metricsUrl)).text())?.[1] ?? 0);
  return { admin, cloud, anna, open, metric };
}

/** How a socket was refused: the code of its last frame, and that of its close. */
async function refusalOf(socket: TestSocket) {
  const { error } = (await socket.frame('refused')) as unknown as { error: { code: string } };
  return [error.code, await socket.closed];
}

describe.each(['client', 'connector'] as const)('socket of a %s', (side) => {
  test('frames that are no frames are refused and the socket is closed with 4400', async () => {
    const { open } = await world();
    const bad = [
      '',
      'hello',
      '[]',
      'null',
      '{"type":"hello"}',
      JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION }),
      '{"type":"request","id":1,"method":"ping"}',
      '{"type":"request","id":1,"method":"ping","params":{}}',
      '{"type":"request","id":0,"method":"ping","params":{}}',
      '['.repeat(100_000),
      Buffer.from('{"type":"hello"}'),
    ];
    for (const data of bad) {
      const socket = await open[side](false);
      socket.sendRaw(data);
      expect(await refusalOf(socket)).toEqual(['bad_request', CloseCode.BadFrame]);
    }
    for (const data of bad.slice(0, 7)) {
      const socket = await open[side]();
      await socket.frame('welcome');
      socket.sendRaw(data);
      expect(await refusalOf(socket)).toEqual(['bad_request', CloseCode.BadFrame]);
    }
  });

  test('a protocol that is not spoken here is refused with 4426, whatever else its hello says', async () => {
    const { open } = await world();
    for (const protocol of [0, PROTOCOL_VERSION + 1, -1]) {
      const socket = await open[side]({ type: 'hello', protocol, from: 'another time' });
      expect(await refusalOf(socket)).toEqual(['protocol_unsupported', CloseCode.ProtocolUnsupported]);
    }
  });

  test('a frame beyond the limit closes the socket and is counted', async () => {
    const { open, metric } = await world();
    const socket = await open[side]();
    await socket.frame('welcome');
    socket.sendRaw('x'.repeat(Limits.frameBytes + 1));
    expect(await socket.closed).toBe(1009);
    expect(await metric(/offhook_limits_total\{limit="frame_bytes"\} (\d+)/u)).toBe(1);
  });

  test('who does not say hello is not waited for', async () => {
    const { open } = await world({ timings: { hello: 100 } });
    expect(await refusalOf(await open[side](false))).toEqual(['bad_request', CloseCode.BadFrame]);
  });

  test('unknown methods and wrong parameters are answered, and the socket goes on', async () => {
    const { open } = await world();
    const socket = await open[side]();
    const known = side === 'client' ? 'call.place' : 'records.append';
    for (const method of ['nonsense', 'toString', '__proto__', 'constructor']) {
      await expect(socket.ask(method, {})).rejects.toMatchObject({ code: 'unknown_method' });
    }
    await expect(socket.ask(known, { records: [], to: '' })).rejects.toMatchObject({
      code: 'bad_request',
      fields: expect.arrayContaining([side === 'client' ? 'to' : 'records']),
    });
    await expect(socket.ask(known, null)).rejects.toMatchObject({ code: 'bad_request' });
    if (side === 'client') await socket.ask('ping', {});
    else await socket.ask('config.get', {});
  });
});

test('every method of either side answers parameters that are no such with bad_request', async () => {
  const { open } = await world();
  const [client, connector] = [await open.client(), await open.connector()];
  await Promise.all([client.snapshot(), connector.frame('welcome')]);
  const without = ['ping', 'snapshot.get', 'favourites.get'];
  const wrong = [
    null,
    [],
    'x',
    { callId: '../x', userIds: 'all', choice: 'asleep', idle: 1, change: { routing: 'x' } },
  ];
  for (const method of Object.keys(clientMethods).filter((name) => !without.includes(name))) {
    for (const params of wrong) {
      await expect(client.ask(method, params)).rejects.toMatchObject({ code: 'bad_request' });
    }
  }
  for (const method of Object.keys(linkMethods)) {
    await expect(connector.ask(method, null)).rejects.toMatchObject({ code: 'bad_request' });
  }
});

test('a client that sends events or answers is refused: it has only requests', async () => {
  const { open } = await world();
  for (const frame of [
    { type: 'event', seq: 1, name: 'call.changed', data: {} },
    { type: 'answer', id: 1, ok: true, result: {} },
  ]) {
    const socket = await open.client();
    await socket.frame('welcome');
    socket.send(frame);
    expect(await refusalOf(socket)).toEqual(['bad_request', CloseCode.BadFrame]);
  }
});

test('a connector’s event that is not in the contract is passed over; one of the wrong shape ends the link', async () => {
  const { open, metric } = await world();
  const connector = await open.connector();
  await connector.frame('welcome');
  connector.tell('weather.changed', { sunny: true });
  connector.tell('__proto__', {});
  await connector.call('config.get', {});
  expect(await metric(/offhook_events_total\{from="connector",name="unknown"\} (\d+)/u)).toBe(2);
  expect(await metric(/offhook_events_total\{from="connector",name="weather.changed"\} (\d+)/u)).toBe(0);
  connector.send({ type: 'answer', id: 4711, ok: true, result: {} });
  await connector.call('config.get', {});
  connector.tell('line.changed', { userId: 'usr_1', line: { state: 'sunny' } });
  expect(await refusalOf(connector)).toEqual(['bad_request', CloseCode.BadFrame]);
});

test('events are numbered without gaps and repetitions; else the link is closed with 4400', async () => {
  const { open } = await world();
  for (const numbers of [[2], [1, 1], [1, 3]]) {
    const connector = await open.connector();
    await connector.frame('welcome');
    for (const seq of numbers) connector.send({ type: 'event', seq, name: 'weather.changed', data: {} });
    expect(await refusalOf(connector)).toEqual(['bad_request', CloseCode.BadFrame]);
  }
});

test('a client beyond its rate is answered rate_limited; one that goes on regardless is closed', async () => {
  const { open, metric } = await world({
    timings: { frames: { ...rates, client: { perSecond: 1, burst: 10 } } },
  });
  const limits = () => metric(/offhook_limits_total\{limit="frame_rate"\} (\d+)/u);
  const client = await open.client();
  await client.snapshot();
  const ping = (times: number) =>
    Promise.allSettled(Array.from({ length: times }, () => client.ask('ping', {})));
  const answers = await ping(15);
  const refused = answers.filter((answer) => answer.status === 'rejected');
  expect(refused).toHaveLength(5);
  for (const { reason } of refused)
    expect(reason).toMatchObject({ code: 'rate_limited', retryAfter: expect.any(Number) });
  expect(await limits()).toBe(5);
  void ping(10);
  expect(await refusalOf(client)).toEqual(['rate_limited', CloseCode.GoingAway]);
});

test('[A15] an emergency call passes where the limits of the socket refuse everything else', async () => {
  const { open } = await world({ timings: { frames: { ...rates, client: { perSecond: 1, burst: 70 } } } });
  const connector = await open.connector();
  await connector.frame('welcome');
  const reached: string[] = [];
  connector.onRequest((method, params) => {
    const { to, clientId } = params as { to?: string; clientId: never };
    if (method === 'user.snapshot') return userSnapshot(connector.epoch);
    if (method !== 'call.place') return undefined; // Never answered.
    reached.push(String(to));
    return { call: linkCall({ position: heldBy(clientId) }), media: mediaAnswer };
  });
  const client = await open.client();
  await client.snapshot();
  for (let index = 0; index < Limits.openRequests; index += 1) {
    void client.ask('call.hold', { callId: 'c' }).catch(() => {});
  }
  await expect(client.call('call.place', placeParams('113'))).rejects.toMatchObject({ code: 'queue_full' });
  expect((await client.call('call.place', placeParams('112'))).call.position).toBe('here');
  // Beyond the rate, too.
  await Promise.allSettled(Array.from({ length: 10 }, () => client.ask('ping', {})));
  await expect(client.call('call.place', placeParams('113'))).rejects.toMatchObject({ code: 'rate_limited' });
  expect((await client.call('call.place', placeParams('110'))).call.position).toBe('here');
  expect(reached).toEqual(['112', '110']);
});

test('a connector beyond its rate is read more slowly; nothing that it says is lost', async () => {
  const { open, admin, metric } = await world({
    timings: { frames: { ...rates, connector: { perSecond: 100, burst: 10 } } },
  });
  const connector = await open.connector();
  const anna = await open.client();
  await anna.snapshot();
  const userId = await admin.userId('anna@acme.example');
  const begun = performance.now();
  for (let rev = 1; rev <= 60; rev += 1) {
    connector.tell('line.changed', { userId, line: { number: String(rev), state: 'registered' } });
  }
  for (let rev = 1; rev <= 60; rev += 1) {
    expect(await anna.event('line.changed')).toMatchObject({ line: { number: String(rev) } });
  }
  await connector.call('config.get', {});
  expect(performance.now() - begun).toBeGreaterThan(300);
  expect(await metric(/offhook_limits_total\{limit="frame_rate"\} (\d+)/u)).toBeGreaterThan(0);
});

test('more requests at a time than the limit are answered queue_full; the others are served', async () => {
  const { open, metric } = await world({ timings: { requestTimeout: 300 } });
  const connector = await open.connector();
  await connector.frame('welcome');
  const anna = await open.client();
  await anna.snapshot();
  const asked = Array.from({ length: Limits.openRequests + 10 }, () =>
    anna.ask('call.hold', { callId: 'c' }),
  );
  const outcomes = await Promise.allSettled(asked);
  const codes = outcomes.map((outcome) =>
    outcome.status === 'rejected' ? (outcome.reason as { code: string }).code : 'ok',
  );
  expect(codes.filter((code) => code === 'queue_full')).toHaveLength(10);
  expect(codes.filter((code) => code === 'timeout')).toHaveLength(Limits.openRequests);
  expect(await metric(/offhook_limits_total\{limit="open_requests"\} (\d+)/u)).toBe(10);
  await anna.call('ping', {});
});

test('a user with too many windows is told; closing one makes room', async () => {
  const { open, metric } = await world();
  const windows = [];
  for (let index = 0; index < Limits.socketsPerUser; index += 1) windows.push(await open.client());
  await Promise.all(windows.map((window) => window.snapshot()));
  const one = await open.client();
  expect(await refusalOf(one)).toEqual(['rate_limited', CloseCode.GoingAway]);
  expect(await metric(/offhook_limits_total\{limit="sockets_per_user"\} (\d+)/u)).toBe(1);
  expect(await metric(/offhook_client_sockets (\d+)/u)).toBe(Limits.socketsPerUser);
  windows[0]?.socket.close();
  await windows[0]?.closed;
  await (await open.client()).snapshot();
});

test('a client that reads too slowly is closed with 4429 and disturbs nobody else', async () => {
  const { open, admin, metric } = await world({
    timings: { outgoingBytes: 64 * 1024, frames: rates },
  });
  const connector = await open.connector();
  await connector.frame('welcome');
  const [slow, quick] = [await open.client(), await open.client()];
  await Promise.all([slow.snapshot(), quick.snapshot()]);
  slow.socket.pause();
  const userId = await admin.userId('anna@acme.example');
  const call = linkCall({ remote: { number: '1', name: 'x'.repeat(200) } });
  const closed = () => metric(/offhook_socket_closes_total\{side="client",code="4429"\} (\d+)/u);
  let rev = 0;
  while ((await closed()) === 0 && rev < 100_000) {
    for (const until = rev + 500; rev < until; rev += 1) {
      connector.tell('call.changed', { userId, revision: { epoch: connector.epoch, rev }, call });
    }
    await connector.call('config.get', {});
    await quick.call('ping', {});
  }
  expect(await closed()).toBe(1);
  slow.socket.resume();
  expect(await slow.closed).toBe(CloseCode.TooSlow);
  expect(quick.socket.readyState).toBe(quick.socket.OPEN);
});

test('a peer that is silent for two heartbeats is closed with 4408; one that answers pings stays', async () => {
  const { cloud, anna, open } = await world({ timings: { heartbeat: 500 } });
  const honest = await open.client();
  const silent = await openClient(cloud.url, anna, { autoPong: false });
  expect(await silent.closed).toBe(CloseCode.HeartbeatLost);
  await honest.call('ping', {});
});

test('when the cloud stops, sockets are told to go elsewhere', async () => {
  const { cloud, open } = await world();
  const [client, connector] = [await open.client(), await open.connector()];
  await Promise.all([client.snapshot(), connector.frame('welcome')]);
  await cloud.close();
  expect(await client.closed).toBe(CloseCode.GoingAway);
  expect(await connector.closed).toBe(CloseCode.GoingAway);
});
