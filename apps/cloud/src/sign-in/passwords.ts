import { hash, verify } from '@node-rs/argon2';
import { OffhookError } from '@offhook/contract';
import { normalisePassword } from './password-policy.ts';

/** argon2id with 19 MiB, two passes, one lane: OWASP's first choice. The library's default is argon2id. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashing takes a thread and 19 MiB: so many at a time, and so many more may wait. */
const AT_ONCE = 2;
const WAITING = 100;

export type Passwords = {
  hash: (password: string) => Promise<string>;
  /** With `undefined`, for an account that does not exist, the same work is done and the answer is no. */
  verify: (stored: string | null | undefined, password: string) => Promise<boolean>;
};

/** @param onFull more sign-ins wait than are let in; they are answered `queue_full` */
export async function createPasswords(onFull: () => void): Promise<Passwords> {
  const nobody = await hash('an account that does not exist', parameters);
  let running = 0;
  const waiting: (() => void)[] = [];

  const takeTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= AT_ONCE) {
      if (waiting.length >= WAITING) {
        onFull();
        throw new OffhookError('queue_full', { retryAfter: 2 });
      }
      await new Promise<void>((go) => {
        waiting.push(go);
      });
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };

  return {
    hash: (password) => takeTurn(() => hash(normalisePassword(password), parameters)),
    verify: (stored, password) =>
      takeTurn(async () => {
        const normalised = normalisePassword(password);
        let matches = await verify(stored ?? nobody, normalised);
        // Hashes of before passwords were normalised.
        if (!matches && normalised !== password) matches = await verify(stored ?? nobody, password);
        return matches && stored !== undefined && stored !== null;
      }),
  };
}
