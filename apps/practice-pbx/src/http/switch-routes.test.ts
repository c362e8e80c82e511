import { afterEach, describe, expect, it } from 'vitest';
import { ANNA, CALL, FakeSwitch } from '../csta/fake-switch.test-support.ts';
import type { SwitchCommand } from '../switch/api.ts';
import { LiveEvents } from './events.ts';
import { quietFace } from './face.test-support.ts';
import { createServer } from './server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function setUp() {
  const api = new FakeSwitch();
  const face = quietFace({ api });
  const server = createServer(face, new LiveEvents(face));
  closers.push(() => server.close());
  const post = async (url: string, payload: object) => {
    const { statusCode, body } = await server.inject({ method: 'POST', url, payload });
    return { status: statusCode, body: JSON.parse(body) as unknown };
  };
  return { api, server, post };
}

const SETTINGS = '/api/extensions/101/settings';

describe('settings of an extension', () => {
  it.each<[object, SwitchCommand]>([
    [
      { set: 'doNotDisturb', on: true },
      { kind: 'setDoNotDisturb', device: ANNA, on: true },
    ],
    [
      { set: 'busyBehaviour', behaviour: 'voicemail' },
      { kind: 'setBusyBehaviour', device: ANNA, behaviour: 'voicemail' },
    ],
    [
      { set: 'routing', routing: 'deskOnly' },
      { kind: 'setRouting', device: ANNA, routing: 'deskOnly' },
    ],
    [
      { set: 'alternative', number: null },
      { kind: 'setAlternative', device: ANNA, number: undefined },
    ],
    [
      { set: 'alternative', number: '004930', delaySeconds: 5 },
      { kind: 'setAlternative', device: ANNA, number: '004930', delaySeconds: 5 },
    ],
    [
      { set: 'forwarding', type: 'busy', target: { kind: 'voicemail' } },
      {
        kind: 'setForwarding',
        device: ANNA,
        type: 'busy',
        active: true,
        target: { kind: 'voicemail' },
      },
    ],
    [
      { set: 'forwarding', type: 'noAnswer', target: null, ringSeconds: 9 },
      { kind: 'setForwarding', device: ANNA, type: 'noAnswer', active: false, ringSeconds: 9 },
    ],
  ])('%j is one command of the switch', async (wish, command) => {
    const { api, post } = setUp();
    expect(await post(SETTINGS, wish)).toMatchObject({ status: 200, body: { device: '101' } });
    expect(api.commands).toEqual([command]);
  });

  it.each([
    [{}],
    [{ set: 'doNotDisturb' }],
    [{ set: 'doNotDisturb', on: true, more: 1 }],
    [{ set: 'routing', routing: 'nobody' }],
    [{ set: 'alternative', number: 'x'.repeat(33) }],
    [{ set: 'forwarding', type: 'busy', target: { kind: 'number', number: '1 2' } }],
    [{ set: 'forwarding', type: 'noAnswer', target: null, ringSeconds: 0 }],
  ])('%j is refused before the switch hears of it', async (wish) => {
    const { api, post } = setUp();
    expect(await post(SETTINGS, wish)).toMatchObject({
      status: 400,
      body: { error: { code: 'bad_request' } },
    });
    expect(api.commands).toEqual([]);
  });

  it('of nobody are not found', async () => {
    const { post, server } = setUp();
    expect(await post('/api/extensions/999/settings', { set: 'doNotDisturb', on: true })).toMatchObject({
      status: 404,
    });
    expect((await server.inject('/api/extensions/999/settings')).statusCode).toBe(404);
    expect((await server.inject(SETTINGS)).json()).toMatchObject({ busyBehaviour: 'secondCall' });
  });

  it('what the switch refuses is told in its words', async () => {
    const { api, post } = setUp();
    api.outcome = { ok: false, error: 'notAllowed', message: 'There is no alternative number.' };
    expect(await post(SETTINGS, { set: 'routing', routing: 'alternativeOnly' })).toEqual({
      status: 403,
      body: { error: { code: 'forbidden', message: 'There is no alternative number.' } },
    });
  });
});

describe('calls and call-backs', () => {
  it('are ended and cancelled', async () => {
    const { api, post } = setUp();
    expect(await post(`/api/calls/${CALL}/clear`, {})).toMatchObject({ status: 200 });
    expect(await post('/api/call-backs/cancel', { device: '101', to: '201' })).toMatchObject({ status: 200 });
    expect(api.commands).toEqual([
      { kind: 'clearCall', call: CALL },
      { kind: 'cancelCallBack', device: '101', to: '201' },
    ]);
  });

  it('that cannot exist are refused', async () => {
    const { api, post } = setUp();
    expect(await post('/api/calls/1/clear', {})).toMatchObject({ status: 400 });
    expect(api.commands).toEqual([]);
  });
});

describe('the trace', () => {
  it('is text for those who have no page', async () => {
    const { server } = setUp();
    const { headers, body, statusCode } = await server.inject(
      '/api/trace.txt?routine=1&messages=1&device=101',
    );
    expect([statusCode, headers['content-type'], body]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'No message.\n',
    ]);
  });

  it.each(['routine=yes', 'from=now', 'call=', 'unknown=1'])('refuses ?%s', async (query) => {
    const { server } = setUp();
    expect((await server.inject(`/api/trace.txt?${query}`)).statusCode).toBe(400);
  });
});

describe('the page', () => {
  it.each([
    ['/', 'text/html'],
    ['/page.css', 'text/css'],
    ['/trace.js', 'text/javascript'],
  ])('serves %s and lets it load nothing from elsewhere', async (path, type) => {
    const { headers, statusCode } = await setUp().server.inject(path);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toContain(type);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });
});
