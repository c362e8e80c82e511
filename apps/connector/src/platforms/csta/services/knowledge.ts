import type { ResponseTo } from '@offhook/csta';

/** Services of ECMA-269 by which we offer something, as its capability lists name them. */
export const KNOWN_SERVICES = [
  'makeCall',
  'answerCall',
  'clearConnection',
  'holdCall',
  'retrieveCall',
  'alternateCall',
  'reconnectCall',
  'consultationCall',
  'transferCall',
  'conferenceCall',
  'singleStepTransferCall',
  'deflectCall',
  'directedPickupCall',
  'groupPickupCall',
  'parkCall',
  'callBackNonCallRelated',
  'generateDigits',
  'setForwarding',
  'getForwarding',
  'setDoNotDisturb',
  'getDoNotDisturb',
  'getMessageWaitingIndicator',
  'setAgentState',
  'getAgentState',
] as const;

export type KnownService = (typeof KNOWN_SERVICES)[number];

type Capabilities = ResponseTo<'GetSwitchingFunctionCapabilities'>;
type ServiceList = Extract<keyof Capabilities, `${string}ServList`>;

const LISTS: Readonly<Record<KnownService, ServiceList>> = {
  makeCall: 'callControlServList',
  answerCall: 'callControlServList',
  clearConnection: 'callControlServList',
  holdCall: 'callControlServList',
  retrieveCall: 'callControlServList',
  alternateCall: 'callControlServList',
  reconnectCall: 'callControlServList',
  consultationCall: 'callControlServList',
  transferCall: 'callControlServList',
  conferenceCall: 'callControlServList',
  singleStepTransferCall: 'callControlServList',
  deflectCall: 'callControlServList',
  directedPickupCall: 'callControlServList',
  groupPickupCall: 'callControlServList',
  parkCall: 'callControlServList',
  callBackNonCallRelated: 'logicalServList',
  generateDigits: 'callAssociatedServList',
  setForwarding: 'logicalServList',
  getForwarding: 'logicalServList',
  setDoNotDisturb: 'logicalServList',
  getDoNotDisturb: 'logicalServList',
  getMessageWaitingIndicator: 'physDevServList',
  setAgentState: 'logicalServList',
  getAgentState: 'logicalServList',
};

/** `singleStepTransfer` and `SingleStepTransferCall` are one: lists are written in either way. */
const plain = (name: string): string => name.toLowerCase().replace(/call$/, '');

/**
 * What a platform can, as far as it has said so: by its list of services (GetSwitchingFunctionCapabilities, ECMA-269 section 13.1.3), and
 * by refusing what it does not have. Forgotten with the link: the next one may lead to a newer platform.
 *
 * ```
 *   unknown ── in its list ──► has      unknown, has ── refused as not supported ──► lacks
 *   unknown ── its list is without it ──► lacks
 * ```
 */
export class Knowledge {
  readonly #tries: ReadonlySet<KnownService>;
  readonly #known = new Map<KnownService, 'has' | 'lacks'>();

  constructor(tries: readonly KnownService[]) {
    this.#tries = new Set(tries);
  }

  forget(): void {
    this.#known.clear();
  }

  /** A list that is missing or empty says nothing. */
  listed(capabilities: Capabilities): void {
    // Which list a service stands in is not agreed upon by all; which list it is missing from counts.
    const all = new Set(
      [...new Set(Object.values(LISTS))].flatMap((list) => capabilities[list] ?? []).map(plain),
    );
    for (const service of KNOWN_SERVICES) {
      if (all.has(plain(service))) this.#known.set(service, 'has');
      else if ((capabilities[LISTS[service]] ?? []).length > 0) this.#known.set(service, 'lacks');
    }
  }

  /** @returns whether that is news */
  lacks(service: KnownService): boolean {
    if (this.#known.get(service) === 'lacks') return false;
    this.#known.set(service, 'lacks');
    return true;
  }

  can(service: KnownService): boolean {
    const known = this.#known.get(service);
    return known === undefined ? this.#tries.has(service) : known === 'has';
  }
}

/** The service behind a request, where it is one that something hangs on. */
export function serviceOf(requestName: string): KnownService | undefined {
  const name = requestName.charAt(0).toLowerCase() + requestName.slice(1);
  return KNOWN_SERVICES.find((service) => service === name);
}
