/** Why a command cannot be carried out. */
export type SipUsageErrorCode =
  /** It never was, or its last event has been given. */
  | 'no_such_session'
  | 'no_such_registration'
  | 'no_such_request'
  | 'no_such_subscription'
  /** It exists, but its state does not permit the command. */
  | 'wrong_state'
  /** A parameter that cannot go into a message. */
  | 'bad_argument'
  /** A limit of the endpoint is reached. */
  | 'limit';

/** @param what that it is not */
export function assertStatus(status: number, least: number, most: number, what: string): void {
  if (Number.isInteger(status) && status >= least && status <= most) return;
  throw new SipUsageError('bad_argument', `${status} is no ${what}`);
}

/** A command that does not fit: a defect of the caller, or a race that it can look at `code` to tell. */
export class SipUsageError extends Error {
  readonly code: SipUsageErrorCode;

  constructor(code: SipUsageErrorCode, message: string) {
    super(message);
    this.name = 'SipUsageError';
    this.code = code;
  }
}
