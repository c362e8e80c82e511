import {
  OffhookError,
  type DialCodes,
  type KeptSettings,
  type LineConfig,
  type LineSettings,
  type MessageWaiting,
  type SettingName,
  type SettingsChange,
} from '@offhook/contract';
import { normaliseNumber } from '../../numbers/dial.ts';
import {
  disturbCodes,
  fillCode,
  forwardCodes,
  forwardNumber,
  keepersOf,
  listenNumberOf,
  type ForwardKind,
} from './codes.ts';

const KINDS: readonly ForwardKind[] = ['immediate', 'busy', 'noAnswer'];

/**
 * The settings as they hold: SIP has no way to read them back, so they are what the PBX has accepted last (a code that was
 * answered), or what the connector acts by. Somebody who dials a code at the desk phone is not noticed.
 */
export function settingsOf(
  line: LineConfig,
  codes: DialCodes,
  kept: KeptSettings,
  alone: boolean,
  messageWaiting: MessageWaiting,
): LineSettings {
  const keepers = keepersOf(codes, alone);
  return {
    forwarding: {
      immediate: kept.forwarding?.immediate ?? null,
      busy: kept.forwarding?.busy ?? null,
      noAnswer: kept.forwarding?.noAnswer ?? null,
    },
    doNotDisturb: kept.doNotDisturb ?? false,
    alternativeNumber: kept.alternativeNumber ?? null,
    routing: kept.routing ?? 'all',
    busyBehaviour: kept.busyBehaviour ?? 'second_call',
    messageWaiting,
    voicemailNumber: listenNumberOf(codes, line) ?? null,
    settable: (Object.keys(keepers) as SettingName[]).filter((name) => keepers[name] !== 'nobody'),
  };
}

/** One part of a change: what has to be dialled for it, if anything, and what is kept when that was accepted. */
export interface SettingStep {
  readonly dial: string | undefined;
  readonly kept: KeptSettings;
}

/** A change in steps that succeed or fail by themselves. Throws `feature_unsupported` or `number_invalid` before any. */
export function stepsOf(
  line: LineConfig,
  codes: DialCodes,
  alone: boolean,
  change: SettingsChange,
): SettingStep[] {
  const keepers = keepersOf(codes, alone);
  const assertKept = (name: SettingName): void => {
    if (keepers[name] === 'nobody') throw new OffhookError('feature_unsupported');
  };
  const steps: SettingStep[] = [];
  for (const kind of KINDS) {
    const wanted = change.forwarding?.[kind];
    if (wanted === undefined) continue;
    assertKept(`forwarding.${kind}`);
    const target = wanted?.to === 'number' ? { ...wanted, number: normaliseNumber(wanted.number) } : wanted;
    const number = target === null ? undefined : forwardNumber(target, codes, line);
    // No mailbox to forward to.
    if (target !== null && number === undefined) throw new OffhookError('feature_unsupported');
    const dialled = forwardCodes(codes, kind);
    const code = target === null ? dialled?.off : dialled?.on;
    steps.push({
      dial: code === undefined ? undefined : fillCode(code, line, number),
      kept: { forwarding: { [kind]: target } },
    });
  }
  if (change.doNotDisturb !== undefined) {
    assertKept('doNotDisturb');
    const dialled = disturbCodes(codes);
    const code = change.doNotDisturb ? dialled?.on : dialled?.off;
    steps.push({
      dial: code === undefined ? undefined : fillCode(code, line),
      kept: { doNotDisturb: change.doNotDisturb },
    });
  }
  const { alternativeNumber, routing, busyBehaviour } = change;
  if (alternativeNumber !== undefined) {
    const number = alternativeNumber === null ? null : normaliseNumber(alternativeNumber);
    steps.push({ dial: undefined, kept: { alternativeNumber: number } });
  }
  if (routing !== undefined) {
    // We cannot keep the desk phone from ringing; and without one, there is nothing that rings at the desk.
    if (routing === (alone ? 'desk_only' : 'alternative_only')) throw new OffhookError('feature_unsupported');
    steps.push({ dial: undefined, kept: { routing } });
  }
  if (busyBehaviour !== undefined) {
    assertKept('busyBehaviour');
    steps.push({ dial: undefined, kept: { busyBehaviour } });
  }
  return steps;
}

export const merge = (kept: KeptSettings, more: KeptSettings): KeptSettings => ({
  ...kept,
  ...more,
  ...(kept.forwarding === undefined && more.forwarding === undefined
    ? {}
    : { forwarding: { ...kept.forwarding, ...more.forwarding } }),
});

/**
 * What was accepted here and the cloud may not have yet, when a new configuration comes: the alternative number is an administrator's to set as
 * well, and another one in the configuration than before is theirs.
 */
export function withoutOverruled(
  accepted: KeptSettings,
  before: KeptSettings | undefined,
  configured: KeptSettings,
): KeptSettings {
  if ((before?.alternativeNumber ?? null) === (configured.alternativeNumber ?? null)) return accepted;
  const { alternativeNumber: _overruled, ...rest } = accepted;
  return rest;
}
