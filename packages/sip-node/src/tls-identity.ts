import { domainToASCII } from 'node:url';
import { isIP } from 'node:net';
import type { PeerCertificate } from 'node:tls';

export interface IdentityOptions {
  /** RFC 5922 section 7.2 forbids `*.example.com`; some office PBXs have nothing else. One left-most label then. */
  readonly wildcards: boolean;
}

/**
 * The check of RFC 5922 section 7: whether a certificate is one for the SIP domain (or the address) that was asked for.
 * Gives the sentence for the person who has to mend it, or `undefined` where all is well.
 *
 * SIP URIs of subjectAltName come first; DNS names count where there are none; the common name where there is no
 * subjectAltName of either kind (section 7.1).
 */
export function identityProblem(
  wanted: string,
  certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>,
  options: IdentityOptions = { wildcards: false },
): string | undefined {
  const names = namesOf(certificate);
  if (isIP(wanted) !== 0) {
    if (names.addresses.includes(canonicalAddress(wanted))) return undefined;
  } else if (names.domains.some((name) => matches(name, wanted, options))) {
    return undefined;
  }
  const all = [...names.domains, ...names.addresses];
  const list = all.length === 0 ? 'nobody that it names' : all.slice(0, MOST_NAMES_SHOWN).join(', ');
  const isWild =
    !options.wildcards && names.domains.some((name) => matches(name, wanted, { wildcards: true }));
  const hint = isWild
    ? 'wildcard names do not count in SIP (RFC 5922) unless they are allowed here'
    : 'use the name that it is for, or give the PBX a certificate with this name';
  return `the certificate is for ${list}, not for ${wanted}: ${hint}`;
}

const MOST_NAMES_SHOWN = 5;

interface Names {
  readonly domains: readonly string[];
  readonly addresses: readonly string[];
}

function namesOf(certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>): Names {
  const entries = alternativeNames(certificate.subjectaltname ?? '');
  const of = (kind: string): string[] =>
    entries.filter((entry) => entry.kind === kind).map((entry) => entry.value);
  const addresses = of('IP Address').map(canonicalAddress);
  const sip = of('URI').flatMap((uri) => sipDomain(uri) ?? []);
  if (sip.length > 0) return { domains: sip, addresses };
  const dns = of('DNS');
  if (dns.length > 0 || addresses.length > 0) return { domains: dns, addresses };
  const common: unknown = certificate.subject?.CN;
  const list = Array.isArray(common) ? common : [common];
  return { domains: list.filter((name) => typeof name === 'string'), addresses };
}

/** A SIP URI names a domain when it has no user part; a scheme other than `sip` is passed over (section 7.1). */
function sipDomain(uri: string): string | undefined {
  const match = /^sip:([^@;?]+)(?:[;?].*)?$/i.exec(uri);
  return match?.[1]?.replace(/:\d+$/, '');
}

/**
 * Node's text of subjectAltName: `DNS:a.example, URI:"with, comma"`. What holds a comma or a quote is a JSON string, so
 * that a hostile value cannot pass for two.
 */
function alternativeNames(text: string): { kind: string; value: string }[] {
  const entries: { kind: string; value: string }[] = [];
  const pattern = /([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/gy;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, kind = '', raw = ''] = match;
    entries.push({ kind, value: raw.startsWith('"') ? unquoted(raw) : raw });
    if (pattern.lastIndex === text.length) break;
  }
  return entries;
}

function unquoted(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return '';
  }
}

function matches(name: string, wanted: string, { wildcards }: IdentityOptions): boolean {
  const [have, want] = [domain(name), domain(wanted)];
  if (have === want && have !== '') return true;
  if (!wildcards || !have.startsWith('*.')) return false;
  const dot = want.indexOf('.');
  // `*.de` would be everybody's.
  return dot > 0 && have.slice(1) === want.slice(dot) && have.split('.').length > 2;
}

const domain = (name: string): string => {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return plain.startsWith('*.') ? plain : domainToASCII(plain);
};

/** One spelling for each address: `2001:db8::1` for `2001:DB8:0:0:0:0:0:1`. */
function canonicalAddress(address: string): string {
  if (!address.includes(':')) return address;
  const [plain = ''] = address.split('%');
  try {
    return new URL(`http://[${plain}]`).hostname.slice(1, -1);
  } catch {
    return plain.toLowerCase();
  }
}
