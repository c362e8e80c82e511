import { LinkCall, callForClient } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { activityOf } from './index.ts';
import {
  BOB,
  CAROL,
  LAPTOP,
  TABLET,
  User,
  connected,
  connection,
  desk,
  held,
  line,
} from './user.test-support.ts';

describe('what clients see of a call', () => {
  it('[CM-60] it is nowhere while it rings, then at the client that answers it, and nowhere after its end', () => {
    const user = new User().leg('a');
    expect(user.see('a').position).toEqual({ at: 'nowhere' });
    expect(user.leg('a', { owner: LAPTOP }).see('a').position).toEqual({ at: 'client', clientId: LAPTOP });
    user.leg('a', { owner: LAPTOP, state: connected() });
    expect(callForClient(user.see('a'), LAPTOP).position).toBe('here');
    expect(callForClient(user.see('a'), TABLET).position).toBe('other_client');
    expect(user.legEnds('a', 'completed').see('a').position).toEqual({ at: 'nowhere' });
  });

  it('[CM-60] what is answered at a client is there, though the platform sees a device in it as well', () => {
    const user = new User().leg('a').report(desk('p', 'alerting'));
    user.leg('a', { owner: LAPTOP, state: connected() }).report(desk('p', 'connected'));
    expect(user.see('a').position).toEqual({ at: 'client', clientId: LAPTOP });
    expect(user.asks(LAPTOP, 'hold', 'a')).toBe('yes');
  });

  it('[CM-60] of two devices it is at the one that is nearer, in whichever order they are told', () => {
    const mobile = connection('alternative', 'p', 'connected');
    expect(new User().report(mobile, desk('p', 'connected')).see('seen-1').position.at).toBe('desk_phone');
    expect(new User().report(desk('p', 'connected'), mobile).see('seen-1').position.at).toBe('desk_phone');
  });

  it('[CM-61] it rings where it rings, until it is somewhere', () => {
    const user = new User()
      .leg('a')
      .report(desk('p', 'alerting'), connection('alternative', 'p', 'alerting'));
    expect(user.see('a').rings).toEqual(['clients', 'desk_phone', 'alternative']);
    expect(user.leg('a', { owner: LAPTOP }).see('a').rings).toEqual([]);
    user.leg('a', { owner: LAPTOP, state: connected() });
    expect(user.see('a').rings).toEqual([]);
    expect(new User().leg('b', { direction: 'outgoing' }).see('b').rings).toEqual([]);
  });

  it('[CM-61 A14] the desk phone has it: it stops at the clients, before their CANCEL has come', () => {
    const user = new User().leg('a').report(desk('p', 'alerting')).report(desk('p', 'connected'));
    expect(user.see('a')).toMatchObject({
      rings: [],
      position: { at: 'desk_phone' },
      state: { name: 'connected' },
    });
    expect(user.asks(LAPTOP, 'answer', 'a')).toBe('call_already_answered');
  });

  it('[CM-62] a call that comes back to ring rings, and one on its way goes on', () => {
    const parked = new User().report(connection('parked', 'p', 'held')).report(desk('p', 'alerting'));
    expect(parked.see('seen-1')).toMatchObject({ state: { name: 'ringing' }, rings: ['desk_phone'] });
    const moving = new User().leg('a', { owner: LAPTOP, state: held() }).handOver('a', 'desk_phone');
    expect(moving.legEnds('a', 'completed').see('a').state).toEqual(connected());
  });

  it('[CM-63] the states of a device are those of the call that it has', () => {
    const user = new User().report(desk('p', 'calling', { direction: 'outgoing' }));
    const names = (['ringing_out', 'connected', 'held'] as const).map(
      (state) => user.report(desk('p', state, { direction: 'outgoing' })).see('seen-1').state.name,
    );
    expect(names).toEqual(['ringing', 'connected', 'held']);
    user.report(desk('p', 'connected', { heldByRemote: true }));
    expect(user.see('seen-1').state).toMatchObject({ heldByRemote: true });
  });

  it('[CM-64] shows the members of a conference, and no more than the contract lets through', () => {
    const members = Array.from({ length: 100 }, (_, index) => ({ number: String(1_000 + index) }));
    const user = new User().leg('a', { owner: LAPTOP, state: connected() });
    expect(user.see('a')).not.toHaveProperty('members');
    user.report(line('p', 'connected', { members: [BOB, CAROL] }));
    expect(user.see('a').members).toEqual([BOB, CAROL]);
    expect(user.report(line('p', 'connected', { members })).see('a').members).toHaveLength(64);
  });

  it('[CM-47] shows who was sent to a conference room with the user, while the leg is in it', () => {
    const user = new User().leg('a', { owner: LAPTOP, state: connected(), members: [BOB, CAROL] });
    expect(user.see('a').members).toEqual([BOB, CAROL]);
    user.leg('a', { owner: LAPTOP, state: connected(), members: [BOB] });
    expect(user.see('a')).not.toHaveProperty('members');
    expect(user.report(line('p', 'connected', { members: [BOB] })).see('a').members).toEqual([BOB]);
    user.report().leg('a', { owner: LAPTOP, state: connected() });
    expect(user.see('a')).not.toHaveProperty('members');
  });

  it('[CM-64] shows who has sent the call to the user', () => {
    expect(new User().leg('a', { divertedBy: CAROL }).see('a').divertedBy).toEqual(CAROL);
    const atDesk = new User().report(desk('p', 'alerting', { divertedBy: CAROL }));
    expect(atDesk.see('seen-1').divertedBy).toEqual(CAROL);
    expect(LinkCall.shape.divertedBy.safeParse(atDesk.see('seen-1').divertedBy).success).toBe(true);
  });
});

const activity = (user: User): string => activityOf(user.state);

describe('what the number of a user does', () => {
  it('[CM-80] is idle, rings, or talks, at whichever device', () => {
    expect(activity(new User())).toBe('idle');
    expect(activity(new User().leg('a'))).toBe('ringing');
    expect(activity(new User().report(desk('p', 'alerting')))).toBe('ringing');
    expect(activity(new User().leg('a').leg('b', { owner: LAPTOP, state: held() }))).toBe('talking');
    expect(activity(new User().leg('a', { owner: LAPTOP, direction: 'outgoing' }))).toBe('talking');
    expect(activity(new User().report(connection('alternative', 'p', 'connected')))).toBe('talking');
    expect(activity(new User().leg('a').legEnds('a', 'cancelled'))).toBe('idle');
  });

  it('[CM-80] a parked call and the mailbox keep nobody busy', () => {
    expect(activity(new User().report(connection('parked', 'p', 'held')))).toBe('idle');
    expect(activity(new User().report(connection('voicemail', 'p', 'connected')))).toBe('idle');
  });

  it('[CM-81] nobody seems to be free for the moment in which their call moves', () => {
    const user = new User().leg('a', { owner: LAPTOP, state: connected() }).handOver('a', 'desk_phone');
    expect(activity(user.legEnds('a', 'completed'))).toBe('talking');
    const parking = new User().leg('a', { owner: LAPTOP, state: connected() }).handOver('a', 'parked');
    expect(activity(parking.legEnds('a', 'completed'))).toBe('idle');
  });
});
