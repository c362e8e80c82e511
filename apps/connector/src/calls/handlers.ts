import type {
  ConnectorMethod,
  connectorMethods,
  LinkCall,
  MediaAnswer,
  Params,
  Result,
} from '@offhook/contract';
import { OffhookError } from '@offhook/contract';
import type { CallControl } from './control.ts';
import type { Outcome } from './live-call.ts';

type CallMethod = Exclude<ConnectorMethod, 'user.snapshot'>;

/** The cloud's requests about calls, by method. Each rejects with `OffhookError`. */
export type CallHandlers = {
  readonly [M in CallMethod]: (
    params: Params<typeof connectorMethods, M>,
  ) => Promise<Result<typeof connectorMethods, M>>;
};

export function callHandlers(control: CallControl): CallHandlers {
  return {
    'call.place': async (params) => withMedia(await control.place(params)),
    'call.answer': async (params) =>
      withMedia(
        await control.ask(params, {
          method: 'answer',
          legId: control.newLegId(),
          offer: params.offer,
        }),
      ),
    'call.attach': async (params) =>
      withMedia(
        await control.ask(params, {
          method: 'attach',
          legId: control.newLegId(),
          offer: params.offer,
        }),
      ),
    'call.candidate': async (params) => {
      const { legId, candidate } = params;
      try {
        await control.ask(params, { method: 'candidate', legId, ...candidate });
      } catch (error) {
        // For a call that has ended meanwhile it is late, not wrong.
        if (OffhookError.from(error).code !== 'call_not_found') throw error;
      }
      return {};
    },
    'call.reject': async (params) => withCall(await control.ask(params, { method: 'reject' })),
    'call.hangUp': async (params) => withCall(await control.ask(params, { method: 'hangUp' })),
    'call.hold': async (params) => withCall(await control.ask(params, { method: 'hold' })),
    'call.retrieve': async (params) => withCall(await control.ask(params, { method: 'retrieve' })),
    'call.mute': async (params) =>
      withCall(await control.ask(params, { method: 'mute', muted: params.muted })),
    'call.dtmf': async (params) => {
      await control.ask(params, { method: 'dtmf', digits: params.digits });
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
