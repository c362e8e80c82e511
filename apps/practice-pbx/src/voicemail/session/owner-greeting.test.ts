import { describe, expect, it } from 'vitest';
import { secondsOf } from '../mailbox/mailbox.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import { TUESDAY, TestCall, speech, world } from './call.test-support.ts';

const MENU = 'greeting-menu';
const BEFORE = speech(5);

/** In the menu of the greeting; one of 5 s is there. */
function inMenu(options: Parameters<typeof world>[0] = {}): { call: TestCall; mailbox: Mailbox } {
  const { mailbox, setting } = world(options);
  mailbox.setGreeting(BEFORE);
  const call = TestCall.to(setting, { kind: 'own_mailbox', mailbox: '101' });
  expect(call.press('5')).toBe(MENU);
  return { call, mailbox };
}

/** After the tone. */
function recording(options: Parameters<typeof world>[0] = {}): { call: TestCall; mailbox: Mailbox } {
  const { call, mailbox } = inMenu(options);
  expect(call.press('1')).toBe('record-greeting beep');
  call.hear();
  return { call, mailbox };
}

function seconds(mailbox: Mailbox): number | undefined {
  return mailbox.greeting === undefined ? undefined : secondsOf(mailbox.greeting);
}

describe('the greeting of the owner', () => {
  it('[VM-40] is recorded until #, without the tone of the key', () => {
    const { call, mailbox } = recording();
    call.speak(3);
    expect(call.press('#')).toBe(`greeting-saved ${MENU}`);
    expect(seconds(mailbox)).toBeCloseTo(2.88, 2);
  });

  it('[VM-40] the tone before it and what is said during it are not in it', () => {
    const { call, mailbox } = inMenu();
    call.press('1');
    call.speak(4);
    expect(call.press('#57')).toBe('record-greeting beep');
    call.hear();
    call.speak(2);
    call.press('7');
    call.press('#');
    expect(seconds(mailbox)).toBeCloseTo(1.88, 2);
  });

  it('[VM-41] too short a greeting is not taken', () => {
    const { call, mailbox } = recording();
    call.speak(0.5);
    expect(call.press('#')).toBe(`greeting-too-short ${MENU}`);
    expect(mailbox.greeting).toBe(BEFORE);
  });

  it('[VM-41] nor one that there is no room for', () => {
    const { call, mailbox } = recording({ limits: { bytes: 90_000 } });
    call.speak(8);
    expect(call.press('#')).toBe(`mailbox-full ${MENU}`);
    expect(mailbox.greeting).toBe(BEFORE);
  });

  it('[VM-42] 2 plays what callers hear', () => {
    const { call, mailbox } = inMenu();
    expect(call.press('2')).toBe(`<5.0 s> ${MENU}`);
    mailbox.setGreeting(undefined);
    expect(call.press('2')).toBe(`standard-greeting-for 1 0 1 standard-greeting-leave ${MENU}`);
  });

  it('[VM-43] 3 goes back to the standard one', () => {
    const { call, mailbox } = inMenu();
    expect(call.press('3')).toBe(`greeting-standard ${MENU}`);
    expect(mailbox.greeting).toBeUndefined();
  });

  it('[VM-44] * leads back: from the menu, and out of a recording, which is dropped', () => {
    const { call, mailbox } = inMenu();
    call.press('1');
    expect(call.press('*')).toBe(MENU);
    call.press('1');
    call.hear();
    call.speak(3);
    expect(call.press('*')).toBe(MENU);
    expect(call.press('*')).toBe('main-menu');
    expect(call.press('*')).toBe('goodbye');
    expect(mailbox.greeting).toBe(BEFORE);
  });

  it('[VM-45] hung up on, it is as before', () => {
    const { call, mailbox } = recording();
    call.speak(3);
    call.hangUp();
    expect(mailbox.greeting).toBe(BEFORE);
  });

  it('[VM-45] deleted messages go also where the owner hangs up here', () => {
    const { mailbox, setting } = world();
    mailbox.add({ caller: { number: '1' }, receivedAt: TUESDAY, recording: speech(1) });
    const call = TestCall.to(setting, { kind: 'own_mailbox', mailbox: '101' });
    call.press('135');
    call.hangUp();
    expect(mailbox.messages).toEqual([]);
  });

  it('[VM-46] silence ends it, and so does the limit', () => {
    const quiet = recording();
    quiet.call.speak(2);
    quiet.call.silence(6);
    expect(quiet.call.said).toBe(`greeting-saved ${MENU}`);
    expect(seconds(quiet.mailbox)).toBeCloseTo(2.3, 2);
    const long = recording({ times: { longestGreeting: 4000 } });
    long.call.speak(5);
    expect(long.call.said).toBe(`greeting-saved ${MENU}`);
    // The clock ends it before the last frame.
    expect(seconds(long.mailbox)).toBeCloseTo(3.98, 2);
    const gone = recording();
    gone.call.wait(6);
    expect(gone.call.said).toBe(`greeting-too-short ${MENU}`);
  });

  it.each(['0', '9'])('[VM-47] %s says what there is to choose', (key) => {
    const { call } = inMenu();
    call.press('2');
    expect(call.press(key)).toBe(MENU);
  });

  it.each('45678#A'.split(''))('[VM-47] %s is no key here', (key) => {
    expect(inMenu().call.press(key)).toBe('unknown-key');
  });

  it('[VM-47] a key begins the count of waits anew', () => {
    const { call } = inMenu();
    for (let wait = 0; wait < 2; wait += 1) {
      call.hear();
      call.wait(8);
    }
    call.press('0');
    call.hear();
    call.wait(8);
    expect(call.said).toBe(MENU);
  });

  it('[VM-47] without a key it is asked twice more, then goodbye', () => {
    const { call } = inMenu();
    expect(call.hear()).toBe(MENU);
    call.wait(8);
    expect(call.hear()).toBe(MENU);
    call.wait(8);
    expect(call.hear()).toBe(MENU);
    call.wait(8);
    expect(call.hear()).toBe('goodbye');
    expect(call.isOver).toBe(true);
  });
});
