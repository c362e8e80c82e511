import { dominantFrequency, isSilent, toneSamples } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { Announcement } from './announcement.ts';
import type { Mailbox } from './mailbox/mailbox.ts';
import { loadPrompts } from './prompts/library.ts';
import { prompt, recorded } from './prompts/sound.ts';
import type { RecordingRate, Sound } from './prompts/sound.ts';
import { TUESDAY, speech, world } from './session/call.test-support.ts';
import { VoicemailSession } from './session/voicemail-session.ts';
import type { VoiceApplication, VoicePurpose } from './voice-application.ts';
import { VoiceEndpoint } from './voice-endpoint.ts';

const prompts = loadPrompts();

/** The other side with its sound, in virtual time. */
class Caller {
  hungUp = 0;
  readonly endpoint: VoiceEndpoint;
  readonly #rate: RecordingRate;
  #now = 5000;

  constructor(application: VoiceApplication, purpose: VoicePurpose, rate: RecordingRate) {
    this.#rate = rate;
    this.endpoint = new VoiceEndpoint({
      application,
      prompts,
      sampleRate: rate,
      clock: () => this.#now,
      onHangUp: () => {
        this.hungUp += 1;
      },
    });
    const caller = { number: '201' };
    this.endpoint.give({ kind: 'started', purpose, caller, wallClock: TUESDAY, sendsEvents: true });
  }

  /** Speaks for so long, at `hz`, or is silent; gives what is heard meanwhile. */
  talk(seconds: number, hz?: number): Int16Array {
    const heard: number[] = [];
    const spoken = toneSamples(this.#rate, hz === undefined ? [] : [hz], seconds);
    const frame = this.#rate / 50;
    for (let start = 0; start < spoken.length; start += frame) {
      this.#now += 20;
      if (this.#now >= (this.endpoint.deadline() ?? Infinity)) this.endpoint.give({ kind: 'tick' });
      const samples = spoken.subarray(start, start + frame);
      this.endpoint.give({ kind: 'frame', samples, sampleRate: this.#rate });
      heard.push(...(this.endpoint.next(frame) ?? []));
    }
    return Int16Array.from(heard);
  }

  press(digit: string): void {
    this.endpoint.give({ kind: 'digit', digit });
  }
}

function announced(sounds: readonly Sound[], times = 1): Caller {
  return new Caller(new Announcement({ sounds, times }), { kind: 'remote_access' }, 8000);
}

function leave(mailbox: ReturnType<typeof world>, rate: RecordingRate, hz: number): Mailbox {
  const caller = new Caller(
    new VoicemailSession(mailbox.setting),
    { kind: 'leave_message', mailbox: '101' },
    rate,
  );
  caller.press('#');
  expect(dominantFrequency(caller.talk(0.4), rate)).toBeCloseTo(800, -1);
  caller.talk(2, hz);
  caller.endpoint.give({ kind: 'hung_up' });
  return mailbox.mailbox;
}

describe('an application with its sound', () => {
  it.each([
    [8000, 16_000],
    [16_000, 8000],
  ] as const)('[VM-87] what was said at %i Hz is what the owner hears at %i Hz', (saidAt, heardAt) => {
    const there = world();
    expect(leave(there, saidAt, 500).counts).toEqual({ new: 1, old: 0 });
    const owner = new Caller(
      new VoicemailSession(there.setting),
      { kind: 'own_mailbox', mailbox: '101' },
      heardAt,
    );
    owner.press('1');
    const heading: Int16Array[] = [];
    while (there.mailbox.counts.new === 1 && heading.length < 1000) heading.push(owner.talk(0.02));
    expect(heading.length * 0.02).toBeGreaterThan(2);
    const heard = owner.talk(1.5);
    expect(dominantFrequency(heard, heardAt)).toBeCloseTo(500, -1);
  });

  it('[VM-87] a key cuts a prompt off with the next frame', () => {
    const owner = new Caller(
      new VoicemailSession(world({ pin: '1' }).setting),
      { kind: 'remote_access' },
      8000,
    );
    expect(isSilent(owner.talk(0.5))).toBe(false);
    owner.press('1');
    expect(isSilent(owner.talk(0.5))).toBe(true);
  });

  it('[VM-88] what follows is heard without a gap, then it hangs up once', () => {
    const call = announced([recorded(speech(0.1))], 3);
    const heard = call.talk(1);
    expect(heard).toHaveLength(0.3 * 8000);
    for (let start = 0; start < heard.length; start += 160) {
      expect(isSilent(heard.subarray(start, start + 160), -30)).toBe(false);
    }
    expect(call.hungUp).toBe(1);
    expect(call.endpoint.next(160)).toBeUndefined();
    expect(call.endpoint.deadline()).toBeUndefined();
  });

  it('[VM-88] empty sounds do not hold a frame up for ever', () => {
    const call = announced([], 1000);
    expect(call.talk(0.02)).toEqual(new Int16Array(160));
  });

  it('[VM-88] after the other side hung up nothing is said, and nobody is told to hang up', () => {
    const call = announced([prompt('en', 'emergency')]);
    call.endpoint.give({ kind: 'hung_up' });
    expect(call.talk(1)).toHaveLength(0);
    expect(call.hungUp).toBe(0);
  });

  it('[VM-89] at another rate what is said starts anew', () => {
    const call = announced([recorded(speech(1))]);
    call.talk(0.9);
    call.endpoint.sampleRate = 16_000;
    const heard = Array.from({ length: 50 }, () => [...(call.endpoint.next(320) ?? [])]).flat();
    expect(dominantFrequency(Int16Array.from(heard), 16_000)).toBeCloseTo(300, -1);
    expect(heard).toHaveLength(16_000);
  });
});
