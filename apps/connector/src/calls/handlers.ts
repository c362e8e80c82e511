import type {
  ConnectorMethod,
  connectorMethods,
  LinkCall,
  MediaAnswer,
  Params,
  Result,
} from '@offhook/contract';
import { OffhookError } from '@offhook/contract';
import type { Outcome } from './live-call.ts';
import type { CallRequests } from './requests.ts';

type CallMethod = Extract<ConnectorMethod, `call.${string}`>;

/** The cloud's requests about calls, by method. Each rejects with `OffhookError`. */
export type CallHandlers = {
  readonly [M in CallMethod]: (
    params: Params<typeof connectorMethods, M>,
  ) => Promise<Result<typeof connectorMethods, M>>;
};

export function callHandlers(requests: CallRequests): CallHandlers {
  return {
    'call.place': async (params) => withMedia(await requests.place(params)),
    'call.placeAtDesk': async (params) => {
      await requests.placeAtDesk(params);
      return {};
    },
    'call.pickUp': async (params) => withMedia(await requests.pickUp(params)),
    'call.answer': async (params) => withMedia(await requests.answer(params, params.offer)),
    'call.attach': async (params) => withMedia(await requests.attach(params, params.offer)),
    'call.pull': async (params) => withMedia(await requests.pull(params, params.offer)),
    'call.candidate': async (params) => {
      const { legId, candidate } = params;
      try {
        await requests.candidate(params, { method: 'candidate', legId, ...candidate });
      } catch (error) {
        // For a call that has ended meanwhile it is late, not wrong.
        if (OffhookError.from(error).code !== 'call_not_found') throw error;
      }
      return {};
    },
    'call.answerAtDesk': async (params) => withCall(await requests.answerAtDesk(params)),
    'call.push': async (params) => withCall(await requests.push(params, params.to)),
    'call.deflect': async (params) => withCall(await requests.deflect(params, params.to)),
    'call.toVoicemail': async (params) => withCall(await requests.toVoicemail(params)),
    'call.transfer': async (params) => withCall(await requests.transfer(params, params.to)),
    'call.completeTransfer': async (params) =>
      withCall(await requests.completeTransfer(params, params.otherCallId)),
    'call.conference': async (params) => withCall(await requests.conference(params, params.otherCallId)),
    'call.alternate': async (params) => withCall(await requests.alternate(params)),
    'call.reconnect': async (params) => withCall(await requests.reconnect(params)),
    'call.park': async (params) => withCall(await requests.park(params)),
    'call.callBack': async (params) => withCall(await requests.callBack(params)),
    'call.reject': async (params) => withCall(await requests.simple(params, { method: 'reject' })),
    'call.hangUp': async (params) => withCall(await requests.simple(params, { method: 'hangUp' })),
    'call.hold': async (params) => withCall(await requests.simple(params, { method: 'hold' })),
    'call.retrieve': async (params) => withCall(await requests.simple(params, { method: 'retrieve' })),
    'call.mute': async (params) =>
      withCall(await requests.simple(params, { method: 'mute', muted: params.muted })),
    'call.dtmf': async (params) => {
      await requests.simple(params, { method: 'dtmf', digits: params.digits });
      return {};
    },
  };
}

const withCall = ({ call }: Outcome): { call: LinkCall } => ({ call });

function withMedia({ call, media }: Outcome): { call: LinkCall; media: MediaAnswer } {
  // The machine answers place, answer and attach with a description or not at all.
  if (media === undefined) throw new OffhookError('internal');
  return { call, media };
}
