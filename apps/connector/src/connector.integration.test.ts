import { mkdtemp, rm } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Limits, type LineConfig } from '@offhook/contract';
import { startProcess, type TestProcess } from '@offhook/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { browserOffer } from './testing/browser-offer.ts';
import { FakeCloud } from './testing/fake-cloud.ts';
import { id } from './testing/ids.ts';
import { SmallPbx } from './testing/small-pbx.ts';
import { plainPbx } from './testing/pbx-config.ts';

const anna = { userId: id.user('anna'), clientId: id.client('anna-tab') };
const line = (name: string, number: string): LineConfig => ({
  lineId: id.line(`line-${name}`),
  userId: id.user(name),
  number,
  displayName: name,
  authUser: number,
  password: `secret-${name}`,
  kept: {},
});

let stack: AsyncDisposableStack;
let pbx: SmallPbx;
let cloud: FakeCloud;
let directory: string;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  directory = await mkdtemp(path.join(tmpdir(), 'offhook-connector-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  pbx = stack.use(await SmallPbx.open());
  cloud = stack.use(
    new FakeCloud({
      revision: 1,
      pbx: {
        kind: 'generic-sip',
        host: '127.0.0.1',
        port: pbx.port,
        transport: 'udp',
        domain: 'pbx.test',
        registerExpires: 600,
        ringSeconds: 30,
        ...plainPbx,
      },
      lines: [line('anna', '101'), line('ben', '102'), line('carla', '103')],
      clients: [anna],
    }),
  );
  await cloud.start();
});

afterEach(async () => {
  await stack.disposeAsync();
});

/** The program itself, with the embedded engine, as people start it. */
function start(variables: Record<string, string> = {}, args: string[] = []): TestProcess {
  const main = path.join(import.meta.dirname, 'main.ts');
  const child = startProcess(process.execPath, [main, ...args], {
    input: true,
    env: {
      OFFHOOK_CLOUD_URL: cloud.url,
      OFFHOOK_API_KEY: cloud.apiKey,
      OFFHOOK_CONNECTOR_DATA_DIR: directory,
      OFFHOOK_MEDIA_ADDRESSES: '127.0.0.1',
      ...variables,
    },
  });
  stack.use(child);
  return child;
}

async function registered(): Promise<void> {
  await cloud.until(() =>
    cloud.events.some(({ name, data }) => name === 'status' && 'registered' in data && data.registered === 3),
  );
}

const place = (to: string) =>
  cloud.request('call.place', { ...anna, to, offer: browserOffer, correlationId: id.correlation('click-1') });

describe('the connector between a cloud and a PBX', () => {
  test('registers its lines, places a call, holds, retrieves, hangs up, and leaves a record', async () => {
    start();
    await registered();
    const { call, media } = await place('(600)');
    expect(call).toMatchObject({
      direction: 'outgoing',
      remote: { number: '600' },
      position: { at: 'client', clientId: anna.clientId },
    });
    expect(media.sdp).toContain('a=fingerprint:');
    const { callId } = await cloud.call('connected');
    expect(callId).toBe(call.callId);
    expect(pbx.incoming[0]?.info.callId.startsWith('click-1.')).toBe(true);

    const held = await cloud.request('call.hold', { ...anna, callId });
    expect(held.call.state.name).toBe('held');
    expect(pbx.offers.at(-1)).toContain('a=sendonly');
    const back = await cloud.request('call.retrieve', { ...anna, callId });
    expect(back.call.state.name).toBe('connected');
    expect(pbx.offers.at(-1)).toContain('a=sendrecv');

    const over = await cloud.request('call.hangUp', { ...anna, callId });
    expect(over.call.state).toMatchObject({ name: 'ended', cause: 'completed' });
    await cloud.until(() => cloud.records.length === 1);
    expect(cloud.records[0]).toMatchObject({ callId, direction: 'outgoing', cause: 'completed' });
    await pbx.until(() => pbx.ended.length === 1);
    expect(pbx.ended[0]?.end).toEqual({ by: 'remote' });
  });

  test('finds a PBX that was restarted during a call: the call has failed, and the lines register anew', async () => {
    start();
    await registered();
    const before = new Map(pbx.contacts);
    await place('600');
    const { callId } = await cloud.call('connected');
    await pbx.restart();
    await expect(cloud.request('call.hold', { ...anna, callId })).rejects.toMatchObject({
      code: 'call_not_found',
    });
    expect((await cloud.call('ended')).state).toMatchObject({ cause: 'failed' });
    await pbx.until(() => pbx.contacts.size === 3);
    expect(pbx.contacts).toEqual(before);
  });

  test('[RFC5057-5.1] finds it, too, when nobody does anything: the voice has stopped for 5 s', async () => {
    const voice = createSocket('udp4');
    stack.defer(() => void voice.close());
    voice.bind(0, '127.0.0.1');
    await once(voice, 'listening');
    pbx.voice = voice.address();
    start();
    await registered();
    await place('600');
    await cloud.call('connected');
    const offer = new TextDecoder().decode(pbx.incoming[0]?.offer?.bytes);
    const port = Number(/^m=audio (\d+)/mu.exec(offer)?.[1]);
    // One packet of G.722 (RFC 3550 section 5.1), and no more.
    const packet = new Uint8Array(12 + 160);
    packet.set([0x80, 9, 0, 1]);
    voice.send(packet, port, '127.0.0.1');
    await pbx.restart();
    expect((await cloud.call('ended')).state).toMatchObject({ cause: 'failed' });
    await pbx.until(() => pbx.contacts.size === 3);
  });

  test('a busy number says so, a wrong one is refused, and a user without a line cannot call', async () => {
    start();
    await registered();
    await place('486');
    expect((await cloud.call('ended')).state).toMatchObject({ cause: 'busy' });
    await expect(place('six hundred')).rejects.toMatchObject({ code: 'number_invalid' });
    await expect(
      cloud.request('call.place', {
        userId: id.user('nobody'),
        clientId: id.client('tab'),
        to: '600',
        offer: browserOffer,
        correlationId: id.correlation('click-2'),
      }),
    ).rejects.toMatchObject({ code: 'no_line' });
  });

  test('rings the user’s client, is answered, and ended by the caller', async () => {
    start();
    await registered();
    const session = pbx.call('101', [['P-Asserted-Identity', '"Carla Duval" <sip:201@pbx.test>']]);
    const ringing = await cloud.call('ringing');
    expect(ringing).toMatchObject({
      direction: 'incoming',
      remote: { number: '201', name: 'Carla Duval' },
      permitted: { others: expect.arrayContaining(['answer', 'reject']) },
    });
    const { callId } = ringing;
    const answered = await cloud.request('call.answer', { ...anna, callId, offer: browserOffer });
    expect(answered.call.state.name).toBe('connected');
    await expect(
      cloud.request('call.answer', {
        userId: anna.userId,
        clientId: id.client('other-tab'),
        callId,
        offer: browserOffer,
      }),
    ).rejects.toMatchObject({ code: 'call_already_answered' });
    await expect(
      cloud.request('call.hangUp', { userId: id.user('ben'), clientId: id.client('tab'), callId }),
    ).rejects.toMatchObject({ code: 'call_not_found' });
    pbx.end(session);
    expect((await cloud.call('ended')).state).toMatchObject({ cause: 'completed' });
  });

  test('rings a user who is on the last page of 10,000 clients', async () => {
    const strangers = Array.from({ length: 9_999 }, (_, index) => ({
      userId: `user-${String(index)}`,
      clientId: 'tab',
    }));
    cloud.content.clients = [...strangers, anna];
    start();
    await registered();
    pbx.call('101');
    expect(await cloud.call('ringing')).toMatchObject({ direction: 'incoming' });
  });

  test('a user without a client is unreachable at once, and learns of the call', async () => {
    start();
    await registered();
    const session = pbx.call('102');
    await pbx.until(() => pbx.ended.some((event) => event.session === session));
    expect(pbx.ended[0]?.end).toMatchObject({ by: 'refused', response: { status: 480 } });
    await cloud.until(() => cloud.records.length === 1);
    expect(cloud.records[0]).toMatchObject({ userId: 'ben', cause: 'unreachable', direction: 'incoming' });
  });

  test('calls outlive the cloud’s restart, and the snapshot tells of them', async () => {
    start();
    await registered();
    const { call } = await place('600');
    await cloud.call('connected');
    await cloud.stop();
    await cloud.start();
    await cloud.until(() => cloud.hellos.length === 2);
    expect(cloud.hellos[1]?.epoch).toBe(cloud.hellos[0]?.epoch);
    const snapshot = await cloud.request('user.snapshot', { userId: anna.userId });
    expect(snapshot.calls).toMatchObject([{ callId: call.callId, state: { name: 'connected' } }]);
    expect(snapshot.line).toEqual({ number: '101', state: 'registered' });
    expect(pbx.ended).toEqual([]);
    const again = await cloud.request('call.attach', { ...anna, callId: call.callId, offer: browserOffer });
    expect(again.media.sdp).toContain('a=fingerprint:');
    await cloud.request('call.hangUp', { ...anna, callId: call.callId });
    await cloud.until(() => cloud.records.length === 1);
  });

  test('a record of a call that ends while the cloud is away is sent when it is back', async () => {
    start();
    await registered();
    await place('600');
    await cloud.call('connected');
    const session = pbx.incoming[0]?.session;
    await cloud.stop();
    if (session !== undefined) pbx.end(session);
    await cloud.start();
    await cloud.until(() => cloud.records.length === 1);
    expect(cloud.records[0]).toMatchObject({ cause: 'completed' });
  });

  test('kill -9 loses no record: neither unsent ones nor those of running calls', async () => {
    const first = start();
    await registered();
    await cloud.stop();
    // Without the cloud nobody is asked, so the call that nobody can answer leaves its record at once.
    pbx.call('102');
    await pbx.until(() => pbx.ended.length === 1);
    await cloud.start();
    await cloud.until(() => cloud.records.length === 1);
    await place('600');
    await cloud.call('connected');
    // The journal is in order: with this call's end, the other one's answer is on the disk, too.
    await place('486');
    await cloud.call('ended');
    first.send('SIGKILL');
    await first.ended;
    start();
    await cloud.until(() => cloud.records.length === 3);
    expect(cloud.records.map(({ cause }) => cause)).toEqual(['unreachable', 'busy', 'connector_lost']);
    expect(cloud.records[2]?.answeredAt).toBeDefined();
  });

  test('a killed connector comes back at the same SIP port, so that its bindings still reach it', async () => {
    const first = start();
    await registered();
    const before = new Map(pbx.contacts);
    first.send('SIGKILL');
    await first.ended;
    cloud.events = [];
    start();
    await registered();
    expect(pbx.contacts).toEqual(before);
  });

  test('a wrong API key is said clearly, and tried again slowly', async () => {
    const child = start({ OFFHOOK_API_KEY: 'wrong' });
    const said = await child.waitFor(/the cloud refuses this connector: [^"]*/u);
    expect(said[0]).toContain('The API key is not valid.');
    const next = await child.waitFor(/"nextAttemptMs":(\d+)/u);
    expect(Number(next[1])).toBeGreaterThanOrEqual(10_000);
    expect(cloud.attempts).toBe(1);
  });

  test.each([
    ['text that is no JSON', (c: FakeCloud) => c.sendRaw('{'), 4400],
    ['a binary frame', (c: FakeCloud) => c.sendRaw(Buffer.from([0, 1, 2])), 4400],
    ['a frame of an unknown type', (c: FakeCloud) => c.sendRaw('{"type":"nonsense"}'), 4400],
    [
      'an event with a gap in the numbers',
      (c: FakeCloud) => c.sendRaw('{"type":"event","seq":99,"name":"x"}'),
      4400,
    ],
    [
      'a frame larger than the contract allows',
      (c: FakeCloud) => c.sendRaw('x'.repeat(Limits.frameBytes + 1)),
      1009,
    ],
  ])('%s closes the link, which comes back with its calls', async (_name, send) => {
    start();
    await registered();
    const { call } = await place('600');
    await cloud.call('connected');
    send(cloud);
    await cloud.until(() => cloud.hellos.length === 2);
    const snapshot = await cloud.request('user.snapshot', { userId: anna.userId });
    expect(snapshot.calls).toMatchObject([{ callId: call.callId }]);
  });

  test('drained by the cloud it takes no new calls, says so, and takes them again', async () => {
    start();
    await registered();
    const isDraining = (draining: boolean) =>
      cloud.until(() =>
        cloud.events.some(
          ({ name, data }) => name === 'status' && 'draining' in data && data.draining === draining,
        ),
      );
    expect(cloud.hellos[0]?.canDrain).toBe(true);
    const { call } = await place('600');
    cloud.send('drain.changed', { draining: true });
    await isDraining(true);
    await expect(place('600')).rejects.toMatchObject({ code: 'draining' });
    expect((await cloud.request('user.snapshot', { userId: anna.userId })).calls).toMatchObject([
      { callId: call.callId },
    ]);
    cloud.events = [];
    cloud.send('drain.changed', { draining: false });
    await isDraining(false);
    expect((await place('600')).call.state.name).toBe('calling');
  });

  test('says what the PBX calls itself, that it is reached, and after a new link how its control link is', async () => {
    start();
    await registered();
    const told = cloud.events.findLast(({ name }) => name === 'status')?.data;
    expect(told).toMatchObject({ platform: { reached: true, sip: 'small PBX' }, refused: 0 });
    cloud.close(4408);
    cloud.events = [];
    await cloud.until(() => cloud.events.some(({ name }) => name === 'platform.changed'));
    expect(cloud.events.find(({ name }) => name === 'platform.changed')?.data).toEqual({ state: 'none' });
  });

  test('started with one line and the key on its standard input', async () => {
    const child = start({ OFFHOOK_API_KEY: '', OFFHOOK_CLOUD_URL: '' }, ['--cloud', cloud.url]);
    await child.waitFor(/API key/u);
    child.type(cloud.apiKey);
    await registered();
    expect(child.output()).not.toContain(cloud.apiKey);
  });

  test('a cloud that falls silent is left after two heartbeats, and found again', async () => {
    cloud.heartbeatSeconds = 1;
    const child = start();
    await registered();
    cloud.freeze();
    await child.waitFor(/the cloud is silent/u);
    await cloud.until(() => cloud.hellos.length === 2);
    expect(cloud.connected).toBe(true);
  });

  test('a second connector with the same key is said clearly, and no quarrel begins', async () => {
    const child = start();
    await registered();
    cloud.close(4409);
    const next = await child.waitFor(/another connector has connected[^\n]*/u);
    expect(next.input).toMatch(/"nextAttemptMs":[1-9]\d{4,}/u);
  });

  test('HTTPS_PROXY is used for a cloud with TLS', async () => {
    const asked = Promise.withResolvers<string>();
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.resolve(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    stack.defer(() => void proxy.close());
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    start({ OFFHOOK_CLOUD_URL: 'https://cloud.example', HTTPS_PROXY: `http://127.0.0.1:${String(port)}` });
    expect(await asked.promise).toBe('cloud.example:443');
  });

  test('requests that make no sense are refused by name', async () => {
    start();
    await registered();
    await expect(cloud.request('call.nonsense' as never, {} as never)).rejects.toMatchObject({
      code: 'unknown_method',
    });
    await expect(cloud.request('call.hold', { userId: 1 } as never)).rejects.toMatchObject({
      code: 'bad_request',
      fields: ['userId', 'clientId', 'callId'],
    });
    await expect(
      cloud.request('call.place', {
        ...anna,
        to: '600',
        offer: 'nonsense',
        correlationId: id.correlation('c'),
      }),
    ).rejects.toMatchObject({ code: 'bad_request' });
  });

  test('a changed configuration touches the lines that it changes and no other', async () => {
    start();
    await registered();
    pbx.registrations.length = 0;
    pbx.refusals.set('104', { status: 403, headers: [['Warning', '399 pbx.test "Check provisioning"']] });
    cloud.content.revision = 2;
    cloud.content.lines = [line('anna', '101'), line('carla', '103'), line('david', '104')];
    cloud.send('config.changed', { revision: 2 });
    const failure = () =>
      cloud.events.find((event) => event.name === 'line.changed' && event.data.line.state === 'failed');
    await cloud.until(() => failure() !== undefined);
    expect(failure()?.data).toMatchObject({
      userId: 'david',
      line: { reason: expect.stringContaining('(403 Forbidden): Check provisioning') as string },
    });
    await pbx.until(() => pbx.registrations.length > 0);
    expect(pbx.registrations).toEqual(['102 0']);
  });

  test('SIGTERM ends calls with BYE, takes the bindings back and exits 0', async () => {
    const child = start();
    await registered();
    await place('600');
    await cloud.call('connected');
    child.send('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(pbx.contacts.size).toBe(0);
    expect(pbx.ended.map(({ end }) => end)).toEqual([{ by: 'remote' }]);
    expect((await cloud.call('ended')).state).toMatchObject({ cause: 'connector_lost' });
  });

  test('tells how it is on its HTTP port', async () => {
    const child = start();
    await registered();
    const [, url = ''] = await child.waitFor(/"http":"(http:[^"]+)"/u);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('offhook_connector_lines_registered 3');
    await cloud.stop();
    await child.waitFor(/the connection to the cloud is closed|the cloud cannot be reached/u);
    const notReady = await fetch(`${url}/readyz`);
    expect(notReady.status).toBe(503);
    expect(await notReady.text()).toContain('not connected to the cloud');
    expect(child.output()).not.toContain('secret-anna');
  });

  test('a taken SIP port is one clear sentence', async () => {
    const child = start({ OFFHOOK_SIP_PORT: String(pbx.port) });
    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.output()).toContain(`Port ${String(pbx.port)} on 127.0.0.1 is taken by another program.`);
    expect(child.output()).not.toContain('    at ');
  });
});
