import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits. They cannot be guessed, so their plain SHA-256 is all that has to be stored. */
export const newToken = (): string => randomBytes(32).toString('base64url');

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

const API_KEY_PREFIX = 'ohk_';
const HINT_CHARS = 10;

export function newApiKey(): { key: string; hint: string } {
  const key = API_KEY_PREFIX + newToken();
  return { key, hint: key.slice(0, HINT_CHARS) };
}
