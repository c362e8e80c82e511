import { describe, expect, it } from 'vitest';
import { legServices } from './index.ts';

describe('what a leg permits by itself', () => {
  it('[CM-40] whoever is there may answer a call that rings, and nobody what is not told yet or is over', () => {
    const answer = ['answer', 'reject'];
    expect(legServices({ phase: 'ringing' })).toEqual({ owner: answer, others: answer });
    expect(legServices({ phase: 'answering' })).toEqual({ owner: ['hangUp'], others: [] });
    expect(legServices({ phase: 'preparing' })).toEqual({ owner: [], others: [] });
    expect(legServices({ phase: 'over' })).toEqual({ owner: [], others: [] });
  });

  it('[CM-41] nobody can hold or key digits into a call that is not answered', () => {
    const calling = legServices({ phase: 'calling', ownerless: false });
    expect(calling).toEqual({ owner: ['hangUp', 'mute', 'attach'], others: [] });
    expect(legServices({ phase: 'calling', ownerless: true }).others).toEqual(['attach']);
  });

  it.each([
    [false, false, ['hangUp', 'hold', 'mute', 'dtmf', 'attach']],
    [true, false, ['hangUp', 'retrieve', 'attach']],
    [false, true, ['hangUp', 'mute', 'dtmf', 'attach']],
    [true, true, ['hangUp', 'attach']],
  ])('[CM-42] held %s and a change under way %s: the owner may %j', (held, busy, owner) => {
    expect(legServices({ phase: 'talking', held, busy, ownerless: false })).toEqual({
      owner,
      others: ['pull'],
    });
    expect(legServices({ phase: 'talking', held, busy, ownerless: true }).others).toEqual(['pull', 'attach']);
  });
});
