import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeConfigInput } from './config/exchange.ts';
import { startTestPbx } from './pbx.test-support.ts';
import type { TestPbx } from './pbx.test-support.ts';

const extension = (number: string, name: string, ringSeconds = 30) => ({
  number,
  name,
  password: `secret-${number}`,
  ringSeconds,
});

const EXCHANGE: ExchangeConfigInput = {
  extensions: [
    extension('101', 'Anna Berger'),
    extension('102', 'Ben Carter', 1),
    extension('103', 'Nobody At Home'),
    extension('201', 'Carla Duval'),
    extension('202', 'David Engel'),
  ],
  phones: [
    { extension: '101', toneHz: 440 },
    { extension: '102', toneHz: 500 },
    { extension: '201', toneHz: 550, autoAnswerMs: 0 },
    { id: '202a', extension: '202', toneHz: 660, transport: 'tcp' },
    { id: '202b', extension: '202', toneHz: 770 },
  ],
  services: [
    { number: '600', kind: 'echo' },
    { number: '601', kind: 'tone' },
    { number: '602', kind: 'digits' },
    { number: '603', kind: 'announcement' },
    { number: '604', kind: 'busy' },
    { number: '605', kind: 'no-answer', ringSeconds: 1 },
    { number: '606', kind: 'decline' },
  ],
};

let pbx: TestPbx;
beforeAll(async () => {
  pbx = await startTestPbx(EXCHANGE);
});
afterAll(() => pbx[Symbol.asyncDispose]());

const hears = (hertz: number) => (phone: { hears: { frequencyHz: number | null } }) =>
  phone.hears.frequencyHz !== null && Math.abs(phone.hears.frequencyHz - hertz) < 5;

describe('a PBX with its desk phones', () => {
  // Whatever a test did: nothing of its calls is left over.
  afterEach(() => pbx.quiet());

  it('a call over UDP to a phone that answers by itself: voice both ways, then BYE', async () => {
    await pbx.press('101', 'call', { to: '201' });
    await pbx.untilPhone('101', 'hears 201', hears(550));
    const carla = await pbx.untilPhone('201', 'hears 101', hears(440));
    expect(carla.display).toBe('Connected: Anna Berger (101)');
    await pbx.press('201', 'hangup');
    const anna = await pbx.untilPhone('101', 'idle', ({ state }) => state === 'idle');
    expect(anna.display).toBe('Ended');
  });

  it('[RFC3261-13.2] a phone rings, the caller sees it, a person answers', async () => {
    await pbx.press('201', 'call', { to: '101' });
    const carla = await pbx.untilPhone('201', 'alerting', ({ state }) => state === 'alerting');
    expect(carla.display).toBe('Ringing Anna Berger (101)…');
    const anna = await pbx.untilPhone('101', 'ringing', ({ state }) => state === 'ringing');
    expect(anna.display).toBe('Call from Carla Duval (201)');
    await pbx.press('101', 'answer');
    await pbx.untilPhone('101', 'hears 201', hears(550));
  });

  it('[RFC3264-8.4] whoever is held hears music, and the other again after retrieving', async () => {
    await pbx.press('101', 'call', { to: '201' });
    await pbx.untilPhone('201', 'hears 101', hears(440));
    await pbx.press('101', 'hold');
    await pbx.untilPhone('101', 'hears nothing', ({ hears: { frequencyHz } }) => frequencyHz === null);
    // Several notes within the second, none of them the caller’s voice.
    await pbx.untilPhone('201', 'hears music', (phone) => phone.hears.levelDbfs > -40 && !hears(440)(phone));
    const { calls } = await pbx.until('held', (view) => view.calls[0]?.holding.length === 1);
    expect(calls[0]?.holding).toEqual(['caller']);
    const held = await pbx.untilPhone(
      '201',
      'shows that it is held',
      (phone) => phone.calls[0]?.isHeld === true,
    );
    expect(held.display).toBe('Held by Anna Berger (101)');
    await pbx.press('101', 'retrieve');
    await pbx.untilPhone('201', 'hears 101 again', hears(440));
    await pbx.untilPhone('101', 'hears 201 again', hears(550));
    await pbx.untilPhone(
      '201',
      'is connected again',
      ({ display }) => display === 'Connected: Anna Berger (101)',
    );
  });

  it('[RFC3326-2] every binding rings; one answers over TCP, the other is told that it was answered elsewhere', async () => {
    await pbx.press('101', 'call', { to: '202' });
    for (const id of ['202a', '202b'])
      await pbx.untilPhone(id, 'ringing', ({ state }) => state === 'ringing');
    await pbx.press('202a', 'answer');
    await pbx.untilPhone('101', 'hears 202a', hears(660));
    const loser = await pbx.untilPhone('202b', 'idle', ({ state }) => state === 'idle');
    expect(loser.display).toBe('Answered elsewhere');
    const cancel = (await pbx.trace()).findLast(({ line }) => line.startsWith('CANCEL'));
    expect(cancel?.text).toContain('Reason: SIP;cause=200;text="Call completed elsewhere"');
  });

  it('[RFC3261-9] the caller gives up: every phone stops ringing and shows a missed call', async () => {
    await pbx.press('101', 'call', { to: '202' });
    for (const id of ['202a', '202b'])
      await pbx.untilPhone(id, 'ringing', ({ state }) => state === 'ringing');
    await pbx.press('101', 'hangup');
    for (const id of ['202a', '202b']) {
      const { display } = await pbx.untilPhone(id, 'idle', ({ state }) => state === 'idle');
      expect(display).toBe('Missed: Anna Berger (101)');
    }
  });

  it('[RFC3261-21.6.2] a rejected call stops ringing everywhere', async () => {
    await pbx.press('101', 'call', { to: '202' });
    await pbx.untilPhone('202b', 'ringing', ({ state }) => state === 'ringing');
    await pbx.press('202b', 'reject');
    const { display } = await pbx.untilPhone('101', 'idle', ({ state }) => state === 'idle');
    expect(display).toBe('Rejected');
    await pbx.untilPhone('202a', 'idle', ({ state }) => state === 'idle');
  });

  it('[PBX-13] a second call knocks at a phone that talks, which is held when the second is answered', async () => {
    await pbx.press('101', 'call', { to: '201' });
    await pbx.untilPhone('201', 'talking', ({ state }) => state === 'talking');
    await pbx.press('202a', 'call', { to: '201' });
    const knocked = await pbx.untilPhone('201', 'knocked at', ({ lines }) => lines.length === 1);
    expect([knocked.display, ...knocked.lines]).toEqual([
      'Connected: Anna Berger (101)',
      'Call from David Engel (202)',
    ]);
    await pbx.press('201', 'answer');
    await pbx.untilPhone('201', 'hears 202a', hears(660));
    // Several notes within the second, none of them a phone’s voice.
    await pbx.untilPhone('101', 'hears music', (phone) => phone.hears.levelDbfs > -40 && !hears(550)(phone));
    await pbx.press('201', 'swap');
    await pbx.untilPhone('201', 'hears 101 again', hears(440));
  });

  it('[RFC3261-21.4.24] a third call at a phone with two is told that it is busy', async () => {
    await pbx.press('101', 'call', { to: '201' });
    await pbx.untilPhone('201', 'talking', ({ state }) => state === 'talking');
    await pbx.press('102', 'call', { to: '201' });
    await pbx.untilPhone('201', 'knocked at', ({ calls }) => calls.length === 2);
    await pbx.press('202a', 'call', { to: '201' });
    const { display } = await pbx.untilPhone('202a', 'refused', ({ state }) => state === 'idle');
    expect(display).toBe('Busy');
  });

  it('a phone that nobody answers stops after its ring time, and the caller is told', async () => {
    await pbx.press('101', 'call', { to: '102' });
    await pbx.untilPhone('102', 'ringing', ({ state }) => state === 'ringing');
    const caller = await pbx.untilPhone('101', 'idle', ({ state }) => state === 'idle');
    expect(caller.display).toBe('No answer');
    const callee = await pbx.untilPhone('102', 'idle', ({ state }) => state === 'idle');
    expect(callee.display).toBe('Missed: Anna Berger (101)');
  });

  it.each([
    ['999', 'Unknown number'],
    ['103', 'No answer'],
    ['604', 'Busy'],
    ['605', 'No answer'],
    ['606', 'Rejected'],
  ])('%s: %s', async (number, display) => {
    await pbx.press('101', 'call', { to: number });
    const phone = await pbx.untilPhone('101', 'idle', ({ state }) => state === 'idle');
    expect(phone.display).toBe(display);
  });

  it('600 gives back what one says', async () => {
    await pbx.press('101', 'call', { to: '600' });
    const phone = await pbx.untilPhone('101', 'hears', ({ hears: { levelDbfs } }) => levelDbfs > -26);
    expect(hears(440)(phone)).toBe(true);
  });

  it('601 is a tone of 1 kHz', async () => {
    await pbx.press('101', 'call', { to: '601' });
    const phone = await pbx.untilPhone('101', 'hears the tone', hears(1000));
    expect(phone.hears.frequencyHz).toBeGreaterThan(999);
    expect(phone.hears.frequencyHz).toBeLessThan(1001);
  });

  it('602 reads keys back as tones', async () => {
    await pbx.press('101', 'call', { to: '602' });
    await pbx.untilPhone('101', 'talking', ({ state }) => state === 'talking');
    await pbx.press('101', 'dtmf', { digits: '159#0' });
    const phone = await pbx.untilPhone('101', 'hears its keys', ({ hears: { tones } }) => tones.length === 5);
    expect(phone.hears.tones).toBe('159#0');
  });

  it('[RFC4733-2.5] keys go through the PBX from phone to phone', async () => {
    await pbx.press('101', 'call', { to: '201' });
    await pbx.untilPhone('201', 'hears 101', hears(440));
    await pbx.press('101', 'dtmf', { digits: '42*' });
    const phone = await pbx.untilPhone('201', 'got keys', ({ hears: { events } }) => events.length === 3);
    expect(phone.hears.events).toBe('42*');
  });

  it('603 says something, then hangs up', async () => {
    await pbx.press('101', 'call', { to: '603' });
    await pbx.untilPhone('101', 'hears a voice', (phone) => phone.hears.levelDbfs > -40);
    const phone = await pbx.untilPhone('101', 'idle', ({ state }) => state === 'idle');
    expect(phone.display).toBe('Ended');
  });
});

describe('the API', () => {
  it.each([
    ['/api/phones/999/hangup', undefined, 404, 'not_found'],
    ['/api/phones/101/dance', undefined, 404, 'not_found'],
    ['/api/phones/101/hangup', undefined, 409, 'conflict'],
    ['/api/phones/101/dtmf', { digits: '1' }, 409, 'conflict'],
    ['/api/phones/101/call', undefined, 400, 'bad_request'],
    ['/api/phones/101/call', { to: 'a b' }, 400, 'bad_request'],
    ['/api/phones/101/call', { to: '201', as: 'king' }, 400, 'bad_request'],
    ['/api/phones/101/dtmf', { digits: 'xyz' }, 400, 'bad_request'],
    ['/api/phones/101/answer', { please: true }, 400, 'bad_request'],
  ])('POST %s with %o: %i', async (path, body, status, code) => {
    const answer = await pbx.post(path, body);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  });

  it('[OWASP-CSRF] a page of another site cannot press buttons', async () => {
    const response = await fetch(new URL('/api/phones/101/hangup', pbx.url), {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(response.status).toBe(403);
  });

  it('serves the page, the health and where extensions are registered', async () => {
    const page = await fetch(pbx.url);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page.text()).toContain('Practice PBX');
    const health = await fetch(new URL('/healthz', pbx.url));
    expect(await health.json()).toEqual({ status: 'ok' });
    const { extensions } = await pbx.until('registered', () => true);
    expect(extensions.find(({ number }) => number === '202')?.bindings).toHaveLength(2);
    expect(extensions.find(({ number }) => number === '103')?.bindings).toEqual([]);
  });
});
