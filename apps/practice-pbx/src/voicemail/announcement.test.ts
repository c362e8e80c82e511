import { describe, expect, it } from 'vitest';
import { Announcement } from './announcement.ts';
import { prompt } from './prompts/sound.ts';
import { TUESDAY, TestCall } from './session/call.test-support.ts';

function announced(times?: number): TestCall {
  const sounds = [prompt('en', 'emergency')];
  const call = new TestCall(new Announcement(times === undefined ? { sounds } : { sounds, times }));
  call.give({
    kind: 'started',
    purpose: { kind: 'remote_access' },
    caller: { number: '101' },
    wallClock: TUESDAY,
    sendsEvents: true,
  });
  return call;
}

describe('announcements', () => {
  it('[VM-70] are said once, then it hangs up', () => {
    const call = announced();
    call.press('1');
    expect(call.hear()).toBe('emergency');
    expect(call.isOver).toBe(true);
  });

  it('[VM-70] or as often as is asked for', () => {
    const call = announced(3);
    call.hear();
    call.hear();
    expect(call.isOver).toBe(false);
    call.hear();
    expect(call.isOver).toBe(true);
  });

  it('[VM-71] end by themselves where nobody plays them, and at once where the caller hangs up', () => {
    const call = announced();
    call.wait(120);
    expect(call.isOver).toBe(true);
    const left = announced(2);
    const play = left.lastPlay;
    left.hangUp();
    left.give({ kind: 'played', play });
    left.wait(1000);
    expect(left.said).toBe('emergency');
  });
});
