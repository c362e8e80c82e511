import type { NaptrRecord } from 'node:dns';
import { isIP } from 'node:net';
import type { Effect, Target, Transport } from '@offhook/sip';
import type { Dns } from './dns.ts';
import { orderSrv } from './srv-order.ts';
import { reaches } from './transport.ts';

export type Query = Pick<Extract<Effect, { kind: 'resolve' }>, 'host' | 'port' | 'transport' | 'secure'>;

/** What this endpoint can send with, the preferred first. */
export type Means = readonly { readonly transport: Transport; readonly address: string }[];

/** Targets tried for one name: a fail-over has to end. */
const MOST_TARGETS = 8;
/** Records that one answer may make us look up. */
const MOST_RECORDS = 16;

/** A host and port to look up addresses for, with its transport. */
interface Server {
  readonly transport: Transport;
  readonly name: string;
  readonly port: number;
}

/**
 * Where requests for a host go: RFC 3263 section 4, NAPTR, then SRV, then addresses. An empty list where the name has none
 * of our families and transports; rejects where nobody could be asked.
 *
 * @param fraction numbers in [0, 1) for the draw among SRV records of one priority
 * @param onCut the name has more records or targets than are used
 */
export async function resolveTargets(
  query: Query,
  means: Means,
  dns: Dns,
  fraction: () => number = Math.random,
  onCut: () => void = () => undefined,
): Promise<readonly Target[]> {
  const few = <T>(list: readonly T[], most: number): readonly T[] => {
    if (list.length > most) onCut();
    return list.slice(0, most);
  };
  const bounded: Pick<Dns, 'naptr' | 'srv'> = {
    naptr: async (name) => few(await dns.naptr(name), MOST_RECORDS),
    srv: async (name) => few(await dns.srv(name), MOST_RECORDS),
  };
  const { host } = query;
  const usable = new Set(means.map(({ transport }) => transport).filter((one) => mayUse(one, query)));
  if (usable.size === 0) return [];
  const isNumeric = isIP(host) !== 0;
  const servers =
    query.port !== undefined || isNumeric || !isInDns(host)
      ? [addressOnly(query, usable)]
      : await serversOf(query, usable, bounded, fraction);
  const found = await Promise.allSettled(
    few(servers, MOST_RECORDS).map(async ({ transport, name, port }) => {
      const addresses = isIP(name) === 0 ? await dns.addresses(name) : [name];
      return (
        addresses
          .filter((address) =>
            means.some((one) => one.transport === transport && reaches(one.address, address)),
          )
          // Certificates are for the domain that was asked for, whatever the records say (RFC 5922 section 4).
          .map((address) => ({ transport, address, port, ...(!isNumeric && { serverName: host }) }))
      );
    }),
  );
  const targets = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const failed = found.find((one) => one.status === 'rejected');
  if (targets.length === 0 && failed !== undefined) throw failed.reason;
  return few(targets, MOST_TARGETS);
}

/** `sips` goes over TLS and nothing else (RFC 3261 section 26.2.2). */
function mayUse(transport: Transport, query: Query): boolean {
  if (query.transport !== undefined) return transport === query.transport;
  return query.secure !== true || transport === 'tls' || transport === 'wss';
}

/** Section 4.1, for a numeric host or a given port: the default transport, without a look-up of services. */
function addressOnly({ host, port, transport, secure }: Query, usable: ReadonlySet<Transport>): Server {
  const usual: Transport = secure === true ? 'tls' : 'udp';
  const [first = usual] = usable;
  const chosen = transport ?? (usable.has(usual) ? usual : first);
  return { transport: chosen, name: host, port: port ?? defaultPort(chosen) };
}

/** Names that only this machine or its neighbours know (RFC 6761, RFC 6762), and those without a dot. */
function isInDns(host: string): boolean {
  const name = host.replace(/\.$/, '').toLowerCase();
  return name.includes('.') && !name.endsWith('.localhost') && !name.endsWith('.local');
}

async function serversOf(
  query: Query,
  usable: ReadonlySet<Transport>,
  dns: Pick<Dns, 'naptr' | 'srv'>,
  fraction: () => number,
): Promise<readonly Server[]> {
  // Asked for at the same time: the answer is awaited by somebody who has dialled. A DNS that fails over one kind of
  // record (some do, over NAPTR) may still know the others, and the hosts file knows addresses without any DNS.
  const srv = (name: string) => dns.srv(name).catch(() => []);
  const [naptr, direct] = await Promise.all([
    query.transport === undefined ? dns.naptr(query.host).catch(() => []) : [],
    servicesOf(query, usable, srv, fraction),
  ]);
  const chosen = chooseNaptr(naptr, usable);
  const lists = await Promise.all(
    chosen.map(async ({ transport, replacement }) =>
      serversFrom(transport, await srv(replacement), fraction),
    ),
  );
  const byNaptr = lists.flat();
  if (byNaptr.length > 0) return byNaptr;
  return direct ?? [addressOnly(query, usable)];
}

interface ChosenNaptr {
  readonly transport: Transport;
  readonly replacement: string;
}

/** Section 4.1: those whose service we have, in their order; of the lowest order only (RFC 3403 section 4.1). */
function chooseNaptr(
  records: readonly NaptrRecord[],
  usable: ReadonlySet<Transport>,
): readonly ChosenNaptr[] {
  const known = records
    .flatMap((record) => {
      const transport = SERVICES.get(record.service.toUpperCase());
      const isOurs = transport !== undefined && usable.has(transport);
      return isOurs && record.flags.toLowerCase() === 's' ? [{ record, transport }] : [];
    })
    .toSorted((a, b) => a.record.order - b.record.order || a.record.preference - b.record.preference);
  const lowest = known[0]?.record.order;
  return known
    .filter(({ record }) => record.order === lowest)
    .map(({ record, transport }) => ({ transport, replacement: record.replacement }));
}

/** RFC 3263 section 4.1, RFC 7118 section 6. */
const SERVICES = new Map<string, Transport>([
  ['SIP+D2U', 'udp'],
  ['SIP+D2T', 'tcp'],
  ['SIPS+D2T', 'tls'],
  ['SIP+D2W', 'ws'],
  ['SIPS+D2W', 'wss'],
]);

/** SRV without NAPTR; `undefined` where the domain has none for our transports. */
async function servicesOf(
  query: Query,
  usable: ReadonlySet<Transport>,
  srv: Dns['srv'],
  fraction: () => number,
): Promise<readonly Server[] | undefined> {
  const asked = [...usable].flatMap((transport) => {
    const label = srvLabel(transport);
    // TLS for a `sip` URI only where it is asked for: `_sips` belongs to `sips`.
    const isWanted = transport !== 'tls' || query.transport === 'tls' || query.secure === true;
    return label === undefined || !isWanted ? [] : [{ transport, name: `${label}.${query.host}` }];
  });
  const answers = await Promise.all(
    asked.map(async ({ transport, name }) => ({ transport, records: await srv(name) })),
  );
  const found = answers.filter(({ records }) => records.length > 0);
  if (found.length === 0) return undefined;
  return found.flatMap(({ transport, records }) => serversFrom(transport, records, fraction));
}

function serversFrom(
  transport: Transport,
  records: Awaited<ReturnType<Dns['srv']>>,
  fraction: () => number,
): readonly Server[] {
  return (
    orderSrv(records, fraction)
      // A lone dot says that the service is decidedly not there (RFC 2782).
      .filter(({ name }) => name !== '' && name !== '.')
      .map(({ name, port }) => ({ transport, name, port }))
  );
}

/** No label is defined for WebSockets. */
function srvLabel(transport: Transport): string | undefined {
  switch (transport) {
    case 'udp':
      return '_sip._udp';
    case 'tcp':
      return '_sip._tcp';
    case 'tls':
      return '_sips._tcp';
    case 'ws':
    case 'wss':
      return undefined;
  }
}

/** RFC 3261 section 19.1.2, RFC 7118 section 6. */
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
