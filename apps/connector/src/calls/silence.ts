import type { Now } from '../clock.ts';
import type { Call, Step } from './model.ts';
import { change } from './transitions.ts';

/**
 * A PBX that was restarted has forgotten the call and says nothing of it: its voice just stops. So a silent one is asked
 * with OPTIONS inside the dialog: 481, 408 or no answer end the session (RFC 5057 section 5.1), any other answer says that
 * it is there, and it is asked again as long as the silence lasts.
 *
 * ```
 *  not to be asked ── stream stops ──► asked ──┐
 *     │        ▲                        ▲      │ every `times.probe`
 *     │        └── stream, hold, end ───┤◄─────┘
 *     └── retrieved, still silent ──► to be asked in `times.probe`
 * ```
 */
export function onPbxStream(call: Call, state: 'flowing' | 'silent', now: Now): Step {
  const heard: Call = { ...call, pbxSilent: state === 'silent' };
  return isSilentWithoutRight(heard) ? probe(heard, now) : change(heard, { probeAt: undefined });
}

/** To be called after each step: a hold, a retrieve or the end changes whether silence is right. */
export function noteSilence(call: Call, now: Now): Call {
  const asks = isSilentWithoutRight(call);
  if (asks === (call.probeAt !== undefined)) return call;
  return { ...call, probeAt: asks ? now.at + call.times.probe : undefined };
}

/** Asks, and again after `times.probe`. */
export function probe(call: Call, now: Now): Step {
  return change(call, { probeAt: now.at + call.times.probe }, { kind: 'sip.probe' });
}

/** Who is on hold, on either side, may be silent. */
const isSilentWithoutRight = ({ phase, pbxSilent }: Call): boolean =>
  pbxSilent && phase.name === 'talking' && !phase.held && !phase.heldByRemote;
