import { OffhookError } from '@offhook/contract';
import type { DialogEntry } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { SipExchange, type ExchangeOptions } from './exchange.test-support.ts';

const open = (options: ExchangeOptions = {}): Promise<SipExchange> =>
  SipExchange.open({ mainNumber: '101', ...options });

/** What a request came to, once so much time has passed. */
async function after<T>(
  exchange: SipExchange,
  milliseconds: number,
  work: Promise<T>,
): Promise<T | OffhookError> {
  const settled = work.catch((error: unknown) => OffhookError.from(error));
  await exchange.pass(milliseconds);
  return settled;
}

const dialog = (changes: Partial<DialogEntry> = {}): DialogEntry => ({
  id: 'd1',
  callId: 'desk-call',
  localTag: 'desk-tag',
  remoteTag: 'peer-tag',
  direction: 'recipient',
  state: 'confirmed',
  remote: { identity: { uri: 'sip:200@pbx.example', displayName: 'Carla' } },
  ...changes,
});

describe('calls', () => {
  test('[RFC5589-7] an attended transfer refers the held side into the place of the active one', async () => {
    using exchange = await open();
    const held = await exchange.atClient('200', 'held');
    const active = await exchange.atClient('201', 'talking');
    await after(exchange, 500, exchange.platform.calls.completeTransfer(held, active));
    expect(exchange.referred).toHaveLength(1);
    expect(exchange.referred[0]).toContain(`Replaces=${active.leg?.sipCallId ?? 'nothing'}`);
    await exchange.pass(3_000);
    expect(exchange.legs.map(({ call }) => call.phase)).toMatchObject([
      { name: 'ended', cause: 'transferred' },
      { name: 'ended', cause: 'transferred' },
    ]);
  });

  test('a push refers the other side to the main number, while our own line refuses that call', async () => {
    using exchange = await open();
    const { platform, line } = exchange;
    const subject = await exchange.atClient('200', 'talking');
    exchange.behave('silent');
    const pushed = platform.calls.push(subject, 'desk_phone').catch(() => 'failed');
    await exchange.pass(100);
    expect(exchange.referred).toEqual(['sip:101@pbx.example']);
    const situation = { talking: true, number: '200' };
    expect(platform.admit(line.userId, situation)).toEqual({ kind: 'refuse', status: 480 });
    expect(platform.admit(line.userId, { ...situation, number: '201' })).toEqual({ kind: 'ring' });
    await exchange.pass(70_000);
    expect(await pushed).toBe('failed');
    expect(platform.admit(line.userId, situation)).toEqual({ kind: 'ring' });
  });

  test('[RFC3891-3] a pull takes the place of the desk phone, by the tags as its other side has them', async () => {
    using exchange = await open();
    await exchange.desk?.begin('200', 'talking');
    const subject = exchange.desk?.subject('200');
    if (subject === undefined) throw new Error('no desk phone');
    expect(await exchange.platform.calls.pull(subject)).toEqual({
      by: 'invite',
      to: '200',
      replaces: { callId: 'desk-call-200', toTag: 'peer-tag', fromTag: 'desk-tag' },
    });
  });

  test('what rings at the desk phone is picked up by the own number', async () => {
    using exchange = await open();
    await exchange.desk?.begin('200', 'ringing');
    const subject = exchange.desk?.subject('200');
    if (subject === undefined) throw new Error('no desk phone');
    expect(await exchange.platform.calls.pull(subject)).toEqual({ by: 'invite', to: '*8101' });
  });

  test('a ringing call goes to the mailbox and to the alternative number by 302', async () => {
    using exchange = await open();
    const first = await exchange.atClient('200', 'ringing');
    await after(exchange, 200, exchange.platform.calls.toVoicemail(first));
    const second = await exchange.atClient('200', 'ringing');
    await after(exchange, 200, exchange.platform.calls.push(second, 'alternative'));
    expect(exchange.redirected).toEqual(['<sip:500@pbx.example>', '<sip:004915550101@pbx.example>']);
  });

  test('[RFC3515-2.4.2] a PBX that knows no REFER is not offered as if it did, for an hour', async () => {
    using exchange = await open({ referStatus: 405 });
    const { platform, line } = exchange;
    const subject = await exchange.atClient('200', 'talking');
    const told = exchange.told.abilities;
    expect(await after(exchange, 200, platform.calls.transfer(subject, '203'))).toMatchObject({
      code: 'feature_unsupported',
    });
    expect(platform.abilities(line.userId)).toMatchObject({ transfer: false, park: false });
    expect(exchange.told.abilities).toBeGreaterThan(told);
    const before = exchange.told.abilities;
    exchange.clock.advance(3_600_000);
    expect(platform.abilities(line.userId).transfer).toBe(true);
    expect(exchange.told.abilities).toBeGreaterThan(before);
  });
});

describe('feature codes', () => {
  test('forwarding and do-not-disturb are dialled, and their opposites', async () => {
    using exchange = await open();
    const { platform, line } = exchange;
    const forward = { immediate: { to: 'voicemail' }, busy: { to: 'number', number: '2 03' } } as const;
    await after(exchange, 5_000, platform.change(line.userId, { forwarding: forward, doNotDisturb: true }));
    const off = { forwarding: { immediate: null }, doNotDisturb: false };
    await after(exchange, 5_000, platform.change(line.userId, off));
    expect(exchange.dialled).toEqual(['*21*500', '*67*203', '*25', '#21', '#25']);
    expect(platform.settings(line.userId)?.forwarding).toEqual({
      immediate: null,
      busy: { to: 'number', number: '203' },
      noAnswer: null,
    });
    await exchange.pass(5_000);
    expect(exchange.counts().sessions).toBe(0);
  });

  test('a refusal comes with the PBX’s words', async () => {
    using exchange = await open();
    exchange.behave('refuse');
    const outcome = await after(exchange, 500, exchange.platform.calls.callBack(exchange.line, '203'));
    expect(outcome).toMatchObject({ code: 'feature_refused' });
    expect(String(outcome)).toContain('403');
    expect(exchange.dialled).toEqual(['*37*203']);
  });

  test('that wait for a silent PBX come to an end, and no more than eight wait', async () => {
    using exchange = await open();
    exchange.behave('silent');
    const calls = Array.from({ length: 9 }, () =>
      exchange.platform.calls
        .callBack(exchange.line, '203')
        .catch((error: unknown) => OffhookError.from(error).code),
    );
    expect(await calls[8]).toBe('queue_full');
    await exchange.pass(150_000);
    expect(new Set(await Promise.all(calls.slice(0, 8)))).toEqual(new Set(['timeout']));
  });

  test('what was accepted before a refusal stays accepted', async () => {
    using exchange = await open({ codes: { doNotDisturb: '*25', doNotDisturbOff: '#25' } });
    const { platform, line } = exchange;
    exchange.behave('refuse');
    const change = { alternativeNumber: '0049', doNotDisturb: true };
    expect(await after(exchange, 500, platform.change(line.userId, change))).toMatchObject({
      code: 'feature_refused',
    });
    expect(platform.settings(line.userId)).toMatchObject({ doNotDisturb: false });
    expect(exchange.told.settings.at(-1)).toEqual(platform.settings(line.userId));
  });

  test('an administrator’s alternative number holds over what the user has set here before', async () => {
    using exchange = await open();
    const { platform, line, pbxConfig: pbx } = exchange;
    await after(exchange, 50, platform.change(line.userId, { alternativeNumber: '0049', routing: 'all' }));
    // A configuration that is older than what was accepted here overrules nothing.
    platform.apply({ pbx, lines: [line] });
    expect(platform.settings(line.userId)?.alternativeNumber).toBe('0049');
    platform.apply({ pbx, lines: [{ ...line, kept: { alternativeNumber: '0171' } }] });
    expect(platform.settings(line.userId)?.alternativeNumber).toBe('0171');
    platform.apply({ pbx, lines: [{ ...line, kept: { alternativeNumber: null } }] });
    expect(platform.settings(line.userId)?.alternativeNumber).toBeNull();
  });
});

describe('what the PBX tells of the number [RFC4235]', () => {
  test('a call at another device is one at the desk phone, with what is known of it', async () => {
    using exchange = await open();
    await exchange.show([dialog({ duration: 10 })]);
    expect(exchange.told.devices.at(-1)?.connections).toMatchObject([
      {
        place: 'desk_phone',
        state: 'connected',
        direction: 'incoming',
        remote: { number: '200', name: 'Carla' },
        sipCallId: 'desk-call',
      },
    ]);
  });

  test('[RFC4235-4.1.6.2] held there is held, and why it ends is told', async () => {
    using exchange = await open();
    const params = new Map([['+sip.rendering', 'no']]);
    await exchange.show([dialog({ local: { target: { uri: 'sip:101@192.0.2.7', params } } })]);
    expect(exchange.told.devices.at(-1)?.connections).toMatchObject([{ state: 'held' }]);
    await exchange.show([dialog({ state: 'terminated', event: 'remote-bye' })]);
    expect(exchange.told.devices.at(-1)).toEqual({
      connections: [],
      gone: [{ place: 'desk_phone', platformCall: 'desk-call', cause: 'completed' }],
    });
  });

  test('our own leg is at the line, by its Call-ID or by our Contact', async () => {
    using exchange = await open();
    const { leg } = await exchange.atClient('200', 'talking');
    await exchange.show([
      dialog(leg === undefined ? {} : { callId: leg.sipCallId }),
      dialog({
        id: 'd2',
        callId: 'other',
        local: { target: { uri: 'sip:line-anna@192.0.2.2', params: new Map() } },
      }),
    ]);
    expect(exchange.told.devices.at(-1)?.connections.map(({ place }) => place)).toEqual(['line', 'line']);
  });

  test('what begins is held back for a moment: it may be a leg of ours that has not come yet', async () => {
    using exchange = await open();
    await exchange.show([dialog({ state: 'early' })]);
    expect(exchange.told.devices).toEqual([]);
    await exchange.pass(300);
    expect(exchange.told.devices.at(-1)?.connections).toMatchObject([{ state: 'alerting' }]);
  });

  test('a leg of ours that has just ended is no desk phone before the PBX tells of its end', async () => {
    using exchange = await open();
    const { leg } = await exchange.atClient('200', 'ringing');
    await exchange.show([dialog({ state: 'early', ...(leg && { callId: leg.sipCallId }) })]);
    await leg?.redirect('sip:300@pbx.example');
    exchange.legs.length = 0;
    await exchange.pass(200);
    await exchange.show([]);
    await exchange.pass(1_000);
    const places = exchange.told.devices.flatMap(({ connections }) => connections.map(({ place }) => place));
    expect(new Set(places)).toEqual(new Set(['line']));
  });

  test('a call between the user’s own line and desk phone is one call, also when our leg has gone from it', async () => {
    using exchange = await open();
    const own = { remote: { identity: { uri: 'sip:101@pbx.example' } } };
    await exchange.show([dialog({ direction: 'initiator' })]);
    const { leg } = await exchange.atClient('101', 'talking');
    const atLine = dialog({ id: 'd2', ...own, ...(leg && { callId: leg.sipCallId }) });
    await exchange.show([dialog({ direction: 'initiator', ...own }), atLine]);
    const shown = (): unknown =>
      exchange.told.devices
        .at(-1)
        ?.connections.map(({ place, platformCall, formerly }) => [place, platformCall, formerly]);
    expect(shown()).toEqual([
      ['desk_phone', leg?.sipCallId, ['desk-call']],
      ['line', leg?.sipCallId, undefined],
    ]);
    const { platform, line } = exchange;
    const [connection] = exchange.told.devices.at(-1)?.connections ?? [];
    const subject = { line, remoteNumber: '101', leg: undefined, connection };
    await expect(platform.calls.pull(subject)).resolves.toMatchObject({ replaces: { callId: 'desk-call' } });
    await exchange.show([dialog({ direction: 'initiator' })]);
    expect(shown()).toEqual([['desk_phone', leg?.sipCallId, ['desk-call']]]);
    await exchange.show([dialog({ state: 'terminated', event: 'remote-bye' })]);
    expect(exchange.told.devices.at(-1)?.gone).toMatchObject([{ platformCall: leg?.sipCallId }]);
  });

  test('a device that nobody knew of takes settings from the connector that it cannot keep', async () => {
    using exchange = await SipExchange.open({ codes: {} });
    const { platform, line } = exchange;
    expect(platform.settings(line.userId)?.settable).toContain('doNotDisturb');
    expect(platform.abilities(line.userId).desk?.push).toBe(false);
    await exchange.show([dialog()]);
    expect(platform.settings(line.userId)?.settable).toEqual(['alternativeNumber', 'routing']);
    expect(platform.abilities(line.userId).desk?.push).toBe(true);
  });
});

describe('messages waiting [RFC3842]', () => {
  const summary = { waiting: true, counts: { voice: { new: 2, old: 1, newUrgent: 0, oldUrgent: 0 } } };

  test('are told by subscription', async () => {
    using exchange = await open();
    exchange.mailbox = summary;
    exchange.notifyAll();
    await exchange.pass(100);
    expect(exchange.told.settings.at(-1)?.messageWaiting).toEqual({
      waiting: true,
      newMessages: 2,
      oldMessages: 1,
    });
  });

  test('are told by a PBX that nobody has asked', async () => {
    using exchange = await open({ packages: [] });
    await exchange.notifyUnasked(summary);
    expect(exchange.told.settings.at(-1)?.messageWaiting.waiting).toBe(true);
  });
});

describe('probing', () => {
  test('[RFC6665-4.1.2] a PBX without a package is asked once, and again after hours', async () => {
    using exchange = await open({ packages: [] });
    expect(exchange.platform.abilities(exchange.line.userId).desk?.pull).toBe(false);
    expect(exchange.subscribed).toHaveLength(2);
    exchange.clock.advance(2 * 3_600_000);
    expect(exchange.subscribed).toHaveLength(2);
    exchange.clock.advance(8 * 3_600_000);
    expect(exchange.subscribed.length).toBeGreaterThanOrEqual(4);
    expect(exchange.subscribed.length).toBeLessThanOrEqual(6);
  });

  test('[RFC6665-4.1.2.2] a PBX that was restarted is asked anew within ten minutes, and what it told before is gone', async () => {
    using exchange = await open({ mainNumber: '101' });
    await exchange.desk?.begin('200', 'talking');
    expect(exchange.told.devices.at(-1)?.connections).toHaveLength(1);
    exchange.forgetSubscriptions();
    await exchange.show([]);
    await exchange.pass(620_000);
    expect(exchange.told.devices.at(-1)?.connections).toEqual([]);
    await exchange.desk?.begin('201', 'talking');
    expect(exchange.told.devices.at(-1)?.connections).toMatchObject([{ remote: { number: '201' } }]);
  });

  test('a PBX with it is not asked again for every registration', async () => {
    using exchange = await open();
    expect(exchange.platform.abilities(exchange.line.userId).desk?.pull).toBe(true);
    for (let count = 0; count < 5; count += 1) exchange.platform.lineChanged(exchange.line.userId, true);
    await exchange.pass(1_000);
    expect(exchange.subscribed).toHaveLength(2);
  });

  test('ends with the platform, and with the line', async () => {
    using exchange = await open();
    exchange.platform.apply({ pbx: exchange.pbxConfig, lines: [] });
    await exchange.pass(100_000);
    expect(exchange.counts().subscriptions).toBe(0);
    expect(exchange.platform.settings(exchange.line.userId)).toBeUndefined();
  });
});
