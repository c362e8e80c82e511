import type { OffhookError } from '@offhook/contract';
import { fromHttp, statusOf } from '../http/errors.ts';

/** RFC 7644 §3.12, table 9: those that we say. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'uniqueness'
  | 'tooMany';

/** What SCIM has an answer of its own for. `detail` is read by administrators in the log of their identity provider. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  constructor(status: number, scimType: ScimType | undefined, detail: string) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
  }
}

export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

export type ScimErrorBody = {
  schemas: [typeof ERROR_SCHEMA];
  status: string;
  scimType?: ScimType;
  detail: string;
};

/** Whatever was thrown, as RFC 7644 §3.12 answers it. */
export function errorBody(thrown: unknown): { status: number; body: ScimErrorBody; error?: OffhookError } {
  if (thrown instanceof ScimError) {
    const { status, scimType, message } = thrown;
    return { status, body: bodyOf(status, scimType, message) };
  }
  const error = fromHttp(thrown);
  const status = statusOf[error.code];
  return { status, body: bodyOf(status, types[error.code], error.message), error };
}

const types: Partial<Record<OffhookError['code'], ScimType>> = {
  email_taken: 'uniqueness',
  number_taken: 'uniqueness',
  name_taken: 'uniqueness',
  bad_request: 'invalidSyntax',
  administrator_protected: 'mutability',
};

const bodyOf = (status: number, scimType: ScimType | undefined, detail: string): ScimErrorBody => ({
  schemas: [ERROR_SCHEMA],
  status: String(status),
  ...(scimType === undefined ? {} : { scimType }),
  detail,
});
