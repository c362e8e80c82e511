import { OffhookError, type KeptSettings, type SettingName, type SettingsChange } from '@offhook/contract';
import type { CstaRequest } from '@offhook/csta';
import { siemensData, toDeviceId } from '@offhook/csta';
import { normaliseNumber } from '../../../numbers/dial.ts';
import { forwardNumber, mailboxOf } from '../../generic-sip/codes.ts';
import { alternativeOf, keepersOf, type Keeper, type SettingSources } from './compose.ts';
import { FORWARD_KINDS, FORWARDING_TYPE } from './facts.ts';

/** What a change takes: requests to the platform in their order, what SIP alone is left to do, and what the connector keeps. */
export interface ChangePlan {
  readonly requests: readonly CstaRequest[];
  readonly sip: SettingsChange | undefined;
  readonly kept: KeptSettings;
}

/** Everything that can be known to fail does so before anything is asked. Throws `OffhookError`. */
export function planChange(sources: SettingSources, change: SettingsChange): ChangePlan {
  const keepers = keepersOf(sources);
  const keeperOf = (name: SettingName): Keeper => {
    const keeper = keepers[name];
    if (keeper === 'nobody') throw new OffhookError('feature_unsupported');
    if (keeper === 'platform' && !sources.isUp) throw new OffhookError('platform_unreachable');
    return keeper;
  };
  const requests: CstaRequest[] = [];
  let kept: KeptSettings = {};
  let sip: SettingsChange | undefined;
  const main = toDeviceId(sources.user.main.number);

  for (const kind of FORWARD_KINDS) {
    const wanted = change.forwarding?.[kind];
    if (wanted === undefined) continue;
    const target = wanted?.to === 'number' ? { ...wanted, number: normaliseNumber(wanted.number) } : wanted;
    if (keeperOf(`forwarding.${kind}`) === 'sip') {
      sip = { ...sip, forwarding: { ...sip?.forwarding, [kind]: target } };
      continue;
    }
    const number = target === null ? undefined : forwardNumber(target, sources.codes, sources.user.line);
    // There is no mailbox to send calls to.
    if (target !== null && number === undefined) throw new OffhookError('feature_unsupported');
    requests.push({
      name: 'SetForwarding',
      device: main,
      forwardingType: FORWARDING_TYPE[kind],
      activateForward: number !== undefined,
      ...(number === undefined ? {} : { forwardDN: toDeviceId(number) }),
    });
  }
  const { doNotDisturb, alternativeNumber, routing, busyBehaviour } = change;
  if (doNotDisturb !== undefined) {
    if (keeperOf('doNotDisturb') === 'sip') sip = { ...sip, doNotDisturb };
    else requests.push({ name: 'SetDoNotDisturb', device: main, doNotDisturbOn: doNotDisturb });
  }
  if (alternativeNumber !== undefined) {
    const number = alternativeNumber === null ? null : normaliseNumber(alternativeNumber);
    // Also where the platform keeps it: what SIP alone can do with it, it can while the link is down.
    kept = { ...kept, alternativeNumber: number };
    if (keeperOf('alternativeNumber') === 'platform') requests.push(...staticForwarding(sources, number));
  }
  if (routing !== undefined) {
    const keeper = keeperOf('routing');
    const number = kept.alternativeNumber === undefined ? alternativeOf(sources) : kept.alternativeNumber;
    if (routing === 'alternative_only' && number === null) throw new OffhookError('no_alternative_number');
    if (keeper === 'platform') requests.push(...agentStates(sources, routing === 'desk_only'));
    kept = { ...kept, routing };
  }
  if (busyBehaviour !== undefined) {
    const number = kept.alternativeNumber === undefined ? alternativeOf(sources) : kept.alternativeNumber;
    if (busyBehaviour === 'alternative' && number === null) throw new OffhookError('no_alternative_number');
    if (busyBehaviour === 'voicemail' && mailboxOf(sources.codes, sources.user.line) === undefined) {
      throw new OffhookError('feature_unsupported');
    }
    if (keeperOf('busyBehaviour') === 'sip') sip = { ...sip, busyBehaviour };
    else kept = { ...kept, busyBehaviour };
  }
  return { requests, sip, kept };
}

/** The static target of the One Number Service: an OpenScape calls the alternative number so. */
function staticForwarding(sources: SettingSources, number: string | null): CstaRequest[] {
  const before = sources.facts.staticTarget;
  const target = number === null ? before : toDeviceId(number);
  if (target === undefined) return [];
  const privateData = siemensData({ staticOndDN: target });
  return [
    {
      name: 'SetForwarding',
      device: toDeviceId(sources.user.main.number),
      activateForward: number !== null,
      ...(number === null ? {} : { forwardDN: target }),
      ...(privateData === undefined ? {} : { privateData }),
    },
  ];
}

/**
 * Of the members of a MULAP group only those ring that are ready: for the desk phone alone, the clients' line is not. The desk phone is
 * only touched where somebody has taken it out.
 */
function agentStates({ user, facts }: SettingSources, isDeskOnly: boolean): CstaRequest[] {
  const { own, desk } = user;
  const isDeskOut = desk !== undefined && facts.agents.get(desk.key) === 'notReady';
  return [
    ...(isDeskOut ? [agentState(desk.number, 'ready')] : []),
    agentState(own.number, isDeskOnly ? 'notReady' : 'ready'),
  ];
}

const agentState = (number: string, requestedAgentState: 'ready' | 'notReady'): CstaRequest => ({
  name: 'SetAgentState',
  device: toDeviceId(number),
  requestedAgentState,
});

/** One change over another. */
export const mergeKept = (kept: KeptSettings, more: KeptSettings): KeptSettings => ({ ...kept, ...more });
