import type { ExtraHeaders, SessionId } from '@offhook/sip';
import { attempt } from '../sip/commands.ts';
import type { SipCommands } from '../sip/commands.ts';
import type { PhoneCallEffect } from './types.ts';

/** Those effects of a call that are one command of the endpoint each. */
export function command(
  sip: SipCommands,
  session: SessionId,
  effect: Extract<
    PhoneCallEffect,
    { kind: 'ring' | 'accept' | 'refuse' | 'end' | 'reoffer' | 'accept_offer' | 'refuse_offer' }
  >,
  headers: ExtraHeaders,
): void {
  attempt(sip, (endpoint, now) => {
    switch (effect.kind) {
      case 'ring':
        return endpoint.ring(session, now, { headers });
      case 'accept':
        return endpoint.accept(session, effect.body, now, { headers });
      case 'refuse':
        return endpoint.refuse(session, effect.status, now);
      case 'end':
        return endpoint.end(session, now);
      case 'reoffer':
        return endpoint.reoffer(session, effect.offer, now);
      case 'accept_offer':
        return endpoint.acceptOffer(session, effect.body, now);
      case 'refuse_offer':
        return endpoint.refuseOffer(session, effect.status, now);
      default:
        return effect satisfies never;
    }
  });
}
