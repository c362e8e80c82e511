import { dtmfSamples } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { TUESDAY, TestCall, speech, world } from './call.test-support.ts';
import { VoicemailSession } from './voicemail-session.ts';

const OWN = { kind: 'own_mailbox', mailbox: '101' } as const;
const LEAVE = { kind: 'leave_message', mailbox: '101' } as const;
const HOUR = { times: { longestCall: 60_000, longestMessage: 120_000 } };

describe('a call to the voicemail', () => {
  it('[VM-60] ends after the longest time, whatever is played; what was deleted goes', () => {
    const { mailbox, setting } = world(HOUR);
    mailbox.add({ caller: { number: '1' }, receivedAt: TUESDAY, recording: speech(1) });
    const call = TestCall.to(setting, OWN);
    call.press('13');
    call.wait(60);
    expect(call.isOver).toBe(true);
    expect(mailbox.messages).toEqual([]);
  });

  it('[VM-60] a message that is being recorded then is kept', () => {
    const { mailbox, setting } = world(HOUR);
    const call = TestCall.to(setting, LEAVE);
    call.hear();
    call.hear();
    call.speak(70);
    expect(call.isOver).toBe(true);
    expect(mailbox.counts.new).toBe(1);
  });

  it('[VM-60] so does one whose last words are never played to their end', () => {
    const call = TestCall.to(world(HOUR).setting, OWN);
    call.press('*');
    call.wait(60);
    expect(call.isOver).toBe(true);
  });

  it('[VM-61] does nothing before its start and after its end', () => {
    const { setting } = world();
    const session = new VoicemailSession(setting);
    session.handle({ kind: 'digit', digit: '1' }, 0);
    session.handle({ kind: 'tick' }, 0);
    expect([session.takeEffects(), session.deadline()]).toEqual([[], undefined]);
    const call = TestCall.to(setting, OWN);
    call.hangUp();
    // TestCall throws upon an effect after the end.
    call.press('1');
    call.speak(1);
    call.wait(10_000);
    expect(call.said).toContain('you-have');
  });

  it('[VM-61] starts once', () => {
    const call = TestCall.to(world().setting, OWN);
    call.press('0');
    call.give({
      kind: 'started',
      purpose: LEAVE,
      caller: { number: '' },
      wallClock: TUESDAY,
      sendsEvents: true,
    });
    expect(call.said).toBe('main-menu');
  });

  it('[VM-61] keys during the last words change nothing', () => {
    const call = TestCall.to(world().setting, OWN);
    call.press('*');
    expect(call.press('1')).toBe('goodbye');
    call.hangUp();
  });

  it.each([8000, 16_000])(
    '[VM-62] keys are heard in the sound at %i Hz where no telephone events are sent',
    (rate) => {
      const call = TestCall.to(world().setting, OWN, '101', false);
      call.send(dtmfSamples(rate, '5', 0.12), rate);
      expect(call.said).toBe('greeting-menu');
      call.send(dtmfSamples(rate, '0', 0.12), rate);
      call.send(dtmfSamples(rate, '8', 0.12), rate);
      expect(call.said).toBe('unknown-key');
    },
  );

  it('[VM-62] and not where they are, or each would count twice', () => {
    const call = TestCall.to(world().setting, OWN, '101', true);
    call.send(dtmfSamples(8000, '5', 0.12), 8000);
    expect(call.said).toContain('you-have');
  });
});
