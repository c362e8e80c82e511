import type { CallService, ClientId, ErrorCode, LinkCall } from '@offhook/contract';
import type { Call } from './model.ts';

const ANYBODY_MAY_ANSWER: CallService[] = ['answer', 'reject'];

/**
 * The services that a call permits now, to the client that has its voice and to the user's other clients. The
 * only place that says so: the buttons that people see and the gate that refuses requests both come from here.
 */
export function permitted(call: Call): LinkCall['permitted'] {
  const { phase } = call;
  switch (phase.name) {
    case 'preparing':
    case 'ended':
    case 'abandoned':
      return { owner: [], others: [] };
    case 'ringing':
      return { owner: ANYBODY_MAY_ANSWER, others: ANYBODY_MAY_ANSWER };
    case 'answering':
      return { owner: ['hangUp'], others: [] };
    case 'calling':
    case 'alerting':
      return { owner: ['hangUp', 'mute', 'attach'], others: takeOver(call) };
    case 'talking': {
      const busy = phase.order !== undefined;
      const owner: CallService[] = phase.held
        ? ['hangUp', ...(busy ? [] : (['retrieve'] as const)), 'attach']
        : ['hangUp', ...(busy ? [] : (['hold'] as const)), 'mute', 'dtmf', 'attach'];
      return { owner, others: takeOver(call) };
    }
  }
}

/** Another client may take the call when its owner has left or its voice is not there. */
function takeOver(call: Call): CallService[] {
  const ownerLeft = call.owner?.presence === 'absent';
  const noVoice = call.voice.name === 'none' || call.voice.name === 'interrupted';
  return ownerLeft || noVoice ? ['attach'] : [];
}

/** The gate: `undefined` lets the request through. */
export function gate(call: Call, clientId: ClientId, service: CallService): ErrorCode | undefined {
  const services = permitted(call);
  const list = call.owner?.clientId === clientId ? services.owner : services.others;
  if (list.includes(service)) return undefined;
  const { phase } = call;
  if (phase.name === 'ended' || phase.name === 'abandoned') return 'call_not_found';
  const answered = phase.name === 'talking' || phase.name === 'answering';
  if ((service === 'answer' || service === 'reject') && answered && call.facts.direction === 'incoming') {
    return 'call_already_answered';
  }
  return 'call_not_permitted';
}
