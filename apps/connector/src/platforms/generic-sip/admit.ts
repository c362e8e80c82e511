import type { DialCodes, KeptSettings, LineConfig } from '@offhook/contract';
import type { Admission, Admitted } from '../platform.ts';
import { forwardNumber, keepersOf, mailboxOf } from './codes.ts';

export interface AdmissionRules {
  readonly line: LineConfig;
  readonly codes: DialCodes;
  readonly kept: KeptSettings;
  readonly alone: boolean;
  readonly alternativeAfterSeconds: number;
}

/** Seconds that a call rings before it is forwarded for nobody answers; what PBXs use where nothing else is said. */
const NO_ANSWER_SECONDS = 20;

const RING: Admitted = { kind: 'ring' };

const redirect = (to: string | undefined): Admitted | undefined =>
  to === undefined ? undefined : { kind: 'redirect', to };

/**
 * What an incoming INVITE means for the clients, by the settings that are the connector's to see to (`keepersOf`). In the
 * order in which a PBX looks at them: immediate forwarding, do-not-disturb, which devices ring, busy, no answer.
 */
export function admit(rules: AdmissionRules, { talking }: Admission): Admitted {
  const { line, codes, kept, alone } = rules;
  const keepers = keepersOf(codes, alone);
  const forwarding = kept.forwarding ?? {};
  const forward = (kind: 'immediate' | 'busy' | 'noAnswer'): string | undefined => {
    const target = forwarding[kind];
    if (target === undefined || target === null || keepers[`forwarding.${kind}`] !== 'connector') {
      return undefined;
    }
    return forwardNumber(target, codes, line);
  };
  const immediate = redirect(forward('immediate'));
  if (immediate !== undefined) return immediate;
  if (kept.doNotDisturb === true && keepers.doNotDisturb === 'connector') {
    return { kind: 'refuse', status: 486 };
  }
  const alternative = kept.alternativeNumber ?? undefined;
  if (kept.routing === 'desk_only') return { kind: 'refuse', status: 480 };
  if (kept.routing === 'alternative_only') return redirect(alternative) ?? RING;
  if (talking) {
    const busy = redirect(forward('busy'));
    if (busy !== undefined) return busy;
    const behaviour = keepers.busyBehaviour === 'connector' ? kept.busyBehaviour : undefined;
    if (behaviour === 'busy') return { kind: 'refuse', status: 486 };
    if (behaviour === 'alternative') return redirect(alternative) ?? RING;
    if (behaviour === 'voicemail') return redirect(mailboxOf(codes, line)) ?? RING;
  }
  const noAnswer = forward('noAnswer');
  if (noAnswer !== undefined) {
    return { kind: 'ring', forward: { afterSeconds: NO_ANSWER_SECONDS, to: noAnswer } };
  }
  // The alternative number rings after the clients, not beside them: SIP alone cannot do more.
  return alone && alternative !== undefined
    ? { kind: 'ring', forward: { afterSeconds: rules.alternativeAfterSeconds, to: alternative } }
    : RING;
}
