import { OffhookError } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { FakePlatform } from '../../testing/fake-platform.ts';
import { OPENSCAPE_4000 } from '../openscape-4000/profile.ts';
import { OPENSCAPE_BUSINESS } from '../openscape-business/profile.ts';
import { OPENSCAPE_VOICE } from '../openscape-voice/profile.ts';
import type { LegHandle } from '../platform.ts';
import { ANNA, CARLA } from './testing/lines.ts';
import { Office } from './testing/office.ts';

const leg: LegHandle = {
  session: 1 as LegHandle['session'],
  sipCallId: 'leg@test',
  remote: { number: '200' },
  room: undefined,
  refer: () => Promise.reject(new Error('no SIP here')),
  meet: () => Promise.reject(new Error('no SIP here')),
  welcome: () => {},
  redirect: () => Promise.reject(new Error('no SIP here')),
  yield: () => {},
};

async function talking(place: '101' | '5101' = '101'): Promise<Office> {
  const office = await Office.open({ profile: OPENSCAPE_VOICE });
  const call = office.exchange.call('200', '101');
  office.exchange.answer(call, place);
  await office.pass(50);
  return office;
}

const last = (office: Office, name: string): unknown =>
  office.exchange.asked.findLast((one) => one.name === name);

describe('a call moves between the devices of a user', () => {
  it.each([
    ['OpenScape Voice answers first', OPENSCAPE_VOICE, 'answer_first', 'switching_function'],
    ['OpenScape 4000 answers last', OPENSCAPE_4000, 'events_first', 'plus'],
  ] as const)('[A6] pull: %s', async (_, profile, order, style) => {
    const office = await Office.open({ profile, exchange: { order, style } });
    const call = office.exchange.call('200', '101');
    office.exchange.answer(call, '101');
    await office.pass(50);
    const bringing = await office.platform.calls.pull(office.subject(ANNA));
    if (bringing.by !== 'incoming') throw new Error('the platform brings it');
    expect(await office.outcome(bringing.ask)).toBe('done');
    await office.pass(50);
    expect(office.shown(ANNA)).toEqual(['line connected 200']);
    expect(last(office, 'SingleStepTransferCall')).toMatchObject({
      transferredTo: '101',
      privateData: [
        { name: 'targetDevice', text: '5101' },
        { name: 'autoAnswer', text: 'true' },
      ],
    });
  });

  it('[A6] a call that rings is pulled by deflecting it', async () => {
    const office = await Office.open({ profile: OPENSCAPE_VOICE });
    office.exchange.call('200', '101');
    await office.pass(50);
    const bringing = await office.platform.calls.pull(office.subject(ANNA));
    if (bringing.by === 'incoming') await office.outcome(bringing.ask);
    expect(last(office, 'DeflectCall')).toMatchObject({
      newDestination: '101',
      privateData: [{ name: 'targetDevice', text: '5101' }, { name: 'autoAnswer' }],
    });
  });

  it('[A7] push', async () => {
    const office = await talking('5101');
    const subject = office.subject(ANNA, 'line', leg);
    expect(await office.outcome(() => office.platform.calls.push(subject, 'desk_phone'))).toBe('done');
    await office.pass(50);
    expect(office.shown(ANNA)).toEqual(['desk_phone connected 200']);
  });

  it('[A7] there is no desk phone to push to where the line is the number itself', async () => {
    const office = await Office.open({ profile: OPENSCAPE_VOICE });
    const call = office.exchange.call('200', '103');
    office.exchange.answer(call, '103');
    await office.pass(50);
    const subject = office.subject(CARLA, 'line', leg);
    expect(await office.outcome(() => office.platform.calls.push(subject, 'desk_phone'))).toBe(
      'no_desk_phone',
    );
    expect(await office.outcome(() => office.platform.calls.push(subject, 'alternative'))).toBe(
      'no_alternative_number',
    );
  });

  it('[A6] a parked call is seen, and pulled back', async () => {
    const office = await talking();
    expect(await office.outcome(() => office.platform.calls.park(office.subject(ANNA)))).toBe('done');
    await office.pass(50);
    expect(office.connections(ANNA)).toMatchObject([{ place: 'parked', number: '*71' }]);
    const bringing = await office.platform.calls.pull(office.subject(ANNA, 'parked'));
    if (bringing.by === 'incoming') await office.outcome(bringing.ask);
    await office.pass(50);
    expect(office.shown(ANNA)).toEqual(['line alerting 200']);
  });
});

describe('requests that fail', () => {
  it('[ECMA-269-12.2.14] each category has a closed code, with words for people', async () => {
    const office = await talking();
    const subject = office.subject(ANNA);
    const errors = [
      [
        'operation.privilegeViolationSpecifiedDevice',
        'feature_refused',
        /does not permit this for your number/,
        'not_permitted',
      ],
      [
        'security.securityInfoViolated',
        'feature_refused',
        /does not permit this for your number/,
        'not_permitted',
      ],
      ['operation.invalidDestination', 'feature_refused', /does not know this/, 'unknown_number'],
      ['operation.invalidConnectionIdentifier', 'feature_refused', /does not know this/, 'gone'],
      ['stateIncompatibility.invalidConnectionState', 'feature_refused', /has changed meanwhile/, undefined],
      ['systemResourceAvailability.resourceBusy', 'feature_refused', /no free line/, 'overloaded'],
      ['systemResourceAvailability.deviceOutOfService', 'feature_refused', /not connected/, 'unreachable'],
      ['performanceManagement.generic', 'feature_refused', /too much to do/, 'overloaded'],
      ['unspecified.other', 'feature_refused', /refused this/, undefined],
    ] as const;
    for (const [error, code, words, hindrance] of errors) {
      office.exchange.faults.set('ClearConnection', { error });
      let thrown: unknown;
      await office.outcome(async () => {
        try {
          await office.platform.calls.hangUp(subject);
        } catch (refusal) {
          thrown = refusal;
          throw refusal;
        }
      });
      const told = OffhookError.from(thrown);
      expect([error, told.code, told.hindrance]).toEqual([error, code, hindrance]);
      expect(told.message).toMatch(words);
    }
  });

  it('a service that the platform turns out not to have is not offered any more, until the link is a new one', async () => {
    const office = await talking();
    expect(office.platform.abilities(ANNA).desk?.control).toBe(true);
    office.exchange.faults.set('HoldCall', { error: 'operation.serviceNotSupported' });
    const hold = (): Promise<void> => office.platform.calls.hold(office.subject(ANNA));
    expect(await office.outcome(hold)).toBe('feature_unsupported');
    expect(office.platform.abilities(ANNA).desk?.control).toBe(false);
    const { length } = office.exchange.asked;
    expect(await office.outcome(hold)).toBe('feature_unsupported');
    expect(office.exchange.asked).toHaveLength(length);
    office.link.cut();
    await office.pass(5_000);
    expect(office.platform.abilities(ANNA).desk?.control).toBe(true);
  });

  it('what the platform lists is what it has', async () => {
    const office = new Office({ profile: OPENSCAPE_VOICE });
    office.exchange.capabilities = ['makeCall', 'answerCall', 'clearConnection', 'singleStepTransfer'];
    office.apply();
    await office.pass(500);
    expect(office.platform.abilities(ANNA)).toMatchObject({
      transfer: true,
      completeTransfer: false,
      park: false,
      desk: { place: true, answer: true, hangUp: true, control: false, pull: false, push: true },
    });
  });

  it('a transfer that is not answered in 4 s is late, and the device is looked at', async () => {
    const office = await talking();
    office.exchange.faults.set('SingleStepTransferCall', 'nothing');
    const looked = office.platform.counts.snapshots;
    const began = office.clock.now;
    const subject = office.subject(ANNA);
    expect(await office.outcome(() => office.platform.calls.transfer(subject, '201'))).toBe('timeout');
    expect(office.clock.now - began).toBeLessThan(4_100);
    await office.pass(1_000);
    expect(office.platform.counts.snapshots).toBeGreaterThan(looked);
    expect(office.platform.counts.timeouts).toBe(1);
  });

  it('nothing is picked up where nothing rings', async () => {
    const office = await Office.open({ profile: OPENSCAPE_VOICE });
    const [line] = office.lines;
    if (line === undefined) throw new Error('no line');
    expect(await office.outcome(() => office.platform.calls.pickUp(line, '203'))).toBe('feature_refused');
  });
});

describe('what is left to SIP', () => {
  it('a leg that the platform does not show', async () => {
    const sip = new FakePlatform();
    const office = await Office.open({ profile: OPENSCAPE_VOICE, sip });
    const subject = office.subject(ANNA, 'line', leg);
    expect(await office.outcome(() => office.platform.calls.transfer(subject, '201'))).toBe('done');
    expect(await office.outcome(() => office.platform.calls.conference(subject, subject))).toBe('done');
    expect(sip.asked.map((asked) => asked.split(' ')[0])).toEqual(['transfer', 'conference']);
  });

  it('everything that legs can while the control link is down', async () => {
    const sip = new FakePlatform();
    const office = await Office.open({ profile: OPENSCAPE_VOICE, sip });
    const call = office.exchange.call('200', '5101');
    office.exchange.answer(call, '5101');
    await office.pass(50);
    const subject = office.subject(ANNA, 'line', leg);
    await office.lose();
    expect(office.platform.abilities(ANNA)).toEqual({ ...sip.can, desk: undefined });
    expect(await office.outcome(() => office.platform.calls.transfer(subject, '201'))).toBe('done');
    expect(sip.asked).toHaveLength(1);
  });

  it('a service that has just turned out to be missing', async () => {
    const sip = new FakePlatform();
    const office = await Office.open({ profile: OPENSCAPE_VOICE, sip });
    const call = office.exchange.call('200', '5101');
    office.exchange.answer(call, '5101');
    await office.pass(50);
    office.exchange.faults.set('SingleStepTransferCall', { error: 'operation.serviceNotSupported' });
    const subject = office.subject(ANNA, 'line', leg);
    expect(await office.outcome(() => office.platform.calls.transfer(subject, '201'))).toBe('done');
    expect(sip.asked).toHaveLength(1);
  });

  it('everything, where there is no control link', async () => {
    const sip = new FakePlatform();
    const { csta: _, ...pbx } = { csta: undefined };
    const office = new Office({ profile: OPENSCAPE_BUSINESS, sip, pbx: { ...pbx, csta: undefined } });
    office.apply();
    await office.pass(500);
    expect(office.links).toEqual(['none']);
    expect(office.platform.abilities(ANNA)).toBe(sip.can);
    expect(office.platform.calls).toBe(sip.calls);
  });
});
