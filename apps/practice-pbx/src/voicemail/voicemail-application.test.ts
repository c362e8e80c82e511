import { dominantFrequency, dtmfSamples, isSilent, toneSamples } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { loadPrompts } from './prompts/library.ts';
import type { PlaylistSource } from './prompts/playlist.ts';
import type { RecordingRate } from './prompts/sound.ts';
import { TUESDAY, speech, world } from './session/call.test-support.ts';
import { VoicemailApplication } from './voicemail-application.ts';
import type { AnsweredCall, VoicemailCall } from './voicemail-application.ts';

const prompts = loadPrompts();
const FRAME_MS = 20;

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** The media of one call, in virtual time: 20 ms of sound in and out, and timers. */
class Media {
  timersSet = 0;
  hungUp = 0;
  readonly timers = new Set<Timer>();
  readonly call: VoicemailCall;
  readonly #rate: RecordingRate;
  #source: PlaylistSource | undefined;
  #now = 5000;

  constructor(
    setting: ReturnType<typeof world>['setting'],
    call: Pick<AnsweredCall, 'box' | 'purpose' | 'sendsEvents'>,
    rate: RecordingRate = 16_000,
  ) {
    this.#rate = rate;
    const application = new VoicemailApplication({
      setting,
      prompts,
      clock: () => this.#now,
      after: (delay, run) => this.#after(delay, run),
    });
    this.call = application.begin({
      ...call,
      caller: { number: '201', name: 'Carla' },
      answeredAt: TUESDAY,
      sampleRate: rate,
      play: (source) => {
        this.#source = source;
      },
      stop: () => {
        this.#source = undefined;
      },
      hangUp: () => {
        this.hungUp += 1;
        this.#source = undefined;
        this.call.onEnded();
      },
    });
  }

  /** Speaks for so long, at `hz`, or is silent; gives what is heard meanwhile. */
  talk(seconds: number, hz?: number): Int16Array {
    return this.send(toneSamples(this.#rate, hz === undefined ? [] : [hz], seconds));
  }

  send(spoken: Int16Array): Int16Array {
    const heard: number[] = [];
    const frame = (this.#rate * FRAME_MS) / 1000;
    for (let start = 0; start < spoken.length; start += frame) {
      this.#now += FRAME_MS;
      this.#runTimers();
      this.call.onSamples(spoken.subarray(start, start + frame));
      heard.push(...this.#next(frame));
    }
    return Int16Array.from(heard);
  }

  #next(count: number): Int16Array {
    const samples = this.#source?.next(count);
    if (samples !== undefined) return samples;
    if (this.#source !== undefined) {
      this.#source = undefined;
      this.call.onPlayed();
    }
    return new Int16Array(count);
  }

  #runTimers(): void {
    for (const timer of [...this.timers].filter(({ at }) => at <= this.#now)) {
      this.timers.delete(timer);
      timer.run();
    }
  }

  #after(delay: number, run: () => void): Disposable {
    this.timersSet += 1;
    const timer = { at: this.#now + delay, run };
    this.timers.add(timer);
    return { [Symbol.dispose]: () => void this.timers.delete(timer) };
  }
}

describe('the voicemail in the PBX', () => {
  it.each([
    [8000, 16_000],
    [16_000, 8000],
  ] as const)('[VM-70] what was said at %i Hz is what the owner hears at %i Hz', (saidAt, heardAt) => {
    const { mailbox, setting } = world();
    const caller = new Media(setting, { box: '101', purpose: 'leave' }, saidAt);
    caller.call.onDigit('#');
    expect(dominantFrequency(caller.talk(0.4), saidAt)).toBeCloseTo(800, -1);
    caller.talk(2, 500);
    caller.call.onEnded();
    expect(mailbox.messages[0]?.caller).toEqual({ number: '201', name: 'Carla' });

    const owner = new Media(setting, { box: '101', purpose: 'own' }, heardAt);
    owner.call.onDigit('1');
    let frames = 0;
    for (; mailbox.counts.new === 1 && frames < 1000; frames += 1) owner.talk(0.02);
    expect(frames * 0.02).toBeGreaterThan(2);
    expect(dominantFrequency(owner.talk(1.5), heardAt)).toBeCloseTo(500, -1);
  });

  it('[VM-71] a key cuts a prompt off with the next frame', () => {
    const owner = new Media(world({ pin: '12' }).setting, { box: '101', purpose: 'remote' });
    expect(isSilent(owner.talk(0.5))).toBe(false);
    owner.call.onDigit('1');
    expect(isSilent(owner.talk(0.5))).toBe(true);
    owner.call.onPlayed();
    owner.call.onDigit('2');
    owner.call.onDigit('#');
    expect(isSilent(owner.talk(0.5))).toBe(false);
  });

  it('[VM-71] who is remote and names no mailbox is asked for it', () => {
    const owner = new Media(world({ pin: '12' }).setting, { purpose: 'remote' });
    for (const digit of '101#12#*') owner.call.onDigit(digit);
    owner.talk(3);
    expect(owner.hungUp).toBe(1);
  });

  it('[VM-71] keys in the sound count where the media says that there are no others', () => {
    const { mailbox, setting } = world();
    mailbox.setGreeting(speech(2));
    const owner = new Media(setting, { box: '101', purpose: 'own', sendsEvents: false });
    owner.send(dtmfSamples(16_000, '5', 0.12));
    owner.talk(0.1);
    owner.send(dtmfSamples(16_000, '3', 0.12));
    expect(mailbox.greeting).toBeUndefined();
  });

  it('[VM-72] after the last words it hangs up once, and no timer is left', () => {
    const caller = new Media(world().setting, { box: '999', purpose: 'leave' });
    caller.talk(5);
    expect(caller.hungUp).toBe(1);
    expect(caller.timers.size).toBe(0);
  });

  it('[VM-72] when the other side hangs up nothing is played or timed any more', () => {
    const caller = new Media(world().setting, { box: '101', purpose: 'leave' });
    caller.call.onEnded();
    expect(caller.timers.size).toBe(0);
    caller.call.onDigit('#');
    caller.call.onPlayed();
    caller.talk(1);
    expect([caller.hungUp, caller.timers.size]).toEqual([0, 0]);
  });

  it('[VM-73] a timer ends what nothing else ends, and is not set with every frame', () => {
    const { mailbox, setting } = world({ times: { longestMessage: 20_000 } });
    const caller = new Media(setting, { box: '101', purpose: 'leave' });
    caller.call.onDigit('#');
    caller.talk(0.5);
    caller.talk(15, 500);
    expect(caller.timersSet).toBeLessThan(10);
    caller.talk(6);
    expect(mailbox.counts.new).toBe(1);
  });
});
