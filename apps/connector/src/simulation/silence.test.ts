import { perfectNetwork } from '@offhook/testkit';
import { expect, test } from 'vitest';
import { pass } from '../testing/virtual-clock.ts';
import { ClientActor } from './client.test-support.ts';
import { Office } from './office.test-support.ts';

/** A call that talks, on a perfect network; `options` counts the questions for it. */
async function talkingCall() {
  const office = new Office(1, perfectNetwork);
  let options = 0;
  office.network.onDatagram = ({ bytes }) => {
    if (Buffer.from(bytes).includes('OPTIONS sip:')) options += 1;
  };
  office.peers.teach('600', { answerAfter: 100 });
  const client = office.addUser('anna');
  const actor = new ClientActor(office, client).place('600');
  await pass(office.clock, 1_000, 20);
  const state = () => office.lastOf(client.userId)?.state;
  expect(state()?.name).toBe('connected');
  const [bridge] = office.engine.bridges;
  const voice = (is: 'flowing' | 'silent'): void => bridge?.emit({ type: 'pbx', state: is });
  voice('flowing');
  return { office, actor, state, voice, options: () => options };
}

test('[RFC5057-5.1] a PBX that was restarted answers 481: the call has failed at once, and the lines are doubted', async () => {
  const { office, state, voice } = await talkingCall();
  office.peers.restart();
  voice('silent');
  await pass(office.clock, 100, 20);
  expect(state()).toMatchObject({ name: 'ended', cause: 'failed' });
  expect(office.records.map(({ cause }) => cause)).toEqual(['failed']);
  expect(office.losses).toBe(1);
  office.clock.runToEnd(300_000);
  expect(Object.values(office.leftovers()).every((count) => count === 0)).toBe(true);
});

test('[RFC3261-17.1.2.2] a PBX that is gone is given up after 32 s', async () => {
  const { office, state, voice } = await talkingCall();
  office.peers.kill();
  voice('silent');
  await pass(office.clock, 31_000, 20);
  expect(state()?.name).toBe('connected');
  await pass(office.clock, 2_000, 20);
  expect(state()).toMatchObject({ name: 'ended', cause: 'pbx_unreachable' });
  expect(office.losses).toBe(1);
});

test('a PBX that is only silent keeps its call, and is asked every 15 s until it is heard again', async () => {
  const { office, state, voice, options } = await talkingCall();
  voice('silent');
  await pass(office.clock, 40_000, 20);
  expect(options()).toBe(3);
  voice('flowing');
  await pass(office.clock, 60_000, 20);
  expect(options()).toBe(3);
  expect(state()?.name).toBe('connected');
  expect(office.losses).toBe(0);
});

test('[RFC5057-5.1] a hold at a PBX that was restarted finds the call over, and is not refused', async () => {
  const { office, actor, state } = await talkingCall();
  office.peers.restart();
  actor.wish('hold');
  await pass(office.clock, 100, 20);
  expect(state()).toMatchObject({ name: 'ended', cause: 'failed' });
  expect(actor.refusals).toEqual(['call_not_found']);
  expect(office.losses).toBe(1);
});

test('a call that ends as calls do says nothing against the lines', async () => {
  const { office, actor, state } = await talkingCall();
  actor.wish('hangUp');
  await pass(office.clock, 100, 20);
  expect(state()).toMatchObject({ name: 'ended', cause: 'completed' });
  expect(office.losses).toBe(0);
});
