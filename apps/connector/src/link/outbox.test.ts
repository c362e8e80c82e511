import type { LinkCall } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { id } from '../testing/ids.ts';
import { Scene } from '../testing/scene.ts';
import { viewOfLeg } from '../testing/views.ts';
import { Outbox, type OutgoingEvent } from './outbox.ts';

const view = viewOfLeg(Scene.ringing().call) as LinkCall;
const changed = (name: string, rev: number): OutgoingEvent => ({
  name: 'call.changed',
  data: {
    userId: id.user('anna'),
    revision: { epoch: id.epoch('e'), rev },
    call: { ...view, callId: id.call(name) },
  },
});
const reattach: OutgoingEvent = {
  name: 'media.reattach',
  data: {
    userId: id.user('anna'),
    clientId: id.client('tab'),
    callId: id.call('a'),
    reason: 'media_lost',
  },
};
const drain = (outbox: Outbox): OutgoingEvent[] => {
  const events: OutgoingEvent[] = [];
  for (let event = outbox.shift(); event !== undefined; event = outbox.shift()) events.push(event);
  return events;
};

describe('events that wait for a slow cloud', () => {
  test('a newer state of a call replaces the older one and keeps the order of revisions', () => {
    const outbox = new Outbox(10);
    for (const event of [changed('a', 1), changed('b', 2), changed('a', 3)]) outbox.push(event);
    expect(drain(outbox)).toEqual([changed('b', 2), changed('a', 3)]);
  });

  test('what is no state is not merged', () => {
    const outbox = new Outbox(10);
    outbox.push(reattach);
    outbox.push(reattach);
    expect(drain(outbox)).toEqual([reattach, reattach]);
  });

  test('are bounded: a full box refuses, but still takes a newer state of what is in it', () => {
    const outbox = new Outbox(2);
    expect(outbox.push(changed('a', 1))).toBe(true);
    expect(outbox.push(changed('b', 2))).toBe(true);
    expect(outbox.push(changed('c', 3))).toBe(false);
    expect(outbox.push(changed('a', 4))).toBe(true);
    expect(outbox.size).toBe(2);
  });
});
