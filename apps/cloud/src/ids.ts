import { randomBytes } from 'node:crypto';

/** A new opaque id: 96 random bits behind a prefix that tells people what it names, e.g. `usr_kZ0…`. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('base64url')}`;
