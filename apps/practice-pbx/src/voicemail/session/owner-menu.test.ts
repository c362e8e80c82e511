import { describe, expect, it } from 'vitest';
import type { Mailbox } from '../mailbox/mailbox.ts';
import { TUESDAY, TestCall, daysBefore, speech, world } from './call.test-support.ts';

const OWN = { kind: 'own_mailbox', mailbox: '101' } as const;
const MENU = 'main-menu';

/** From 201 yesterday (1 s) and from 0049 today (2 s). */
function withTwo(options: Parameters<typeof world>[0] = {}): { call: TestCall; mailbox: Mailbox } {
  const { mailbox, setting } = world(options);
  mailbox.add({ caller: { number: '201' }, receivedAt: daysBefore(1), recording: speech(1) });
  mailbox.add({ caller: { number: '0049' }, receivedAt: TUESDAY, recording: speech(2) });
  return { call: TestCall.to(setting, OWN), mailbox };
}

/** No key until goodbye. */
function fallSilent(call: TestCall): void {
  for (let wait = 0; wait < 3; wait += 1) {
    call.hear();
    call.wait(8);
  }
  expect(call.said).toBe('goodbye');
}

const FIRST = 'message 1 from 2 0 1 yesterday at 9 30 5';
const SECOND = 'message 2 from 0 0 4 9 today at 9 30 5';

describe('the owner listens', () => {
  it('[VM-20] first it is said how many messages there are', () => {
    const { setting } = world();
    expect(TestCall.to(setting, OWN).said).toBe(`you-have no-new-messages ${MENU}`);
    const { call, mailbox } = withTwo();
    expect(call.said).toBe(`you-have 2 new-messages ${MENU}`);
    for (const { id } of mailbox.messages.slice(0, 1)) mailbox.markHeard(id);
    call.press('1');
    expect(call.press('*')).toBe(`you-have 1 new-message and 1 old-message ${MENU}`);
  });

  it('[VM-20] in the language of the mailbox', () => {
    const { mailbox, setting } = world({ language: 'de' });
    mailbox.add({ caller: { number: '201' }, receivedAt: daysBefore(1), recording: speech(1) });
    const call = TestCall.to(setting, OWN);
    expect(call.said).toBe(`you-have one new-message ${MENU}`);
    expect(call.press('1')).toBe('message 1 from 2 0 1 yesterday at 9 o-clock unit-5 30');
  });

  it('[VM-21] 1 plays the first new message after its heading; heard is what has begun to sound', () => {
    const { call, mailbox } = withTwo();
    expect(call.press('1')).toBe(FIRST);
    expect(mailbox.counts).toEqual({ new: 2, old: 0 });
    call.hear();
    expect(call.said).toBe('<1.0 s>');
    expect(mailbox.counts).toEqual({ new: 1, old: 1 });
    call.hear();
    expect(call.hear()).toBe('end-of-message');
  });

  it('[VM-21] new messages come before old ones, each in the order of arrival', () => {
    const { mailbox, setting } = world();
    for (const number of ['1', '2', '3', '4']) {
      mailbox.add({ caller: { number }, receivedAt: TUESDAY, recording: speech(1) });
    }
    for (const { id, caller } of mailbox.messages)
      if (['1', '3'].includes(caller.number)) mailbox.markHeard(id);
    const call = TestCall.to(setting, OWN);
    const order = ['1', '2', '2', '2'].map((key) => /from (\d)/.exec(call.press(key))?.[1]);
    expect(order).toEqual(['2', '4', '1', '3']);
  });

  it('[VM-21] 1 begins the message anew once there is one', () => {
    const { call } = withTwo();
    call.press('1');
    call.hear();
    expect(call.press('1')).toBe(FIRST);
  });

  it('[VM-22] 2 goes to the next message, after the last one says so, and then 1 begins at the front', () => {
    const { call } = withTwo();
    expect(call.press('2')).toBe(FIRST);
    expect(call.press('2')).toBe(SECOND);
    expect(call.press('2')).toBe('no-more-messages');
    expect(call.press('1')).toBe(FIRST);
  });

  it('[VM-22] without messages there is no next one', () => {
    expect(TestCall.to(world().setting, OWN).press('1')).toBe('no-more-messages');
  });

  it.each([
    ['hangs up', (call: TestCall) => call.hangUp()],
    ['says goodbye', (call: TestCall) => call.press('**')],
    ['falls silent', fallSilent],
  ])('[VM-23] 3 deletes a message; it is gone when the owner %s', (_, end) => {
    const { call, mailbox } = withTwo();
    call.press('1');
    expect(call.press('3')).toBe('message-deleted');
    expect(mailbox.messages).toHaveLength(2);
    end(call);
    expect(mailbox.messages.map(({ caller }) => caller.number)).toEqual(['0049']);
  });

  it('[VM-23] 3 again keeps it', () => {
    const { call, mailbox } = withTwo();
    call.press('13');
    expect(call.press('3')).toBe('message-kept');
    call.hangUp();
    expect(mailbox.messages).toHaveLength(2);
  });

  it('[VM-23] a deleted message is passed over and not counted, until it is gone', () => {
    const { call } = withTwo();
    call.press('13');
    expect(call.press('*')).toBe(`you-have 1 new-message ${MENU}`);
    expect(call.press('1')).toBe('message 2 from 0 0 4 9 today at 9 30 5');
  });

  it.each(['3', '4'])('[VM-23] [VM-24] %s without a message says that there has to be one', (key) => {
    expect(withTwo().call.press(key)).toBe('choose-message-first');
  });

  it('[VM-24] 4 says the number of the caller', () => {
    const { call } = withTwo();
    expect(call.press('14')).toBe('number-of-caller 2 0 1');
  });

  it('[VM-24] where it is not known, that is said, in the heading too', () => {
    const { mailbox, setting } = world();
    mailbox.add({ caller: { number: '' }, receivedAt: TUESDAY, recording: speech(1) });
    const call = TestCall.to(setting, OWN);
    expect(call.press('1')).toContain('from unknown-caller today');
    expect(call.press('4')).toBe('from unknown-caller');
  });

  it('[VM-25] 9 says the message again, before the first one what was said last', () => {
    const { call } = withTwo();
    const overview = call.said;
    expect(call.press('9')).toBe(overview);
    call.press('1');
    for (let part = 0; part < 3; part += 1) call.hear();
    expect(call.press('9')).toBe(FIRST);
  });

  it('[VM-26] * goes back to the overview, and from there says goodbye', () => {
    const { call } = withTwo();
    call.press('1');
    expect(call.press('*')).toBe(`you-have 2 new-messages ${MENU}`);
    expect(call.press('*')).toBe('goodbye');
    call.hear();
    expect(call.isOver).toBe(true);
  });

  it('[VM-27] 0 says what the keys do', () => {
    expect(withTwo().call.press('0')).toBe(MENU);
  });

  it.each('678#ABCD'.split(''))('[VM-28] %s is no key here, and that is said', (key) => {
    const { call } = withTwo();
    call.press('1');
    expect(call.press(key)).toBe('unknown-key');
    expect(call.press('9')).toBe(FIRST);
  });

  it('[VM-29] without a key the menu is said twice more, then goodbye', () => {
    const { call } = withTwo();
    call.hear();
    call.wait(7.9);
    expect(call.isPlaying).toBe(false);
    call.wait(0.1);
    expect(call.hear()).toBe(MENU);
    call.wait(8);
    expect(call.hear()).toBe(MENU);
    call.wait(8);
    expect(call.hear()).toBe('goodbye');
    expect(call.isOver).toBe(true);
  });

  it('[VM-29] nobody is thought to be gone while something plays; a key begins the count anew', () => {
    const { call } = withTwo();
    call.wait(100);
    call.hear();
    call.wait(8);
    call.hear();
    call.wait(8);
    call.hear();
    call.press('0');
    call.wait(100);
    call.hear();
    call.wait(8);
    expect(call.said).toBe(MENU);
  });

  it('[VM-30] a key interrupts whatever is said; the end of what was interrupted means nothing', () => {
    const { call, mailbox } = withTwo();
    call.press('1');
    const heading = call.lastPlay;
    expect(call.press('2')).toBe(SECOND);
    call.give({ kind: 'played', play: heading });
    expect(call.said).toBe(SECOND);
    expect(mailbox.counts.new).toBe(2);
  });

  it('[VM-31] messages that arrive meanwhile are at the end', () => {
    const { call, mailbox } = withTwo();
    call.press('12');
    mailbox.add({ caller: { number: '3' }, receivedAt: TUESDAY, recording: speech(1) });
    expect(call.press('2')).toBe('message 3 from 3 today at 9 30 5');
  });

  it('[VM-32] a message that was deleted at another telephone is passed over', () => {
    const { call, mailbox } = withTwo();
    mailbox.delete(new Set(mailbox.messages.slice(0, 1).map(({ id }) => id)));
    expect(call.press('1')).toBe(SECOND);
  });

  it('[VM-32] also where it is the one that keys are about', () => {
    const { call, mailbox } = withTwo();
    call.press('1');
    mailbox.delete(new Set(mailbox.messages.slice(0, 1).map(({ id }) => id)));
    call.hear();
    expect(call.press('3')).toBe('choose-message-first');
    expect(call.press('1')).toBe(SECOND);
  });
});
