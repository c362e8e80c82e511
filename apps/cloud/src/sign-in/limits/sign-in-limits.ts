import { createAttempts } from '../../attempts.ts';
import { createSlowDown } from './slow-down.ts';

/**
 * How fast passwords and codes may be tried (`docs/decisions/sign-in-limits.md`).
 *
 * - [SL-1] One address at one account: 10 failures in 15 minutes.
 * - [SL-2] One address at any accounts: 100 failures in 15 minutes.
 * - [SL-3] One account from any addresses: 20 failures, then a wait of 30 s that doubles up to 15 minutes, until an hour has passed without one.
 * - [SL-4] A device from which this account has been signed in to before is counted by itself, 10 failures in 15 minutes, and is not held up by the others.
 *   With more it is one like any other.
 * - [SL-5] Who signs in counts nothing.
 */
const MINUTE = 60_000;
const KEYS = 20_000;
const fewAtOnce = { limit: 10, windowMs: 15 * MINUTE, keys: KEYS };
const ofOneAddress = { limit: 100, windowMs: 15 * MINUTE, keys: KEYS };
const ofOneAccount = {
  free: 20,
  firstWaitMs: 30_000,
  longestWaitMs: 15 * MINUTE,
  forgetAfterMs: 60 * MINUTE,
  keys: KEYS,
};

export type Trial = {
  /** The account as it was named, whether there is one or not. */
  account: string;
  address: string;
  /** Of a cookie that an earlier sign-in to this account left. */
  device: string | undefined;
};

export type SignInLimits = {
  /** Milliseconds to wait, or an attempt, whose end has to be told. */
  begin: (trial: Trial) => { wait: number } | Attempt;
};

export type Attempt = {
  /** @returns whether strangers have to wait at this account from now on and had not to before */
  failed: () => boolean;
  succeeded: () => void;
  /** Nothing was tried: the database was away. */
  cancelled: () => void;
};

export function createSignInLimits(now: () => number = Date.now): SignInLimits {
  const devices = createAttempts({ ...fewAtOnce, now });
  const accountsAtAddress = createAttempts({ ...fewAtOnce, now });
  const addresses = createAttempts({ ...ofOneAddress, now });
  const accounts = createSlowDown({ ...ofOneAccount, now });

  return {
    begin: ({ account, address, device }) => {
      if (device !== undefined && devices.take(device) === 0) {
        return {
          failed: () => false,
          succeeded: () => devices.forget(device),
          cancelled: () => devices.giveBack(device),
        };
      }
      const atAddress = `${address}\n${account}`;
      const cancelled = () => {
        addresses.giveBack(address);
        accountsAtAddress.giveBack(atAddress);
        accounts.giveBack(account);
      };
      const byAddress = Math.max(addresses.take(address), accountsAtAddress.take(atAddress));
      // An attempt that is refused for its address does not slow the account down for others.
      if (byAddress > 0) return { wait: byAddress };
      const wasSlow = accounts.isSlow(account);
      const wait = accounts.take(account);
      if (wait > 0) {
        addresses.giveBack(address);
        accountsAtAddress.giveBack(atAddress);
        return { wait };
      }
      return {
        failed: () => !wasSlow && accounts.isSlow(account),
        succeeded: () => {
          cancelled();
          accountsAtAddress.forget(atAddress);
          accounts.forget(account);
        },
        cancelled,
      };
    },
  };
}
