import { createHash, randomBytes } from 'node:crypto';

export const RECOVERY_CODES = 10;
/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const CHARS = 16;

/** `xxxx-xxxx-xxxx-xxxx`, 79 bits: they cannot be guessed, so their plain SHA-256 is all that has to be stored. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    let code = '';
    while (code.length < CHARS) {
      for (const byte of randomBytes(CHARS)) {
        // Bytes beyond the last whole multiple of the alphabet would make its first letters likelier.
        if (byte < 256 - (256 % ALPHABET.length) && code.length < CHARS)
          code += ALPHABET[byte % ALPHABET.length];
      }
    }
    return code.replaceAll(/.{4}(?=.)/gu, '$&-');
  });
}

/** Of what somebody typed: case, spaces and dashes do not count. Bound to the user, so that nobody can look up many at once. */
export const hashRecoveryCode = (userId: string, typed: string): Buffer =>
  createHash('sha256')
    .update(`${userId}\n${typed.toLowerCase().replaceAll(/[^a-z0-9]/gu, '')}`)
    .digest();
