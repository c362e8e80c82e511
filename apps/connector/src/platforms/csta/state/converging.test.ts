import { chosenSeeds, SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import { freshTruth, liveAtRandom, truthOf, type Disorder } from '../testing/shuffled.ts';

/** `OFFHOOK_SEED=0-9999` runs all ten thousand; each is a sequence of its own. */
const seeds = chosenSeeds(Array.from({ length: 300 }, (_, index) => index));

const disorders: Readonly<Record<string, Disorder>> = {
  'in order': { lost: 0, twice: 0, late: 0 },
  'twice and late': { lost: 0, twice: 0.3, late: 6 },
  'lost, twice and late': { lost: 0.2, twice: 0.2, late: 8 },
};

describe.each(Object.entries(disorders))('events %s', (_, disorder) => {
  it(`[CTI-1] after one look at each device the book says what the exchange says (seeds ${seeds[0]}-${seeds.at(-1)})`, () => {
    for (const seed of seeds) {
      const desk = liveAtRandom(new SeededRandom(seed), disorder);
      desk.audit();
      expect(truthOf(desk), `OFFHOOK_SEED=${seed}`).toEqual(freshTruth(desk));
    }
  });

  it('[CTI-2] nothing is left when the exchange has no call any more', () => {
    for (const seed of seeds) {
      const desk = liveAtRandom(new SeededRandom(seed), disorder);
      desk.exchange.calls.clear();
      desk.audit();
      for (const id of desk.book.calls.keys()) desk.book.ask(id);
      desk.grant();
      expect(desk.book.calls.size, `OFFHOOK_SEED=${seed}`).toBe(0);
    }
  });
});

it('[CTI-3] events in order need no look at the devices', () => {
  for (const seed of seeds) {
    const desk = liveAtRandom(new SeededRandom(seed), { lost: 0, twice: 0, late: 0 });
    expect(truthOf(desk), `OFFHOOK_SEED=${seed}`).toEqual(freshTruth(desk));
  }
});
