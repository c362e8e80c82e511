import type { EndCause } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { LAPTOP, User, connected, connection, desk } from './user.test-support.ts';

const rung = (): User => new User().leg('a').report(desk('p', 'alerting'));

describe('why a call has ended', () => {
  it.each<[EndCause, EndCause]>([
    ['cancelled', 'cancelled'],
    ['no_answer', 'no_answer'],
    ['answered_elsewhere', 'answered_elsewhere'],
    ['deflected', 'deflected'],
    ['completed', 'cancelled'],
  ])('[CM-3] a call that nobody answered and whose leg ended %s is over: %s', (leg, cause) => {
    expect(rung().legEnds('a', leg).report().cause('a')).toBe(cause);
    expect(rung().report().legEnds('a', leg).cause('a')).toBe(cause);
  });

  it('[CM-3] is never missed once somebody has answered', () => {
    const user = rung().report(desk('p', 'connected')).report();
    expect(user.legEnds('a', 'cancelled').cause('a')).toBe('completed');
    const said = rung().report(desk('p', 'connected')).legEnds('a', 'answered_elsewhere');
    expect(said.gone([], desk('p', 'connected'), 'no_answer').cause('a')).toBe('completed');
  });

  it.each<[EndCause, EndCause, EndCause]>([
    ['cancelled', 'no_answer', 'no_answer'],
    ['no_answer', 'completed', 'no_answer'],
    ['answered_elsewhere', 'cancelled', 'answered_elsewhere'],
    ['cancelled', 'answered_elsewhere', 'answered_elsewhere'],
    ['media_failed', 'cancelled', 'cancelled'],
  ])('[CM-12] leg %s and platform %s, in either order, are %s', (leg, platform, cause) => {
    const gone = desk('p', 'alerting');
    expect(rung().legEnds('a', leg).gone([], gone, platform).cause('a')).toBe(cause);
    expect(rung().gone([], gone, platform).legEnds('a', leg).cause('a')).toBe(cause);
  });

  it('[CM-12] is of an answered call what its last place says, and not what stopped ringing for it', () => {
    const user = rung().leg('a', { state: connected(), owner: LAPTOP });
    user.gone([], desk('p', 'alerting'), 'answered_elsewhere');
    expect(user.legEnds('a', 'media_failed').cause('a')).toBe('media_failed');
    const atDesk = rung().report(desk('p', 'connected')).legEnds('a', 'answered_elsewhere');
    expect(atDesk.gone([], desk('p', 'connected'), 'transferred').cause('a')).toBe('transferred');
  });

  it('[CM-16 A14] the leg was told that another device has it: nothing rings, though the desk phone is still said to', () => {
    const user = rung().legEnds('a', 'answered_elsewhere');
    expect(user.see('a')).toMatchObject({ rings: [], position: { at: 'nowhere' } });
    expect(user.see('a').permitted).toEqual({ owner: [], others: [] });
    // A report that was under way changes nothing.
    expect(user.report(desk('p', 'alerting')).see('a').rings).toEqual([]);
    user.report(desk('p', 'connected'));
    expect(user.see('a')).toMatchObject({ state: { name: 'connected' }, position: { at: 'desk_phone' } });
    expect(user.report().cause('a')).toBe('completed');
  });

  it('[CM-16 A14] and is not missed when the report of its answer is lost', () => {
    const user = rung().legEnds('a', 'answered_elsewhere');
    expect(user.report().cause('a')).toBe('answered_elsewhere');
  });

  it('[CM-17] a call that the mailbox took is missed', () => {
    const mailbox = connection('voicemail', 'p', 'connected');
    const user = rung().report(mailbox);
    expect(user.see('a')).toMatchObject({ position: { at: 'voicemail' }, rings: [] });
    user.legEnds('a', 'answered_elsewhere').gone([], mailbox, 'completed');
    expect(user.see('a').state).toMatchObject({ name: 'ended', cause: 'no_answer' });
    expect(user.call('a').answeredAt).toBeUndefined();
    const sent = rung().legEnds('a', 'deflected').report(mailbox);
    expect(sent.report().cause('a')).toBe('deflected');
  });
});
