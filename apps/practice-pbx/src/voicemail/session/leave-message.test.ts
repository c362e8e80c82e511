import { dominantFrequency, dtmfSamples } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { secondsOf } from '../mailbox/mailbox.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import { TUESDAY, TestCall, speech, world } from './call.test-support.ts';

const LEAVE = { kind: 'leave_message', mailbox: '101' } as const;

/** Through the greeting and the tone. */
function recording(options: Parameters<typeof world>[0] = {}): { call: TestCall; mailbox: Mailbox } {
  const { mailbox, setting } = world(options);
  const call = TestCall.to(setting, LEAVE);
  call.hear();
  expect(call.hear()).toBe('beep');
  return { call, mailbox };
}

function lengths(mailbox: Mailbox): readonly number[] {
  return mailbox.messages.map((message) => Math.round(secondsOf(message.recording) * 10) / 10);
}

describe('leaving a message', () => {
  it('[VM-1] the standard greeting tells the number; after the tone it is recorded until the caller hangs up', () => {
    const { mailbox, setting } = world();
    const call = TestCall.to(setting, LEAVE, '201');
    call.speak(2);
    expect(call.hear()).toBe('standard-greeting-for 1 0 1 standard-greeting-leave');
    call.speak(2);
    expect(call.hear()).toBe('beep');
    call.speak(3);
    call.hangUp();
    expect(mailbox.counts).toEqual({ new: 1, old: 0 });
    expect(mailbox.messages[0]).toMatchObject({
      caller: { number: '201' },
      receivedAt: TUESDAY + 7000,
      heard: false,
    });
    expect(lengths(mailbox)).toEqual([3]);
  });

  it('[VM-2] the greeting of the owner takes the place of the standard one', () => {
    const { mailbox, setting } = world();
    mailbox.setGreeting(speech(2));
    expect(TestCall.to(setting, LEAVE).said).toBe('<2.0 s>');
  });

  it.each(['#', '1'])('[VM-3] %s interrupts the greeting: the tone comes at once', (key) => {
    const { setting } = world();
    expect(TestCall.to(setting, LEAVE).press(key)).toBe('beep');
  });

  it('[VM-3] other keys do nothing during greeting, tone and recording', () => {
    const { mailbox, setting } = world();
    const call = TestCall.to(setting, LEAVE);
    expect(call.press('2457A')).toContain('standard-greeting-for');
    call.hear();
    expect(call.press('#')).toBe('beep');
    call.hear();
    call.speak(1);
    call.press('12*');
    call.speak(1);
    call.hangUp();
    expect(lengths(mailbox)).toEqual([2]);
  });

  it('[VM-1] hung up before the tone is over, nothing is kept', () => {
    const { mailbox, setting } = world();
    const call = TestCall.to(setting, LEAVE);
    call.speak(3);
    call.press('#');
    call.hangUp();
    expect(mailbox.messages).toEqual([]);
  });

  it('[VM-5] # ends the recording; its tone is not in it; then goodbye', () => {
    const { call, mailbox } = recording();
    call.speak(3);
    call.send(dtmfSamples(8000, '#', 0.1), 8000);
    expect(call.press('#')).toBe('message-saved goodbye');
    call.hear();
    expect(call.isOver).toBe(true);
    const kept = mailbox.messages[0]?.recording.samples ?? new Int16Array(0);
    expect(dominantFrequency(kept.subarray(-400), 8000)).toBeCloseTo(300, -1);
    expect(lengths(mailbox)).toEqual([3]);
  });

  it('[VM-6] silence ends the recording and is not kept', () => {
    const { call, mailbox } = recording();
    call.speak(3);
    call.silence(5.9);
    expect(call.isPlaying).toBe(false);
    call.silence(0.1);
    expect(call.said).toBe('message-saved goodbye');
    expect(lengths(mailbox)).toEqual([3.3]);
  });

  it('[VM-6] a side that sends nothing at all is silent', () => {
    const { call, mailbox } = recording();
    call.speak(3);
    call.wait(6);
    expect(call.said).toBe('message-saved goodbye');
    expect(lengths(mailbox)).toEqual([3]);
  });

  it('[VM-6] a pause within the message is kept', () => {
    const { call, mailbox } = recording();
    call.speak(1);
    call.silence(5);
    call.speak(1);
    call.hangUp();
    expect(lengths(mailbox)).toEqual([7]);
  });

  it('[VM-7] the longest message ends by itself, and the caller is told', () => {
    const { call, mailbox } = recording({ times: { longestMessage: 10_000 } });
    call.speak(12);
    expect(call.said).toBe('recording-limit message-saved goodbye');
    expect(lengths(mailbox)).toEqual([10]);
  });

  it('[VM-7] nor is more taken than it may have, however fast it comes', () => {
    const { call, mailbox } = recording({ times: { longestMessage: 2000 } });
    const { samples } = speech(1);
    for (let second = 0; second < 10; second += 1) call.give({ kind: 'frame', samples, sampleRate: 8000 });
    call.hangUp();
    expect(lengths(mailbox)).toEqual([2]);
  });

  it.each([
    ['#', (call: TestCall) => call.press('#')],
    ['silence', (call: TestCall) => call.wait(10)],
  ])('[VM-8] too short, ended by %s: dropped, and the caller is told', (_, end) => {
    const { call, mailbox } = recording();
    call.speak(0.9);
    end(call);
    expect(call.said).toBe('message-too-short goodbye');
    expect(mailbox.messages).toEqual([]);
  });

  it('[VM-8] hung up after a short word or without one: dropped', () => {
    for (const seconds of [0, 0.9]) {
      const { call, mailbox } = recording();
      call.speak(seconds);
      call.silence(3);
      call.hangUp();
      expect(mailbox.messages).toEqual([]);
    }
  });

  it('[VM-9] a full mailbox says so instead of the greeting', () => {
    const { mailbox, setting } = world({ limits: { messages: 1 } });
    mailbox.add({ caller: { number: '1' }, receivedAt: TUESDAY, recording: speech(1) });
    const call = TestCall.to(setting, LEAVE);
    expect(call.hear()).toBe('mailbox-full goodbye');
    expect(call.isOver).toBe(true);
  });

  it('[VM-9] where there is little room, the message ends with it', () => {
    const { call, mailbox } = recording({ limits: { seconds: 5 } });
    call.speak(8);
    expect(call.said).toBe('recording-limit message-saved goodbye');
    expect(lengths(mailbox)).toEqual([5]);
  });

  it('[VM-9] of two who speak into the room for one, the second is told', () => {
    const { mailbox, setting } = world({ limits: { seconds: 5 } });
    const calls = [TestCall.to(setting, LEAVE), TestCall.to(setting, LEAVE)];
    const said = calls.map((call) => {
      call.hear();
      return call;
    });
    for (const call of said) call.hear();
    for (const call of said) call.speak(4);
    expect(calls.map((call) => call.press('#'))).toEqual(['message-saved goodbye', 'mailbox-full goodbye']);
    expect(mailbox.messages).toHaveLength(1);
  });

  it('[VM-10] there is no mailbox of that number', () => {
    const call = TestCall.to(world().setting, { kind: 'leave_message', mailbox: '999' });
    expect(call.hear()).toBe('no-such-mailbox goodbye');
    expect(call.isOver).toBe(true);
  });

  it('[VM-11] * during the greeting asks the owner for the PIN, where there is one', () => {
    expect(TestCall.to(world({ pin: '4711' }).setting, LEAVE).press('*')).toBe('enter-pin');
    expect(TestCall.to(world().setting, LEAVE).press('*')).toContain('standard-greeting-for');
  });

  it.each([
    [8000, 8000],
    [16_000, 16_000],
    [32_000, 16_000],
    [48_000, 16_000],
  ])('[VM-12] sound of %i Hz is kept at %i Hz with its pitch', (rate, kept) => {
    const { call, mailbox } = recording();
    call.speak(2, rate);
    call.hangUp();
    const { samples, sampleRate } = mailbox.messages[0]?.recording ?? speech(0);
    expect(sampleRate).toBe(kept);
    expect(lengths(mailbox)).toEqual([2]);
    expect(dominantFrequency(samples.subarray(0, 8192), sampleRate)).toBeCloseTo(300, -1);
  });

  it('[VM-12] another codec in the middle of a message does not change its pitch', () => {
    const { call, mailbox } = recording();
    call.speak(1, 8000);
    call.speak(2, 16_000);
    call.hangUp();
    const { samples, sampleRate } = mailbox.messages[0]?.recording ?? speech(0);
    expect([sampleRate, ...lengths(mailbox)]).toEqual([8000, 3]);
    expect(dominantFrequency(samples.subarray(-8192), sampleRate)).toBeCloseTo(300, -1);
  });

  it('[VM-12] so does a change to a lower rate', () => {
    const { call, mailbox } = recording();
    call.speak(1, 16_000);
    call.speak(2, 8000);
    call.hangUp();
    const { samples, sampleRate } = mailbox.messages[0]?.recording ?? speech(0);
    expect([sampleRate, ...lengths(mailbox)]).toEqual([16_000, 3]);
    expect(dominantFrequency(samples.subarray(-8192), sampleRate)).toBeCloseTo(300, -1);
  });
});
