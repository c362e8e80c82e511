import type { NaptrRecord, SrvRecord } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';

/**
 * The look-ups that RFC 3263 needs. Each gives an empty list where the name has no such record, and rejects where nobody
 * could be asked.
 */
export interface Dns {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** Numeric IPv4 and IPv6 addresses in the order to try them. */
  addresses(name: string): Promise<readonly string[]>;
}

/** Two attempts of 2 s: an endpoint waits 15 s for the whole. */
const resolverOptions = { timeout: 2_000, tries: 2 };

/**
 * NAPTR and SRV by Node's own resolver; addresses as every program of the machine finds them (hosts file, order of the
 * families by RFC 6724).
 */
export function systemDns(resolver: Resolver = new Resolver(resolverOptions)): Dns {
  return {
    naptr: (name) => orNone(resolver.resolveNaptr(name)),
    srv: (name) => orNone(resolver.resolveSrv(name)),
    addresses: async (name) =>
      (await orNone(lookup(name, { all: true, order: 'verbatim' }))).map(({ address }) => address),
  };
}

/** The name has no such record, does not exist, or cannot be a name in the DNS. */
const NONE = new Set(['ENODATA', 'ENOTFOUND', 'EBADNAME', 'ENONAME', 'ERR_INVALID_ARG_VALUE']);

async function orNone<T>(look: Promise<T[]>): Promise<T[]> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NONE.has(String(error.code))) return [];
    throw error;
  }
}
