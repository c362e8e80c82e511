/**
 * A pure parser that remembers its last few results: transaction, dialog and application ask for the same header of a
 * message in turn. Results must not be changed by whoever gets them.
 */
export function remembering<Result>(
  parse: (text: string) => Result,
  entries: number,
): (text: string) => Result {
  const texts: (string | undefined)[] = Array.from({ length: entries }, () => undefined);
  const results: (Result | undefined)[] = Array.from({ length: entries }, () => undefined);
  let oldest = 0;
  return (text) => {
    for (let at = 0; at < entries; at += 1) {
      if (texts[at] === text) return results[at] as Result;
    }
    const result = parse(text);
    texts[oldest] = text;
    results[oldest] = result;
    oldest = (oldest + 1) % entries;
    return result;
  };
}
