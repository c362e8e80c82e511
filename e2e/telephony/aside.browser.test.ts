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

// SIP alone does not tell where a call is parked: she dials the number as anybody does.
describeAside(() => aside, { takeBack: (second) => second.dial('*71') });
