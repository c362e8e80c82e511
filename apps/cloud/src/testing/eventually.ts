import { vi } from 'vitest';

/** Resolves when `check` passes: for what happens in another process or after an answer. Patient, for the machine may be busy. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval: 25 });
