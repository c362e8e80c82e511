import { setImmediate } from 'node:timers/promises';
import { busContract } from './contract-suite.ts';
import { createInProcessBus } from './in-process.ts';

busContract('in-process bus', async () => {
  const errors: unknown[] = [];
  const bus = createInProcessBus({ onError: (error) => errors.push(error) });
  return { bus, errors, settle: () => setImmediate() };
});
