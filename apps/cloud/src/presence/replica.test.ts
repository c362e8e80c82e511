import type { ConnectorId, UserId } from '@offhook/contract';
import { expect, test } from 'vitest';
import type { PresenceFact } from '../bus/topics.ts';
import { createReplica } from './replica.ts';

const anna = 'anna' as UserId;
const ben = 'ben' as UserId;
const office = 'office' as ConnectorId;
const replica = () => createReplica({ nodeLost: 17_000, leaving: 5_000 });
const clients = (state: 'none' | 'idle' | 'active', userId = anna): PresenceFact => ({
  kind: 'clients',
  userId,
  clients: state,
});
const link = (over: Partial<Extract<PresenceFact, { kind: 'link' }>> = {}): PresenceFact => ({
  kind: 'link',
  connectorId: office,
  since: 1,
  live: true,
  whole: true,
  activities: [],
  ...over,
});

test('[PR-17] a user is where any node has a client; one in use counts before one that is not', () => {
  const all = replica();
  expect(all.clientsOf(anna)).toBe('none');
  expect(all.hear({ node: 'a', seq: 1, fact: clients('idle') }, 0)).toEqual([anna]);
  expect(all.clientsOf(anna)).toBe('idle');
  all.enterOwn('me', clients('active'), 0);
  expect(all.clientsOf(anna)).toBe('active');
  all.enterOwn('me', clients('none'), 0);
  expect(all.clientsOf(anna)).toBe('idle');
  all.hear({ node: 'a', seq: 2, fact: clients('none') }, 0);
  expect(all.clientsOf(anna)).toBe('none');
});

test('[PR-18] the link that is up and has said everything counts, then the newest', () => {
  const all = replica();
  expect(all.activityOf(anna, office)).toBe('unknown');
  const talks = [{ userId: anna, activity: 'talking' as const }];
  const rings = [{ userId: anna, activity: 'ringing' as const }];
  all.hear({ node: 'a', seq: 1, fact: link({ activities: talks }) }, 0);
  expect(all.activityOf(anna, office)).toBe('talking');
  expect(all.activityOf(ben, office)).toBe('idle');
  expect(all.activityOf(anna, undefined)).toBe('unknown');
  // It moves to another node: until it has said everything there, the old one has the word.
  all.hear({ node: 'a', seq: 2, fact: link({ activities: talks, live: false }) }, 0);
  all.hear({ node: 'b', seq: 1, fact: link({ since: 2, whole: false }) }, 0);
  expect(all.activityOf(anna, office)).toBe('talking');
  all.hear({ node: 'b', seq: 2, fact: link({ since: 2, activities: rings }) }, 0);
  expect(all.activityOf(anna, office)).toBe('ringing');
  // Of two that are up the newer.
  all.hear({ node: 'c', seq: 1, fact: link({ since: 3 }) }, 0);
  expect(all.activityOf(anna, office)).toBe('idle');
  all.hear({ node: 'c', seq: 2, fact: { kind: 'link.gone', connectorId: office } }, 0);
  all.hear(
    { node: 'b', seq: 3, fact: { kind: 'activity', connectorId: office, userId: anna, activity: 'talking' } },
    0,
  );
  expect(all.activityOf(anna, office)).toBe('talking');
});

test('[PR-19] a node that is not heard takes its facts with it; beacons keep it', () => {
  const all = replica();
  all.enterOwn('me', clients('active', ben), 0);
  all.hear({ node: 'a', seq: 1, fact: clients('active') }, 0);
  all.hear({ node: 'a', seq: 1, fact: 'beacon' }, 10_000);
  expect(all.nextAt('me')).toBe(27_000);
  expect(all.advance('me', 26_999)).toEqual([]);
  expect(all.clientsOf(anna)).toBe('active');
  expect(all.advance('me', 27_000)).toBe('everybody');
  expect(all.clientsOf(anna)).toBe('none');
  // One's own facts are never lost.
  expect(all.advance('me', 1_000_000)).toEqual([]);
  expect(all.clientsOf(ben)).toBe('active');
  expect(all.nextAt('me')).toBeUndefined();
});

test('[PR-19] a node that stops is gone after a grace', () => {
  const all = replica();
  all.hear({ node: 'a', seq: 1, fact: clients('active') }, 0);
  all.hear({ node: 'a', seq: 1, fact: 'leaving' }, 1_000);
  expect(all.clientsOf(anna)).toBe('active');
  expect(all.nextAt('me')).toBe(6_000);
  all.advance('me', 6_000);
  expect(all.clientsOf(anna)).toBe('none');
  expect(all.hear({ node: 'never-heard', seq: 4, fact: 'leaving' }, 6_000)).toEqual([]);
});

test('[PR-20] a gap is noticed, by the next fact or the next beacon, and closed by asking', () => {
  for (const next of [
    { seq: 3, fact: clients('none') },
    { seq: 2, fact: 'beacon' as const },
  ]) {
    const all = replica();
    all.hear({ node: 'a', seq: 1, fact: clients('active') }, 0);
    expect(all.hasGap()).toBe(false);
    expect(all.hear({ node: 'a', ...next }, 0)).toEqual([]);
    expect(all.hasGap()).toBe(true);
    expect(all.clientsOf(anna)).toBe('active');
    expect(all.adopt({ node: 'a', seq: next.seq, facts: [clients('idle', ben)] }, 0)).toBe('everybody');
    expect(all.hasGap()).toBe(false);
    expect(all.clientsOf(anna)).toBe('none');
    expect(all.clientsOf(ben)).toBe('idle');
  }
});

test('[PR-20] an answer that is older than what has been heard changes nothing; one with a gap behind it leaves the gap', () => {
  const all = replica();
  all.hear({ node: 'a', seq: 1, fact: clients('active') }, 0);
  all.hear({ node: 'a', seq: 2, fact: clients('none') }, 0);
  expect(all.adopt({ node: 'a', seq: 1, facts: [clients('active')] }, 0)).toEqual([]);
  expect(all.clientsOf(anna)).toBe('none');
  all.hear({ node: 'b', seq: 5, fact: clients('active') }, 0);
  all.adopt({ node: 'b', seq: 4, facts: [] }, 0);
  expect(all.hasGap()).toBe(true);
  all.adopt({ node: 'b', seq: 5, facts: [clients('active')] }, 0);
  expect(all.hasGap()).toBe(false);
  // From there facts go on.
  expect(all.hear({ node: 'b', seq: 6, fact: clients('none') }, 0)).toEqual([anna]);
});
