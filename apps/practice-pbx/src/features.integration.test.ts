import { header, parseDialogInfo, parseMessageSummary } from '@offhook/sip';
import type { Body, DialogInfo } from '@offhook/sip';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeConfigInput } from './config/exchange.ts';
import { startTestPbx } from './pbx.test-support.ts';
import type { TestPbx } from './pbx.test-support.ts';
import type { PhoneView } from './phones/desk-phone.ts';
import { deviceId } from './switch/api.ts';
import { TestDevice } from './test-device.test-support.ts';
import type { VoiceApplication } from './voice/application.ts';
import { toneSource } from './voice/source.ts';

const extension = (number: string, name: string, more: object = {}) => ({
  number,
  name,
  password: `secret-${number}`,
  ...more,
});

const EXCHANGE: ExchangeConfigInput = {
  extensions: [
    extension('101', 'Anna Berger', { alternative: '+4915550101' }),
    extension('102', 'Ben Carter', { line: { number: '5102', password: 'line' } }),
    extension('201', 'Carla Duval'),
    extension('202', 'David Engel'),
    extension('203', 'Emma Fisher'),
  ],
  phones: [
    { extension: '101', toneHz: 440 },
    { extension: '102', toneHz: 500 },
    { extension: '201', toneHz: 550, autoAnswerMs: 0 },
    { extension: '202', toneHz: 660, transport: 'tcp' },
  ],
  outside: [{ number: '+4915550101', name: 'Anna’s mobile', toneHz: 770 }],
  services: [{ number: '604', kind: 'busy' }],
};

/** A mailbox that hums at 1,200 Hz, and 1,500 Hz after a key. */
const digitsHeard: string[] = [];
const voicemail: VoiceApplication = {
  begin: (call) => {
    call.play(toneSource(call.sampleRate, 1200, -18));
    return {
      onSamples: () => undefined,
      onDigit: (digit) => {
        digitsHeard.push(`${call.box} ${call.purpose} ${digit}`);
        if (digit === '9') call.hangUp();
        else call.play(toneSource(call.sampleRate, 1500, -18));
      },
      onPlayed: () => undefined,
      onEnded: () => undefined,
    };
  },
};

let pbx: TestPbx;
beforeAll(async () => {
  pbx = await startTestPbx(EXCHANGE, { voicemail });
});
afterAll(() => pbx[Symbol.asyncDispose]());

const hears = (hertz: number) => (phone: PhoneView) =>
  phone.hears.frequencyHz !== null && Math.abs(phone.hears.frequencyHz - hertz) < 5;
const is = (state: PhoneView['state']) => (phone: PhoneView) => phone.state === state;

/** Two desk phones talk and hear each other. */
async function talk(from: string, to: string): Promise<void> {
  await pbx.press(from, 'call', { to });
  await pbx.untilPhone(to, 'rings or talks', ({ state }) => state === 'ringing' || state === 'talking');
  if (to !== '201') await pbx.press(to, 'answer');
  await pbx.untilPhone(from, 'talks', is('talking'));
}

describe('features over SIP', () => {
  afterEach(() => pbx.quiet());

  it('[PBX-3] blind transfer by REFER: the two others hear each other, and their displays say so', async () => {
    await talk('101', '201');
    await pbx.press('101', 'transfer', { to: '202' });
    await pbx.untilPhone('202', 'rings', is('ringing'));
    await pbx.press('202', 'answer');
    await pbx.untilPhone('202', 'hears 201', hears(550));
    const carla = await pbx.untilPhone('201', 'hears 202', hears(660));
    expect(carla.display).toBe('Connected: David Engel (202)');
    await pbx.untilPhone('101', 'is out', is('idle'));
    const notify = (await pbx.trace()).findLast(
      ({ text }) => text.includes('SIP/2.0 200') && text.includes('sipfrag'),
    );
    expect(notify?.line).toMatch(/^NOTIFY/);
  });

  it('[PBX-3] a blind transfer to who is busy comes back', async () => {
    await talk('101', '201');
    await pbx.press('101', 'transfer', { to: '604' });
    const trace = async () => (await pbx.trace()).some(({ text }) => text.includes('SIP/2.0 486'));
    await expect.poll(trace).toBe(true);
    await pbx.untilPhone('201', 'still hears 101', hears(440));
  });

  it('[PBX-4] attended transfer by REFER with Replaces', async () => {
    await talk('101', '201');
    await pbx.press('101', 'consult', { to: '202' });
    await pbx.untilPhone('201', 'hears music', (phone) => phone.hears.levelDbfs > -40 && !hears(440)(phone));
    await pbx.untilPhone('202', 'rings', is('ringing'));
    await pbx.press('202', 'answer');
    await pbx.untilPhone('101', 'may transfer', ({ may }) => may.includes('transfer'));
    await pbx.press('101', 'transfer');
    await pbx.untilPhone('202', 'hears 201', hears(550));
    const carla = await pbx.untilPhone('201', 'hears 202', hears(660));
    expect(carla.peer).toEqual({ number: '202', name: 'David Engel' });
    await pbx.untilPhone('101', 'is out', is('idle'));
  });

  it('[PBX-14] a conference of three desk phones: each hears the two others', async () => {
    await talk('101', '201');
    await pbx.press('101', 'consult', { to: '202' });
    await pbx.untilPhone('202', 'rings', is('ringing'));
    await pbx.press('202', 'answer');
    await pbx.untilPhone('101', 'may make a conference', ({ may }) => may.includes('conference'));
    await pbx.press('101', 'conference');
    const { calls } = await pbx.until('one call of three', (view) => {
      const [call] = view.calls;
      return (
        view.calls.length === 1 && call?.parties.filter(({ state }) => state === 'connected').length === 4
      );
    });
    expect(calls[0]?.parties.map(({ device }) => device)).toContain('202');
    // Two tones of one level each: together they are 3 dB louder than one.
    for (const id of ['101', '201', '202']) {
      await pbx.untilPhone(id, 'hears two', ({ hears: { levelDbfs } }) => Math.abs(levelDbfs + 21) < 1.2);
    }
  });

  it('[PBX-7] [PBX-16] forwarding by feature code carries Diversion', async () => {
    await pbx.press('102', 'forwarding', { type: 'immediate', to: '201' });
    await pbx.untilPhone('102', 'has its lamp', ({ indicators, state }) => {
      return indicators.forwarding.immediate === '201' && state === 'idle';
    });
    await pbx.press('101', 'call', { to: '102' });
    await pbx.untilPhone('101', 'hears 201', hears(550));
    const invite = (await pbx.trace()).findLast(
      ({ line, direction }) => direction === 'out' && line.startsWith('INVITE'),
    );
    expect(invite?.text).toMatch(/^Diversion: "Ben Carter" <sip:102@[^>]+>;reason=unconditional/m);
    await pbx.press('101', 'hangup');
    await pbx.press('102', 'forwarding', { type: 'immediate' });
    await pbx.untilPhone('102', 'is free', is('idle'));
  });

  it('[PBX-9] do-not-disturb by key, and off again', async () => {
    await pbx.press('202', 'do-not-disturb', { on: true });
    await pbx.untilPhone(
      '202',
      'shows it',
      ({ indicators, state }) => indicators.doNotDisturb && state === 'idle',
    );
    await pbx.press('101', 'call', { to: '202' });
    const anna = await pbx.untilPhone('101', 'is told', is('idle'));
    expect(anna.display).toBe('Busy');
    await pbx.press('202', 'do-not-disturb', { on: false });
    await pbx.untilPhone(
      '202',
      'is free',
      ({ indicators, state }) => !indicators.doNotDisturb && state === 'idle',
    );
  });

  it('[PBX-5] [PBX-6] a group: desk, line and, where those do not answer, the mobile', async () => {
    pbx.api.execute({
      kind: 'setAlternative',
      device: deviceId('101'),
      number: '+4915550101',
      delaySeconds: 1,
    });
    await pbx.press('202', 'call', { to: '101' });
    await pbx.untilPhone('101', 'rings', is('ringing'));
    await pbx.untilPhone('4915550101', 'rings', is('ringing'));
    await pbx.press('4915550101', 'answer');
    await pbx.untilPhone('202', 'hears the mobile', hears(770));
    const desk = await pbx.untilPhone('101', 'stops', is('idle'));
    expect(desk.display).toBe('Answered elsewhere');
  });

  it('[PBX-21] park by transfer, retrieve from another phone', async () => {
    await talk('101', '201');
    await pbx.press('101', 'transfer', { to: '*70' });
    await pbx.untilPhone('201', 'sees the slot', ({ peer }) => peer?.name === 'Parked at *71');
    await pbx.press('202', 'call', { to: '*71' });
    await pbx.untilPhone('202', 'hears 201', hears(550));
    const carla = await pbx.untilPhone('201', 'hears 202', hears(660));
    expect(carla.peer).toEqual({ number: '202', name: 'David Engel' });
  });

  it('[PBX-22] pick-up of what rings at a colleague', async () => {
    await pbx.press('101', 'call', { to: '102' });
    await pbx.untilPhone('102', 'rings', is('ringing'));
    await pbx.press('202', 'call', { to: '*8102' });
    await pbx.untilPhone('101', 'hears 202', hears(660));
    const ben = await pbx.untilPhone('102', 'stops', is('idle'));
    expect(ben.display).toBe('Answered elsewhere');
  });

  it('[PBX-19] makeCall drives the desk phone: it answers by itself, then the other rings', async () => {
    expect(pbx.api.execute({ kind: 'makeCall', device: deviceId('101'), to: '201' })).toMatchObject({
      ok: true,
    });
    await pbx.untilPhone('101', 'hears 201', hears(550));
    const [call] = pbx.api.calls();
    if (call === undefined) throw new Error('no call');
    const connection = { call: call.id, device: deviceId('101') };
    pbx.api.execute({ kind: 'holdCall', connection });
    await pbx.untilPhone('101', 'holds', is('holding'));
    pbx.api.execute({ kind: 'retrieveCall', connection });
    await pbx.untilPhone('101', 'talks', is('talking'));
    await pbx.untilPhone('201', 'hears 101 again', hears(440));
  });

  it('[PBX-19] answerCall makes a ringing desk phone answer', async () => {
    await pbx.press('201', 'call', { to: '101' });
    await pbx.untilPhone('101', 'rings', is('ringing'));
    const [call] = pbx.api.calls();
    if (call === undefined) throw new Error('no call');
    expect(
      pbx.api.execute({ kind: 'answerCall', connection: { call: call.id, device: deviceId('101') } }),
    ).toEqual({ ok: true });
    await pbx.untilPhone('101', 'hears 201', hears(550));
  });

  it('[PBX-17] the voicemail application answers 500, hears keys and hangs up', async () => {
    digitsHeard.length = 0;
    await pbx.press('101', 'call', { to: '500' });
    await pbx.untilPhone('101', 'hears the mailbox', hears(1200));
    await pbx.press('101', 'dtmf', { digits: '1' });
    await pbx.untilPhone('101', 'hears its answer', hears(1500));
    await pbx.press('101', 'dtmf', { digits: '9' });
    await pbx.untilPhone('101', 'is hung up', is('idle'));
    expect(digitsHeard).toEqual(['101 own 1', '101 own 9']);
  });
});

async function documents(device: TestDevice, ready: (info: DialogInfo) => boolean): Promise<DialogInfo> {
  for (;;) {
    const { body } = await device.event('subscription.notified');
    const info = body === undefined ? undefined : parseDialogInfo(body.bytes);
    if (info !== undefined && 'dialogs' in info && ready(info)) return info;
  }
}

const summaryOf = (body: Body | undefined) => body && parseMessageSummary(body.bytes);

describe('a scripted user agent', () => {
  afterEach(() => pbx.quiet());

  it('[PBX-24] [RFC4235-3] watches the dialogs of a number, and takes one over by INVITE with Replaces', async () => {
    await using device = await TestDevice.open(pbx);
    device.subscribe('203', 'secret-203', '201', 'dialog', 'application/dialog-info+xml');
    await documents(device, ({ dialogs }) => dialogs.length === 0);
    await pbx.press('101', 'call', { to: '201' });
    const info = await documents(device, ({ dialogs }) => dialogs[0]?.state === 'confirmed');
    const [dialog] = info.dialogs;
    expect(dialog).toMatchObject({
      direction: 'recipient',
      remote: { identity: { displayName: 'Anna Berger' } },
    });
    const { callId, localTag, remoteTag } = dialog ?? {};
    if (callId === undefined || localTag === undefined || remoteTag === undefined) throw new Error('no tags');
    const replaces = { callId, toTag: remoteTag, fromTag: localTag };
    expect(await device.call('203', '201', { username: '203', password: 'secret-203' }, { replaces })).toBe(
      200,
    );
    const anna = await pbx.untilPhone('101', 'is with Emma', ({ peer }) => peer?.number === '203');
    expect(anna.state).toBe('talking');
    await pbx.untilPhone('201', 'is out', is('idle'));
    await documents(device, ({ dialogs }) => dialogs.length === 0);
  });

  it('[PBX-24] [RFC3842-3] is told of its mailbox, and not of another’s', async () => {
    await using device = await TestDevice.open(pbx);
    device.subscribe('203', 'secret-203', '201', 'message-summary', 'application/simple-message-summary');
    const refused = await device.event('subscription.changed', ({ state }) => state.name === 'failed');
    expect(refused.state).toMatchObject({ why: { kind: 'response', response: { status: 403 } } });
    device.subscribe('203', 'secret-203', '203', 'message-summary', 'application/simple-message-summary');
    expect(summaryOf((await device.event('subscription.notified')).body)?.waiting).toBe(false);
    pbx.api.execute({ kind: 'setMessageWaiting', device: deviceId('203'), messages: { fresh: 2, old: 1 } });
    const told = summaryOf((await device.event('subscription.notified')).body);
    expect(told).toMatchObject({ waiting: true, counts: { voice: { new: 2, old: 1 } } });
  });

  it('[PBX-14] [RFC4579-5.1] a new room tells its own address in Contact, with isfocus', async () => {
    await using device = await TestDevice.open(pbx);
    expect(await device.call('203', '700', { username: '203', password: 'secret-203' })).toBe(200);
    const answer = (await pbx.trace()).findLast(({ line }) => line.startsWith('SIP/2.0 200'));
    expect(answer?.text).toMatch(/^Contact: <sip:700\d{5}@[^>]+>;isfocus/m);
  });

  it('[PBX-5] the line of a person shows the main number, and is called with it', async () => {
    await using device = await TestDevice.open(pbx);
    const line = { username: '5102', password: 'line' };
    device.register('5102', line);
    await device.event('registration.changed', ({ state }) => state.name === 'registered');
    expect(await device.call('5102', '201', line)).toBe(200);
    const { peer } = await pbx.untilPhone('201', 'in the call', is('talking'));
    expect(peer).toEqual({ number: '102', name: 'Ben Carter' });
    await pbx.press('101', 'call', { to: '102' });
    const { request } = await device.event('session.incoming');
    expect(header(request, 'p-asserted-identity')).toContain('Anna Berger');
  });
});
