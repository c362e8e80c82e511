import type { Body, ExtraHeaders } from '../endpoint/api.ts';
import { coreFields, keepCoreFields } from './core-fields.ts';
import { header, splitValues, toTag } from './headers.ts';
import { canonicalName } from './names.ts';
import { formatNameAddr } from './name-addr.ts';
import type { NameAddr } from './name-addr.ts';
import { reasonPhrase } from './reasons.ts';
import type { HeaderField, SipMessage, SipRequest, SipResponse } from './types.ts';
import { formatVia } from './via.ts';
import type { Via } from './via.ts';

const NO_BODY = new Uint8Array(0);

export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** Absent where the transaction adds it, see {@link withTopVia}. */
  readonly via?: Via;
  /** A string stands as it is, e.g. copied from another message of the dialog. */
  readonly from: NameAddr | string;
  readonly to: NameAddr | string;
  readonly callId: string;
  readonly cseq: number;
  readonly maxForwards?: number;
  /** Values of Route, in order. */
  readonly route?: readonly string[];
  readonly contact?: NameAddr | string;
  readonly headers?: ExtraHeaders;
  readonly body?: Body;
}

/** A request with the headers that section 8.1.1 asks for. Content-Length is written by `serialise`. */
export function createRequest(parts: RequestParts): SipRequest {
  const headers: HeaderField[] = [];
  if (parts.via !== undefined) headers.push({ name: 'via', value: formatVia(parts.via) });
  headers.push({ name: 'max-forwards', value: String(parts.maxForwards ?? 70) });
  for (const value of parts.route ?? []) headers.push({ name: 'route', value });
  headers.push(
    { name: 'from', value: addressText(parts.from) },
    { name: 'to', value: addressText(parts.to) },
    { name: 'call-id', value: parts.callId },
    { name: 'cseq', value: `${parts.cseq} ${parts.method}` },
  );
  if (parts.contact !== undefined) headers.push({ name: 'contact', value: addressText(parts.contact) });
  appendExtra(headers, parts.headers, parts.body);
  return {
    kind: 'request',
    method: parts.method,
    uri: parts.uri,
    headers,
    body: parts.body?.bytes ?? NO_BODY,
  };
}

export interface ResponseOptions {
  /** Added to To where the request has none and the status is not 100 (section 8.2.6.2). */
  readonly toTag?: string;
  readonly contact?: NameAddr | string;
  readonly headers?: ExtraHeaders;
  readonly body?: Body;
}

/**
 * A response by section 8.2.6: Via, From, To, Call-ID and CSeq as in the request (whatever of them there is, so that a
 * request that lacks some can still be answered 400), Timestamp in a 100, Record-Route in what may create a dialog
 * (101–299, section 12.1.1).
 */
export function createResponse(
  request: SipRequest,
  status: number,
  reason?: string,
  options: ResponseOptions = {},
  server?: string,
): SipResponse {
  const headers: HeaderField[] = [];
  for (const field of request.headers) if (field.name === 'via') headers.push(field);
  if (status > 100 && status < 300 && request.method !== 'REGISTER') {
    for (const field of request.headers) if (field.name === 'record-route') headers.push(field);
  }
  copyFirst(request, headers, 'from');
  const to = header(request, 'to');
  if (to !== undefined) {
    const addTag = status > 100 && options.toTag !== undefined && toTag(request) === undefined;
    headers.push({ name: 'to', value: addTag ? `${to};tag=${options.toTag}` : to });
  }
  copyFirst(request, headers, 'call-id');
  copyFirst(request, headers, 'cseq');
  if (status === 100) copyFirst(request, headers, 'timestamp');
  if (options.contact !== undefined) headers.push({ name: 'contact', value: addressText(options.contact) });
  appendExtra(headers, options.headers, options.body);
  if (server !== undefined) headers.push({ name: 'server', value: server });
  return {
    kind: 'response',
    status,
    reason: reason ?? reasonPhrase(status),
    headers,
    body: options.body?.bytes ?? NO_BODY,
  };
}

function copyFirst(from: SipMessage, into: HeaderField[], name: string): void {
  const value = header(from, name);
  if (value !== undefined) into.push({ name, value });
}

function addressText(address: NameAddr | string): string {
  return typeof address === 'string' ? address : formatNameAddr(address);
}

function appendExtra(into: HeaderField[], extra: ExtraHeaders | undefined, body: Body | undefined): void {
  for (const [name, value] of extra ?? []) into.push({ name: canonicalName(name), value });
  if (body !== undefined) into.push({ name: 'content-type', value: body.contentType });
}

/** A copy with one more header field after the others. */
export function withHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  return { ...message, headers: [...message.headers, { name: canonicalName(name), value }] };
}

/** A copy in which this header stands once, at the place of its first field (else at the end). */
export function withHeaderSet<M extends SipMessage>(message: M, name: string, value: string): M {
  const canonical = canonicalName(name);
  const at = message.headers.findIndex((field) => field.name === canonical);
  if (at < 0) return withHeader(message, canonical, value);
  const headers = message.headers.filter((field, index) => index === at || field.name !== canonical);
  headers[at] = { name: canonical, value };
  return { ...message, headers };
}

export function withoutHeader<M extends SipMessage>(message: M, name: string): M {
  const canonical = canonicalName(name);
  return { ...message, headers: message.headers.filter((field) => field.name !== canonical) };
}

/** A copy with one more Via value above the others. */
export function withTopVia<M extends SipMessage>(message: M, via: Via): M {
  const headers = [{ name: 'via', value: formatVia(via) }, ...message.headers];
  keepCoreFields(headers, { via });
  return { ...message, headers };
}

/** A copy as it goes out: with a Via above the others, and with what sends it. */
export function withViaAndProduct(request: SipRequest, via: Via, product: string): SipRequest {
  const { kind, method, uri, body } = request;
  const agent = { name: 'user-agent', value: product };
  const headers = [{ name: 'via', value: formatVia(via) }, ...request.headers, agent];
  keepCoreFields(headers, { via });
  return { kind, method, uri, headers, body };
}

/** A copy whose topmost Via value is replaced; values after it in the same field stay. */
export function withTopViaReplaced<M extends SipMessage>(message: M, via: Via): M {
  const at = message.headers.findIndex((field) => field.name === 'via');
  if (at < 0) return withTopVia(message, via);
  const [, ...others] = splitValues(message.headers[at]?.value ?? '');
  const headers = [...message.headers];
  headers[at] = { name: 'via', value: [formatVia(via), ...others].join(', ') };
  keepCoreFields(headers, { ...coreFields(message.headers), via });
  return { ...message, headers };
}
