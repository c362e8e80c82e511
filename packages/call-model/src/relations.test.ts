import { describe, expect, it } from 'vitest';
import { othersToHold, partnersOf } from './index.ts';
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
