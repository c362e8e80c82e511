/**
 * The api layer asks for the password again through this, and a dialog of the page answers: several requests that are refused at the same time wait for one answer.
 */
export interface ReauthenticationDesk {
  readonly ask: () => Promise<boolean>;
  /** For the dialog. */
  readonly isAsked: () => boolean;
  readonly answer: (confirmed: boolean) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

type Answer = (confirmed: boolean) => void;

export function createReauthenticationDesk(): ReauthenticationDesk {
  const listeners = new Set<() => void>();
  let waiting: { promise: Promise<boolean>; resolve: Answer } | undefined;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    ask() {
      if (waiting === undefined) {
        let answer: Answer | undefined;
        const promise = new Promise<boolean>((settle) => (answer = settle));
        waiting = { promise, resolve: (confirmed) => answer?.(confirmed) };
        tell();
      }
      return waiting.promise;
    },
    isAsked: () => waiting !== undefined,
    answer(confirmed) {
      const asked = waiting;
      waiting = undefined;
      asked?.resolve(confirmed);
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
