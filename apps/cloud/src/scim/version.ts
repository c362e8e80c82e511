import { ScimError } from './errors.ts';

/** The entity tags that a header names; of those that say “weak” what is behind it. */
const tagsOf = (header: string): string[] => header.match(/\*|"[^"]*"/gu) ?? [];
const opaque = (version: string): string => version.replace(/^W\//u, '');

/**
 * `If-Match`, RFC 7644 §3.14.
 * @throws ScimError 412
 */
export function requireVersion(ifMatch: string | undefined, version: string): void {
  if (ifMatch === undefined || isNamed(ifMatch, version)) return;
  throw new ScimError(412, undefined, 'It has been changed meanwhile. Read it again.');
}

/** Whether `If-None-Match` or `If-Match` names this version. */
export function isNamed(header: string, version: string): boolean {
  const tags = tagsOf(header);
  return tags.includes('*') || tags.includes(opaque(version));
}
