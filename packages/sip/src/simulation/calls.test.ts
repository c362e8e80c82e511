import { chosenSeeds, roughNetwork, SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import type { Account } from './actors.test-support.ts';
import { Actor } from './actors.test-support.ts';
import type { Scenario } from './scenario.test-support.ts';
import { drawScenario } from './scenario.test-support.ts';
import { createWorld, leftovers, nothingLeft } from './world.test-support.ts';

const calls = 1_000;

/** Runs all the calls of a seed to their end. */
function simulate(seed: number) {
  const world = createWorld({ seed, conditions: roughNetwork });
  const random = new SeededRandom(seed);
  const scenarios = new Map(
    Array.from({ length: calls }, (_, index) => {
      const scenario = drawScenario(index, random);
      return [scenario.callId, scenario] as const;
    }),
  );
  const caller = new Actor('caller', world.alice, world.clock, scenarios);
  const callee = new Actor('callee', world.bob, world.clock, scenarios);
  const start = world.clock.now;
  for (const scenario of scenarios.values()) {
    world.clock.at(start + scenario.startsAt, () => caller.call(scenario));
  }
  const duration = world.clock.runToEnd(1_000_000);
  return { world, scenarios, caller, callee, duration };
}

/** What is wrong with how a call went; empty when all is well. */
function faults(scenario: Scenario, caller: Account | undefined, callee: Account | undefined): string[] {
  const found: string[] = [];
  const demand = (isRight: boolean, text: string): void => {
    if (!isRight) found.push(text);
  };
  if (caller === undefined) return ['the caller knows nothing of it'];
  const [end] = caller.ends;
  demand(caller.ends.length === 1, `the caller's session ended ${caller.ends.length} times`);
  demand(caller.events.at(-1) === 'session.ended', 'the caller heard of it after its end');
  if (callee !== undefined) {
    demand(callee.ends.length === 1, `the callee's session ended ${callee.ends.length} times`);
    demand(callee.events.at(-1) === 'session.ended', 'the callee heard of it after its end');
  }
  const isSilent = scenario.caller.kind === 'wait';
  demand(callee !== undefined || !isSilent, 'the callee never heard of it');
  if (caller.isAnswered) demand(callee?.isAnswered === true, 'answered by nobody');
  if (isSilent && scenario.callee.kind === 'accept') {
    demand(caller.isAnswered, 'the answer never reached the caller');
    demand(end?.by === 'local' || end?.by === 'remote', `answered, and yet ended ${JSON.stringify(end)}`);
    const [other] = callee?.ends ?? [];
    const isOneSided = end?.by === 'local' || other?.by === 'local';
    demand(isOneSided, `nobody hung up: ${JSON.stringify([end, other])}`);
    demand(
      scenario.hangUp.by === 'caller' ? end?.by === 'local' : other?.by === 'local',
      'who hung up was not told so',
    );
  }
  if (isSilent && scenario.callee.kind === 'refuse') {
    demand(
      end?.by === 'refused' && end.response.status === scenario.callee.status,
      `refused, and yet ended ${JSON.stringify(end)}`,
    );
  }
  if (scenario.caller.kind === 'time_out' && !caller.isAnswered && scenario.callee.kind === 'silent') {
    demand(end?.by === 'timeout' && end.which === 'no_answer', `no answer: ${JSON.stringify(end)}`);
  }
  // A BYE may overtake the last agreement, so one side may know one more than the other.
  const [ours, theirs] = [caller.agreed, callee?.agreed ?? []];
  const known = Math.min(ours.length, theirs.length);
  demand(
    JSON.stringify(ours.slice(0, known)) === JSON.stringify(theirs.slice(0, known)) &&
      Math.abs(ours.length - theirs.length) <= 1,
    `they agreed on ${ours.join(' ')} here and ${theirs.join(' ')} there`,
  );
  return found;
}

describe.each(chosenSeeds([1, 2, 3]))(
  '1,000 calls at 5 % loss, duplication and reordering, seed %i',
  (seed) => {
    it('every call ends on both sides as it should, and nothing is left over', () => {
      const { world, scenarios, caller, callee } = simulate(seed);
      const bad = [...scenarios.values()].flatMap((scenario) => {
        const { callId } = scenario;
        const wrong = faults(scenario, caller.accounts.get(callId), callee.accounts.get(callId));
        return wrong.map((text) => `${callId}: ${text}`);
      });
      expect(bad).toEqual([]);
      expect(caller.accounts.size).toBe(calls);
      expect(world.network.counts.lost).toBeGreaterThan(calls / 4);
      expect(world.alice.host.endpoint.counts()).toMatchObject({ ...nothingLeft, malformed: 0 });
      expect(leftovers(world.bob)).toEqual(nothingLeft);
    });
  },
);
