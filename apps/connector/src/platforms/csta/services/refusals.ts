import { OffhookError, type ErrorCode, type Hindrance } from '@offhook/contract';
import type { CstaFailure, RefusalReason } from '@offhook/csta';
import { refusalReason } from '@offhook/csta';

const WORDS: Readonly<Record<RefusalReason, string>> = {
  not_supported: 'Your telephone system does not offer this.',
  not_permitted: 'Your telephone system does not permit this for your number. Ask your administrator.',
  not_found: 'Your telephone system does not know this number or call any more.',
  wrong_state: 'The call has changed meanwhile and does not permit this now.',
  busy: 'Your telephone system has no free line for this now. Please try again in a moment.',
  out_of_service: 'The device is not connected to your telephone system.',
  limit: 'Your telephone system has too much to do. Please try again in a moment.',
  invalid: 'Your telephone system refused this.',
};

/**
 * Every way in which a request can fail, as a closed code with words for people.
 *
 * @param refused the code that says what a refusal means for the call: `transfer_failed`, `push_failed` …
 */
export function errorOf(failure: CstaFailure, refused: ErrorCode = 'feature_refused'): OffhookError {
  switch (failure.code) {
    case 'refused': {
      const { error } = failure;
      const reason = refusalReason(error);
      if (reason === 'not_supported') return new OffhookError('feature_unsupported', { cause: error });
      return new OffhookError(refused, {
        message: WORDS[reason],
        hindrance: hindranceOf(error.code, reason),
        cause: error,
      });
    }
    case 'timeout':
      return new OffhookError('timeout', {
        message: 'Your telephone system did not answer in time. It may have done it all the same.',
      });
    case 'link_lost':
    case 'not_ready':
      return new OffhookError('platform_unreachable');
    case 'too_many_requests':
      return new OffhookError('platform_unreachable', { message: WORDS.limit });
    case 'too_large':
      return new OffhookError('number_invalid');
    case 'wrong_answer':
      return new OffhookError(refused, {
        message: 'Your telephone system gave an answer that was not understood.',
      });
  }
}

function hindranceOf(code: string, reason: RefusalReason): Hindrance | undefined {
  switch (reason) {
    case 'not_permitted':
      return 'not_permitted';
    case 'not_found':
      return code.endsWith('.invalidDestination') ? 'unknown_number' : 'gone';
    case 'busy':
    case 'limit':
      return 'overloaded';
    case 'out_of_service':
      return 'unreachable';
    case 'not_supported':
    case 'wrong_state':
    case 'invalid':
      return undefined;
  }
}

/** The platform does not have the service at all, for nobody. */
export const isNoService = (failure: CstaFailure): boolean =>
  failure.code === 'refused' &&
  (failure.error.code === 'operation.serviceNotSupported' ||
    failure.error.code === 'operation.invalidFeature');

export const isUnknownDevice = (failure: CstaFailure): boolean =>
  failure.code === 'refused' && refusalReason(failure.error) === 'not_found';
