import { legServices } from '@offhook/call-model';
import type { CallService, ClientId, ErrorCode } from '@offhook/contract';
import type { Call } from './model.ts';
import { situationOf } from './view.ts';

/** The leg's own gate, behind that of the user's calls: `undefined` lets the request through. */
export function gate(call: Call, clientId: ClientId, service: CallService): ErrorCode | undefined {
  const services = legServices(situationOf(call));
  const isOwner = call.owner?.clientId === clientId;
  const list = isOwner ? services.owner : services.others;
  // To pull a call from another client is to attach to it.
  if (list.includes(service) || (service === 'attach' && list.includes('pull'))) return undefined;
  const { phase } = call;
  if (phase.name === 'ended' || phase.name === 'abandoned') return 'call_not_found';
  const answered = phase.name === 'talking' || phase.name === 'answering';
  if ((service === 'answer' || service === 'reject') && answered && call.facts.direction === 'incoming') {
    return 'call_already_answered';
  }
  return 'call_not_permitted';
}
