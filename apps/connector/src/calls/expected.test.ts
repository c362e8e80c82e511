import type { DeviceConnection } from '@offhook/call-model';
import { perfectNetwork, VirtualClock } from '@offhook/testkit';
import { expect, test } from 'vitest';
import { ClientActor } from '../simulation/client.test-support.ts';
import { Office } from '../simulation/office.test-support.ts';
import { id } from '../testing/ids.ts';
import { clockOn, pass } from '../testing/virtual-clock.ts';
import { ExpectedCalls } from './expected.ts';

const CONNECTOR = { address: '192.0.2.2', port: 5060 };
const userId = id.user('anna');
const pickedUp = {
  userId,
  clientId: id.client('anna-tab'),
  offer: 'browser offer',
  callId: undefined,
  arrived: () => {},
};

const ringing = (number: string): DeviceConnection => ({
  place: 'desk_phone',
  platformCall: number,
  state: 'alerting',
  direction: 'incoming',
  remote: { number },
  since: 0,
});

/** Anna has asked for a call, and something else rings at her desk phone. */
function expecting(): Office {
  const office = new Office(1, perfectNetwork);
  const client = office.addUser('anna');
  void new ClientActor(office, client);
  office.control.expected.add(pickedUp, 6_000, () => {});
  office.board.reported(userId, { connections: [ringing('300')] });
  return office;
}

test('what is not the one is left to ring, and the expectation stays', () => {
  const expected = new ExpectedCalls(clockOn(new VirtualClock()));
  expected.add(pickedUp, 6_000, () => {});
  expect(expected.take(userId, () => false)).toBeUndefined();
  expect(expected.take(userId, () => true)).toBe(pickedUp);
  expect(expected.take(userId, () => true)).toBeUndefined();
});

test('a call that rings at the desk phone, too, is not put through in place of the one that was asked for', async () => {
  const office = expecting();
  office.peers.call('300', 'line-anna', CONNECTOR);
  await pass(office.clock, 500);
  expect(office.lastOf(userId)).toMatchObject({ state: { name: 'ringing' }, remote: { number: '300' } });
});

test('an INVITE of which the platform has told nothing is taken for it', async () => {
  const office = expecting();
  office.peers.call('400', 'line-anna', CONNECTOR);
  await pass(office.clock, 500);
  expect(office.lastOf(userId)).toMatchObject({ state: { name: 'connected' }, remote: { number: '400' } });
});

test('a call that is turned away at the line and rings at the desk phone leaves one record', async () => {
  const office = new Office(1, perfectNetwork);
  office.addUser('anna', 'absent');
  office.board.reported(userId, { connections: [ringing('300')] });
  office.peers.call('300', 'line-anna', CONNECTOR);
  await pass(office.clock, 500);
  expect(office.records).toEqual([]);
  office.board.reported(userId, { connections: [] });
  await pass(office.clock, 500);
  expect(office.records).toMatchObject([{ remote: { number: '300' } }]);
});
