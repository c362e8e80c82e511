import type { CallService } from '@offhook/contract';
import type { LegServices } from './facts.ts';

/** How far a SIP leg is, as far as its services go. */
export type LegSituation =
  | { readonly phase: 'preparing' | 'ringing' | 'answering' | 'over' }
  | { readonly phase: 'calling'; readonly ownerless: boolean }
  | {
      readonly phase: 'talking';
      readonly held: boolean;
      /** A hold, retrieve or transfer is under way. */
      readonly busy: boolean;
      readonly ownerless: boolean;
    };

const ANSWER: readonly CallService[] = ['answer', 'reject'];

/**
 * What a leg by itself permits, to the client that has its voice and to the user's others. `ownerless`: that client has left,
 * or its voice is not there; then another may take the call without asking.
 */
export function legServices(leg: LegSituation): LegServices {
  switch (leg.phase) {
    case 'preparing':
    case 'over':
      return { owner: [], others: [] };
    // [CM-40] Whoever is there may answer a call that rings.
    case 'ringing':
      return { owner: ANSWER, others: ANSWER };
    case 'answering':
      return { owner: ['hangUp'], others: [] };
    // [CM-41] Nobody can hold or key digits into a call that is not answered.
    case 'calling':
      return { owner: ['hangUp', 'mute', 'attach'], others: leg.ownerless ? ['attach'] : [] };
    // [CM-42] One change of a call at a time; hanging up is always possible.
    case 'talking': {
      const others: CallService[] = ['pull', ...(leg.ownerless ? (['attach'] as const) : [])];
      if (leg.busy)
        return { owner: ['hangUp', ...(leg.held ? [] : (['mute', 'dtmf'] as const)), 'attach'], others };
      return {
        owner: leg.held ? ['hangUp', 'retrieve', 'attach'] : ['hangUp', 'hold', 'mute', 'dtmf', 'attach'],
        others,
      };
    }
  }
}
