import type { CstaRequest } from '@offhook/csta';
import { siemensData, toCallId, toDeviceId } from '@offhook/csta';
import { describe, expect, it } from 'vitest';
import { ANNA, ANNA_LINE, CALL, CARLA, call } from './fake-switch.test-support.ts';
import { FaultRules, MOST_RULES, SeededFaults } from './faults/plan.ts';
import { faultRule } from './faults/rules.ts';
import { WRONG_FRAMES } from './faults/wrong-frames.ts';
import { CstaLab, shown, styled } from './lab.test-support.ts';
import { openScape4000 } from './personalities/openscape-4000.ts';

const hold: CstaRequest = {
  name: 'HoldCall',
  callToBeHeld: { callID: toCallId(CALL), deviceID: styled('101') },
};
const held = call({ [ANNA]: 'held', [CARLA]: 'connected' });

/** Do-not-disturb on, then off, of a device that is watched. */
function twoEvents({ pbx }: CstaLab): void {
  pbx.setFeatures('doNotDisturb', { doNotDisturb: true });
  pbx.setFeatures('doNotDisturb', { doNotDisturb: false });
}

const states = (lab: CstaLab): readonly boolean[] =>
  lab.eventsNamed('DoNotDisturbEvent').map((event) => event.doNotDisturbOn);

describe('answers that go wrong', () => {
  it('late', () => {
    const lab = new CstaLab();
    lab.fault({ on: 'request', message: 'HoldCall', fault: { kind: 'late_answer', ms: 2000 } });
    expect(lab.answer(hold)).toBe('no answer');
    expect(lab.pbx.commands).toHaveLength(1);
    lab.advance(1999);
    expect(lab.lastOutcome).toBeUndefined();
    lab.advance(1);
    expect(shown(lab.lastOutcome)).toEqual({ name: 'HoldCallResponse' });
  });

  it('later than the client waits: it is carried out, and the answer belongs to nothing', () => {
    const lab = new CstaLab();
    lab.fault({ on: 'request', fault: { kind: 'late_answer', ms: 6000 } });
    lab.ask(hold);
    lab.advance(5000);
    expect(shown(lab.lastOutcome)).toBe('timeout');
    lab.advance(1000);
    expect(lab.notes).toEqual(['stray_answer']);
  });

  it('missing', () => {
    const lab = new CstaLab();
    lab.fault({ on: 'request', message: 'HoldCall', fault: { kind: 'missing_answer' } });
    lab.ask(hold);
    lab.advance(5000);
    expect(shown(lab.lastOutcome)).toBe('timeout');
    expect(lab.pbx.commands).toHaveLength(1);
    // The rule is used up.
    expect(lab.answer(hold)).toEqual({ name: 'HoldCallResponse' });
  });

  it('duplicated, be it a yes or a no', () => {
    const lab = new CstaLab();
    lab.fault({ on: 'request', message: 'HoldCall', times: 2, fault: { kind: 'duplicated_answer' } });
    expect(lab.answer(hold)).toEqual({ name: 'HoldCallResponse' });
    lab.pbx.outcome = { ok: false, error: 'noActiveCall', message: 'No.' };
    expect(lab.answer(hold)).toBe('stateIncompatibility.noActiveCall');
    expect(lab.notes).toEqual(['stray_answer', 'stray_answer']);
  });

  it('a yes that is not true', () => {
    const lab = new CstaLab();
    lab.fault({ on: 'request', times: 2, fault: { kind: 'false_success' } });
    expect(lab.answer(hold)).toEqual({ name: 'HoldCallResponse' });
    const make = {
      name: 'MakeCall',
      callingDevice: styled('101'),
      calledDirectoryNumber: toDeviceId('201'),
    } as const;
    expect(lab.answer(make)).toMatchObject({ callingDevice: { callID: '0'.repeat(32) } });
    expect(lab.pbx.commands).toEqual([]);
  });

  it('a no that is not true', () => {
    const lab = new CstaLab();
    lab.fault({
      on: 'request',
      message: 'HoldCall',
      fault: { kind: 'false_refusal', code: 'stateIncompatibility.noActiveCall' },
    });
    expect(lab.answer(hold)).toBe('stateIncompatibility.noActiveCall');
    expect(lab.pbx.commands).toHaveLength(1);
  });

  it('of a pull that waits for its target, too', () => {
    const lab = new CstaLab({ personality: openScape4000 });
    lab.pbx.running.set(CALL, call({ [ANNA]: 'connected', [CARLA]: 'connected' }));
    lab.fault({ on: 'request', message: 'SingleStepTransferCall', fault: { kind: 'false_refusal' } });
    lab.ask({
      name: 'SingleStepTransferCall',
      activeCall: { callID: toCallId(CALL), deviceID: styled('101') },
      transferredTo: styled('101'),
      privateData: siemensData({ targetDevice: toDeviceId('5101'), autoAnswer: true }),
    });
    expect(lab.lastOutcome).toBeUndefined();
    lab.pbx.connection('delivered', ANNA_LINE, 'alerting', held);
    expect(shown(lab.lastOutcome)).toBe('systemResourceAvailability.generic');
  });
});

describe('events that go wrong', () => {
  it('late, and so out of order', () => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.fault({ on: 'event', message: 'DoNotDisturbEvent', fault: { kind: 'late_event', ms: 500 } });
    twoEvents(lab);
    expect(states(lab)).toEqual([false]);
    lab.advance(500);
    expect(states(lab)).toEqual([false, true]);
  });

  it('missing', () => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.fault({ on: 'event', message: 'DoNotDisturbEvent', skip: 1, fault: { kind: 'missing_event' } });
    twoEvents(lab);
    expect(states(lab)).toEqual([true]);
  });

  it('duplicated', () => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.fault({ on: 'event', message: 'DoNotDisturbEvent', fault: { kind: 'duplicated_event' } });
    twoEvents(lab);
    expect(states(lab)).toEqual([true, true, false]);
  });

  it('overtaken by the next one, or a second late where none comes', () => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.fault({ on: 'event', message: 'DoNotDisturbEvent', fault: { kind: 'reordered_event' } });
    twoEvents(lab);
    expect(states(lab)).toEqual([false, true]);
    lab.fault({ on: 'event', fault: { kind: 'reordered_event' } });
    lab.pbx.setFeatures('doNotDisturb', { doNotDisturb: true });
    expect(states(lab)).toEqual([false, true]);
    lab.advance(1000);
    expect(states(lab)).toEqual([false, true, true]);
  });
});

describe('links that break', () => {
  it.each(['before', 'after'] as const)(
    '%s a request is carried out: nobody knows, and the client comes back',
    (when) => {
      const lab = new CstaLab();
      lab.watch('101');
      lab.fault({ on: 'request', message: 'HoldCall', fault: { kind: 'link_loss', when } });
      expect(lab.answer(hold)).toBe('link_lost');
      expect(lab.pbx.commands).toHaveLength(when === 'before' ? 0 : 1);
      expect(lab.desk.applications).toEqual([]);
      lab.advance(10_000);
      expect(lab.statuses.slice(-2)).toEqual(['connecting', 'ready']);
    },
  );

  it.each(['before', 'after'] as const)('%s an event', (when) => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.fault({ on: 'event', fault: { kind: 'link_loss', when } });
    twoEvents(lab);
    expect(states(lab)).toEqual(when === 'before' ? [] : [true]);
    expect(lab.statuses.at(-1)).toBe('closed');
  });

  it.each([
    ['StartApplicationSession', 'in'],
    ['StartApplicationSessionPosResponse', 'out'],
    ['SystemRegister', 'in'],
    ['SystemRegisterResponse', 'out'],
    ['SystemStatus', 'in'],
    ['SystemStatus', 'out'],
    ['ResetApplicationSessionTimer', 'in'],
    ['ResetApplicationSessionTimerPosResponse', 'out'],
  ] as const)('[ECMA-354] at %s (%s): a new session follows', (message, direction) => {
    const lab = new CstaLab();
    lab.fault({ on: 'session', message, direction, fault: { kind: 'link_loss' } });
    // The first session is started already: what belongs to the start is lost in the second.
    lab.cut();
    lab.advance(600_000);
    expect(lab.statuses.filter((status) => status === 'closed')).toHaveLength(2);
    expect(lab.status).toBe('ready');
    expect(lab.faults.rules).toEqual([]);
  });

  it('a server that hangs is found out by its heartbeat', () => {
    const lab = new CstaLab();
    lab.fault({ on: 'session', message: 'SystemStatus', fault: { kind: 'silence' } });
    lab.advance(120_000);
    expect(lab.statuses).toEqual(['connecting', 'ready', 'silent', 'connecting', 'ready']);
  });

  it('a request that is swallowed with everything after it', () => {
    const lab = new CstaLab();
    lab.fault({ on: 'request', message: 'HoldCall', fault: { kind: 'silence' } });
    lab.ask(hold);
    lab.advance(5000);
    expect(shown(lab.lastOutcome)).toBe('timeout');
    lab.watch('101');
    lab.fault({ on: 'event', fault: { kind: 'silence' } });
    twoEvents(lab);
    expect(lab.events).toEqual([]);
  });
});

describe('frames that are wrong', () => {
  it.each(WRONG_FRAMES)('%s: in place of an answer and of an event', (shape) => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.fault({ on: 'request', message: 'HoldCall', fault: { kind: 'wrong_frame', shape } });
    lab.ask(hold);
    lab.advance(60_000);
    expect(lab.lastOutcome?.ok).toBe(false);
    expect(lab.pbx.commands).toHaveLength(1);
    lab.advance(60_000);
    expect(lab.status).toBe('ready');
    lab.watch('101');
    lab.fault({ on: 'event', fault: { kind: 'wrong_frame', shape } });
    twoEvents(lab);
    lab.advance(120_000);
    expect(lab.status).toBe('ready');
  });

  it('in the middle of a session', () => {
    const lab = new CstaLab();
    lab.fault({
      on: 'session',
      message: 'SystemStatus',
      fault: { kind: 'wrong_frame', shape: 'header' },
    });
    lab.advance(60_000);
    expect(lab.statuses).toContain('wrong_frame');
    expect(lab.status).toBe('ready');
  });
});

describe('rules', () => {
  it('pass over so many, then fit so often; each counts for itself', () => {
    const rules = new FaultRules();
    rules.add(
      faultRule.parse({
        on: 'request',
        message: 'HoldCall',
        skip: 1,
        times: 2,
        fault: { kind: 'missing_answer' },
      }),
    );
    rules.add(faultRule.parse({ on: 'request', skip: 3, fault: { kind: 'duplicated_answer' } }));
    const kinds = Array.from({ length: 5 }, () => rules.ofRequest('HoldCall')?.kind);
    expect(kinds).toEqual([undefined, 'missing_answer', 'missing_answer', 'duplicated_answer', undefined]);
    expect(rules.rules).toEqual([]);
  });

  it('are of requests, events or session messages, and of nothing else', () => {
    const rules = new FaultRules();
    rules.add(faultRule.parse({ on: 'session', direction: 'out', fault: { kind: 'silence' } }));
    expect(rules.ofRequest('SystemStatus')).toBeUndefined();
    expect(rules.ofEvent('SystemStatus')).toBeUndefined();
    expect(rules.ofSession('SystemStatus', 'in')).toBeUndefined();
    expect(rules.ofSession('SystemStatus', 'out')).toEqual({ kind: 'silence' });
    expect(faultRule.safeParse({ on: 'event', fault: { kind: 'missing_answer' } }).success).toBe(false);
    expect(
      faultRule.safeParse({ on: 'event', message: 'Nothing', fault: { kind: 'missing_event' } }).success,
    ).toBe(false);
  });

  it('limits: rules: there is an end to them', () => {
    const rules = new FaultRules();
    const rule = faultRule.parse({ on: 'event', fault: { kind: 'missing_event' } });
    for (let count = 0; count < MOST_RULES; count += 1) expect(rules.add(rule)).toBe(true);
    expect(rules.add(rule)).toBe(false);
    rules.clear();
    expect(rules.add(rule)).toBe(true);
  });

  it('by chance: the same seed gives the same faults, another one others', () => {
    const chances = { request: 0.5, event: 0.5, session: 0.5, ms: 1000 };
    const drawn = (seed: number): string => {
      const faults = new SeededFaults(seed, chances);
      return JSON.stringify(
        Array.from({ length: 50 }, () => [faults.ofRequest(), faults.ofEvent(), faults.ofSession()]),
      );
    };
    expect(drawn(7)).toBe(drawn(7));
    expect(drawn(7)).not.toBe(drawn(8));
    const never = new SeededFaults(7, { request: 0, event: 0, session: 0, ms: 0 });
    expect([never.ofRequest(), never.ofEvent(), never.ofSession()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('many faults at once', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'seed %i: every request ends, and the client comes back',
    (seed) => {
      const faults = new SeededFaults(seed, { request: 0.3, event: 0.3, session: 0.05, ms: 8000 });
      const lab = new CstaLab({ faults });
      for (let round = 0; round < 40; round += 1) {
        lab.watch('101');
        lab.ask(hold);
        twoEvents(lab);
        lab.advance(3000);
      }
      // Whatever is still late or lost comes to its end.
      lab.advance(120_000);
      const answers = lab.effects.filter(({ kind }) => kind === 'answer');
      expect(answers).toHaveLength(80);
      expect(lab.statuses.filter((status) => status === 'ready').length).toBeGreaterThan(0);
      expect(lab.desk.applications.length).toBeLessThanOrEqual(1);
    },
  );
});
