import { headerValues } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { parseSipUri } from '../message/uri.ts';

/** Longer ways than this are no ways. */
const mostHops = 20;

/**
 * A list of hops in wire order: Path (RFC 3327), Service-Route (RFC 3608), Route, Record-Route. Each value is fit to be one
 * of Route. `undefined` where one of them is no name-addr with a `sip` or `sips` URI, or where they are more than 20.
 */
export function parseRoutes(
  message: WithHeaders,
  name: 'path' | 'service-route' | 'route' | 'record-route',
): readonly string[] | undefined {
  const values = headerValues(message, name);
  if (values.length > mostHops) return undefined;
  return values.every((value) => isRoute(value)) ? values : undefined;
}

/** Brackets are mandatory: without them `;lr` would be a parameter of the header. */
function isRoute(value: string): boolean {
  const address = value.includes('<') ? parseNameAddr(value) : undefined;
  return address !== undefined && parseSipUri(address.uri) !== undefined;
}
