import {
  DirectoryIndex,
  DirectoryPart,
  ErrorBody,
  HistoryPage,
  OffhookError,
  QualityReceipt,
  SessionBody,
  type CallRating,
  type ErrorCode,
  type Me,
  type QualityReport,
  type PartId,
  type RecordId,
} from '@offhook/contract';
import type { Http, HttpRequest, HttpResponse } from '../ports.ts';

/** The HTTP API as typed calls. Each rejects with `OffhookError`; `unavailable` where no answer came. */
export interface ApiClient {
  /** Rejects with `unauthenticated` or `session_expired` for nobody, and with `second_factor_required` for whom only the own account is open. */
  session(): Promise<Me>;
  /** Anything else of the HTTP API: the body of a good answer. */
  ask(request: HttpRequest): Promise<unknown>;
  signOut(): Promise<void>;
  /** Newest first; `before` is the last entry that the caller has. */
  history(before?: RecordId): Promise<HistoryPage>;
  reportQuality(report: QualityReport): Promise<QualityReceipt>;
  rateCall(rating: CallRating): Promise<void>;
  /** Everybody of the company, by parts. `not_found` for a part that is out of date. */
  directory(): Promise<DirectoryIndex>;
  directoryPart(partId: PartId): Promise<DirectoryPart>;
}

const HISTORY_PAGE_ENTRIES = 50;

export function createApiClient(http: Http): ApiClient {
  async function send(request: HttpRequest): Promise<unknown> {
    let response: HttpResponse;
    try {
      response = await http(request);
    } catch (cause) {
      throw new OffhookError('unavailable', { cause });
    }
    if (response.status >= 200 && response.status < 300) return response.body;
    throw refusal(response);
  }

  return {
    async session() {
      const body = read(SessionBody, await send({ method: 'GET', path: '/api/session' }));
      const { me, expired, secondFactorMissing } = body;
      if (me === null) throw new OffhookError(expired === true ? 'session_expired' : 'unauthenticated');
      if (secondFactorMissing === true) throw new OffhookError('second_factor_required');
      return me;
    },
    ask: send,
    async signOut() {
      await send({ method: 'DELETE', path: '/api/session' });
    },
    directory: async () => read(DirectoryIndex, await send({ method: 'GET', path: '/api/directory' })),
    directoryPart: async (partId) =>
      read(DirectoryPart, await send({ method: 'GET', path: `/api/directory/parts/${partId}` })),
    async history(before) {
      const query = new URLSearchParams({ limit: String(HISTORY_PAGE_ENTRIES) });
      if (before !== undefined) query.set('before', before);
      return read(HistoryPage, await send({ method: 'GET', path: `/api/history?${query.toString()}` }));
    },
    async reportQuality(body) {
      return read(QualityReceipt, await send({ method: 'POST', path: '/api/call-quality', body }));
    },
    async rateCall(body) {
      await send({ method: 'POST', path: '/api/call-quality/rating', body });
    },
  };
}

interface Schema<T> {
  safeParse(
    body: unknown,
  ): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: unknown };
}

/** An answer that breaks the contract is the service's fault, not the person's input. */
function read<T>(schema: Schema<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new OffhookError('internal', { cause: parsed.error });
}

/** A proxy's error page has no body of ours: the status alone then tells what to say. */
function refusal(response: HttpResponse): OffhookError {
  const body = ErrorBody.safeParse(response.body);
  if (body.success) return OffhookError.fromWire(body.data.error);
  return new OffhookError(codeOfStatus(response.status));
}

function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 413:
      return 'too_large';
    case 429:
      return 'rate_limited';
    default:
      return status >= 502 && status <= 504 ? 'unavailable' : 'internal';
  }
}
