import { resolveTxt } from 'node:dns/promises';
import type { SsoDomainFound } from '@offhook/contract';
import { proofRecord, PROOF_PREFIX } from './proof-record.ts';

/** The TXT records of a name, each in its pieces (RFC 1035 section 3.3.14). @throws an error with a `code` of `node:dns` */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** The system's resolver, which gives up by itself after some seconds. */
export const systemResolver: ResolveTxt = (name) => resolveTxt(name);

const SHOWN = 5;
const SHOWN_CHARS = 120;

/** What the DNS says of a domain that is to be proved. `seen`: records of ours that are not this one. */
export async function askDns(
  resolve: ResolveTxt,
  domain: string,
  token: string,
): Promise<{ found: Exclude<SsoDomainFound, 'held_elsewhere'>; seen: string[] }> {
  let records: string[][];
  try {
    records = await resolve(domain);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTFOUND' || code === 'NXDOMAIN') return { found: 'no_domain', seen: [] };
    if (code === 'ENODATA') return { found: 'no_record', seen: [] };
    return { found: 'unreachable', seen: [] };
  }
  const texts = records.map((pieces) => pieces.join('').trim());
  if (texts.includes(proofRecord(token))) return { found: 'proved', seen: [] };
  const ours = texts.filter((text) => text.startsWith(PROOF_PREFIX));
  if (ours.length === 0) return { found: 'no_record', seen: [] };
  const seen = ours.slice(0, SHOWN).map((text) => text.replaceAll(/\p{C}+/gu, ' ').slice(0, SHOWN_CHARS));
  return { found: 'other_record', seen };
}
