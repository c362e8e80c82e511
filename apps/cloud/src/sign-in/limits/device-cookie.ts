import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { SecretBox } from '../../secrets/secret-box.ts';

/** The cookie that an earlier sign-in leaves: this device has been at these accounts. It lets nobody in ([SL-4]). */
export const DEVICE_COOKIE = 'offhook_device';
/** Seconds; browsers keep none for longer. */
export const DEVICE_COOKIE_AGE = 400 * 24 * 3_600;

const CONTEXT = 'device cookie';
const ACCOUNTS = 5;
const MAX_CHARS = 2_000;

/** Newest first. `account` is a hash, so that the cookie tells no address to whoever opens it. */
const Devices = z.array(z.object({ account: z.string(), device: z.string() })).max(ACCOUNTS);
type Devices = z.infer<typeof Devices>;

const nameOf = (email: string) =>
  createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22);

/** This device at this account; undefined where the cookie tells nothing of it, or is not ours. */
export const deviceOf = (box: SecretBox, cookie: string | undefined, email: string): string | undefined =>
  read(box, cookie).find(({ account }) => account === nameOf(email))?.device;

/** The cookie after a sign-in to this account. A device keeps its name. */
export function withAccount(box: SecretBox, cookie: string | undefined, email: string): string {
  const account = nameOf(email);
  const before = read(box, cookie);
  const device =
    before.find((one) => one.account === account)?.device ?? randomBytes(12).toString('base64url');
  const others = before.filter((one) => one.account !== account);
  const devices: Devices = [{ account, device }, ...others].slice(0, ACCOUNTS);
  return box.seal(JSON.stringify(devices), CONTEXT).toString('base64url');
}

function read(box: SecretBox, cookie: string | undefined): Devices {
  if (cookie === undefined || cookie === '' || cookie.length > MAX_CHARS) return [];
  try {
    return Devices.parse(JSON.parse(box.open(Buffer.from(cookie, 'base64url'), CONTEXT)));
  } catch {
    // Sealed by nobody, or with a key that is no longer known.
    return [];
  }
}
