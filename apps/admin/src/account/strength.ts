import { PASSWORD_MIN_CHARS } from '@offhook/contract';

export type Strength = 'short' | 'weak' | 'fair' | 'strong';

/**
 * A hint while somebody types, by length and variety; the service has the last word, for it knows what is common. Nothing is sent.
 * `not`: parts that everybody would try, such as the address.
 */
export function strengthOf(password: string, not: readonly string[] = []): Strength {
  if (Array.from(password).length < PASSWORD_MIN_CHARS) return 'short';
  const lower = password.toLowerCase();
  const known = not
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= 4);
  const rest = known.reduce((text, word) => text.replaceAll(word, ''), lower);
  const bits = Array.from(withoutRuns(rest)).length * bitsPerCharacter(password);
  if (bits < 38) return 'weak';
  return bits < 64 ? 'fair' : 'strong';
}

/** Repetitions and runs such as `aaaa`, `12345` or `abcabc` count once. */
function withoutRuns(text: string): string {
  const single = text.replaceAll(/(.{1,8}?)\1+/gu, '$1');
  const characters = Array.from(single);
  return characters
    .filter((character, index) => {
      const before = characters[index - 1]?.codePointAt(0);
      const here = character.codePointAt(0) ?? 0;
      return before === undefined || Math.abs(here - before) !== 1;
    })
    .join('');
}

/** Written words have about 3 bits a letter; mixtures more. */
function bitsPerCharacter(password: string): number {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}\s]/u].filter((kind) =>
    kind.test(password),
  ).length;
  return 2.4 + kinds * 0.7;
}
