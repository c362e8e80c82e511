import type { Direction, EndCause } from '@offhook/contract';
import type { KnownCall } from '@offhook/phone-core';
import type { CatalogueKey } from '../i18n/words.ts';

/** What the call's status says: one key, or for an ended call the key of why. */
export type StatusWords =
  | { readonly key: CatalogueKey; readonly cause: undefined }
  | { readonly key: 'call.endedWith'; readonly cause: CatalogueKey };

export function statusWords(call: KnownCall, hangingUp: boolean): StatusWords {
  const { state } = call;
  if (hangingUp && state.name !== 'ended') return { key: 'call.hangingUp', cause: undefined };
  switch (state.name) {
    case 'calling':
      return { key: 'call.calling', cause: undefined };
    case 'ringing':
      return { key: 'call.ringing', cause: undefined };
    case 'connected':
      return { key: state.heldByRemote ? 'call.heldByRemote' : 'call.connected', cause: undefined };
    case 'held':
      return { key: call.waits === true ? 'call.answeredWaits' : 'call.onHold', cause: undefined };
    case 'ended':
      // Somebody hung up: that needs no explanation.
      if (state.cause === 'completed') return { key: 'call.ended', cause: undefined };
      return { key: 'call.endedWith', cause: causeWords(state.cause, call.direction) };
  }
}

/** Who gives up is a matter of the direction: on an incoming call it was the caller. */
export function causeWords(cause: EndCause, direction: Direction): CatalogueKey {
  return cause === 'cancelled' && direction === 'incoming' ? 'cause.callerGaveUp' : `cause.${cause}`;
}

/** How the status is coloured: by meaning, never by colour alone. */
export type StatusTone = 'wait' | 'good' | 'held' | 'bad' | 'quiet';

export function statusTone(call: KnownCall): StatusTone {
  switch (call.state.name) {
    case 'calling':
    case 'ringing':
      return 'wait';
    case 'connected':
      return call.state.heldByRemote ? 'held' : 'good';
    case 'held':
      return 'held';
    case 'ended':
      return AS_WISHED.has(call.state.cause) ? 'quiet' : 'bad';
  }
}

/** Ends that somebody of this side wanted so: nothing to be alarmed by. */
const AS_WISHED: ReadonlySet<EndCause> = new Set([
  'completed',
  'answered_elsewhere',
  'transferred',
  'joined',
  'deflected',
  'parked',
]);
