import { describe, expect, it } from 'vitest';
import type { VoicePurpose } from '../voice-machine.ts';
import { TestCall, world } from './call.test-support.ts';

const KNOWN = { kind: 'remote_access', mailbox: '101' } as const;
const UNKNOWN = { kind: 'remote_access' } as const;

function from(purpose: VoicePurpose): TestCall {
  return TestCall.to(world({ pin: '4711' }).setting, purpose);
}

/** A mailbox and a PIN that is not right. */
function tried(call: TestCall, mailbox: string): readonly string[] {
  return [call.press(`${mailbox}#`), call.press('1234#')];
}

describe('who is not at the own extension', () => {
  it('[VM-50] opens the mailbox with its PIN', () => {
    const call = from(KNOWN);
    expect(call.said).toBe('enter-pin');
    expect(call.press('4711#')).toBe('you-have no-new-messages main-menu');
  });

  it('[VM-50] the first digit interrupts the question', () => {
    const call = from(KNOWN);
    call.press('4');
    expect(call.isPlaying).toBe(false);
  });

  it('[VM-51] has three tries', () => {
    const call = from(KNOWN);
    expect(call.press('1#')).toBe('pin-wrong enter-pin');
    expect(call.press('47110#')).toBe('pin-wrong enter-pin');
    expect(call.press('471#')).toBe('pin-wrong goodbye');
    call.press('4711#');
    call.hear();
    expect(call.isOver).toBe(true);
  });

  it('[VM-51] to enter nothing is a try, too', () => {
    const call = from(KNOWN);
    expect(call.press('#')).toBe('enter-pin');
    call.hear();
    call.wait(8);
    expect(call.hear()).toBe('enter-pin');
    call.wait(8);
    expect(call.hear()).toBe('goodbye');
    expect(call.isOver).toBe(true);
  });

  it('[VM-52] says first which mailbox, where that is not known', () => {
    const call = from(UNKNOWN);
    expect(call.hear()).toBe('enter-mailbox');
    expect(call.press('101#')).toBe('enter-pin');
    expect(call.press('1#')).toBe('pin-wrong enter-mailbox');
    call.press('101#');
    expect(call.press('4711#')).toContain('you-have');
  });

  it('[VM-52] is not told whether a mailbox exists or has a PIN', () => {
    const wrongPin = tried(from(UNKNOWN), '101');
    expect(tried(from(UNKNOWN), '999')).toEqual(wrongPin);
    expect(tried(TestCall.to(world().setting, UNKNOWN), '101')).toEqual(wrongPin);
  });

  it('[VM-53] * begins the entry anew', () => {
    expect(from(KNOWN).press('99*4711#')).toContain('you-have');
  });

  it('[VM-54] digits without # count after the wait', () => {
    const call = from(KNOWN);
    call.press('47');
    call.wait(7);
    call.press('11');
    call.wait(7.9);
    expect(call.said).toBe('enter-pin');
    call.wait(0.1);
    expect(call.said).toContain('you-have');
  });

  it('[VM-55] cannot open a mailbox without a PIN', () => {
    const call = TestCall.to(world().setting, KNOWN);
    expect(call.hear()).toBe('own-extension-only goodbye');
    expect(call.isOver).toBe(true);
  });

  it('[VM-55] nor one that does not exist', () => {
    expect(from({ kind: 'remote_access', mailbox: '999' }).said).toBe('no-such-mailbox goodbye');
  });

  it('[VM-56] digits beyond thirty-two are not taken', () => {
    const pin = '1'.repeat(32);
    const call = TestCall.to(world({ pin }).setting, KNOWN);
    expect(call.press(`${pin}2222#`)).toContain('you-have');
  });
});
