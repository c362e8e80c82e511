/** One timer for a machine that says when it wants to be woken. */
export class Wake {
  #timer: NodeJS.Timeout | undefined;

  /** `undefined`: not at all. Times are of {@link monotonic}. */
  set(at: number | undefined, wake: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = at === undefined ? undefined : setTimeout(wake, Math.max(0, Math.ceil(at - monotonic())));
  }
}

/** Milliseconds that only go forward. */
export const monotonic = (): number => performance.now();

/** Whatever an owner's callback throws is the process's to catch, and nothing here stops because of it. */
export function call<A extends readonly unknown[]>(
  callback: ((...values: A) => void) | undefined,
  ...values: A
): void {
  try {
    callback?.(...values);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
