import { Secret, TOTP } from 'otpauth';

/** Time-based one-time passwords (RFC 6238) as every authenticator app knows them: SHA-1, 30 s, six digits. */
const PERIOD_SECONDS = 30;
const DIGITS = 6;
const ISSUER = 'Offhook';
/** Steps that a telephone's clock may be wrong by, either way (RFC 6238, 5.2). */
const WINDOW = 1;
/** RFC 4226, 4: 160 bits. */
const SECRET_BYTES = 20;

export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

const totpOf = (secret: string, label = '') =>
  new TOTP({
    issuer: ISSUER,
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: DIGITS,
    period: PERIOD_SECONDS,
  });

/** `otpauth://totp/Offhook:anna@…?…` */
export const totpUri = (secret: string, email: string): string => totpOf(secret, email).toString();

/** In groups of four, to be typed. */
export const inGroups = (secret: string): string => secret.replaceAll(/.{4}(?=.)/gu, '$& ');

/**
 * The time step whose code this is, or undefined: none near now, or one that is not newer than `lastStep`, so that a code that somebody has read over a shoulder
 * is good for nothing (RFC 6238, 5.2).
 */
export function totpStep(secret: string, code: string, at: number, lastStep: number): number | undefined {
  const token = code.replaceAll(' ', '');
  if (!/^\d{6}$/u.test(token)) return undefined;
  const delta = totpOf(secret).validate({ token, timestamp: at, window: WINDOW });
  if (delta === null) return undefined;
  const step = Math.floor(at / 1000 / PERIOD_SECONDS) + delta;
  return step > lastStep ? step : undefined;
}
