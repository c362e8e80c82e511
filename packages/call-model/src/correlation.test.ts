import { describe, expect, it } from 'vitest';
import { BOB, CAROL, LAPTOP, User, connected, connection, desk, line } from './user.test-support.ts';

const lineOf = (sipCallId: string, platformCall: string) => line(platformCall, 'alerting', { sipCallId });

const spelt = (number: string) => desk('p', 'alerting', { remote: { number } });

describe('which call a connection belongs to', () => {
  it('[CM-20] the Call-ID of the leg tells two callers with one number apart', () => {
    const user = new User().leg('a', { sipCallId: 'x' }).leg('b', { sipCallId: 'y' });
    user.report(lineOf('y', 'q'), lineOf('x', 'p'), desk('q', 'alerting'), desk('p', 'alerting'));
    expect(user.call('a').devices.map((device) => device.platformCall)).toEqual(['p', 'p']);
    user.report(lineOf('y', 'q'), desk('q', 'connected'), lineOf('x', 'p'), desk('p', 'alerting'));
    expect(user.see('b').position).toEqual({ at: 'desk_phone' });
    expect(user.see('a').rings).toEqual(['clients', 'desk_phone']);
  });

  it("[CM-20] a later report corrects what was taken for another caller's", () => {
    const user = new User().leg('a', { sipCallId: 'x' }).leg('b', { sipCallId: 'y' });
    user.report(desk('q', 'alerting'));
    expect(user.call('a').devices).toHaveLength(1);
    user.report(lineOf('y', 'q'), desk('q', 'alerting'));
    expect(user.call('a').devices).toHaveLength(0);
    expect(user.see('b').rings).toEqual(['clients', 'desk_phone']);
  });

  it('[CM-20] a proxy rings the desk phone in the same dialog as the line', () => {
    const user = new User().leg('a', { sipCallId: 'x' });
    user.report(desk('p', 'alerting', { sipCallId: 'x', remote: CAROL }));
    expect(user.going).toEqual(['a']);
  });

  it('[CM-21] a hand-over finds its call by place and number before another that waits as well', () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP, remote: CAROL });
    user.leg('b', { state: connected(), owner: LAPTOP });
    user.handOver('a', 'desk_phone').handOver('b', 'desk_phone').report(desk('p', 'connected'));
    expect(user.see('b').position).toEqual({ at: 'desk_phone' });
    expect(user.see('a').position).toEqual({ at: 'client', clientId: LAPTOP });
  });

  it('[CM-22] a hand-over finds its call though the platform shows another number', () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP }).handOver('a', 'desk_phone');
    user.report(desk('p', 'connected', { remote: { number: '101' } }));
    expect(user.see('a').position).toEqual({ at: 'desk_phone' });
    expect(user.see('a').remote).toEqual(BOB);
  });

  it('[CM-22] a stranger who rings the desk phone meanwhile is not taken for it for long', () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP }).handOver('a', 'desk_phone');
    user.legEnds('a', 'completed').report(desk('c', 'alerting', { remote: CAROL }));
    // Carol's own leg comes, then Bob's connection at the desk phone.
    user.leg('carol', { remote: CAROL });
    expect(user.see('carol').rings).toEqual(['clients', 'desk_phone']);
    expect(user.going).toEqual(['a', 'carol']);
    user.report(desk('c', 'alerting', { remote: CAROL }), desk('p', 'connected'));
    expect(user.see('a').position).toEqual({ at: 'desk_phone' });
  });

  it("[CM-23] the same number in a fitting state: the desk phone's ringing is the leg's, its conversation is not", () => {
    expect(new User().leg('a').report(desk('p', 'alerting')).going).toEqual(['a']);
    expect(new User().leg('a').report(desk('p', 'alerting', { remote: CAROL })).going).toEqual([
      'a',
      'seen-1',
    ]);
    expect(new User().leg('a').report(desk('p', 'connected')).going).toEqual(['a', 'seen-1']);
    const outgoing = new User().leg('a', {
      direction: 'outgoing',
      state: { name: 'calling' },
      owner: LAPTOP,
    });
    expect(outgoing.report(desk('p', 'alerting')).going).toEqual(['a', 'seen-1']);
  });

  it.each([
    ['report, then leg', false],
    ['leg, then report', true],
  ])('[CM-23] the order makes no difference: %s', (_, isLegFirst) => {
    const report = [desk('p', 'alerting'), line('p', 'alerting')];
    const user = new User();
    if (isLegFirst) user.leg('a').report(...report);
    else user.report(...report).leg('a');
    expect(user.going).toEqual(['a']);
    expect(user.see('a').rings).toEqual(['clients', 'desk_phone']);
  });

  it("[CM-24] the own line belongs to a leg, and another leg's line to no other", () => {
    const user = new User()
      .report(desk('p', 'alerting'))
      .report(desk('p', 'alerting'), line('p', 'alerting'));
    expect(user.call('seen-1').devices).toHaveLength(1);
    const other = new User().leg('a', { sipCallId: 'x' }).report(lineOf('y', 'p'));
    expect(other.call('a').devices).toEqual([]);
  });

  it('[CM-22] what rings at the desk phone as well for another number is not what is brought here', () => {
    const user = new User().report(desk('p', 'connected')).handOver('seen-1', 'client');
    const caller = { remote: CAROL };
    user.report(desk('p', 'connected'), desk('q', 'alerting', caller));
    user.report(desk('p', 'connected'), desk('q', 'alerting', caller), line('q', 'alerting', caller));
    expect(user.see('seen-1').remote).toEqual(BOB);
    expect(user.see('seen-2')).toMatchObject({ remote: CAROL, rings: ['desk_phone'] });
  });

  it('[CM-24] the own line is waited for while a call is brought here, and no longer', () => {
    const both = [desk('p', 'connected'), line('q', 'alerting')];
    const user = new User()
      .report(desk('p', 'connected'))
      .handOver('seen-1', 'client')
      .report(...both);
    expect(user.call('seen-1').devices).toHaveLength(2);
    expect(user.handOverFails('seen-1').call('seen-1').devices).toHaveLength(1);
    user
      .handOver('seen-1', 'client')
      .report(...both)
      .handOver('seen-1', 'alternative');
    expect(user.call('seen-1').devices).toHaveLength(1);
  });

  it('[CM-25] who calls themselves from the desk phone has two calls, and the client rings', () => {
    const self = { remote: { number: '101' } };
    const report = [
      desk('p', 'ringing_out', { direction: 'outgoing', ...self }),
      line('p', 'alerting', { sipCallId: 'x', ...self }),
    ];
    for (const user of [
      new User().leg('a', { sipCallId: 'x', ...self }).report(...report),
      new User().report(...report).leg('a', { sipCallId: 'x', ...self }),
    ]) {
      expect(user.going).toHaveLength(2);
      expect(user.see('a').rings).toEqual(['clients']);
      expect(user.see('seen-1').position).toEqual({ at: 'desk_phone' });
    }
  });

  it('[CM-25] so has who transfers a call to their own number', () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP, sipCallId: 'x' });
    user.report(line('p', 'connected', { sipCallId: 'x' })).leg('b', { sipCallId: 'y' });
    user.report(line('p', 'connected', { sipCallId: 'x' }), lineOf('y', 'q'), desk('q', 'alerting'));
    user.legEnds('a', 'transferred');
    expect(user.cause('a')).toBe('transferred');
    expect(user.see('b').rings).toEqual(['clients', 'desk_phone']);
  });

  it('[CM-26] one number in two spellings is one; two withheld numbers are the same, one is no other', () => {
    for (const number of ['+49 30 123401', '030123401', '123401', '401']) {
      expect(new User().leg('a').report(spelt(number)).going).toEqual(['a']);
    }
    for (const number of ['01', '', '+4930123402']) {
      expect(new User().leg('a').report(spelt(number)).going).toEqual(['a', 'seen-1']);
    }
    expect(new User().leg('a', { remote: { number: '' } }).report(spelt('')).going).toEqual(['a']);
  });

  it("[CM-27] a line whose leg is over is not another call's of the same number", () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP }).report(line('p', 'connected'));
    user.leg('b', { state: connected(), owner: LAPTOP }).legEnds('a', 'completed');
    user.report(line('p', 'connected'));
    expect(user.call('b').devices).toEqual([]);
    user.report(line('p', 'connected'), line('q', 'connected'));
    expect(user.call('b').devices.map((device) => device.platformCall)).toEqual(['q']);
  });

  it('[CM-28] has one connection at each place; what was only a guess makes room', () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP }).handOver('a', 'desk_phone');
    user.report(desk('c', 'alerting', { remote: CAROL }));
    expect(user.call('a').devices).toHaveLength(1);
    user.report(desk('c', 'alerting', { remote: CAROL }), desk('p', 'connected'));
    expect(user.call('a').devices.map((device) => device.platformCall)).toEqual(['p']);
    expect(user.see('seen-1').remote).toEqual(CAROL);
    user.report(desk('c', 'alerting', { remote: CAROL }), desk('p', 'connected'), desk('p2', 'held'));
    expect(user.call('a').devices).toHaveLength(1);
  });

  it('[CM-39] in a conference the line is that of the leg that is left, whichever call the platform names it by', () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP });
    user.leg('b', { state: connected(), owner: LAPTOP, remote: CAROL });
    user.report(line('p', 'connected'), line('q', 'connected', { remote: CAROL }));
    user.report(line('p', 'connected', { members: [BOB, CAROL], direction: 'outgoing' }));
    user.legEnds('a', 'transferred');
    expect(user.going).toEqual(['b']);
    expect(user.see('b').members).toEqual([BOB, CAROL]);
  });

  it('[CM-29] two calls that turn out to be one are one: the leg goes on, nothing is recorded of the other', () => {
    // The desk phone shows a number that says nothing; only the line tells that both are one.
    const strange = desk('p', 'alerting', { remote: { number: '9' } });
    const user = new User().report(strange).leg('a', { sipCallId: 'x' });
    expect(user.going).toEqual(['seen-1', 'a']);
    user.consults('seen-1', 'a').report(strange, lineOf('x', 'p'));
    expect(user.going).toEqual(['a']);
    expect(user.call('seen-1').end).toMatchObject({ cause: 'answered_elsewhere', sameAs: 'a' });
    expect(user.see('a').rings).toEqual(['clients', 'desk_phone']);
    expect([...user.changed].toSorted()).toEqual(['a', 'seen-1']);
  });

  it('[CM-29] what was known of the other is kept: when it began, its hand-over, and who consults about it', () => {
    const user = new User().report(desk('p', 'connected'), desk('q', 'connected', { remote: CAROL }));
    user.consults('seen-2', 'seen-1').handOver('seen-1', 'client').leg('new');
    expect(user.going).toEqual(['seen-2', 'new']);
    expect(user.call('new').handOver?.to).toBe('client');
    expect(user.see('seen-2').consultationFor).toBe('new');
    user.leg('new', { state: connected(user.now), owner: LAPTOP });
    expect(user.see('new').position).toEqual({ at: 'client', clientId: LAPTOP });
    const mobile = connection('alternative', 'p', 'alerting');
    expect(user.report(mobile).see('new').position).toEqual({ at: 'client', clientId: LAPTOP });
  });
});
