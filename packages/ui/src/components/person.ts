/** At most two letters: of the first and the last word. */
export function initials(name: string): string {
  const words = name.split(/[\s,]+/u).filter((word) => /\p{L}/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last]
    .map((word) => word?.match(/\p{L}/u)?.[0] ?? '')
    .join('')
    .toUpperCase();
}

export const TINTS = 5;

/** The same tint for the same person, everywhere. */
export function tintOf(who: string): number {
  let hash = 0;
  for (const char of who) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % TINTS;
}
