import { OffhookError, PASSWORD_MIN_CHARS } from '@offhook/contract';
import { dictionary } from '@zxcvbn-ts/language-common';

/**
 * What a new password must be: long, and not easy to guess. No rule says which kinds of characters it has to have (NIST SP 800-63B, 3.1.1.2).
 *
 * How hard it is to guess is estimated as the cheapest way to put it together from what guessers try first: common passwords and words, the person's own
 * name and address, rows of the keyboard, years, repetitions; what is none of these counts by its characters.
 */
export const MIN_BITS = 40;

/** Unicode has several ways to write one character; whoever types a password on another keyboard must still be let in. */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/** Whose password it is. */
export type PasswordOwner = { email: string; name: string; tenantName?: string | undefined };

/** @throws OffhookError `password_weak` */
export function requireStrongPassword(password: string, owner: PasswordOwner): void {
  const normalised = normalisePassword(password);
  if (Array.from(normalised).length < PASSWORD_MIN_CHARS || guessBits(normalised, owner) < MIN_BITS) {
    throw new OffhookError('password_weak');
  }
}

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiopü',
  'asdfghjkl',
  'asdfghjklöä',
  'zxcvbnm',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  '1q2w3e4r5t6y7u8i9o0p',
].flatMap((row) => [row, Array.from(row).toReversed().join('')]);

const leet: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const LONGEST_WORD = 24;
const SHORTEST_WORD = 3;
const SHORTEST_ROW = 4;
/** Of the person's own words, and of a block that was there just before. */
const OWN_BITS = 4;
const AGAIN_BITS = 2;
const YEAR_BITS = 7;

let known: Map<string, number> | undefined;

/** Bits of each common password by its rank; words of the dice lists have all the same. */
function knownWords(): Map<string, number> {
  if (known !== undefined) return known;
  known = new Map();
  const diceware = dictionary['diceware-common'];
  for (const word of diceware) known.set(word, Math.log2(diceware.length));
  for (const [rank, word] of dictionary['passwords-common'].entries()) {
    if (word.length < SHORTEST_WORD) continue;
    known.set(word, Math.min(known.get(word) ?? Infinity, 1 + Math.log2(rank + 2)));
  }
  return known;
}

/** The fewest bits that describe this password to somebody who knows whose it is. */
export function guessBits(password: string, owner: PasswordOwner): number {
  const text = password.toLowerCase();
  const plain = Array.from(text, (char) => leet[char] ?? char).join('');
  // Every character of the first is one of the second, or the positions would not agree.
  const readings = plain.length === text.length && plain !== text ? [text, plain] : [text];
  const own = ownWords(owner);
  const words = knownWords();
  const best = Array.from({ length: text.length + 1 }, () => Infinity);
  best[0] = 0;
  const reach = (end: number, bits: number) => {
    if (bits < (best[end] ?? 0)) best[end] = bits;
  };
  for (let start = 0; start < text.length; start += 1) {
    const before = best[start] ?? 0;
    reach(start + 1, before + bitsOfChar(text[start] ?? ''));
    for (let end = start + 2; end <= Math.min(text.length, start + 128); end += 1) {
      const length = end - start;
      const piece = text.slice(start, end);
      const isRun = piece === piece.charAt(0).repeat(length);
      if (isRun) reach(end, before + bitsOfChar(piece.charAt(0)) + Math.log2(length));
      if (length < SHORTEST_WORD) continue;
      if (text.slice(Math.max(0, start - length), start) === piece) reach(end, before + AGAIN_BITS);
      if (own.has(piece)) reach(end, before + OWN_BITS);
      if (length > LONGEST_WORD) continue;
      if (length >= SHORTEST_ROW && rows.some((row) => row.includes(piece))) {
        reach(end, before + SHORTEST_ROW + Math.log2(length));
      }
      if (/^(?:19|20)\d\d$/u.test(piece)) reach(end, before + YEAR_BITS);
      for (const reading of readings) {
        const word = reading.slice(start, end);
        if (own.has(word)) reach(end, before + OWN_BITS);
        const bits = words.get(word);
        if (bits !== undefined) reach(end, before + bits);
      }
    }
  }
  return best[text.length] ?? 0;
}

function bitsOfChar(char: string): number {
  if (/\d/u.test(char)) return Math.log2(10);
  return /[a-z]/u.test(char) ? Math.log2(26) : 5.5;
}

function ownWords({ email, name, tenantName }: PasswordOwner): Set<string> {
  const parts = `offhook ${email} ${name} ${tenantName ?? ''}`.normalize('NFKC').toLowerCase();
  const words = parts.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= SHORTEST_WORD);
  return new Set([...words, email.toLowerCase()]);
}
