import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Effect, Target, Transport } from '@offhook/sip';

type Query = Extract<Effect, { kind: 'resolve' }>;

/** Addresses tried for one name. */
const MOST_TARGETS = 8;

/**
 * Where requests for a host go: the A and AAAA records of RFC 3263 section 4.2, in the system's order.
 * An empty list where the name has none or cannot be looked up.
 *
 * @param transports those that this endpoint can send over, the preferred one first
 */
export async function resolveTargets(
  query: Pick<Query, 'host' | 'port' | 'transport'>,
  transports: readonly Transport[],
): Promise<readonly Target[]> {
  const transport = query.transport ?? transports[0] ?? 'udp';
  if (!transports.includes(transport)) return [];
  const port = query.port ?? defaultPort(transport);
  if (isIP(query.host) !== 0) return [{ transport, address: query.host, port }];
  try {
    const addresses = await lookup(query.host, { all: true });
    return addresses
      .slice(0, MOST_TARGETS)
      .map(({ address }) => ({ transport, address, port, serverName: query.host }));
  } catch {
    return [];
  }
}

/** RFC 3261 section 19.1.2. */
function defaultPort(transport: Transport): number {
  switch (transport) {
    case 'udp':
    case 'tcp':
      return 5060;
    case 'tls':
      return 5061;
    case 'ws':
      return 80;
    case 'wss':
      return 443;
  }
}
