import { answerDirection as answering, holdsOther, isSdpFault, parseSdp, readAudio } from '@offhook/sdp';
import type { MediaDirection } from '@offhook/media';

/** Whether the sender of this description has us on hold: it does not want to hear us (RFC 3264 section 8.4). */
export function holds(description: string): boolean {
  const parsed = parseSdp(description);
  return !isSdpFault(parsed) && holdsOther(parsed);
}

/** Our direction in the answer to an offer (RFC 3264 section 6.1); `held`: we hold, and send comfort only. */
export function answerDirection(offer: string, held: boolean): MediaDirection {
  const wanted = held ? 'sendonly' : 'sendrecv';
  const parsed = parseSdp(offer);
  const offered = isSdpFault(parsed) ? undefined : readAudio(parsed)?.direction;
  return offered === undefined ? wanted : answering(offered, wanted);
}
