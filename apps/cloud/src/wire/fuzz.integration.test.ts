import { Limits, PROTOCOL_VERSION } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import type { TestSocket } from '../testing/frames.ts';
import { openClient, openConnector, person, signIn } from '../testing/peers.ts';

const server = useTestServer();

/** Mulberry32: small, and the same everywhere from a seed. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const words = [
  'type',
  'hello',
  'request',
  'answer',
  'event',
  'id',
  'method',
  'params',
  'seq',
  'name',
  'data',
  'ok',
  'error',
  'result',
  'protocol',
  'clientId',
  'epoch',
  'version',
  'call.place',
  'call.pull',
  'call.conference',
  'settings.set',
  'presence.set',
  'presence.idle',
  'presence.watch',
  'settings.changed',
  'abilities.changed',
  'activity.changed',
  'activity.snapshot',
  'platform.changed',
  'config.get',
  'records.append',
  'call.changed',
  'status',
  'userId',
  'userIds',
  'users',
  'more',
  'activity',
  'choice',
  'change',
  'idle',
  'talking',
  'settings',
  'call',
  'revision',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '💥',
  'x'.repeat(3_000),
];

function anything(random: (below: number) => number, depth = 0): unknown {
  switch (random(depth > 4 ? 7 : 9)) {
    case 0:
      return null;
    case 1:
      return random(2) === 0;
    case 2:
      return random(5) - 1;
    case 3:
      return [1e308, -0.5, Number.MAX_SAFE_INTEGER, 2 ** 60][random(4)];
    case 4:
    case 5:
    case 6:
      return words[random(words.length)];
    case 7:
      return Array.from({ length: random(4) }, () => anything(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random(7) }, () => [words[random(words.length)], anything(random, depth + 1)]),
      );
  }
}

/** Frames that are almost right are worth more than noise. */
function almostAFrame(random: (below: number) => number): unknown {
  const any = () => anything(random);
  const frames = [
    () => ({ type: 'request', id: random(9), method: words[random(words.length)], params: any() }),
    () => ({ type: 'event', seq: random(9), name: words[random(words.length)], data: any() }),
    () => ({ type: 'answer', id: random(9), ok: true, result: any() }),
    () => ({ type: 'answer', id: random(9), ok: false, error: any() }),
    () => ({ type: 'hello', protocol: PROTOCOL_VERSION, clientId: any(), epoch: any(), version: any() }),
    any,
  ];
  return frames[random(frames.length)]?.();
}

test('whatever either peer sends, the cloud goes on and nothing unexpected is logged', async () => {
  const seed = Number(process.env['OFFHOOK_FUZZ_SEED'] ?? 20_261_123);
  const random = randomFrom(seed);
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const { key } = await admin.createKey('acme');
  const cloud = await startCloud(url, admin.secrets);
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const open: (() => Promise<TestSocket>)[] = [
    () => openClient(cloud.url, anna, random(4) === 0 ? { hello: false } : {}),
    () => openConnector(cloud.url, key, {}, random(4) === 0 ? { hello: false } : {}),
  ];
  for (let round = 0; round < 150; round += 1) {
    const socket = await open[round % 2]?.();
    const burst = Math.min(1 + random(8), Limits.openRequests);
    for (let sent = 0; sent < burst; sent += 1) {
      const text = JSON.stringify(almostAFrame(random)) ?? '';
      // Now and then cut short, as a broken peer would.
      socket?.sendRaw(random(10) === 0 ? text.slice(0, random(text.length + 1)) : text);
    }
    if (round % 10 === 0) socket?.socket.terminate();
  }
  const goodClient = await openClient(cloud.url, anna, { clientId: 'after' });
  const goodConnector = await openConnector(cloud.url, key);
  await goodConnector.call('config.get', {});
  await goodClient.call('ping', {});
  expect((await person(cloud.url).get('/healthz')).status).toBe(200);
  // Levels: 50 is an error; what peers do is at most a warning.
  expect(cloud.logs.filter((line) => /"level":[56]0/u.test(line))).toEqual([]);
  expect(cloud.logs.filter((line) => line.includes('request failed'))).toEqual([]);
}, 60_000);
