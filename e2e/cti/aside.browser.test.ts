import { afterAll, afterEach, beforeAll } from 'vitest';
import { describeAside, type Aside } from '../src/aside-suite.ts';
import { openOffice } from './office.ts';

let aside: Aside;
beforeAll(async () => {
  const office = await openOffice();
  const [hers, second, his] = await Promise.all([
    office.anna.openWindow(),
    office.anna.openWindow(),
    office.ben.openWindow(),
  ]);
  aside = { office, hers, second, his };
});
afterEach(() => aside.office.rest(aside.hers, aside.second, aside.his));
afterAll(() => aside.office[Symbol.asyncDispose]());

describeAside(() => aside, {
  takeBack: async (second) => {
    await second.card('Carla Duval').expect(/Parked at \*71/u);
    await second.card('Carla Duval').press('Continue here');
  },
});
