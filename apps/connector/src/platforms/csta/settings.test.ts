import { describe, expect, it } from 'vitest';
import { OPENSCAPE_BUSINESS } from '../openscape-business/profile.ts';
import { OPENSCAPE_VOICE } from '../openscape-voice/profile.ts';
import { MOBILE } from './testing/desk.ts';
import { ANNA, LINES } from './testing/lines.ts';
import { Office } from './testing/office.ts';
import type { KeptSettings, LineSettings } from '@offhook/contract';
import type { CstaEvent } from '@offhook/csta';
import { siemensData, toDeviceId } from '@offhook/csta';

const open = (kept: KeptSettings = {}, profile = OPENSCAPE_VOICE): Promise<Office> =>
  Office.open({ profile, lines: LINES.map((line) => ({ ...line, kept })) });

const settings = (office: Office): LineSettings | undefined => office.platform.settings(ANNA);

const admit = (office: Office, talking: boolean): unknown =>
  office.platform.admit(ANNA, { talking, number: '200' });

/** An event of Anna's desk phone. */
function tell(office: Office, event: Record<string, unknown>): void {
  const crossRef = [...office.exchange.monitors].find(([, device]) => device === '101')?.[0];
  const device = { kind: 'device', id: toDeviceId('101') };
  const told = { monitorCrossRefID: crossRef, device, targetDevice: device, agentDevice: device, ...event };
  office.link.tell({ device: '101', event: told as unknown as CstaEvent });
}

describe('settings', () => {
  it('are read when the link is up, the alternative number and the mailbox among them', async () => {
    const office = new Office({ profile: OPENSCAPE_VOICE });
    office.exchange.forwarding.set('101 forwardNoAns', '500');
    office.exchange.forwarding.set('101 forwardBusy', '203');
    office.exchange.statics.set('101', MOBILE);
    office.exchange.disturb.add('101');
    office.exchange.waiting.add('101');
    office.apply();
    await office.pass(500);
    expect(settings(office)).toMatchObject({
      forwarding: { immediate: null, busy: { to: 'number', number: '203' }, noAnswer: { to: 'voicemail' } },
      doNotDisturb: true,
      alternativeNumber: MOBILE,
      messageWaiting: { waiting: true },
      voicemailNumber: '500',
    });
  });

  it('that could not be read back after a change are read again, and ever more seldom where nobody answers', async () => {
    const office = await open();
    let asked = 0;
    office.link.faultOf = ({ name }) => {
      if (name !== 'GetDoNotDisturb') return undefined;
      asked += 1;
      return { lost: 'answer' };
    };
    await office.outcome(() => office.platform.change(ANNA, { doNotDisturb: true }));
    await office.pass(600_000, 100);
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(10);
    expect(settings(office)?.doNotDisturb).toBe(false);
    office.link.faultOf = undefined;
    await office.pass(700_000, 100);
    expect(settings(office)?.doNotDisturb).toBe(true);
    expect(office.settingsTold.at(-1)?.settings.doNotDisturb).toBe(true);
  });

  it('an administrator’s alternative number holds over what the user has set before, where we keep it', async () => {
    const office = await open({}, OPENSCAPE_BUSINESS);
    const configure = (kept: KeptSettings) => {
      office.lines = office.lines.map((line) => ({ ...line, kept }));
      office.apply();
    };
    await office.outcome(() => office.platform.change(ANNA, { alternativeNumber: '0049' }));
    configure({});
    expect(settings(office)?.alternativeNumber).toBe('0049');
    configure({ alternativeNumber: '0171' });
    expect(settings(office)?.alternativeNumber).toBe('0171');
  });

  it('follow what is changed at the desk phone', async () => {
    const office = await open();
    tell(office, { name: 'DoNotDisturbEvent', doNotDisturbOn: true });
    tell(office, {
      name: 'ForwardingEvent',
      forwardingType: 'forwardImmediate',
      forwardStatus: true,
      forwardTo: '201',
    });
    tell(office, { name: 'MessageWaitingEvent', messageWaitingOn: true });
    await office.pass(50);
    expect(office.settingsTold.at(-1)).toMatchObject({
      userId: ANNA,
      settings: {
        doNotDisturb: true,
        forwarding: { immediate: { to: 'number', number: '201' } },
        messageWaiting: { waiting: true },
      },
    });
    tell(office, {
      name: 'ForwardingEvent',
      forwardStatus: true,
      privateData: siemensData({ staticOndDN: toDeviceId(MOBILE) }),
    });
    await office.pass(50);
    expect(settings(office)?.alternativeNumber).toBe(MOBILE);
  });

  it('an event that does not say what it is about has the setting read', async () => {
    const office = await open();
    await office.outcome(() => office.platform.change(ANNA, { alternativeNumber: MOBILE }));
    await office.outcome(() =>
      office.platform.change(ANNA, { forwarding: { immediate: { to: 'number', number: '201' } } }),
    );
    office.exchange.statics.delete('101');
    tell(office, { name: 'ForwardingEvent', forwardStatus: false });
    await office.pass(100);
    expect(settings(office)).toMatchObject({
      alternativeNumber: null,
      forwarding: { immediate: { to: 'number', number: '201' } },
    });
  });

  it('are what the platform says after a change, not what was sent', async () => {
    const office = await open();
    office.link.instead = (request) =>
      request.name === 'GetDoNotDisturb'
        ? { name: 'GetDoNotDisturbResponse', doNotDisturbOn: false }
        : undefined;
    await office.outcome(() => office.platform.change(ANNA, { doNotDisturb: true }));
    expect(office.exchange.disturb.has('101')).toBe(true);
    expect(settings(office)?.doNotDisturb).toBe(false);
  });

  it('of the platform are shown while its link is down, and cannot be changed', async () => {
    const office = await open();
    await office.outcome(() => office.platform.change(ANNA, { doNotDisturb: true }));
    await office.lose();
    expect(settings(office)).toMatchObject({ doNotDisturb: true, settable: ['routing', 'busyBehaviour'] });
    expect(await office.outcome(() => office.platform.change(ANNA, { doNotDisturb: false }))).toBe(
      'platform_unreachable',
    );
    expect(await office.outcome(() => office.platform.change(ANNA, { busyBehaviour: 'busy' }))).toBe('done');
    office.exchange.disturb.delete('101');
    await office.restore();
    expect(settings(office)).toMatchObject({ doNotDisturb: false, busyBehaviour: 'busy' });
  });

  it('[OSBiz] for the desk phone alone the other member of the group is not ready', async () => {
    const office = await open({}, OPENSCAPE_BUSINESS);
    await office.outcome(() => office.platform.change(ANNA, { routing: 'desk_only' }));
    expect([...office.exchange.notReady]).toEqual(['5101']);
    expect(settings(office)?.routing).toBe('desk_only');
    await office.outcome(() => office.platform.change(ANNA, { routing: 'all' }));
    expect([...office.exchange.notReady]).toEqual([]);
    office.exchange.notReady.add('5101');
    office.link.cut();
    await office.pass(5_000);
    expect(settings(office)?.routing).toBe('desk_only');
  });

  it.each([
    [{ routing: 'alternative_only' }, 'no_alternative_number'],
    [{ busyBehaviour: 'alternative' }, 'no_alternative_number'],
    [{ forwarding: { busy: { to: 'number', number: 'nonsense' } } }, 'number_invalid'],
  ] as const)('[A10 A11] %j is refused before anything is asked', async (change, code) => {
    const office = await open();
    const { length } = office.exchange.asked;
    expect(await office.outcome(() => office.platform.change(ANNA, change))).toBe(code);
    expect(office.exchange.asked).toHaveLength(length);
  });
});

describe('what the connector does once for the user', () => {
  it.each([
    [{ routing: 'desk_only' }, false, { kind: 'refuse', status: 480 }],
    [{ busyBehaviour: 'busy' }, true, { kind: 'refuse', status: 486 }],
    [{ busyBehaviour: 'busy' }, false, { kind: 'ring' }],
    [{ busyBehaviour: 'second_call' }, true, { kind: 'ring' }],
    // The call is sent on where it rings at the desk phone.
    [{ busyBehaviour: 'voicemail' }, true, { kind: 'refuse', status: 480 }],
  ] as const)('%j while talking: %s', async (kept, talking, admitted) => {
    const office = await open(kept);
    expect(admit(office, talking)).toEqual(admitted);
  });

  it('while the link is down the PBX is asked to call somebody else', async () => {
    const office = await open({ busyBehaviour: 'voicemail' });
    await office.lose();
    expect(admit(office, true)).toEqual({ kind: 'redirect', to: '500' });
  });

  it('do-not-disturb of the platform keeps the clients quiet, too', async () => {
    const office = await open();
    tell(office, { name: 'DoNotDisturbEvent', doNotDisturbOn: true });
    await office.pass(50);
    expect(admit(office, false)).toEqual({ kind: 'refuse', status: 486 });
  });

  it('[A11] a second call goes to the mailbox, once for all devices', async () => {
    const office = await open({ busyBehaviour: 'voicemail' });
    const first = office.exchange.call('200', '101');
    office.exchange.answer(first, '5101');
    await office.pass(50);
    office.exchange.call('201', '101');
    await office.pass(100);
    const deflected = office.exchange.asked.filter(({ name }) => name === 'DeflectCall');
    expect(deflected).toMatchObject([{ newDestination: '500', callToBeDiverted: { deviceID: '101' } }]);
    expect(office.shown(ANNA)).toContain('line connected 200');
    expect(office.shown(ANNA)).not.toContain('desk_phone alerting 201');
  });

  it('[A11] a second call meets a busy line', async () => {
    const office = await open({ busyBehaviour: 'busy' });
    const first = office.exchange.call('200', '101');
    office.exchange.answer(first, '101');
    await office.pass(50);
    office.exchange.call('201', '101');
    await office.pass(100);
    expect(office.exchange.asked.filter(({ name }) => name === 'ClearConnection')).toHaveLength(1);
  });

  it('[A9] where the platform has no alternative number the connector sends the call on when nobody answers', async () => {
    const office = await open({ alternativeNumber: MOBILE }, OPENSCAPE_BUSINESS);
    office.exchange.call('200', '101');
    await office.pass(9_000, 50);
    expect(office.exchange.asked.filter(({ name }) => name === 'DeflectCall')).toEqual([]);
    await office.pass(2_000, 50);
    expect(office.exchange.asked.filter(({ name }) => name === 'DeflectCall')).toMatchObject([
      { newDestination: MOBILE, callToBeDiverted: { deviceID: '101' } },
    ]);
    expect(office.shown(ANNA)).toEqual(['alternative alerting 200']);
  });

  it('[A9] and leaves it where it is when somebody has', async () => {
    const office = await open({ alternativeNumber: MOBILE }, OPENSCAPE_BUSINESS);
    const call = office.exchange.call('200', '101');
    await office.pass(5_000, 50);
    office.exchange.answer(call, '5101');
    await office.pass(10_000, 50);
    expect(office.exchange.asked.filter(({ name }) => name === 'DeflectCall')).toEqual([]);
  });

  it('a call that is pushed to the desk phone is no call that comes in', async () => {
    const office = await open({ busyBehaviour: 'voicemail', routing: 'all' });
    const first = office.exchange.call('200', '101');
    office.exchange.answer(first, '5101');
    const second = office.exchange.call('201', '101');
    await office.pass(50);
    office.exchange.asked.length = 0;
    office.exchange.answer(second, '5101');
    await office.pass(50);
    await office.outcome(() => office.platform.calls.push(office.subject(ANNA, 'line'), 'desk_phone'));
    await office.pass(100);
    expect(office.exchange.asked.filter(({ name }) => name === 'DeflectCall')).toEqual([]);
  });
});
