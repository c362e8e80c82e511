import { OffhookError, type ErrorCode } from '@offhook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Metrics } from '../operations/metrics.ts';

/** The HTTP status of each error code. */
export const statusOf = {
  bad_request: 400,
  unauthenticated: 401,
  session_expired: 401,
  invalid_credentials: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  too_large: 413,
  queue_full: 503,
  protocol_unsupported: 426,
  unknown_method: 404,
  timeout: 504,
  unavailable: 503,
  internal: 500,
  api_key_invalid: 401,
  api_key_revoked: 401,
  connector_offline: 503,
  no_line: 409,
  line_not_registered: 409,
  number_invalid: 400,
  call_not_found: 404,
  call_already_answered: 409,
  call_not_permitted: 409,
  hold_refused: 409,
  transfer_failed: 502,
  conference_failed: 502,
  pull_failed: 502,
  push_failed: 502,
  feature_unsupported: 409,
  feature_refused: 409,
  no_desk_phone: 409,
  no_alternative_number: 409,
  platform_unreachable: 503,
  dtmf_unsupported: 409,
  call_limit_reached: 409,
  media_failed: 502,
  codec_unsupported: 409,
  sso_required: 403,
  code_invalid: 401,
  ticket_expired: 401,
  second_factor_required: 403,
  reauthentication_required: 403,
  password_weak: 400,
  link_expired: 410,
  link_used: 410,
  terms_required: 400,
  name_taken: 409,
  name_mismatch: 400,
  email_taken: 409,
  number_taken: 409,
  seats_exhausted: 409,
  last_administrator: 409,
  tenant_suspended: 403,
  undo_expired: 409,
  file_unreadable: 400,
  sso_failed: 401,
  sso_untested: 409,
  sso_needed: 409,
  only_way_in: 409,
  administrator_protected: 403,
  draining: 503,
} as const satisfies Record<ErrorCode, number>;

/** Whatever a handler or Fastify itself threw, as one of ours. */
export function fromHttp(thrown: unknown): OffhookError {
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const fields = thrown.validation.slice(0, 20).map((problem) => {
      const path = problem.instancePath.replaceAll('/', '.').replace(/^\./u, '');
      return [thrown.validationContext ?? 'request', path].filter(Boolean).join('.').slice(0, 200);
    });
    return new OffhookError('bad_request', { cause: thrown, fields });
  }
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number') {
    const { statusCode } = thrown;
    if (statusCode === 413) return new OffhookError('too_large', { cause: thrown });
    if (statusCode >= 400 && statusCode < 500) return new OffhookError('bad_request', { cause: thrown });
  }
  return OffhookError.from(thrown);
}

export function sendError(reply: FastifyReply, error: OffhookError, correlationId: string): FastifyReply {
  if (error.retryAfter !== undefined) void reply.header('retry-after', error.retryAfter);
  return reply
    .code(statusOf[error.code])
    .header('cache-control', 'no-store')
    .type('application/json')
    .serializer(JSON.stringify)
    .send({ error: error.toWire(correlationId) });
}

export function errorHandler(metrics: Metrics) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = fromHttp(thrown);
    metrics.httpErrors.inc({ code: error.code });
    if (error.code === 'internal') {
      request.log.error({ err: thrown, route: request.routeOptions.url }, 'request failed');
    }
    return sendError(reply, error, request.id);
  };
}
