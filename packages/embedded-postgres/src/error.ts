/**
 * Why the embedded PostgreSQL could not be opened. Closed.
 * `unsupported_platform` no binaries for this system · `in_use` another live process has this data folder open ·
 * `bad_data_dir` the folder holds something else · `no_account` we are root and found no way to run as somebody
 * else · `start_failed` PostgreSQL itself gave up; the message ends with what it said.
 */
export type EmbeddedPostgresErrorCode =
  | 'unsupported_platform'
  | 'in_use'
  | 'bad_data_dir'
  | 'no_account'
  | 'start_failed';

export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}
