import { headerValues } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';
import { formatNameAddr, parseNameAddr } from '../message/name-addr.ts';
import { parseUri } from '../message/uri.ts';

/** Who calls or is called, as a network that is trusted says it (RFC 3325). */
export interface NetworkIdentity {
  readonly displayName?: string;
  readonly uri: string;
  readonly kind: 'sip' | 'tel';
}

/**
 * P-Asserted-Identity: at most one sip or sips and one tel identity, in wire order (RFC 3325 section 9.1). Believe it only
 * from a peer inside the trust domain. What cannot be read, other schemes and further values of the same kind are left out.
 */
export function assertedIdentities(message: WithHeaders): readonly NetworkIdentity[] {
  return identities(message, 'p-asserted-identity');
}

/** P-Preferred-Identity: who a user agent would like to be for its trusted proxy (section 9.2). Read as the above. */
export function preferredIdentities(message: WithHeaders): readonly NetworkIdentity[] {
  return identities(message, 'p-preferred-identity');
}

function identities(message: WithHeaders, name: string): readonly NetworkIdentity[] {
  const found: NetworkIdentity[] = [];
  for (const value of headerValues(message, name)) {
    const address = parseNameAddr(value);
    const kind = address === undefined ? undefined : parseUri(address.uri)?.kind;
    if (address === undefined || kind === undefined || kind === 'other') continue;
    if (found.some((identity) => identity.kind === kind)) continue;
    const { uri, displayName } = address;
    found.push({ uri, kind, ...(displayName !== undefined && { displayName }) });
    if (found.length === 2) break;
  }
  return found;
}

/** One value of P-Asserted-Identity or P-Preferred-Identity. */
export function formatIdentity(identity: Pick<NetworkIdentity, 'uri' | 'displayName'>): string {
  return formatNameAddr(identity);
}
