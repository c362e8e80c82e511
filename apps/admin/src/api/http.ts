/** One exchange with the service, as the api layer needs it: a browser's `fetch`, or a gallery's fixtures. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  /** JSON, or a file as it is. */
  readonly body?: unknown;
  readonly accept?: string;
  /** Of a file that is sent: 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Parsed JSON; `undefined` where the answer is none. */
  readonly body: unknown;
}

export type Http = (request: HttpRequest) => Promise<HttpResponse>;

export const browserHttp: Http = async (request) => {
  if (request.body instanceof Blob) return sendFile(request, request.body);
  const { method, path, body, accept, signal } = request;
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: {
      accept: accept ?? 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: response.status, body: parse(await response.text()) };
};

/** `fetch` does not tell how much of a file has gone out; XMLHttpRequest does. */
function sendFile(request: HttpRequest, file: Blob): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open(request.method, request.path);
    sending.setRequestHeader('accept', 'application/json');
    sending.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type);
    sending.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) request.onProgress?.(event.loaded / event.total);
    });
    sending.addEventListener('load', () =>
      resolve({ status: sending.status, body: parse(sending.responseText) }),
    );
    sending.addEventListener('error', () => reject(new TypeError('The service did not answer.')));
    sending.addEventListener('abort', () => reject(new DOMException('Taken back.', 'AbortError')));
    request.signal?.addEventListener('abort', () => sending.abort(), { once: true });
    sending.send(file);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
