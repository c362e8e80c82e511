import type { CstaErrorMessage, CstaResponse, MessageNamed, SessionResponse } from '../codec/messages.ts';
import type { Millis } from '../link/limits.ts';

/** What a server has granted. */
export interface Session {
  readonly id: string;
  readonly seconds: number;
  readonly expiresAt: Millis;
  /** `undefined` while a renewal is under way. */
  readonly renewAt: Millis | undefined;
  /** 0: no heartbeat. */
  readonly heartbeatMs: Millis;
}

/** A server that gives less would have us do nothing but renew. */
const leastSeconds = 3;
const mostSeconds = 24 * 60 * 60;
const leastHeartbeatMs = 1_000;

export interface SessionWishes {
  readonly sessionSeconds: number;
  readonly heartbeatMs: Millis;
}

/** The server may want to hear us more often than we mean to speak; we are a little faster than that. */
export function sessionOf(
  granted: MessageNamed<'StartApplicationSessionPosResponse'>,
  { sessionSeconds, heartbeatMs }: SessionWishes,
  now: Millis,
): Session {
  const { sessionID, actualSessionDuration = sessionSeconds, actualHBT = 0 } = granted;
  const asked = actualHBT > 0 ? Math.max(leastHeartbeatMs, actualHBT * 800) : heartbeatMs;
  const session = { id: sessionID, heartbeatMs: Math.min(heartbeatMs, asked) };
  return { ...session, ...lifetime(actualSessionDuration, now) };
}

/** Renewed when a third is left. */
export function renewed(session: Session, granted: number | undefined, now: Millis): Session {
  return { ...session, ...lifetime(granted ?? session.seconds, now) };
}

function lifetime(granted: number, now: Millis): Pick<Session, 'seconds' | 'expiresAt' | 'renewAt'> {
  const seconds = Math.min(mostSeconds, Math.max(leastSeconds, granted));
  return { seconds, expiresAt: now + seconds * 1_000, renewAt: now + Math.floor((seconds * 2_000) / 3) };
}

/** Why a session was not started, for the log. */
export function refusalText(message: CstaResponse | SessionResponse | CstaErrorMessage): string {
  if (message.name === 'CSTAErrorCode') return message.error.code;
  if (message.name !== 'StartApplicationSessionNegResponse') return message.name;
  return message.errorCode?.definedError ?? message.errorCode?.applError ?? '';
}
