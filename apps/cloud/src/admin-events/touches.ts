/** Milliseconds: for which touches are gathered before the first telling; between two tellings of the same thing. */
export type TouchTimings = { gather: number; every: number };

export type Touches = {
  /** It has changed: it will be told, as it is then. */
  touch: (thing: string) => void;
  close: () => void;
};

/** Things that change often are told seldom: each a little after its first change, and then at most once in `every`; the last change is always told. */
export function gatherTouches({ gather, every }: TouchTimings, tell: (thing: string) => void): Touches {
  const waiting = new Map<string, NodeJS.Timeout>();
  /** When a thing may be told next. What is past is forgotten with the next telling. */
  const notBefore = new Map<string, number>();
  return {
    touch: (thing) => {
      if (waiting.has(thing)) return;
      const wait = Math.max(gather, (notBefore.get(thing) ?? 0) - Date.now());
      const telling = () => {
        const now = Date.now();
        waiting.delete(thing);
        for (const [told, from] of notBefore) if (from <= now) notBefore.delete(told);
        notBefore.set(thing, now + every);
        tell(thing);
      };
      waiting.set(thing, setTimeout(telling, wait));
    },
    close: () => {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
