import { SeededRandom, chosenSeeds } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import { activityOf } from './index.ts';
import { User } from './user.test-support.ts';
import { endEverything, randomFact, tellAndCheck } from './world.test-support.ts';

/** Sequences of one seed. */
const SEQUENCES = 400;

/** The shortest beginning that goes wrong, with what is wrong at its end. */
function firstWrong(seed: number): string | undefined {
  const random = new SeededRandom(seed);
  for (let sequence = 0; sequence < SEQUENCES; sequence += 1) {
    const user = new User();
    const told: string[] = [];
    const facts = Array.from({ length: random.integer(5, 25) }, () => randomFact(random));
    for (const fact of facts) {
      told.push(fact.text);
      const wrongs = tellAndCheck(user, fact);
      if (wrongs.length > 0) return [`seed ${seed}, sequence ${sequence}`, ...told, ...wrongs].join('\n');
    }
    endEverything(user);
    if (user.going.length > 0 || activityOf(user.state) !== 'idle') {
      return [`seed ${seed}, sequence ${sequence}`, ...told, `still there: ${user.going.join(' ')}`].join(
        '\n',
      );
    }
  }
  return undefined;
}

describe.each(chosenSeeds([1, 2, 3, 4, 5, 6, 7, 8]))(
  'whatever is told in whatever order, seed %i',
  (seed) => {
    it('[CM-90] no state is one that cannot be, and after the end of everything nothing rings or stays', () => {
      expect(firstWrong(seed)).toBeUndefined();
    });
  },
);
