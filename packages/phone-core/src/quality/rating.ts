/** Of the calls that nothing was wrong with, one in so many is asked about. */
export const ASK_ONE_IN = 10;

/** A call that was too short to have an opinion of, in seconds. */
const TOO_SHORT_S = 20;

/** Whether the person should be asked what a call was like; the cloud then sees to it that it is once a day at most. `random` in [0, 1). */
export function wouldAsk(
  call: { readonly seconds: number; readonly poor: boolean },
  random: number,
): boolean {
  if (call.seconds < TOO_SHORT_S) return false;
  return call.poor || random < 1 / ASK_ONE_IN;
}
