import { OffhookError, type CallId, type LinkCall } from '@offhook/contract';
import { perfectNetwork } from '@offhook/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { GenericCalls } from '../platforms/generic-sip/calls.ts';
import { Office } from '../simulation/office.test-support.ts';
import { EVERYTHING, FakePlatform } from '../testing/fake-platform.ts';
import { pass } from '../testing/virtual-clock.ts';
import type { Client } from './presence.ts';
import type { PlaceParams } from './requests.ts';

/** Joins calls by SIP alone, in rooms whose numbers begin with 9. */
class RoomPlatform extends FakePlatform {
  override can = { ...EVERYTHING, conference: 'mix' as const };
  readonly failures: string[] = [];
  override readonly calls = new GenericCalls({
    codes: () => ({ conference: '9{number}' }),
    uri: (_, number) => `sip:${number}@pbx.example`,
    newRoom: () => '42',
    onNoRoom: (_, { code }) => {
      this.failures.push(code);
    },
    dial: () => Promise.reject(new OffhookError('feature_unsupported')),
    alternative: () => undefined,
    dialogOf: () => undefined,
    hasDesk: () => false,
    refuse: () => ({ done: () => {} }),
    onNoRefer: () => {},
  });
}

let platform: RoomPlatform;
let office: Office;
let anna: Client;

beforeEach(() => {
  platform = new RoomPlatform();
  office = new Office(1, perfectNetwork, platform);
  anna = office.addUser('anna');
  for (const number of ['200', '300', '400']) {
    office.peers.teach(number, { answerAfter: 10, reportsReferWith: 200 });
  }
  office.peers.teach('942', { answerAfter: 10 });
});

const calls = (): LinkCall[] => office.board.snapshot(anna.userId).calls;
const withNumber = (number: string): LinkCall => {
  const call = calls().find(({ remote }) => remote.number === number);
  if (call === undefined) throw new Error(`no call with ${number}`);
  return call;
};
const on = (number: string): Client & { callId: CallId } => ({ ...anna, callId: withNumber(number).callId });
const states = (): Record<string, string> =>
  Object.fromEntries(calls().map(({ remote, state }) => [remote.number, state.name]));

async function outcomeOf(work: Promise<unknown>, milliseconds = 500): Promise<string> {
  const outcome = work.then(
    () => 'done',
    (error: unknown) => OffhookError.from(error).code,
  );
  await pass(office.clock, milliseconds);
  return outcome;
}

const call = (to: string): Promise<string> =>
  outcomeOf(
    office.requests.place({
      ...anna,
      to,
      offer: 'offer',
      correlationId: `click-${to}` as PlaceParams['correlationId'],
    }),
  );

const join = (number: string, other: string, milliseconds?: number): Promise<string> =>
  outcomeOf(office.requests.conference(on(number), on(other).callId), milliseconds);

describe('[A5] two calls that are joined in a conference room', () => {
  beforeEach(async () => {
    await call('200');
    await call('300');
  });

  test('are one call with both as members; the other was joined into it', async () => {
    expect(await join('300', '200')).toBe('done');
    expect(states()).toEqual({ '300': 'connected' });
    expect(withNumber('300')).toMatchObject({ members: [{ number: '300' }, { number: '200' }] });
    expect(withNumber('300')).not.toHaveProperty('mixedWith');
    expect(office.records.map(({ remote, cause }) => [remote.number, cause])).toEqual([['200', 'joined']]);
    await outcomeOf(office.requests.simple(on('300'), { method: 'hangUp' }));
    expect(office.records.map(({ cause }) => cause)).toEqual(['joined', 'completed']);
    expect(office.peers.byName.get('942')?.end).toEqual(expect.objectContaining({ by: 'remote' }));
  });

  test('are joined by a third, from the room or from the third call, and the user is in the room', async () => {
    await join('300', '200');
    await call('400');
    expect(states()).toEqual({ '300': 'held', '400': 'connected' });
    expect(await join('400', '300')).toBe('done');
    await pass(office.clock, 3_000);
    expect(states()).toEqual({ '300': 'connected' });
    expect(withNumber('300').members?.map(({ number }) => number)).toEqual(['300', '200', '400']);
    expect(office.peers.byName.get('942')?.heldByConnector).toBe(false);
  });

  test('[CM-48] are not handed over as if they were one', async () => {
    await join('300', '200');
    expect(await outcomeOf(office.requests.transfer(on('300'), '201'))).toBe('call_not_permitted');
  });

  test('that have no room are mixed by the client, as they were', async () => {
    office.peers.teach('942', { refuseAfter: 10, refuseWith: 404 });
    expect(await join('300', '200')).toBe('done');
    expect(platform.failures).toEqual(['conference_failed']);
    expect(states()).toEqual({ '200': 'connected', '300': 'connected' });
    expect(withNumber('200').mixedWith).toBe(withNumber('300').callId);
  });

  test('of which the first does not come are mixed by the client, and nobody is left in the room', async () => {
    office.peers.teach('300', { reportsReferWith: 486 });
    expect(await join('300', '200')).toBe('done');
    expect(states()).toEqual({ '200': 'connected', '300': 'connected' });
    expect(withNumber('300').mixedWith).toBe(withNumber('200').callId);
    expect(office.peers.byName.get('942')?.end).toBeDefined();
    expect(office.peers.byName.get('300')?.end).toBeUndefined();
  });

  test.each([
    ['refuses', 486, 500],
    ['does not say', undefined, 4_000],
  ])(
    'of which the second %s: they stay on hold, and the user is told',
    async (_how, status, milliseconds) => {
      office.peers.teach('200', status === undefined ? {} : { reportsReferWith: status });
      expect(await join('300', '200', milliseconds)).toBe('conference_failed');
      expect(states()).toEqual({ '200': 'held', '300': 'connected' });
      expect(withNumber('300')).not.toHaveProperty('members');
      expect(withNumber('200').permitted.owner).toContain('conference');
      office.peers.hangUp('200');
      await pass(office.clock, 100);
      expect(office.records.map(({ cause }) => cause)).toEqual(['completed']);
    },
  );

  test('that fail altogether do so while the client still waits for the answer', async () => {
    for (const number of ['200', '300']) office.peers.teach(number, {});
    expect(await join('300', '200', 9_500)).toBe('done');
    expect(states()).toEqual({ '200': 'connected', '300': 'connected' });
  });
});
