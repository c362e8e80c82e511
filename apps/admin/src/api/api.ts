import { ErrorBody, OffhookError, type ErrorCode } from '@offhook/contract';
import type { Http, HttpRequest, HttpResponse } from './http.ts';

/** What reads an answer: a schema of the contract. */
export interface Schema<T> {
  safeParse(
    body: unknown,
  ): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: unknown };
}

export type QueryValue = string | number | boolean | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/**
 * The HTTP API with answers of the contract. Everything rejects with `OffhookError` and nothing else (`unavailable` where no answer came), but for what the caller
 * took back itself.
 */
export interface Api {
  get<T>(path: string, answer: Schema<T>, query?: Query, signal?: AbortSignal): Promise<T>;
  /** Without a schema the answer is not read. */
  send(method: Act, path: string, body?: unknown): Promise<void>;
  ask<T>(method: Act, path: string, answer: Schema<T>, body?: unknown): Promise<T>;
  upload<T>(path: string, file: Blob, answer: Schema<T>, options?: UploadOptions): Promise<T>;
}

export type Act = 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface UploadOptions {
  readonly method?: 'POST' | 'PUT';
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

export interface ApiPorts {
  readonly http: Http;
  /** The session is no more: whoever shows pages goes to sign-in. */
  readonly onSignedOut: (code: 'unauthenticated' | 'session_expired') => void;
  /** Asks for the password again; false where the person does not want to. The act is then repeated. */
  readonly reauthenticate: () => Promise<boolean>;
}

export function createApi({ http, onSignedOut, reauthenticate }: ApiPorts): Api {
  async function exchange(request: HttpRequest): Promise<unknown> {
    let response: HttpResponse;
    try {
      response = await http(request);
    } catch (cause) {
      if (request.signal?.aborted === true) throw cause;
      throw new OffhookError('unavailable', { cause });
    }
    if (response.status >= 200 && response.status < 300) return response.body;
    throw refusal(response);
  }

  async function request(wanted: HttpRequest): Promise<unknown> {
    try {
      return await exchange(wanted);
    } catch (thrown) {
      if (!(thrown instanceof OffhookError)) throw thrown;
      const { code } = thrown;
      if (code === 'reauthentication_required' && (await reauthenticate())) return exchange(wanted);
      if (code === 'unauthenticated' || code === 'session_expired') onSignedOut(code);
      throw thrown;
    }
  }

  return {
    async get(path, answer, query = {}, signal) {
      const asked = { method: 'GET', path: withQuery(path, query) } as const;
      return read(answer, await request(signal === undefined ? asked : { ...asked, signal }));
    },
    async send(method, path, body) {
      await request({ method, path, body });
    },
    async ask(method, path, answer, body) {
      return read(answer, await request({ method, path, body }));
    },
    async upload(path, file, answer, { method = 'POST', ...options } = {}) {
      return read(answer, await request({ method, path, body: file, ...options }));
    },
  };
}

/** Values that are not set are left out. */
export function withQuery(path: string, query: Query): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (set.length === 0) return path;
  return `${path}?${new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString()}`;
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
