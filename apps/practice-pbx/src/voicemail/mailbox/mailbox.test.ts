import { describe, expect, it } from 'vitest';
import { TUESDAY, speech } from '../session/call.test-support.ts';
import { DEFAULT_LIMITS, Mailbox } from './mailbox.ts';
import type { MailboxLimits } from './mailbox.ts';

function mailbox(limits: Partial<MailboxLimits> = {}): Mailbox {
  return new Mailbox('101', { ...DEFAULT_LIMITS, ...limits });
}

function add(to: Mailbox, seconds: number, rate: 8000 | 16_000 = 8000): string {
  return to.add({ caller: { number: '201' }, receivedAt: TUESDAY, recording: speech(seconds, rate) });
}

describe('a mailbox', () => {
  it('[VM-90] counts new and heard messages, and tells every change once', () => {
    const box = mailbox();
    const told: unknown[] = [];
    box.onChange = () => told.push(box.counts);
    add(box, 1);
    add(box, 1);
    const first = new Set(box.messages.slice(0, 1).map(({ id }) => id));
    for (const id of [...first, ...first]) box.markHeard(id);
    box.delete(new Set());
    box.delete(first);
    box.delete(first);
    for (const id of first) box.markHeard(id);
    expect(told).toEqual([
      { new: 1, old: 0 },
      { new: 2, old: 0 },
      { new: 1, old: 1 },
      { new: 1, old: 0 },
    ]);
  });

  it('[VM-90] never gives an id twice', () => {
    const box = mailbox();
    add(box, 1);
    box.delete(new Set(box.messages.map(({ id }) => id)));
    add(box, 1);
    expect(box.messages.map(({ id }) => id)).toEqual([2]);
  });

  it('[VM-91] takes so many messages', () => {
    const box = mailbox({ messages: 2 });
    expect([add(box, 1), add(box, 1), add(box, 1)]).toEqual(['kept', 'kept', 'full']);
    expect(box.roomSeconds).toBe(0);
    box.delete(new Set(box.messages.slice(0, 1).map(({ id }) => id)));
    expect(add(box, 1)).toBe('kept');
  });

  it('[VM-91] so many seconds', () => {
    const box = mailbox({ seconds: 10 });
    expect([add(box, 6), add(box, 5), add(box, 4), add(box, 0.1)]).toEqual(['kept', 'full', 'kept', 'full']);
  });

  it('[VM-91] and so many bytes, greeting and all', () => {
    const box = mailbox({ bytes: 64_000 });
    expect(box.setGreeting(speech(1, 16_000))).toBe('kept');
    expect(box.roomSeconds).toBe(1);
    expect(add(box, 1, 16_000)).toBe('kept');
    expect(add(box, 0.5, 16_000)).toBe('full');
    expect(box.setGreeting(speech(1.5, 16_000))).toBe('full');
    expect(box.setGreeting(speech(0.5, 16_000))).toBe('kept');
    expect(box.roomSeconds).toBe(0.5);
  });
});
