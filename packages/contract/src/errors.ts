import * as z from 'zod';

/**
 * Every way in which a request can fail, for client, cloud and connector alike. Closed: a new code is a
 * change of the contract. The value is the English sentence that tells a person what happened and what
 * to do; clients translate by code.
 */
export const errorSentences = {
  bad_request: 'The request was not understood.',
  unauthenticated: 'Please sign in.',
  session_expired: 'Your session has ended. Please sign in again.',
  invalid_credentials: 'E-mail address or password is wrong.',
  forbidden: 'You are not allowed to do this.',
  not_found: 'There is nothing at this address.',
  conflict: 'Somebody else changed this meanwhile. Reload and try again.',
  rate_limited: 'Too many attempts. Please wait a moment.',
  too_large: 'The request is too large.',
  queue_full: 'Too many requests are waiting. Please try again in a moment.',
  protocol_unsupported: 'This version is no longer supported. Please reload.',
  unknown_method: 'The service does not know this request.',
  timeout: 'The service did not answer in time. Please try again.',
  unavailable: 'The service is not available at the moment. Please try again.',
  internal: 'Something went wrong on our side. Please try again.',
  api_key_invalid: 'The API key is not valid. Copy it again from the administration page.',
  api_key_revoked: 'The API key has been revoked. Generate a new one on the administration page.',
  connector_offline: 'Your telephone system is not reachable at the moment.',
  no_line: 'No telephone line is assigned to you. Ask your administrator.',
  line_not_registered: 'Your line is not registered at the telephone system.',
  number_invalid: 'This is not a number that can be dialled.',
  call_not_found: 'This call has already ended.',
  call_already_answered: 'This call has already been answered elsewhere.',
  call_not_permitted: 'The call does not permit this at the moment.',
  hold_refused: 'The telephone system did not change the hold. Please try again.',
  transfer_failed: 'The call could not be handed over. You still have it.',
  conference_failed: 'The calls could not be joined. You still have both.',
  pull_failed: 'The call could not be brought here. It goes on where it is.',
  push_failed: 'The call could not be sent there. You still have it.',
  feature_unsupported: 'Your telephone system does not offer this.',
  feature_refused: 'Your telephone system refused this.',
  no_desk_phone: 'No desk phone is known for you. Ask your administrator.',
  no_alternative_number: 'You have set no alternative number. Set one first.',
  platform_unreachable:
    'The control link to your telephone system is down. Calls still work. Try again in a moment.',
  dtmf_unsupported: 'The other side does not take keypad tones in this call.',
  call_limit_reached: 'You have too many calls at once. End one first.',
  media_failed: 'The voice connection could not be set up.',
  codec_unsupported: 'Your browser and the telephone system share no voice codec.',
  sso_required: 'Your company signs in through its own sign-in page. Use “Continue with single sign-on”.',
  code_invalid: 'This code is not right. Type the newest one.',
  ticket_expired: 'This took too long. Please begin again.',
  second_factor_required: 'Your company asks for a second factor. Set one up first.',
  reauthentication_required: 'Please confirm first that it is you.',
  password_weak:
    'This password is easy to guess. Choose a longer one, such as four words that do not belong together.',
  link_expired: 'This link has expired. Ask for a new one.',
  link_used: 'This link has been used already. Sign in, or ask for a new one.',
  terms_required: 'Please read and accept the terms first.',
  name_taken: 'There is already one with this name.',
  name_mismatch: 'The name that you typed is another one. Type it exactly as shown.',
  email_taken: 'Somebody already has this e-mail address.',
  number_taken: 'Somebody already has this number.',
  seats_exhausted: 'All seats of your subscription are taken. Free one, or ask your provider for more.',
  last_administrator: 'This is the last administrator. Name another one first.',
  tenant_suspended: 'The service is suspended for your company. Emergency calls still work.',
  undo_expired: 'It is too late to undo this.',
  file_unreadable: 'This file could not be read. Save it as CSV (UTF-8) and try again.',
  sso_failed: 'Signing in through your company did not work. Ask your administrator.',
  sso_untested:
    'Nobody could sign in any more. Pass a test with these settings first, or set up a second factor for an administrator.',
  sso_needed: 'No administrator could sign in any more. Give one a password or a passkey first.',
  only_way_in:
    'Without this you could no longer sign in. Set up another way first: another passkey, or a password where your company lets you use one.',
  administrator_protected:
    'This is an administrator. Only people who administer may change this, in the portal.',
  draining: 'The telephone connector is being taken out of service. Please try again in a moment.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof errorSentences;
export const errorCodes = Object.keys(errorSentences) as ErrorCode[];
export const ErrorCode = z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]);

/**
 * Why a call could not be brought to where it was to go, as far as the telephone system says; clients have words for each that say what to do.
 * `busy` · `no_answer` · `rejected` there · `unknown_number` · `unreachable` at the moment · `not_permitted` to this user ·
 * `overloaded` the telephone system has no free line or too much to do ·
 * `gone` what was to be fetched is not there any more.
 */
export const Hindrance = z.enum([
  'busy',
  'no_answer',
  'rejected',
  'unknown_number',
  'unreachable',
  'not_permitted',
  'overloaded',
  'gone',
]);
export type Hindrance = z.infer<typeof Hindrance>;

/** An error as it crosses a border. `message` is English and for people; `code` is for programs. */
export const WireError = z.object({
  code: ErrorCode,
  message: z.string().max(500),
  /** Seconds after which a new attempt makes sense. */
  retryAfter: z.number().int().nonnegative().optional(),
  /** Where the input was wrong, for `bad_request`: paths such as `params.to`. */
  fields: z.array(z.string().max(200)).max(20).optional(),
  /** Why, where the route has reasons of its own for what is wrong in `fields`; each has a closed list of them in this contract. */
  reason: z.string().max(60).optional(),
  correlationId: z.string().max(64).optional(),
  /** One that a newer peer knows and we do not says no more than the code. */
  hindrance: Hindrance.optional().catch(undefined),
});
export type WireError = z.infer<typeof WireError>;

/** The one exception that services and managers throw across the contract. */
export class OffhookError extends Error {
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;
  readonly fields: string[] | undefined;
  readonly reason: string | undefined;
  readonly hindrance: Hindrance | undefined;

  constructor(
    code: ErrorCode,
    options: {
      message?: string;
      cause?: unknown;
      retryAfter?: number;
      fields?: string[];
      reason?: string;
      hindrance?: Hindrance | undefined;
    } = {},
  ) {
    super(options.message ?? errorSentences[code], { cause: options.cause });
    this.name = 'OffhookError';
    this.code = code;
    this.retryAfter = options.retryAfter;
    this.fields = options.fields;
    this.reason = options.reason;
    this.hindrance = options.hindrance;
  }

  /** Anything thrown becomes one of ours; what is unknown is `internal` and keeps its cause for the log. */
  static from(thrown: unknown): OffhookError {
    if (thrown instanceof OffhookError) return thrown;
    if (thrown instanceof z.ZodError) {
      return new OffhookError('bad_request', {
        cause: thrown,
        fields: thrown.issues.slice(0, 20).map((issue) => issue.path.join('.').slice(0, 200)),
      });
    }
    return new OffhookError('internal', { cause: thrown });
  }

  static fromWire(error: WireError): OffhookError {
    const { code, message, retryAfter, fields, reason, hindrance } = error;
    return new OffhookError(code, {
      message,
      hindrance,
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(fields === undefined ? {} : { fields }),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  toWire(correlationId?: string): WireError {
    return {
      code: this.code,
      message: this.message.slice(0, 500),
      ...(this.retryAfter === undefined ? {} : { retryAfter: this.retryAfter }),
      ...(this.fields === undefined ? {} : { fields: this.fields }),
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(this.hindrance === undefined ? {} : { hindrance: this.hindrance }),
    };
  }
}
