import {
  isMissed,
  type Call,
  type CallId,
  type LinkCall,
  type PushMessage,
  type UserId,
} from '@offhook/contract';

type Facts = Pick<LinkCall & Call, 'callId' | 'direction' | 'state' | 'rings' | 'remote'>;

/** Calls that are remembered as ringing; beyond them the oldest is forgotten. */
const CALLS = 20_000;

const keyOf = (userId: UserId, callId: CallId) => `${userId}\n${callId}`;

/**
 * What of a call is pushed: that it begins to ring at the clients, and that it does no more. Do-not-disturb, a routing that leaves the
 * clients out and the like are in `rings` already.
 * ```
 *  (unknown) ──rings at the clients──► ringing ──answered, rejected, sent on──► over
 *                                         └──ended, and nobody took it──► missed
 * ```
 */
export function createRinging() {
  const ringing = new Map<string, PushMessage & { kind: 'ringing' }>();

  return {
    /** @returns what is to be pushed now */
    changed: (userId: UserId, call: Facts): PushMessage | undefined => {
      const { callId, remote } = call;
      const key = keyOf(userId, callId);
      const before = ringing.get(key);
      const rings =
        call.direction === 'incoming' && call.state.name === 'ringing' && call.rings.includes('clients');
      if (rings) {
        if (before !== undefined) return undefined;
        const { name, number } = remote;
        const message = { kind: 'ringing', callId, number, ...(name === undefined ? {} : { name }) } as const;
        ringing.set(key, message);
        if (ringing.size > CALLS) {
          const [oldest] = ringing.keys();
          if (oldest !== undefined) ringing.delete(oldest);
        }
        return message;
      }
      if (before === undefined) return undefined;
      ringing.delete(key);
      const { state } = call;
      return state.name === 'ended' && isMissed(state)
        ? { ...before, kind: 'missed' }
        : { kind: 'over', callId };
    },
  };
}
