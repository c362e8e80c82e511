import { Limits } from '@offhook/contract';
import { perfectNetwork } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { ClientActor } from '../simulation/client.test-support.ts';
import { Office, RING_TIME } from '../simulation/office.test-support.ts';
import { id } from '../testing/ids.ts';
import { pass } from '../testing/virtual-clock.ts';

const CONNECTOR = { address: '192.0.2.2', port: 5060 };

/** Anna talks to a number that answers at once. */
async function talking(): Promise<{ office: Office; anna: ClientActor }> {
  const office = new Office(1, perfectNetwork);
  office.peers.teach('600', { answerAfter: 10 });
  const anna = new ClientActor(office, office.addUser('anna')).place('600');
  await pass(office.clock, 200);
  expect(office.lastOf(id.user('anna'))?.state.name).toBe('connected');
  return { office, anna };
}

describe('which calls are taken', () => {
  test('an INVITE for no line of ours is answered 404 and leaves no record', async () => {
    const office = new Office(1, perfectNetwork);
    const call = office.peers.call('200', 'line-nobody', CONNECTOR);
    await pass(office.clock, 100);
    expect(call.end).toMatchObject({ by: 'refused', response: { status: 404 } });
    expect(office.records).toEqual([]);
  });

  test('a user with the contract’s number of calls is busy, and may place no further one', async () => {
    const office = new Office(1, perfectNetwork);
    const anna = new ClientActor(office, office.addUser('anna'));
    for (let index = 0; index < Limits.callsPerUser; index += 1) {
      office.peers.call(`20${String(index)}`, 'line-anna', CONNECTOR);
    }
    await pass(office.clock, 100);
    expect(office.control.count).toBe(Limits.callsPerUser);
    const call = office.peers.call('300', 'line-anna', CONNECTOR);
    anna.place('600');
    await pass(office.clock, 100);
    expect(call.end).toMatchObject({ by: 'refused', response: { status: 486 } });
    expect(anna.refusals).toEqual(['call_limit_reached']);
    expect(office.records).toMatchObject([
      { cause: 'busy', direction: 'incoming', remote: { number: '300' } },
    ]);
    expect(office.board.snapshot(id.user('anna')).calls).toHaveLength(Limits.callsPerUser);
  });

  test('a connector that drains takes no new call and keeps those that run', async () => {
    const { office, anna } = await talking();
    office.control.drain();
    anna.place('600');
    const call = office.peers.call('200', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(anna.refusals).toEqual(['draining']);
    expect(call.end).toMatchObject({ by: 'refused', response: { status: 480 } });
    expect(office.control.count).toBe(1);
  });

  test('a connector that is paused takes no new call, keeps those that run, and takes calls again afterwards', async () => {
    const { office, anna } = await talking();
    office.control.pause(true);
    anna.place('600');
    await pass(office.clock, 100);
    expect(anna.refusals).toEqual(['draining']);
    expect(office.control.count).toBe(1);
    office.control.pause(false);
    const call = office.peers.call('200', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    expect(call.end).toBeUndefined();
    expect(office.control.count).toBe(2);
  });

  test('a connector that ends takes no calls again, whatever the cloud wishes', async () => {
    const { office, anna } = await talking();
    office.control.drain();
    office.control.pause(false);
    anna.place('600');
    await pass(office.clock, 100);
    expect(anna.refusals).toEqual(['draining']);
  });

  test('the called see the caller ID of the line, except those who come to help', async () => {
    const office = new Office(1, perfectNetwork);
    for (const number of ['600', '112']) office.peers.teach(number, { answerAfter: 10 });
    const anna = office.addUser('anna', 'present', { callerId: '+49 (89) 7007-100' });
    const ben = office.addUser('ben');
    new ClientActor(office, anna).place('600');
    await pass(office.clock, 200);
    expect(office.peers.byName.get('600')?.preferred).toBe('sip:+49897007100@pbx.example');
    new ClientActor(office, anna).place('112');
    await pass(office.clock, 200);
    expect(office.peers.byName.get('112')).toMatchObject({ answered: true, preferred: undefined });
    new ClientActor(office, ben).place('600');
    await pass(office.clock, 200);
    expect(office.peers.byName.get('600')?.preferred).toBeUndefined();
  });

  test('a user without a line cannot call', async () => {
    const office = new Office(1, perfectNetwork);
    const nobody = new ClientActor(office, { userId: id.user('nobody'), clientId: id.client('tab') });
    nobody.place('600');
    await pass(office.clock, 10);
    expect(nobody.refusals).toEqual(['no_line']);
  });

  test('a call that rings while the cloud restarts is still there for the clients that come back', async () => {
    const office = new Office(1, perfectNetwork);
    const anna = new ClientActor(office, office.addUser('anna'));
    office.presence.linkLost(office.clock.now);
    office.peers.call('200', 'line-anna', CONNECTOR);
    await pass(office.clock, 5_000);
    office.presence.snapshot([anna.client], office.clock.now);
    expect(office.board.snapshot(id.user('anna')).calls).toMatchObject([{ state: { name: 'ringing' } }]);
    anna.wish('answer');
    await pass(office.clock, 100);
    expect(office.lastOf(id.user('anna'))?.state.name).toBe('connected');
  });
});

describe('a call that rings', () => {
  test('while the only window is loaded again waits for it', async () => {
    const office = new Office(1, perfectNetwork);
    const anna = new ClientActor(office, office.addUser('anna'));
    office.presence.left(anna.client, office.clock.now);
    const call = office.peers.call('200', 'line-anna', CONNECTOR);
    await pass(office.clock, 2_000);
    office.presence.joined(anna.client);
    office.control.presenceChanged();
    await pass(office.clock, RING_TIME - 3_000);
    expect(call.end).toBeUndefined();
    anna.wish('answer');
    await pass(office.clock, 100);
    expect(office.lastOf(id.user('anna'))?.state.name).toBe('connected');
  });

  test('with nobody left to hear it is given back to the PBX after 15 s', async () => {
    const office = new Office(1, perfectNetwork);
    const anna = new ClientActor(office, office.addUser('anna'));
    const call = office.peers.call('200', 'line-anna', CONNECTOR);
    await pass(office.clock, 1_000);
    office.presence.left(anna.client, office.clock.now);
    office.control.presenceChanged();
    await pass(office.clock, 14_900, 100);
    expect(call.end).toBeUndefined();
    await pass(office.clock, 1_000, 100);
    expect(call.end).toMatchObject({ by: 'refused', response: { status: 480 } });
    expect(office.records).toMatchObject([{ cause: 'unreachable' }]);
  });
});

describe('an engine that hangs', () => {
  test('while a window answers, and the window leaves: the call is given back, and nothing is left', async () => {
    const office = new Office(1, perfectNetwork);
    const anna = new ClientActor(office, office.addUser('anna'));
    const call = office.peers.call('200', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    office.engine.hangs = true;
    anna.wish('answer');
    await pass(office.clock, 1_000);
    office.presence.left(anna.client, office.clock.now);
    office.control.presenceChanged();
    await pass(office.clock, 14_000, 100);
    expect(anna.refusals).toEqual(['media_failed']);
    expect(call.end).toBeUndefined();
    await pass(office.clock, 2_000, 100);
    expect(call.end).toMatchObject({ by: 'refused', response: { status: 480 } });
    expect(office.records).toMatchObject([{ cause: 'unreachable' }]);
  });

  test('once does not keep a second answer from being joined', async () => {
    const office = new Office(1, perfectNetwork);
    const anna = new ClientActor(office, office.addUser('anna'));
    office.peers.call('200', 'line-anna', CONNECTOR);
    await pass(office.clock, 100);
    office.engine.hangs = true;
    anna.wish('answer');
    await pass(office.clock, 10_000, 100);
    office.engine.hangs = false;
    anna.wish('answer');
    await pass(office.clock, 1_000);
    expect(office.lastOf(id.user('anna'))?.state.name).toBe('connected');
  });

  test('with a hold does not keep the next one from being done', async () => {
    const { office, anna } = await talking();
    office.engine.hangs = true;
    anna.wish('hold');
    await pass(office.clock, 11_000, 100);
    expect(anna.refusals).toEqual(['media_failed']);
    office.engine.hangs = false;
    anna.wish('hold');
    await pass(office.clock, 1_000);
    expect(office.lastOf(id.user('anna'))?.state.name).toBe('held');
  });
});

describe('a client that is lost', () => {
  test('with its voice: the call is ended with BYE after its time, as client_lost', async () => {
    const { office, anna } = await talking();
    const bridge = office.engine.bridgeOf('click-anna');
    bridge?.emit({ type: 'browser', legId: bridge.legId ?? '', state: 'interrupted' });
    office.presence.left(anna.client, office.clock.now);
    office.control.presenceChanged();
    await pass(office.clock, 59_000, 100);
    expect(office.control.count).toBe(1);
    expect(office.lastOf(id.user('anna'))).toMatchObject({
      media: 'interrupted',
      permitted: { others: ['pull', 'attach'] },
    });
    await pass(office.clock, 2_000, 100);
    expect(office.records).toMatchObject([{ cause: 'client_lost' }]);
    expect(office.peers.byName.get('600')?.end).toEqual({ by: 'remote' });
  });

  test('and comes back with the same id: it attaches, and the other side never noticed', async () => {
    const { office, anna } = await talking();
    const bridge = office.engine.bridgeOf('click-anna');
    bridge?.emit({ type: 'browser', legId: bridge.legId ?? '', state: 'failed' });
    expect(office.reattached).toHaveLength(1);
    office.presence.left(anna.client, office.clock.now);
    office.control.presenceChanged();
    await pass(office.clock, 30_000, 100);
    office.presence.joined(anna.client);
    office.control.presenceChanged();
    anna.wish('attach');
    await pass(office.clock, 60_000, 100);
    expect(anna.refusals).toEqual([]);
    expect(office.lastOf(id.user('anna'))).toMatchObject({ state: { name: 'connected' }, media: 'flowing' });
  });

  test.each(['before', 'after'])(
    '%s its call was made, without having heard of it: ended soon',
    async (when) => {
      const office = new Office(1, perfectNetwork);
      office.peers.teach('600', { answerAfter: 10 });
      office.engine.connects = false;
      const anna = new ClientActor(office, office.addUser('anna')).place('600');
      if (when === 'after') await pass(office.clock, 200);
      office.presence.linkLost(office.clock.now);
      office.control.presenceChanged();
      if (when === 'before') {
        await pass(office.clock, 200);
        // The answer to the request has found its socket gone.
        office.control.presenceChanged();
      }
      expect(anna.refusals).toEqual([]);
      await pass(office.clock, 59_000, 100);
      expect(office.control.count).toBe(1);
      await pass(office.clock, 2_000, 100);
      expect(office.records).toMatchObject([{ cause: 'client_lost' }]);
    },
  );

  test('the loss of the uplink alone ends no call', async () => {
    const { office } = await talking();
    office.presence.linkLost(office.clock.now);
    office.control.presenceChanged();
    await pass(office.clock, 3_600_000, 10_000);
    expect(office.control.count).toBe(1);
  });
});

describe('a fault inside', () => {
  test('of the engine ends the call that it happened in, and no other', async () => {
    const { office, anna } = await talking();
    office.addUser('ben');
    const call = office.peers.call('200', 'line-ben', CONNECTOR);
    await pass(office.clock, 100);
    const bridge = office.engine.bridgeOf('click-anna');
    if (bridge !== undefined) {
      bridge.setFlow = () => {
        throw new Error('a defect');
      };
    }
    anna.wish('hold');
    await pass(office.clock, 100);
    expect(office.records).toMatchObject([{ userId: 'anna', cause: 'failed' }]);
    expect(anna.refusals).toEqual(['call_not_found']);
    expect(office.peers.byName.get('600')?.end).toEqual({ by: 'remote' });
    expect(call.end).toBeUndefined();
    await pass(office.clock, RING_TIME, 100);
    expect(office.records).toHaveLength(2);
  });
});
