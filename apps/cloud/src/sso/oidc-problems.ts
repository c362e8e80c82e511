import * as client from 'openid-client';
import type { SsoFault } from '@offhook/contract';
import { SsoProblem } from './fault.ts';
import { OutboundError } from './outbound.ts';

/** Whoever was asked said no, or would not be asked. */
const saidNo = new Set(['access_denied', 'login_required', 'interaction_required', 'consent_required']);
const wrongClient = new Set(['invalid_client', 'unauthorized_client']);

/** What `openid-client` threw, as what an administrator can do something about. `during`: reading the provider's description, or its answer. */
export function problemOfOidc(thrown: unknown, during: 'discovery' | 'answer'): SsoProblem {
  if (thrown instanceof SsoProblem) return thrown;
  const problem = (fault: SsoFault, detail: string) => new SsoProblem(fault, detail, thrown);
  if (thrown instanceof client.AuthorizationResponseError || thrown instanceof client.ResponseBodyError) {
    const { error, error_description: description = '' } = thrown;
    const said = description === '' ? error : `${error}: ${description}`;
    if (saidNo.has(error)) return problem('cancelled', said);
    if (wrongClient.has(error)) return problem('client_rejected', said);
    if (/redirect_uri/u.test(said)) return problem('redirect_uri_rejected', said);
    return problem('response_invalid', said);
  }
  if (thrown instanceof client.WWWAuthenticateChallengeError)
    return problem('client_rejected', `The provider answered ${thrown.status} to the client's secret.`);
  if (thrown instanceof client.ClientError) return problem(...ofClientError(thrown, during));
  if (during === 'discovery') return problem('issuer_unreachable', wordsOf(thrown));
  return problem('response_invalid', wordsOf(thrown));
}

function ofClientError(error: client.ClientError, during: 'discovery' | 'answer'): [SsoFault, string] {
  const inner = error.cause;
  const about = detailsOf(inner);
  switch (error.code) {
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return ofClaim(about.claim, wordsOf(inner));
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return [about.claim === 'exp' ? 'assertion_expired' : 'clock_skew', wordsOf(inner)];
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return ['issuer_mismatch', `The provider calls itself ${about.issuer ?? 'otherwise'}.`];
    case 'OAUTH_KEY_SELECTION_FAILED':
      return ['signature_invalid', wordsOf(error)];
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
      return during === 'discovery'
        ? [
            'issuer_unreachable',
            `The provider answered ${inner instanceof Response ? inner.status : 'wrongly'}.`,
          ]
        : ['response_invalid', wordsOf(error)];
    case 'OAUTH_TIMEOUT':
    case 'OAUTH_ABORT':
      return ['issuer_unreachable', 'The provider did not answer in time.'];
    case undefined:
    default:
      break;
  }
  if (/signature/u.test(wordsOf(inner))) return ['signature_invalid', wordsOf(inner)];
  if (/"alg"/u.test(wordsOf(inner)))
    return [about.alg === 'none' ? 'signature_missing' : 'signature_invalid', wordsOf(inner)];
  if (isOfNetwork(inner)) return ['issuer_unreachable', wordsOf(inner)];
  return [during === 'discovery' ? 'metadata_invalid' : 'response_invalid', wordsOf(inner ?? error)];
}

function ofClaim(claim: string | undefined, words: string): [SsoFault, string] {
  switch (claim) {
    case 'nonce':
      return ['nonce_wrong', words];
    case 'aud':
    case 'azp':
      return ['audience_wrong', words];
    case 'iss':
      return ['issuer_mismatch', words];
    case undefined:
    default:
      return ['response_invalid', words];
  }
}

/** Neither of these is of what was said, but of whether anything was. */
const isOfNetwork = (cause: unknown): boolean =>
  cause instanceof OutboundError ||
  (cause instanceof DOMException && (cause.name === 'TimeoutError' || cause.name === 'AbortError')) ||
  (cause instanceof Error && 'syscall' in cause) ||
  (cause instanceof AggregateError && cause.errors.some(isOfNetwork)) ||
  (cause instanceof Error &&
    'code' in cause &&
    /^(?:ERR_TLS|CERT_|UNABLE_|DEPTH_|SELF_SIGNED|ECONN|EPROTO|ABORT_ERR)/u.test(String(cause.code)));

function wordsOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') return wordsOf(thrown.errors[0]);
  return thrown instanceof Error ? thrown.message : String(thrown);
}

const at = (from: unknown, name: string): unknown =>
  typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** What `oauth4webapi` tells beside its message. */
function detailsOf(thrown: unknown): { claim?: string; alg?: string; issuer?: string } {
  const about: unknown = thrown instanceof Error ? thrown.cause : thrown;
  const [claim, alg, issuer] = [
    text(at(about, 'claim')),
    text(at(at(about, 'header'), 'alg')),
    text(at(at(about, 'body'), 'issuer')),
  ];
  return {
    ...(claim === undefined ? {} : { claim }),
    ...(alg === undefined ? {} : { alg }),
    ...(issuer === undefined ? {} : { issuer }),
  };
}
