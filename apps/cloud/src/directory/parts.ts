import { createHash } from 'node:crypto';
import type { DirectoryPerson, PartId } from '@offhook/contract';
import type { DirectoryUser } from './search.ts';

/** Everybody of a tenant as clients fetch them: by parts, each called by what is in it. */
export type DirectoryParts = { ids: PartId[]; people: (partId: PartId) => DirectoryPerson[] | undefined };

/** On average. Some 40 kB: small enough to be read between two frames of a screen. */
const PEOPLE_PER_PART = 400;

/**
 * Who is in which part depends on their id alone: who comes or goes changes one part. Only where the company doubles or halves are there twice or
 * half as many.
 */
export function partsOf(users: readonly DirectoryUser[]): DirectoryParts {
  const count = 2 ** Math.ceil(Math.log2(Math.max(1, users.length / PEOPLE_PER_PART)));
  const groups: DirectoryUser[][] = Array.from({ length: count }, () => []);
  for (const user of users) groups[bucketOf(user.userId) % count]?.push(user);
  const parts = new Map<PartId, DirectoryPerson[]>();
  const ids: PartId[] = [];
  for (const [at, group] of groups.entries()) {
    if (group.length === 0) continue;
    const people = group.map(personOf);
    const id = createHash('sha256')
      .update(`${at}/${count}\n${JSON.stringify(people)}`)
      .digest('base64url')
      .slice(0, 16);
    ids.push(id);
    parts.set(id, people);
  }
  return { ids, people: (id) => parts.get(id) };
}

/** FNV-1a: spreads ids well, and costs nothing. */
function bucketOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

export function personOf({
  userId,
  name,
  email,
  number,
  shortNumber,
  devices,
  groups,
}: DirectoryUser): DirectoryPerson {
  const others = [...new Set(devices)].filter((one) => one !== number && one !== shortNumber);
  return {
    userId,
    name,
    email,
    ...(number === undefined ? {} : { number }),
    ...(shortNumber === undefined ? {} : { shortNumber }),
    ...(others.length === 0 ? {} : { others }),
    ...(groups === undefined || groups.length === 0 ? {} : { groups }),
  };
}
