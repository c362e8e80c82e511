import { describe, expect, it } from 'vitest';
import {
  ECHO_MS,
  initialMachine,
  stepHeadset,
  type HeadsetCall,
  type HeadsetEffect,
  type HeadsetInput,
  type HeadsetMachine,
  type HeadsetService,
} from './machine.ts';
import { darkLamps, type HeadsetSignal, type Lamps } from './port.ts';

const everything: readonly HeadsetService[] = [
  'answer',
  'reject',
  'hangUp',
  'mute',
  'hold',
  'retrieve',
  'alternate',
];
const call = (id: string, state: HeadsetCall['state'], rest: Partial<HeadsetCall> = {}): HeadsetCall => ({
  id,
  state,
  muted: false,
  busy: false,
  permitted: everything,
  ...rest,
});
const lamps = (rest: Partial<Lamps>): Lamps => ({ ...darkLamps, ...rest });

/** A machine with its clock; `at` moves on far enough for no echo unless a test says otherwise. */
class Desk {
  machine: HeadsetMachine = initialMachine;
  at = 0;

  constructor(...calls: readonly HeadsetCall[]) {
    this.give({ name: 'attached' });
    this.calls(...calls);
    this.at += 1_000;
  }

  give(input: HeadsetInput): readonly HeadsetEffect[] {
    const { machine, effects } = stepHeadset(this.machine, input, this.at);
    this.machine = machine;
    return effects;
  }

  calls(...calls: readonly HeadsetCall[]): readonly HeadsetEffect[] {
    return this.give({ name: 'calls', calls });
  }

  signal(signal: HeadsetSignal): readonly HeadsetEffect[] {
    return this.give({ name: 'signal', signal });
  }
}

const hook = (to: boolean | 'toggle'): HeadsetSignal => ({ name: 'hook', to });
const mute = (to: boolean | 'toggle'): HeadsetSignal => ({ name: 'mute', to });
const acts = (id: string, service: Exclude<HeadsetService, 'mute'>) => [{ name: 'act', id, service }];

describe('lamps follow the calls', () => {
  it('[HS7] ringing, off hook, muted, held', () => {
    const desk = new Desk();
    expect(desk.calls(call('a', 'ringing'))).toEqual([{ name: 'show', lamps: lamps({ ringing: true }) }]);
    expect(desk.calls(call('a', 'talking'))).toEqual([{ name: 'show', lamps: lamps({ offHook: true }) }]);
    expect(desk.calls(call('a', 'talking', { muted: true }))).toEqual([
      { name: 'show', lamps: lamps({ offHook: true, muted: true }) },
    ]);
    expect(desk.calls(call('a', 'held'))).toEqual([{ name: 'show', lamps: lamps({ held: true }) }]);
    expect(desk.calls()).toEqual([{ name: 'show', lamps: darkLamps }]);
    expect(desk.calls()).toEqual([]);
  });

  it('[HS9] a headset that comes back in the middle of a call is shown everything', () => {
    const desk = new Desk(call('a', 'talking', { muted: true }));
    expect(desk.give({ name: 'lost' })).toEqual([]);
    expect(desk.calls(call('a', 'talking', { muted: true }))).toEqual([]);
    expect(desk.signal(hook('toggle'))).toEqual([]);
    expect(desk.give({ name: 'attached' })).toEqual([
      { name: 'show', lamps: lamps({ offHook: true, muted: true }) },
    ]);
  });
});

describe('the hook', () => {
  it.each([true, 'toggle'] as const)('[HS1] %s answers what rings', (to) => {
    expect(new Desk(call('a', 'ringing')).signal(hook(to))).toEqual(acts('a', 'answer'));
  });

  it('[HS1] a switch that stands lifted and is laid down while a second call rings answers that', () => {
    const desk = new Desk(call('a', 'talking'), call('b', 'ringing'));
    expect(desk.signal(hook(false))).toEqual(acts('b', 'answer'));
    desk.calls(call('a', 'talking'), call('b', 'ringing', { busy: true }));
    // The headset believes that it has hung up: once the answer is there it is told otherwise.
    expect(desk.calls(call('a', 'held'), call('b', 'talking'))).toEqual([
      { name: 'show', lamps: lamps({ offHook: true }) },
    ]);
  });

  it.each([false, 'toggle'] as const)('[HS2] %s ends what talks', (to) => {
    expect(new Desk(call('a', 'talking')).signal(hook(to))).toEqual(acts('a', 'hangUp'));
  });

  it('[HS3] lifting takes back, laying down opens no microphone', () => {
    expect(new Desk(call('a', 'held'), call('b', 'held')).signal(hook(true))).toEqual(acts('b', 'retrieve'));
    expect(new Desk(call('a', 'held')).signal(hook(false))).toEqual([]);
  });

  it('[HS7] lifted with nothing to do, the headset is laid down again', () => {
    expect(new Desk().signal(hook(true))).toEqual([{ name: 'show', lamps: darkLamps }]);
  });

  it('[HS7] a press whose answer failed leaves the headset as the call is', () => {
    const desk = new Desk(call('a', 'ringing'));
    desk.signal(hook(true));
    // The ringing lamp goes out with the press; the hook is left alone meanwhile.
    expect(desk.calls(call('a', 'ringing', { busy: true }))).toEqual([
      { name: 'show', lamps: lamps({ offHook: true }) },
    ]);
    expect(desk.calls(call('a', 'ringing'))).toEqual([{ name: 'show', lamps: lamps({ ringing: true }) }]);
  });

  it('[HS8] the echo of a lamp ends and answers nothing', () => {
    const desk = new Desk(call('a', 'ringing'));
    desk.calls(call('a', 'talking'));
    expect(desk.signal(hook(true))).toEqual([]);
    desk.calls();
    desk.at += ECHO_MS + 1;
    expect(desk.signal(hook(true))).toEqual([{ name: 'show', lamps: darkLamps }]);
  });

  it('[HS8] an echo that comes late, when the lamp is out and another call rings, is none the less one', () => {
    const desk = new Desk();
    desk.calls(call('a', 'talking'));
    desk.at += 20;
    desk.calls(call('b', 'ringing'));
    desk.at += 20;
    expect(desk.signal(hook(true))).toEqual([]);
  });

  it('[HS8] a key that echoes at once is no press; the same key a moment later is', () => {
    const desk = new Desk();
    desk.calls(call('a', 'talking'));
    desk.at += ECHO_MS;
    expect(desk.signal(hook('toggle'))).toEqual([]);
    desk.at += 1;
    expect(desk.signal(hook('toggle'))).toEqual(acts('a', 'hangUp'));
  });
});

describe('mute', () => {
  it('[HS6] toggles what talks, and a switch says which way', () => {
    expect(new Desk(call('a', 'talking')).signal(mute('toggle'))).toEqual([
      { name: 'mute', id: 'a', muted: true },
    ]);
    expect(new Desk(call('a', 'talking', { muted: true })).signal(mute('toggle'))).toEqual([
      { name: 'mute', id: 'a', muted: false },
    ]);
    expect(new Desk(call('a', 'talking')).signal(mute(true))).toEqual([
      { name: 'mute', id: 'a', muted: true },
    ]);
  });

  it('[HS6] works while something else is asked of the call', () => {
    const desk = new Desk(call('a', 'talking', { busy: true }));
    expect(desk.signal(mute('toggle'))).toEqual([{ name: 'mute', id: 'a', muted: true }]);
  });

  it('[HS6] without a call a switch is set back', () => {
    expect(new Desk().signal(mute(true))).toEqual([{ name: 'show', lamps: darkLamps }]);
  });

  it('[HS8] the lamp that was lit on the screen comes back as a press and is none', () => {
    const desk = new Desk(call('a', 'talking'));
    desk.calls(call('a', 'talking', { muted: true }));
    expect(desk.signal(mute('toggle'))).toEqual([]);
    expect(desk.signal(mute(true))).toEqual([]);
  });
});

describe('several calls', () => {
  it.each([
    ['answers what rings', [call('a', 'talking'), call('b', 'ringing')], acts('b', 'answer')],
    ['swaps', [call('a', 'talking'), call('b', 'held')], acts('b', 'alternate')],
    [
      'swaps where no swap is offered',
      [call('a', 'talking'), call('b', 'held', { permitted: ['retrieve'] })],
      acts('b', 'retrieve'),
    ],
    ['holds', [call('a', 'talking')], acts('a', 'hold')],
    ['takes back', [call('a', 'held')], acts('a', 'retrieve')],
    ['does nothing in silence', [], []],
  ])('[HS4] flash %s', (_what, calls, effects) => {
    expect(new Desk(...calls).signal({ name: 'flash' })).toEqual(effects);
  });

  it('[HS5] drop refuses what rings, else ends what talks', () => {
    expect(new Desk(call('a', 'talking'), call('b', 'ringing')).signal({ name: 'drop' })).toEqual(
      acts('b', 'reject'),
    );
    expect(new Desk(call('a', 'talking')).signal({ name: 'drop' })).toEqual(acts('a', 'hangUp'));
  });

  it('[HS10] what is not permitted is not asked', () => {
    const desk = new Desk(call('a', 'ringing', { permitted: ['reject'] }));
    expect(desk.signal(hook(true))).toEqual([{ name: 'show', lamps: lamps({ ringing: true }) }]);
  });
});

/** Park-Miller: every seed is a story that can be told again. */
function* numbers(seed: number): Generator<(below: number) => number> {
  let value = seed;
  const next = (below: number): number => {
    value = (value * 48_271) % 2_147_483_647;
    return value % below;
  };
  for (;;) yield next;
}

/** The rules that what was done breaks. */
function wrongWith(machine: HeadsetMachine, effects: readonly HeadsetEffect[]): readonly string[] {
  const wrong: string[] = [];
  if (!machine.there && effects.length > 0) wrong.push('HS9');
  if (effects.length > 1) wrong.push('one thing at a time');
  for (const effect of effects) {
    if (effect.name === 'show') continue;
    const of = machine.calls.find(({ id }) => id === effect.id);
    const service = effect.name === 'act' ? effect.service : 'mute';
    if (of?.permitted.includes(service) !== true) wrong.push('HS10');
    if (effect.name === 'act' && of?.busy === true) wrong.push('busy');
  }
  return wrong;
}

describe('any story', () => {
  const states = ['ringing', 'talking', 'held'] as const;
  it.each(Array.from({ length: 200 }, (_, seed) => seed + 1))('seed %i', (seed) => {
    const random = numbers(seed).next().value as (below: number) => number;
    const desk = new Desk();
    let shown: Lamps | undefined = darkLamps;
    for (let step = 0; step < 120; step += 1) {
      desk.at += random(400);
      let effects: readonly HeadsetEffect[];
      const what = random(8);
      if (what === 0) {
        const there = random(2) === 0;
        effects = desk.give({ name: there ? 'attached' : 'lost' });
        if (!there) shown = undefined;
      } else if (what < 4) {
        const calls = Array.from({ length: random(4) }, (_, index) =>
          call(`c${index}`, states[random(3)] ?? 'held', {
            muted: random(2) === 0,
            busy: random(5) === 0,
            permitted: everything.filter(() => random(4) > 0),
          }),
        );
        effects = desk.calls(...calls);
      } else {
        const to = ([true, false, 'toggle'] as const)[random(3)] ?? 'toggle';
        const signals: readonly HeadsetSignal[] = [hook(to), mute(to), { name: 'flash' }, { name: 'drop' }];
        effects = desk.signal(signals[random(4)] ?? hook(to));
      }
      for (const effect of effects) if (effect.name === 'show') shown = effect.lamps;
      expect(wrongWith(desk.machine, effects)).toEqual([]);
    }
    // [HS7] Whatever went before: with nothing under way the lamps are what the calls are.
    const last = [...desk.give({ name: 'attached' }), ...desk.calls(call('z', 'talking'))];
    for (const effect of last) if (effect.name === 'show') shown = effect.lamps;
    expect(desk.machine.lit).toEqual(lamps({ offHook: true }));
    expect(shown).toEqual(lamps({ offHook: true }));
  });
});
