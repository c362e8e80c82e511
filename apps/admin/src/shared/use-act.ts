import { useState } from 'react';

export interface Act {
  readonly busy: boolean;
  readonly problem: unknown;
  /** One at a time; resolves with whether it succeeded. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly fail: (problem: unknown) => void;
}

/** Something that is sent: whether it is under way, and what went wrong the last time. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  return {
    busy,
    problem,
    async run(work) {
      if (busy) return false;
      setBusy(true);
      setProblem(undefined);
      try {
        await work();
        return true;
      } catch (thrown) {
        setProblem(thrown);
        return false;
      } finally {
        setBusy(false);
      }
    },
    fail: setProblem,
  };
}
