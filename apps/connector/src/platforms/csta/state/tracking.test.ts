import { describe, expect, it } from 'vitest';
import { deviceKey } from '../numbers.ts';
import { Desk, MOBILE } from '../testing/desk.ts';
import { ANNA, BEN, CARLA } from '../testing/lines.ts';

describe('calls by events', () => {
  it('[ECMA-269-17.2] a call to a number with two devices rings at both, and is answered at one', () => {
    const desk = new Desk();
    const call = desk.exchange.call('200', '101');
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['desk_phone alerting 200', 'line alerting 200']);
    const [first] = desk.report(ANNA).connections;
    expect(first).toMatchObject({ direction: 'incoming', platformCall: call.id, since: 1_000 });
    desk.now = 5_000;
    desk.exchange.answer(call, '101');
    desk.settle();
    const report = desk.report(ANNA);
    expect(report.connections).toMatchObject([
      { place: 'desk_phone', state: 'connected', answeredAt: 5_000 },
    ]);
    expect(report.gone).toEqual([{ place: 'line', platformCall: call.id, cause: 'answered_elsewhere' }]);
    expect(desk.doubts).toBe(0);
  });

  it('[ECMA-269-17.2] an outgoing call is calling, rings, talks, and is over', () => {
    const desk = new Desk();
    const call = desk.exchange.dial('101', '200');
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['desk_phone calling 200']);
    desk.exchange.ring(call, '200');
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['desk_phone ringing_out 200']);
    desk.exchange.answer(call, '200');
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['desk_phone connected 200']);
    desk.exchange.clear(call, '200');
    desk.settle();
    expect(desk.report(ANNA)).toEqual({
      connections: [],
      gone: [{ place: 'desk_phone', platformCall: call.id, cause: 'completed' }],
    });
    expect(desk.book.calls.size).toBe(0);
  });

  it('[ECMA-269-17.2] hold is seen by who holds and by who is held', () => {
    const desk = new Desk();
    const call = desk.exchange.call('101', '102');
    desk.exchange.answer(call, '102');
    desk.exchange.hold(call, '101');
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['desk_phone held 102']);
    expect(desk.report(BEN).connections).toMatchObject([{ state: 'connected', heldByRemote: true }]);
    expect(desk.report(BEN).connections[0]?.remote).toEqual({ number: '101', name: 'Anna Albers' });
  });

  it.each([
    ['busy', 'busy'],
    ['destNotObtainable', 'unknown_number'],
    ['trunksBusy', 'unreachable'],
    ['somethingNew', 'failed'],
  ] as const)('[ECMA-269-12.2.15] an outgoing call that fails with %s ends as %s', (cause, end) => {
    const desk = new Desk();
    const call = desk.exchange.dial('101', '200');
    desk.exchange.fail(call, '101', cause);
    desk.settle();
    expect(desk.report(ANNA)).toMatchObject({ connections: [], gone: [{ cause: end }] });
  });

  it('[ECMA-269-12.2.15] who hangs up at a busy tone has met a busy line', () => {
    const desk = new Desk();
    const call = desk.exchange.dial('101', '200');
    desk.exchange.fail(call, '200', 'busy');
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['desk_phone calling 200']);
    desk.exchange.clear(call, '101');
    desk.settle();
    expect(desk.report(ANNA).gone).toMatchObject([{ cause: 'busy' }]);
  });

  it('a caller who gives up has cancelled, and one who is sent on was deflected', () => {
    const desk = new Desk();
    const first = desk.exchange.call('200', '103');
    desk.settle();
    expect(desk.lines(CARLA)).toEqual(['line alerting 200']);
    desk.exchange.clear(first, '200', 'callCancelled');
    desk.settle();
    expect(desk.report(CARLA).gone).toMatchObject([{ cause: 'cancelled' }]);
    const second = desk.exchange.call('200', '103');
    desk.settle();
    desk.exchange.divert(second, '103', '201');
    desk.settle();
    expect(desk.report(CARLA)).toMatchObject({ connections: [], gone: [{ cause: 'deflected' }] });
  });

  it.each(['switching_function', 'plus', 'bare'] as const)('devices are known in the form %s', (style) => {
    const desk = new Desk({ style });
    const call = desk.exchange.call('+4989700800', '101');
    desk.exchange.answer(call, '5101');
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['line connected +4989700800']);
    const second = desk.exchange.call('102', '103');
    desk.settle();
    expect(second.parts.size).toBe(2);
    expect(desk.lines(CARLA)).toEqual(['line alerting 102']);
    expect(desk.doubts).toBe(0);
  });

  it('services permitted are told in our words', () => {
    const desk = new Desk();
    desk.exchange.call('200', '101');
    desk.settle();
    expect(desk.report(ANNA).connections[0]?.permitted).toEqual(
      expect.arrayContaining(['hangUp', 'hold', 'retrieve', 'consult', 'transfer', 'dtmf']),
    );
  });
});

describe('calls that move', () => {
  it('[ECMA-269-17.2.16] a transfer joins two calls: who stays keeps the call, who transfers is out', () => {
    const desk = new Desk();
    const held = desk.exchange.call('102', '101');
    desk.exchange.answer(held, '101');
    desk.exchange.hold(held, '101');
    const active = desk.exchange.call('101', '103');
    desk.exchange.answer(active, '103');
    desk.settle();
    desk.exchange.join(held, active, '101', false);
    desk.settle();
    expect(desk.report(ANNA)).toMatchObject({
      connections: [],
      gone: expect.arrayContaining([
        { place: 'desk_phone', platformCall: held.id, cause: 'transferred' },
        { place: 'desk_phone', platformCall: active.id, cause: 'transferred' },
      ]),
    });
    expect(desk.report(BEN).connections).toMatchObject([
      { platformCall: held.id, remote: { number: '103' } },
    ]);
    expect(desk.report(CARLA).connections).toMatchObject([
      { platformCall: active.id, remote: { number: '102' } },
    ]);
  });

  it('[ECMA-269-17.2.2] a conference goes on as the first call, with its members', () => {
    const desk = new Desk();
    const held = desk.exchange.call('102', '101');
    desk.exchange.answer(held, '101');
    desk.exchange.hold(held, '101');
    const active = desk.exchange.call('101', '201');
    desk.exchange.answer(active, '201');
    desk.settle();
    desk.report(ANNA);
    desk.exchange.join(held, active, '101', true);
    desk.settle();
    const { connections, gone } = desk.report(ANNA);
    expect(connections).toMatchObject([
      { platformCall: held.id, state: 'connected', members: [{ number: '102' }, { number: '201' }] },
    ]);
    expect(gone).toEqual([{ place: 'desk_phone', platformCall: active.id, cause: 'joined' }]);
  });

  it('[A6] a call that is pulled is the same call at the line', () => {
    const desk = new Desk();
    const call = desk.exchange.call('200', '101');
    desk.exchange.answer(call, '101');
    desk.settle();
    desk.exchange.move(call, '101', '5101', true);
    desk.settle();
    expect(desk.report(ANNA)).toMatchObject({
      connections: [{ place: 'line', platformCall: call.id, state: 'connected', direction: 'incoming' }],
    });
  });

  it('[A7] a call at the alternative number is followed until it is over there', () => {
    const desk = new Desk({ others: [MOBILE] });
    const call = desk.exchange.call('200', '101');
    desk.exchange.answer(call, '101');
    desk.settle();
    desk.exchange.move(call, '101', MOBILE, true);
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['alternative connected 200']);
    expect(desk.report(ANNA).connections).toMatchObject([{ platformCall: call.id }]);
    desk.exchange.clear(call, MOBILE);
    desk.book.ask(call.id);
    desk.settle();
    expect(desk.lines(ANNA)).toEqual([]);
    expect(desk.book.calls.size).toBe(0);
  });

  it('a user who calls their own mobile is not there already', () => {
    const desk = new Desk({ others: [MOBILE] });
    const call = desk.exchange.call('101', MOBILE);
    desk.exchange.answer(call, MOBILE);
    desk.settle();
    expect(desk.lines(ANNA)).toEqual([`desk_phone connected ${MOBILE}`]);
  });

  it('[A8] a call that is in the mailbox is the one of who was called', () => {
    const desk = new Desk();
    const call = desk.exchange.call('102', '101');
    desk.settle();
    desk.exchange.divert(call, '101', '500', 'callForwardNoAnswer');
    desk.settle();
    desk.exchange.answer(call, '500');
    desk.book.ask(call.id);
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['voicemail connected 102']);
    expect(desk.lines(BEN)).toEqual(['desk_phone connected 500']);
  });

  it('a parked call says what to dial to take it back', () => {
    const desk = new Desk();
    const call = desk.exchange.call('200', '101');
    desk.exchange.answer(call, '101');
    desk.settle();
    desk.exchange.park(call, '101', '*71');
    desk.settle();
    expect(desk.report(ANNA).connections).toMatchObject([
      { place: 'parked', platformCall: call.id, number: '*71', remote: { number: '200' } },
    ]);
  });
});

describe('a line that stands for a number', () => {
  it('parks though the event names the number: the call is found where it waits', () => {
    const desk = new Desk();
    const call = desk.exchange.dial('5101', '200');
    desk.exchange.answer(call, '200');
    desk.settle();
    desk.exchange.move(call, '5101', '*71', true, 'park');
    call.parts.set('*71', 'queued');
    for (const told of desk.told.splice(0)) {
      const { event } = told;
      if (event.name !== 'TransferredEvent') continue;
      const transferringDevice = { kind: 'device', id: desk.exchange.device('101') } as const;
      desk.hear({ ...told, event: { ...event, transferringDevice } });
    }
    desk.grant();
    expect(desk.report(ANNA).connections).toMatchObject([
      { place: 'parked', number: '*71', remote: { number: '200' } },
    ]);
  });
});

describe('two of our users in one call', () => {
  it('a mailbox that somebody has called, and transferred to the user, is the other side', () => {
    const desk = new Desk();
    const call = desk.exchange.dial('102', '500');
    desk.exchange.set(call, '500', 'connected', 'EstablishedEvent', 'normal');
    desk.settle();
    desk.exchange.move(call, '102', '101', true);
    desk.settle();
    expect(desk.lines(ANNA)).toEqual(['desk_phone connected 500']);
    // What is left when the user has gone is with the mailbox, and is nobody's.
    desk.exchange.move(call, '101', '200', true);
    desk.settle();
    expect(desk.lines(ANNA)).toEqual([]);
  });
  it('what one parks is theirs, though the other hears of it first', () => {
    const desk = new Desk();
    const call = desk.exchange.call('102', '103');
    desk.exchange.answer(call, '103');
    desk.settle();
    desk.exchange.park(call, '103', '*71');
    desk.settle();
    expect(desk.lines(CARLA)).toEqual(['parked held 102']);
    expect(desk.lines(BEN)).toEqual(['desk_phone connected 103']);
    // Ben, who waits there, speaks with somebody else meanwhile, and has both in one call.
    const held = desk.exchange.call('102', '200');
    desk.exchange.answer(held, '200');
    desk.settle();
    desk.exchange.join(held, call, '102', true);
    desk.settle();
    expect(desk.lines(CARLA)).toHaveLength(1);
    expect(desk.lines(CARLA)[0]).toMatch(/^parked held/u);
  });
});

describe('events that do not fit', () => {
  it('an event of a call that nobody knows asks for a snapshot, and changes nothing', () => {
    const desk = new Desk();
    const call = desk.exchange.call('200', '103');
    desk.told.splice(0);
    desk.exchange.answer(call, '103');
    const [established] = desk.told.splice(0);
    if (established === undefined) throw new Error('nothing was told');
    desk.hear(established);
    expect(desk.lines(CARLA)).toEqual([]);
    desk.grant();
    expect(desk.lines(CARLA)).toEqual(['line connected 200']);
    expect(desk.doubts).toBeGreaterThan(0);
  });

  it('[A6] a device that answers a moved call before it rings is believed, and nobody is asked about it', () => {
    const desk = new Desk();
    const call = desk.exchange.call('200', '103');
    desk.exchange.answer(call, '103');
    desk.settle();
    desk.exchange.move(call, '103', '101', true);
    for (const told of desk.told.splice(0)) if (told.event.name === 'EstablishedEvent') desk.hear(told);
    expect(desk.book.calls.get(call.id)?.members.get(deviceKey('101'))?.state).toBe('connected');
    expect(desk.book.take().devices).toEqual(new Set());
  });

  it('a late event does not bring a call back', () => {
    const desk = new Desk();
    const call = desk.exchange.call('200', '103');
    const [delivered] = desk.told;
    desk.settle();
    desk.exchange.clear(call, '200');
    desk.settle();
    if (delivered === undefined) throw new Error('nothing was told');
    desk.hear(delivered);
    expect(desk.lines(CARLA)).toEqual([]);
    desk.grant();
    expect(desk.lines(CARLA)).toEqual([]);
  });

  it('an event that contradicts itself is not believed', () => {
    const desk = new Desk();
    const call = desk.exchange.call('200', '103');
    desk.settle();
    desk.exchange.answer(call, '103');
    for (const { device, event } of desk.told.splice(0)) {
      desk.hear({ device, event: { ...event, localConnectionInfo: 'null' } as typeof event });
    }
    expect(desk.lines(CARLA)).toEqual(['line alerting 200']);
    desk.grant();
    expect(desk.lines(CARLA)).toEqual(['line connected 200']);
  });

  it('every event twice changes nothing', () => {
    const desk = new Desk();
    const call = desk.exchange.call('102', '101');
    desk.exchange.answer(call, '5101');
    for (const told of desk.told.splice(0)) {
      desk.hear(told);
      desk.hear(told);
    }
    desk.grant();
    expect(desk.lines(ANNA)).toEqual(['line connected 102']);
    expect(desk.lines(BEN)).toEqual(['desk_phone connected 101']);
  });

  it('a call that the platform does not know any more is shown as it was told', () => {
    const desk = new Desk();
    const call = desk.exchange.call('200', '103');
    desk.exchange.calls.clear();
    for (const told of desk.told.splice(0)) desk.hear(told);
    expect(desk.lines(CARLA)).toEqual(['line alerting 200']);
    desk.book.ask(call.id);
    desk.audit();
    desk.grant();
    expect(desk.lines(CARLA)).toEqual([]);
  });
});
