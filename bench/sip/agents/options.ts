import type { NodeEndpointOptions } from '@offhook/sip-node';

/** Room for everything that is still absorbed 32 s after its end at 2,000 calls a second. */
export const agentOptions = {
  product: 'Bench',
  listen: [{ transport: 'udp', address: '127.0.0.1', port: 0 }],
  // Two SIPps at one address are one source.
  flood: false,
  limits: { transactions: 1_000_000, sessions: 100_000 },
} as const satisfies Omit<NodeEndpointOptions, 'onEvent'>;
