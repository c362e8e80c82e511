import type {
  DialCodes,
  ForwardTarget,
  KeptSettings,
  LineSettings,
  MessageWaiting,
  SettingName,
} from '@offhook/contract';
import type { DeviceId } from '@offhook/csta';
import { listenNumberOf, mailboxOf } from '../../generic-sip/codes.ts';
import { shownNumber } from '../numbers.ts';
import type { CstaProfile } from '../profile.ts';
import type { RosterUser } from '../roster.ts';
import type { Knowledge } from '../services/knowledge.ts';
import { FORWARD_KINDS, isSameNumber, type Facts, type ForwardKind } from './facts.ts';

/**
 * Who sees to a setting: the platform over its control link, SIP alone (a code that is dialled), the connector itself, which does it once
 * for the user, or nobody.
 */
export type Keeper = 'platform' | 'sip' | 'connector' | 'nobody';

/** All that the settings of a user follow from. */
export interface SettingSources {
  readonly user: RosterUser;
  readonly codes: DialCodes;
  readonly profile: CstaProfile;
  readonly knowledge: Knowledge;
  readonly isUp: boolean;
  readonly facts: Facts;
  readonly kept: KeptSettings;
  /** What SIP alone says of the same user. */
  readonly sip: LineSettings | undefined;
}

export function keepersOf(sources: SettingSources): Readonly<Record<SettingName, Keeper>> {
  const { profile, knowledge, sip, user } = sources;
  const bySip = (name: SettingName): Keeper => (sip?.settable.includes(name) === true ? 'sip' : 'nobody');
  const forward = (kind: ForwardKind): Keeper =>
    knowledge.can('setForwarding') ? 'platform' : bySip(`forwarding.${kind}`);
  const isStatic = profile.alternative === 'static_forwarding' && knowledge.can('setForwarding');
  return {
    'forwarding.immediate': forward('immediate'),
    'forwarding.busy': forward('busy'),
    'forwarding.noAnswer': forward('noAnswer'),
    doNotDisturb: knowledge.can('setDoNotDisturb') ? 'platform' : bySip('doNotDisturb'),
    alternativeNumber: isStatic ? 'platform' : 'connector',
    routing: routingKeeper(sources),
    // Seen at the desk phone, or not at all: then SIP alone has to do.
    busyBehaviour: user.desk === undefined ? bySip('busyBehaviour') : 'connector',
  };
}

function routingKeeper({ profile, knowledge, user }: SettingSources): Keeper {
  if (user.desk === undefined) return 'nobody';
  const byAgent = profile.deskOnly === 'agent_state' && knowledge.can('setAgentState');
  return byAgent ? 'platform' : 'connector';
}

/** The settings as they hold: what the platform says, and where it says nothing what the connector acts by. */
export function settingsOf(sources: SettingSources): LineSettings {
  const { user, codes, facts, kept, sip } = sources;
  const keepers = keepersOf(sources);
  return {
    forwarding: {
      immediate: forwardingOf(sources, keepers, 'immediate'),
      busy: forwardingOf(sources, keepers, 'busy'),
      noAnswer: forwardingOf(sources, keepers, 'noAnswer'),
    },
    doNotDisturb:
      (keepers.doNotDisturb === 'sip' ? sip?.doNotDisturb : facts.doNotDisturb) ??
      facts.doNotDisturb ??
      false,
    alternativeNumber: alternativeOf(sources),
    routing: routingOf(sources, keepers.routing),
    busyBehaviour:
      (keepers.busyBehaviour === 'sip' ? sip?.busyBehaviour : kept.busyBehaviour) ?? 'second_call',
    messageWaiting: messagesOf(facts.messageWaiting, sip?.messageWaiting),
    voicemailNumber: listenNumberOf(codes, user.line) ?? null,
    settable: settableOf(sources, keepers),
  };
}

const NAMES: readonly SettingName[] = [
  ...FORWARD_KINDS.map((kind) => `forwarding.${kind}` as const),
  'doNotDisturb',
  'alternativeNumber',
  'routing',
  'busyBehaviour',
];

/** What the platform sees to can be shown while its link is down, and not changed. */
function settableOf({ isUp }: SettingSources, keepers: Readonly<Record<SettingName, Keeper>>): SettingName[] {
  return NAMES.filter((name) => {
    const keeper = keepers[name];
    return keeper === 'platform' ? isUp : keeper !== 'nobody';
  });
}

function forwardingOf(
  { facts, sip, codes, user }: SettingSources,
  keepers: Readonly<Record<SettingName, Keeper>>,
  kind: ForwardKind,
): ForwardTarget | null {
  const isSip = keepers[`forwarding.${kind}`] === 'sip';
  if (isSip || facts.forwarding === undefined) return sip?.forwarding[kind] ?? null;
  const to: DeviceId | undefined = facts.forwarding[kind];
  if (to === undefined) return null;
  const mailbox = mailboxOf(codes, user.line);
  if (mailbox !== undefined && isSameNumber(mailbox, to)) return { to: 'voicemail' };
  const number = shownNumber(to);
  return number === '' ? null : { to: 'number', number };
}

export function alternativeOf(sources: SettingSources): string | null {
  const { facts, kept } = sources;
  if (keepersOf(sources).alternativeNumber !== 'platform') return kept.alternativeNumber ?? null;
  return facts.staticTarget === undefined ? null : shownNumber(facts.staticTarget);
}

function routingOf({ facts, kept, user }: SettingSources, keeper: Keeper): LineSettings['routing'] {
  if (user.desk === undefined) return 'all';
  if (keeper !== 'platform') return kept.routing ?? 'all';
  if (facts.agents.get(user.own.key) === 'notReady') return 'desk_only';
  return kept.routing === 'alternative_only' ? 'alternative_only' : 'all';
}

/** The control link only says whether; how many, the mailbox says by SIP. */
function messagesOf(waiting: boolean | undefined, bySip: MessageWaiting | undefined): MessageWaiting {
  if (waiting === undefined) return bySip ?? { waiting: false };
  return bySip?.waiting === waiting ? bySip : { waiting };
}
