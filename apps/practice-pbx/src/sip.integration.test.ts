import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { header, loopMarkHeader } from '@offhook/sip';
import type { Credentials } from '@offhook/sip';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPbx } from './pbx.test-support.ts';
import type { TestPbx } from './pbx.test-support.ts';
import { TestDevice } from './test-device.test-support.ts';

let pbx: TestPbx;
beforeAll(async () => {
  pbx = await startTestPbx({
    extensions: [
      { number: '101', name: 'Anna Berger', password: 'right' },
      { number: '102', name: 'Ben "The Ear" Carter', password: 'also right', authUser: 'ben' },
      { number: '103', name: 'Dora Engel', password: 'round and round' },
      { number: '201', name: 'Carla Duval', password: 'secret' },
    ],
    phones: [{ extension: '201', toneHz: 550, autoAnswerMs: 0 }],
    services: [{ number: '601', kind: 'tone' }],
    limits: { calls: 2, bindingsPerExtension: 2 },
    registration: { min: 30, max: 60 },
  });
});
afterAll(() => pbx[Symbol.asyncDispose]());

const anna: Credentials = { username: '101', password: 'right' };

describe('registering', () => {
  it.each(['udp', 'tcp'] as const)('[RFC3261-22.2] with the right password over %s', async (transport) => {
    await using device = await TestDevice.open(pbx, transport);
    device.register('101', anna);
    await device.event('registration.changed', ({ state }) => state.name === 'registered');
    const { extensions } = await pbx.until('101 is there', (view) =>
      view.extensions.some(({ number, bindings }) => number === '101' && bindings.length > 0),
    );
    const bindings = extensions.find(({ number }) => number === '101')?.bindings;
    expect(bindings?.some((binding) => binding.transport === transport)).toBe(true);
  });

  it.each([
    ['a wrong password', '101', { username: '101', password: 'wrong' }, 401],
    ['an unknown user', '101', { username: 'nobody', password: 'right' }, 401],
    ['another’s extension', '102', anna, 403],
    ['an unknown extension', '999', anna, 404],
  ])('[RFC3261-10.3] with %s fails', async (_, number, credentials, status) => {
    await using device = await TestDevice.open(pbx);
    device.register(number, credentials);
    const { state } = await device.event('registration.changed', (event) => event.state.name === 'failed');
    expect(state).toMatchObject({ name: 'failed', why: { kind: 'response', status } });
  });

  it('[RFC3261-10.3] a lifetime is cut to the most that the PBX gives', async () => {
    await using device = await TestDevice.open(pbx);
    device.register('102', { username: 'ben', password: 'also right' }, 3600);
    await device.event('registration.changed', ({ state }) => state.name === 'registered');
    const { extensions } = await pbx.until('102 is there', (view) =>
      view.extensions.some(({ number, bindings }) => number === '102' && bindings.length > 0),
    );
    const [binding] = extensions.find(({ number }) => number === '102')?.bindings ?? [];
    expect(binding?.expiresInSeconds).toBeLessThanOrEqual(60);
  });
});

describe('calling', () => {
  it.each([
    ['[RFC3261-22.3] without credentials', '101', '601', undefined, 407],
    ['[RFC3261-22.3] with a wrong password', '101', '601', { username: '101', password: 'wrong' }, 407],
    ['as somebody else', '201', '601', anna, 403],
    ['an unknown number', '101', '12345', anna, 404],
    ['a service', '101', '601', anna, 200],
  ] as const)('%s', async (_, from, to, credentials, status) => {
    await using device = await TestDevice.open(pbx);
    expect(await device.call(from, to, credentials)).toBe(status);
  });

  it('the caller’s name is the extension table’s, and asserted', async () => {
    await using device = await TestDevice.open(pbx);
    expect(await device.call('102', '201', { username: 'ben', password: 'also right' })).toBe(200);
    const { peer } = await pbx.untilPhone('201', 'in the call', ({ state }) => state === 'talking');
    expect(peer).toEqual({ number: '102', name: 'Ben "The Ear" Carter' });
    const invite = (await pbx.trace()).findLast(
      ({ line, direction }) => direction === 'out' && line.startsWith('INVITE'),
    );
    expect(invite?.text).toMatch(/^P-Asserted-Identity: "Ben \\"The Ear\\" Carter" <sip:102@/m);
  });

  it('[RFC3261-21.5.4] more calls than the PBX may carry are refused with 503', async () => {
    await using device = await TestDevice.open(pbx);
    expect(await device.call('101', '601', anna)).toBe(200);
    expect(await device.call('101', '601', anna)).toBe(200);
    expect(await device.call('101', '601', anna)).toBe(503);
    expect(await pbx.metric('calls')).toBe(2);
  });

  it('[RFC5393-4.2] a call that comes round is refused, as is one that has come too far or rings too widely', async () => {
    await using device = await TestDevice.open(pbx);
    const dora: Credentials = { username: '103', password: 'round and round' };
    device.register('103', dora);
    await device.event('registration.changed', ({ state }) => state.name === 'registered');
    const first = device.call('101', '103', anna);
    const { request, session } = await device.event('session.incoming');
    expect(header(request, 'max-forwards')).toBe('69');
    expect(header(request, 'max-breadth')).toBe('60');
    // The phone forwards to itself, by way of the PBX.
    const marks = header(request, loopMarkHeader) ?? '';
    const headers = [[loopMarkHeader, marks]] as const;
    expect(await device.call('103', '103', dora, { headers })).toBe(482);
    expect(await device.call('103', '103', dora, { maxForwards: 0 })).toBe(483);
    expect(await device.call('103', '103', dora, { maxBreadth: 0 })).toBe(440);
    device.sip.run((endpoint, now) => endpoint.refuse(session, 486, now));
    expect(await first).toBe(486);
  });

  it('[RFC3261-11] OPTIONS is answered', async () => {
    await using device = await TestDevice.open(pbx);
    const host = `127.0.0.1:${pbx.sip.port}`;
    device.sip.run((endpoint, now) =>
      endpoint.request({ method: 'OPTIONS', to: `sip:${host}`, from: 'sip:x@127.0.0.1' }, now),
    );
    const { result } = await device.event('response');
    expect(result).toMatchObject({ kind: 'response', response: { status: 200 } });
  });

  it('[RFC3261-21.4.6] what a PBX does not do is refused with 405 and what it does', async () => {
    await using device = await TestDevice.open(pbx);
    const host = `127.0.0.1:${pbx.sip.port}`;
    device.sip.run((endpoint, now) =>
      endpoint.request({ method: 'MESSAGE', to: `sip:201@${host}`, from: 'sip:x@127.0.0.1' }, now),
    );
    const { result } = await device.event('response');
    expect(result).toMatchObject({ kind: 'response', response: { status: 405 } });
  });
});

describe('malformed SIP', () => {
  const rubbish = [
    'hello',
    '\r\n\r\n\r\n',
    'INVITE sip:201@pbx SIP/2.0\r\n\r\n',
    'INVITE sip:201@pbx SIP/9.0\r\nContent-Length: 0\r\n\r\n',
    `OPTIONS sip:x SIP/2.0\r\n${'X: y\r\n'.repeat(2000)}\r\n`,
    `REGISTER sip:x SIP/2.0\r\nContent-Length: -5\r\nContact: <sip:%00\r\n\r\n`,
    'SIP/2.0 999 Whatever\r\nVia: nonsense\r\n\r\n',
    `\0\xff${'A'.repeat(60_000)}`,
  ].map((text) => Buffer.from(text, 'latin1'));

  it('[RFC4475] to both ports is counted, and calls go on', async () => {
    const before = await pbx.metric('sip_malformed_total');
    const { address, port } = pbx.sip;
    const udp = createSocket('udp4');
    for (const octets of rubbish) {
      await new Promise((resolve) => udp.send(octets, port, address, resolve));
    }
    udp.close();
    for (const octets of rubbish) {
      const tcp = connect({ host: address, port });
      tcp.on('error', () => undefined);
      await once(tcp, 'connect');
      tcp.end(octets);
      tcp.resume();
      await once(tcp, 'close');
    }
    expect(await pbx.metric('sip_malformed_total')).toBeGreaterThan(before);
    await using device = await TestDevice.open(pbx);
    expect(await device.call('101', '601', anna)).toBe(200);
    expect(await device.call('101', '4711', anna)).toBe(404);
  });
});
