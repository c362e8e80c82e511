import type { EndpointLimits } from './api.ts';

/** Room for some thousand calls; an INVITE and its BYE keep about four transactions for half a minute. */
export const defaultLimits: Required<EndpointLimits> = {
  transactions: 100_000,
  sessions: 10_000,
  registrations: 20_000,
  forksPerInvite: 16,
  streams: 10_000,
  notifiers: 20_000,
  datagramBytes: 1_300,
};
