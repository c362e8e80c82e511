import { pino } from 'pino';
import type { Log } from '../log.ts';

/** Says nothing, unless somebody looks for a fault with OFFHOOK_TEST_LOG=debug. */
export const quiet: Log = pino({ level: process.env['OFFHOOK_TEST_LOG'] ?? 'silent' });
