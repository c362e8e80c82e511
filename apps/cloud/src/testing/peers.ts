import {
  CallId,
  CLIENT_SOCKET_PATH,
  clientEvents,
  ClientId,
  clientMethods,
  connectorMethods,
  CorrelationId,
  Epoch,
  FrameToClient,
  FrameToConnector,
  LegId,
  LINK_SOCKET_PATH,
  linkEvents,
  LinkCall,
  linkMethods,
  PROTOCOL_VERSION,
  SESSION_COOKIE,
  type CallRecord,
  type ClientMethod,
  type ConnectorMethod,
  type LineSettings,
  type LinkMethod,
  type Params,
  type Result,
  type Snapshot,
  type UserId,
} from '@offhook/contract';
import { onTestFinished } from 'vitest';
import { openTestSocket, type TestSocket } from './frames.ts';

/** A signed-in person's way to the HTTP API. */
export type Person = {
  url: string;
  cookie: string;
  /** `manual`: a redirect is the answer. */
  get: (path: string, redirect?: RequestInit['redirect']) => Promise<Response>;
  post: (path: string, body?: unknown) => Promise<Response>;
  patch: (path: string, body?: unknown) => Promise<Response>;
  delete: (path: string, body?: unknown) => Promise<Response>;
};

export function person(url: string, cookie = ''): Person {
  const send = (method: string, path: string, body?: unknown, redirect: RequestInit['redirect'] = 'follow') =>
    fetch(url + path, {
      method,
      redirect,
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { origin: url }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    url,
    cookie,
    get: (path, redirect) => send('GET', path, undefined, redirect),
    post: (path, body) => send('POST', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path, body) => send('DELETE', path, body),
  };
}

export async function signIn(url: string, email: string, password: string): Promise<Person> {
  const response = await person(url).post('/api/session', { email, password });
  if (response.status !== 200) throw new Error(`sign-in answered ${response.status}`);
  return personOf(url, response);
}

/** Whoever a response has signed in. */
export function personOf(url: string, response: Response): Person {
  const token = new RegExp(`${SESSION_COOKIE}=([^;]+)`, 'u').exec(
    response.headers.get('set-cookie') ?? '',
  )?.[1];
  if (token === undefined) throw new Error(`nobody was signed in (${response.status})`);
  return person(url, `${SESSION_COOKIE}=${token}`);
}

export type TestClient = TestSocket & {
  clientId: ClientId;
  call<M extends ClientMethod>(
    method: M,
    params: Params<typeof clientMethods, M>,
  ): Promise<Result<typeof clientMethods, M>>;
  snapshot: () => Promise<Snapshot>;
};

export async function openClient(
  url: string,
  { cookie }: Pick<Person, 'cookie'>,
  options: { clientId?: string; hello?: object | false; origin?: string; autoPong?: boolean } = {},
): Promise<TestClient> {
  const clientId = ClientId.parse(options.clientId ?? `cli_${Math.random().toString(36).slice(2)}`);
  const socket = await openTestSocket({
    url: url + CLIENT_SOCKET_PATH,
    headers: { cookie, origin: options.origin ?? url },
    frames: FrameToClient,
    events: clientEvents,
    autoPong: options.autoPong ?? true,
  });
  onTestFinished(() => socket.socket.terminate());
  if (options.hello !== false) {
    socket.send(options.hello ?? { type: 'hello', protocol: PROTOCOL_VERSION, clientId, agent: 'test' });
  }
  return {
    ...socket,
    clientId,
    call: async <M extends ClientMethod>(method: M, params: Params<typeof clientMethods, M>) =>
      clientMethods[method].result.parse(await socket.ask(method, params)) as Result<typeof clientMethods, M>,
    snapshot: async () => (await socket.event('snapshot')) as Snapshot,
  };
}

/** How a test's connector answers; what is missing is not answered at all. */
export type ConnectorAnswers = {
  [M in ConnectorMethod]?: (
    params: Params<typeof connectorMethods, M>,
  ) => Result<typeof connectorMethods, M> | Promise<Result<typeof connectorMethods, M>>;
};

export type TestConnector = TestSocket & {
  epoch: Epoch;
  call<M extends LinkMethod>(
    method: M,
    params: Params<typeof linkMethods, M>,
  ): Promise<Result<typeof linkMethods, M>>;
  tell: (name: string, data: unknown) => void;
};

export async function openConnector(
  url: string,
  key: string,
  answers: ConnectorAnswers = {},
  options: { hello?: object | false } = {},
): Promise<TestConnector> {
  const socket = await openTestSocket({
    url: url + LINK_SOCKET_PATH,
    headers: { authorization: `Bearer ${key}` },
    frames: FrameToConnector,
    events: linkEvents,
  });
  onTestFinished(() => socket.socket.terminate());
  const epoch = Epoch.parse(`epo_${Math.random().toString(36).slice(2)}`);
  const calmly: ConnectorAnswers = { 'user.snapshot': () => userSnapshot(epoch) };
  socket.onRequest((method, params) => {
    const known = method as ConnectorMethod;
    const handler = { ...calmly, ...answers }[known] as ((params: unknown) => unknown) | undefined;
    return handler?.(connectorMethods[known].params.parse(params));
  });
  let lastSeq = 0;
  if (options.hello !== false) {
    socket.send(options.hello ?? { type: 'hello', protocol: PROTOCOL_VERSION, version: '0.0.0-test', epoch });
  }
  return {
    ...socket,
    epoch,
    call: async <M extends LinkMethod>(method: M, params: Params<typeof linkMethods, M>) =>
      linkMethods[method].result.parse(await socket.ask(method, params)) as Result<typeof linkMethods, M>,
    tell: (name, data) => {
      lastSeq += 1;
      socket.send({ type: 'event', seq: lastSeq, name, data });
    },
  };
}

/** A user whose line is idle. */
export const userSnapshot = (
  epoch: Epoch,
  overrides: Partial<Result<typeof connectorMethods, 'user.snapshot'>> = {},
): Result<typeof connectorMethods, 'user.snapshot'> => ({
  revision: { epoch, rev: 0 },
  calls: [],
  activity: 'idle',
  abilities: [],
  ...overrides,
});

export const heldBy = (clientId: ClientId): LinkCall['position'] => ({ at: 'client', clientId });

export const lineSettings = (overrides: Partial<LineSettings> = {}): LineSettings => ({
  forwarding: { immediate: null, busy: null, noAnswer: null },
  doNotDisturb: false,
  alternativeNumber: null,
  routing: 'all',
  busyBehaviour: 'second_call',
  messageWaiting: { waiting: false },
  voicemailNumber: '500',
  settable: ['doNotDisturb', 'alternativeNumber', 'forwarding.immediate'],
  ...overrides,
});

export function linkCall(overrides: Partial<LinkCall> = {}): LinkCall {
  return LinkCall.parse({
    callId: 'call-1',
    correlationId: 'cor-1',
    direction: 'outgoing',
    remote: { number: '102' },
    state: { name: 'calling' },
    startedAt: 1_000,
    muted: false,
    media: 'connecting',
    rings: [],
    position: { at: 'nowhere' },
    permitted: { owner: ['hangUp', 'mute'], others: ['pull'] },
    ...overrides,
  });
}

export function callRecord(
  userId: UserId,
  recordId: string,
  overrides: Partial<CallRecord> = {},
): CallRecord {
  return {
    recordId: recordId as CallRecord['recordId'],
    userId,
    callId: CallId.parse(`call-of-${recordId}`),
    correlationId: CorrelationId.parse(`cor-of-${recordId}`),
    direction: 'outgoing',
    remote: { number: '600' },
    startedAt: 1_000,
    answeredAt: 2_000,
    endedAt: 3_000,
    cause: 'completed',
    ...overrides,
  };
}

export const mediaAnswer = { legId: LegId.parse('leg-1'), sdp: 'v=0 answer' };
export const placeParams = (to: string) => ({
  to,
  offer: 'v=0 offer',
  correlationId: CorrelationId.parse('cor-1'),
});
