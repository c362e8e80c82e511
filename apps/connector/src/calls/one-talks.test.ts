import type { CallId, LinkCall } from '@offhook/contract';
import { perfectNetwork } from '@offhook/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { Office } from '../simulation/office.test-support.ts';
import { FakePlatform } from '../testing/fake-platform.ts';
import { pass } from '../testing/virtual-clock.ts';
import type { Client } from './presence.ts';
import type { PlaceParams } from './requests.ts';

const CONNECTOR = { address: '192.0.2.2', port: 5060 };

let office: Office;
let platform: FakePlatform;
let anna: Client;

beforeEach(() => {
  platform = new FakePlatform();
  office = new Office(1, perfectNetwork, platform);
  anna = office.addUser('anna');
  office.peers.teach('200', { ringAfter: 10, answerAfter: 2_000 });
  office.peers.teach('300', { ringAfter: 10, answerAfter: 2_000 });
  office.peers.teach('112', { ringAfter: 10, answerAfter: 2_000 });
});

const calls = (): LinkCall[] => office.board.snapshot(anna.userId).calls;
const on = (number: string): Client & { callId: CallId } => {
  const call = calls().find(({ remote }) => remote.number === number);
  if (call === undefined) throw new Error(`no call with ${number}`);
  return { ...anna, callId: call.callId };
};
const states = (): Record<string, string> =>
  Object.fromEntries(calls().map(({ remote, state }) => [remote.number, state.name]));

async function place(to: string): Promise<void> {
  const correlationId = `click-${to}` as PlaceParams['correlationId'];
  const placed = office.requests.place({ ...anna, to, offer: 'offer', correlationId });
  await pass(office.clock, 200);
  await placed;
}

async function answerIncoming(): Promise<void> {
  office.peers.call('500', 'line-anna', CONNECTOR);
  await pass(office.clock, 100);
  const answered = office.requests.answer(on('500'), 'offer');
  await pass(office.clock, 200);
  await answered;
}

describe('a client talks in one call at a time', () => {
  test('[A5] of two calls that ring out the one that is answered second waits on hold', async () => {
    await place('200');
    await place('300');
    expect(states()).toEqual({ '200': 'ringing', '300': 'ringing' });
    await pass(office.clock, 3_000);
    expect(states()).toEqual({ '200': 'connected', '300': 'held' });
    const swapped = office.requests.alternate(on('300'));
    await pass(office.clock, 200);
    await swapped;
    expect(states()).toEqual({ '200': 'held', '300': 'connected' });
  });

  test('[A5] an incoming call that was answered goes on when the one that rang out is answered', async () => {
    await place('200');
    await answerIncoming();
    expect(states()).toEqual({ '200': 'ringing', '500': 'connected' });
    await pass(office.clock, 3_000);
    expect(states()).toEqual({ '200': 'held', '500': 'connected' });
  });

  test('[A5] two calls that are mixed talk both, and a third one that is answered waits', async () => {
    platform.joins = 'mix';
    await answerIncoming();
    await place('200');
    await pass(office.clock, 2_500);
    expect(states()).toEqual({ '200': 'connected', '500': 'held' });
    await place('300');
    const back = office.requests.simple(on('200'), { method: 'retrieve' });
    await pass(office.clock, 200);
    await back;
    const joined = office.requests.conference(on('500'), on('200').callId);
    await pass(office.clock, 200);
    await joined;
    expect(states()).toEqual({ '200': 'connected', '300': 'ringing', '500': 'connected' });
    await pass(office.clock, 3_000);
    expect(states()).toEqual({ '200': 'connected', '300': 'held', '500': 'connected' });
  });

  test('[A5] an emergency call that is answered waits for nobody', async () => {
    await place('300');
    await place('112');
    await pass(office.clock, 1_700);
    expect(states()).toEqual({ '112': 'ringing', '300': 'connected' });
    await pass(office.clock, 1_000);
    expect(states()).toEqual({ '112': 'connected', '300': 'held' });
  });

  test('[A5] where the PBX refuses the hold, both calls go on', async () => {
    office.peers.teach('300', { ringAfter: 10, answerAfter: 2_000, refuseOffersWith: 488 });
    await place('200');
    await place('300');
    await pass(office.clock, 3_000);
    expect(states()).toEqual({ '200': 'connected', '300': 'connected' });
    const hungUp = office.requests.simple(on('300'), { method: 'hangUp' });
    await pass(office.clock, 200);
    await hungUp;
    expect(states()).toEqual({ '200': 'connected' });
  });
});
