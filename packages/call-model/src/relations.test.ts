import { describe, expect, it } from 'vitest';
import { givesWay, othersToHold, partnersOf, type UserCall } from './index.ts';
import {
  CAROL,
  LAPTOP,
  TABLET,
  User,
  callId,
  connected,
  desk,
  held,
  type LegOptions,
} from './user.test-support.ts';

const here: LegOptions = { state: connected(), owner: LAPTOP };
const heldHere: LegOptions = { state: held(), owner: LAPTOP };
const two = (): User => new User().leg('a', here).leg('b', { ...here, remote: CAROL });
const toHold = (user: User, id?: string, at: 'client' | 'desk_phone' = 'client'): string[] =>
  othersToHold(
    user.state,
    at === 'client' ? { at, clientId: LAPTOP } : { at },
    id === undefined ? undefined : callId(id),
  ).map((call) => call.callId);
/** The calls that are held when `id` has come to this. */
const comesTo = (user: User, id: string, options: LegOptions, emergency = 'none'): string[] => {
  const before = user.state;
  const isFirst = (call: UserCall): boolean => call.callId === emergency;
  user.leg(id, options);
  return givesWay(before, user.state, callId(id), isFirst).map((call) => call.callId);
};

describe('calls that have to do with each other', () => {
  it('[CM-30] one was placed to consult about the other, until either ends', () => {
    const user = two().consults('b', 'a');
    expect(user.see('b').consultationFor).toBe('a');
    expect(user.see('a').consultationFor).toBeUndefined();
    user.legEnds('a', 'completed');
    expect(user.see('b').consultationFor).toBeUndefined();
    expect(user.changed).toEqual(['a', 'b']);
    expect(two().consults('b', 'a').legEnds('b', 'completed').call('b').consultationFor).toBeUndefined();
  });

  it('[CM-30] never about itself, nor about what is over or unknown', () => {
    expect(two().consults('a', 'a').changed).toEqual([]);
    expect(two().consults('a', 'x').changed).toEqual([]);
    expect(two().legEnds('b', 'completed').consults('a', 'b').changed).toEqual([]);
  });

  it('[CM-31] a mixed pair points at each other, and ends with either', () => {
    const user = two().mixes('a', 'b');
    expect([user.see('a').mixedWith, user.see('b').mixedWith]).toEqual(['b', 'a']);
    user.legEnds('b', 'completed');
    expect(user.see('a').mixedWith).toBeUndefined();
    expect(user.changed).toContain('a');
  });

  it.each<[string, LegOptions]>([
    ['is held', heldHere],
    ['is taken to another client', { ...here, owner: TABLET }],
  ])('[CM-31] a mixed pair is none any more when one %s', (_, change) => {
    const user = two().mixes('a', 'b').leg('a', change);
    expect([user.see('a').mixedWith, user.see('b').mixedWith]).toEqual([undefined, undefined]);
    expect(user.changed).toEqual(['a', 'b']);
  });

  it('[CM-31] nor when one goes to the desk phone', () => {
    const user = two().mixes('a', 'b').handOver('a', 'desk_phone').report(desk('p', 'connected'));
    expect(user.see('b').mixedWith).toBeUndefined();
    expect(user.changed).toContain('b');
  });

  it('[CM-31] only what talks at one client can be mixed, and with one other alone', () => {
    const third = two().leg('c', here).mixes('a', 'b').mixes('a', 'c');
    expect(['a', 'b', 'c'].map((id) => third.see(id).mixedWith)).toEqual(['c', undefined, 'a']);
    expect(two().mixes('a', 'a').changed).toEqual([]);
    expect(two().leg('a', heldHere).mixes('a', 'b').changed).toEqual([]);
    expect(
      two()
        .leg('a', { ...here, owner: TABLET })
        .mixes('a', 'b').changed,
    ).toEqual([]);
    expect(two().mixes('a', 'x').changed).toEqual([]);
  });

  it('[CM-32] all that talks at one seat is held first, but what is mixed with it', () => {
    const user = two()
      .leg('c', heldHere)
      .leg('d', { ...here, owner: TABLET });
    user.report(desk('p', 'connected'));
    expect(toHold(user)).toEqual(['a', 'b']);
    expect(toHold(user, 'a')).toEqual(['b']);
    expect(toHold(user, 'c')).toEqual(['a', 'b']);
    expect(toHold(user, undefined, 'desk_phone')).toEqual(['seen-1']);
    expect(toHold(user.mixes('a', 'b'), 'a')).toEqual([]);
    expect(toHold(user)).toEqual(['a', 'b']);
  });

  const calling: LegOptions = { state: { name: 'ringing' }, direction: 'outgoing', owner: LAPTOP };
  const answeredOut: LegOptions = { ...calling, state: connected() };

  it('[CM-45] who comes to talk where nobody does holds nobody, nor what is mixed with it', () => {
    expect(comesTo(new User().leg('a', calling), 'a', answeredOut)).toEqual([]);
    expect(comesTo(new User().leg('a', calling).leg('b', calling), 'a', answeredOut)).toEqual([]);
    expect(comesTo(new User().leg('a', calling).leg('b', heldHere), 'a', answeredOut)).toEqual([]);
    const elsewhere = new User().leg('a', calling).leg('b', { ...here, owner: TABLET });
    expect(comesTo(elsewhere, 'a', answeredOut)).toEqual([]);
    expect(comesTo(two().mixes('a', 'b'), 'a', { ...here, media: 'flowing' })).toEqual([]);
  });

  it('[CM-45 CM-46] of two that ring out the one that is answered second waits', () => {
    const user = new User().leg('a', calling).leg('b', { ...calling, remote: CAROL });
    expect(comesTo(user, 'b', { ...answeredOut, remote: CAROL })).toEqual([]);
    expect(comesTo(user, 'a', answeredOut)).toEqual(['a']);
    expect(comesTo(user, 'a', { ...answeredOut, media: 'flowing' })).toEqual([]);
  });

  it('[CM-46] what the far end answers waits for a mixed pair', () => {
    const user = two().mixes('a', 'b').leg('c', calling);
    expect(comesTo(user, 'c', answeredOut)).toEqual(['c']);
  });

  it('[CM-46] what the user answers, takes back or brings here comes first', () => {
    const other = (): User => new User().leg('a', answeredOut);
    expect(comesTo(other().leg('b'), 'b', here)).toEqual(['a']);
    expect(comesTo(other().leg('b', heldHere), 'b', here)).toEqual(['a']);
    expect(comesTo(other().leg('b', { ...here, owner: TABLET }), 'b', here)).toEqual(['a']);
    const brought = other().leg('b', calling).handOver('b', 'client');
    expect(comesTo(brought, 'b', answeredOut)).toEqual(['a']);
  });

  it('[CM-46] an emergency call waits for nobody, whoever has answered what', () => {
    expect(comesTo(new User().leg('a', here).leg('b', calling), 'b', answeredOut, 'b')).toEqual(['a']);
    expect(comesTo(new User().leg('a', answeredOut).leg('b'), 'b', here, 'a')).toEqual(['b']);
    expect(comesTo(new User().leg('a', answeredOut).leg('b', calling), 'b', answeredOut, 'a')).toEqual(['b']);
  });

  it('[CM-46] what is on its way to the desk phone is left alone', () => {
    const user = new User().leg('a', answeredOut).leg('b', calling).handOver('a', 'desk_phone');
    expect(comesTo(user, 'b', answeredOut)).toEqual([]);
  });

  it('[CM-33] only answered calls at one seat can be joined with each other', () => {
    const user = two()
      .leg('c', { owner: LAPTOP })
      .leg('d', { ...here, owner: TABLET })
      .leg('e', heldHere);
    const partners = (id: string): string[] =>
      partnersOf(user.state, user.call(id)).map((call) => call.callId);
    expect(partners('a')).toEqual(['b', 'e']);
    expect(partners('c')).toEqual([]);
    expect(partners('d')).toEqual([]);
    user.report(desk('p', 'connected'), desk('q', 'held', { remote: CAROL }));
    expect(partners('seen-1')).toEqual(['seen-2']);
  });

  it('[CM-34] the platform says itself what the desk phone consults about', () => {
    const consultation = desk('q', 'calling', { direction: 'outgoing', remote: CAROL, consultationFor: 'p' });
    const user = new User().report(consultation, desk('p', 'held'));
    expect(user.see('seen-1').consultationFor).toBe('seen-2');
    expect(user.report(consultation).see('seen-1').consultationFor).toBeUndefined();
  });
});
