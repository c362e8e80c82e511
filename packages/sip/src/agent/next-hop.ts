import type { Target, Transport } from '../endpoint/api.ts';
import type { SipUri } from '../message/uri.ts';
import { parseSipUri } from '../message/uri.ts';
import { defaultPort } from '../transaction/transport.ts';

/** Where a request goes: fixed, or found from a URI. */
export interface NextHop {
  readonly uri: string;
  /** Tried first: an open connection of the dialog, or what the application has configured. */
  readonly preferred?: Target;
}

/** A URI's host as far as it can be known without asking anybody. */
export type Location =
  | { readonly kind: 'target'; readonly target: Target }
  | {
      readonly kind: 'name';
      readonly host: string;
      readonly port: number | undefined;
      readonly transport: Transport | undefined;
      /** From a `sips` URI: TLS and nothing else. */
      readonly secure: boolean;
    }
  /** Not a `sip:` or `sips:` URI. */
  | { readonly kind: 'nowhere' };

/**
 * RFC 3263 section 4 without its look-ups: numeric hosts give a target at once; `fallback` is the transport where the
 * URI names none.
 */
export function locate(uriText: string, fallback: Transport): Location {
  const uri = parseSipUri(uriText);
  if (uri === undefined) return { kind: 'nowhere' };
  const transport = transportOf(uri);
  const secure = uri.scheme === 'sips';
  // `maddr` overrides the host (RFC 3261 section 19.1.1).
  const host = uri.params.get('maddr') ?? uri.host;
  if (!isNumeric(host)) return { kind: 'name', host, port: uri.port, transport, secure };
  const chosen = transport ?? (secure ? 'tls' : fallback);
  return {
    kind: 'target',
    target: { transport: chosen, address: host, port: uri.port ?? defaultPort(chosen) },
  };
}

function transportOf(uri: SipUri): Transport | undefined {
  const named = uri.params.get('transport')?.toLowerCase() ?? '';
  const isSecure = uri.scheme === 'sips';
  switch (named) {
    case 'udp':
      // TLS needs a stream: `sips` over UDP is a contradiction, settled in favour of secrecy.
      return isSecure ? 'tls' : 'udp';
    case 'tcp':
      return isSecure ? 'tls' : 'tcp';
    case 'tls':
      return 'tls';
    case 'ws':
      return isSecure ? 'wss' : 'ws';
    case 'wss':
      return 'wss';
    default:
      return undefined;
  }
}

/** An IPv4 or IPv6 address rather than a name. */
export function isNumeric(host: string): boolean {
  return host.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}
