import type { MessageLimits } from './types.ts';

/** What a peer may send where nothing else is configured: a full UDP datagram, and headers far beyond what real calls carry. */
export const DEFAULT_MESSAGE_LIMITS: MessageLimits = {
  messageBytes: 65_535,
  headerCount: 128,
  headerBytes: 8 * 1024,
  bodyBytes: 64 * 1024,
};

export function messageLimits(limits?: Partial<MessageLimits>): MessageLimits {
  return limits === undefined ? DEFAULT_MESSAGE_LIMITS : { ...DEFAULT_MESSAGE_LIMITS, ...limits };
}
