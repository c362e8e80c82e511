import type { Logger } from 'pino';

/** The part of pino that the connector's parts use. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
