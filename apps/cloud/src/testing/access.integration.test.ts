import { randomBytes } from 'node:crypto';
import {
  clientEvents,
  CLIENT_SOCKET_PATH,
  clientMethods,
  ErrorBody,
  FrameToClient,
  FrameToConnector,
  isForMachines,
  isPermitted,
  KeyScope,
  LINK_SOCKET_PATH,
  linkEvents,
  linkMethods,
  permissions,
  PROTOCOL_VERSION,
  Role,
  SESSION_COOKIE,
  type Grantee,
  type Permission,
} from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import type { Access, GuardedRoute } from '../http/access.ts';
import { hashToken, newToken } from '../secrets/tokens.ts';
import { openAdmin, startCloud, tenantFile } from './cloud.ts';
import { useTestServer } from './database.ts';
import { openTestSocket } from './frames.ts';
import { openProvider } from './provider.ts';

/**
 * The walk of the whole access, generated: every HTTP route that there is (those of SCIM and those that the description hides as well) and both sockets,
 * as nobody, as each role and as each kind of machine. What is expected comes from the table of permissions alone, so that a new route is walked
 * without anybody thinking of it.
 */
const server = useTestServer();

const grantees: Grantee[] = [
  ...Role.options,
  ...KeyScope.options.map((scope) => `machine:${scope}` as const),
];
const isMachine = (grantee: Grantee): boolean => grantee.startsWith('machine:');

/** What the gate says. Whoever comes the other way (a person with a cookie where keys are wanted) has proved nothing. */
function expected(grantee: Grantee | 'nobody', permission: Permission): 'in' | 401 | 403 {
  if (grantee === 'nobody' || isMachine(grantee) !== isForMachines(permission)) return 401;
  return isPermitted(grantee, permission) ? 'in' : 403;
}

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('aaa'));
  const cloud = await startCloud(url, admin.secrets);
  await openProvider(cloud);
  const people: Record<Role, string> = {
    user: 'anna@aaa.example',
    admin: 'admin@aaa.example',
    provider: 'paula@provider.example',
  };
  const keys = new Map<Grantee, string>();
  for (const scope of KeyScope.options) {
    keys.set(`machine:${scope}`, (await admin.createMachineKey('aaa', [scope], 'Office')).key);
  }
  /** A session of its own each time: some routes end the one that they are asked with. */
  const sessionOf = async (role: Role): Promise<string> => {
    const token = newToken();
    await admin.database.pool.query(
      `INSERT INTO sessions (tenant_id, session_id, user_id, token_hash, created_at, last_seen_at, expires_at)
       SELECT tenant_id, $2, user_id, $3, $4::bigint, $4::bigint, $4::bigint + 600000 FROM users WHERE email = $1`,
      [people[role], `ses-${randomBytes(8).toString('hex')}`, hashToken(token), Date.now()],
    );
    return `${SESSION_COOKIE}=${token}`;
  };
  const proofOf = async (grantee: Grantee | 'nobody'): Promise<Record<string, string>> => {
    if (grantee === 'nobody') return {};
    const key = keys.get(grantee);
    return key === undefined
      ? { cookie: await sessionOf(Role.parse(grantee)) }
      : { authorization: `Bearer ${key}` };
  };
  return { cloud, proofOf };
}

const pathOf = ({ url }: Pick<GuardedRoute, 'url'>): string =>
  url.replaceAll(/:\w+/gu, 'none').replaceAll('*', 'none');

async function ask(base: string, { method, url }: GuardedRoute, proof: Record<string, string>) {
  const isSafe = method === 'GET' || method === 'HEAD';
  const response = await fetch(base + pathOf({ url }), {
    method,
    redirect: 'manual',
    headers: { ...proof, ...(isSafe ? {} : { origin: base, 'content-type': 'application/json' }) },
    ...(isSafe ? {} : { body: '{}' }),
  });
  // A stream of events would go on for ever.
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await response.body?.cancel();
  return { status: response.status, text: isStream ? '' : await response.text() };
}

/** What the gate has said. Behind it there are other reasons for the same status: a password that is wrong, a proof that is too old. */
function verdict(status: number, code: string | undefined): 'in' | 401 | 403 {
  const ofGate = ['unauthenticated', 'session_expired', 'api_key_invalid', 'forbidden', undefined];
  return (status === 401 || status === 403) && ofGate.includes(code) ? status : 'in';
}

/** The code of an error; SCIM's errors have none, and a status that is enough. */
function codeIn(text: string): string | undefined {
  try {
    return ErrorBody.safeParse(JSON.parse(text)).data?.error.code;
  } catch {
    return undefined;
  }
}

test('every HTTP route, as nobody, as each role and as each kind of machine', async () => {
  const { cloud, proofOf } = await world();
  const guarded = cloud.routes.filter((route) => route.access !== 'anyone');
  expect(guarded.length).toBeGreaterThan(100);
  const wrong: string[] = [];
  for (const route of guarded) {
    const access = route.access as Permission;
    await Promise.all(
      (['nobody', ...grantees] as const).map(async (grantee) => {
        const { status, text } = await ask(cloud.url, route, await proofOf(grantee));
        const got = verdict(status, codeIn(text));
        // No connector is there that could be asked.
        const answered = status < 500 || codeIn(text) === 'connector_offline';
        if (got === expected(grantee, access) && answered) return;
        wrong.push(`${route.method} ${route.url} (${access}) as ${grantee}: ${status} ${codeIn(text) ?? ''}`);
      }),
    );
  }
  expect(wrong).toEqual([]);
});

test('each permission is somebody’s, and what is for machines is for no people', () => {
  for (const permission of Object.keys(permissions) as Permission[]) {
    const kinds = new Set(permissions[permission].map(isMachine));
    expect([permission, kinds.size]).toEqual([permission, 1]);
  }
});

test('what anyone may ask is this, and no more', async () => {
  const { cloud } = await world();
  const open = cloud.routes
    .filter(({ access, method, url }) => access === 'anyone' && method !== 'HEAD' && url.startsWith('/api/'))
    .map(({ method, url }) => `${method} ${url}`);
  expect(open.toSorted()).toEqual([
    'DELETE /api/session',
    'GET /api/openapi.json',
    'GET /api/session',
    'GET /api/sign-in-methods',
    'GET /api/sso/:ssoId/start',
    'GET /api/sso/oidc/callback/:ssoId',
    'GET /api/sso/saml/:ssoId/finish',
    'GET /api/sso/saml/:ssoId/metadata',
    'POST /api/links/accept',
    'POST /api/links/inspect',
    'POST /api/links/passkey',
    'POST /api/password-reset',
    'POST /api/session',
    'POST /api/session/passkey',
    'POST /api/session/passkey/options',
    'POST /api/session/second-factor',
    'POST /api/sso/saml/:ssoId/acs',
  ]);
});

/** The scheme of the description. */
const schemeOf = (access: Access) =>
  access === 'anyone' ? '' : isForMachines(access) ? 'apiKey' : 'session';
const byName = (one: unknown[], other: unknown[]) => String(one[0]).localeCompare(String(other[0]));

test('each route of the API is described, unless it says that it is not', async () => {
  const { cloud } = await world();
  const { paths } = (await (await fetch(`${cloud.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { 'x-permission': Access; security: object[] }>>;
  };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [
      `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/gu, ':$1')}`,
      operation['x-permission'],
      operation.security.flatMap((scheme) => Object.keys(scheme)).join(),
    ]),
  );
  const there = cloud.routes
    .filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/') && url !== '/api/openapi.json')
    .map(({ method, url, access }) => [`${method} ${url}`, access, schemeOf(access)]);
  expect(described.filter(([name]) => String(name).includes(' /api/')).toSorted(byName)).toEqual(
    there.toSorted(byName),
  );
});

/** How browsers name a page that is not ours. */
const foreign = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
];

test('every unsafe route, from a page of another site, whoever is signed in', async () => {
  const { cloud, proofOf } = await world();
  const cookie = await proofOf('admin');
  for (const route of cloud.routes) {
    const isSafe = ['GET', 'HEAD', 'OPTIONS'].includes(route.method);
    if (isSafe || route.crossSite) continue;
    for (const from of foreign) {
      const response = await fetch(cloud.url + pathOf(route), {
        method: route.method,
        headers: { ...cookie, ...from, 'content-type': 'application/json' },
        body: '{}',
      });
      expect([route.method, route.url, from, response.status]).toEqual([route.method, route.url, from, 403]);
    }
  }
  expect((await fetch(`${cloud.url}/api/history`, { headers: cookie })).status).toBe(200);
});

test('every realtime method, as nobody, as each role and as each kind of machine', async () => {
  const { cloud, proofOf } = await world();
  for (const grantee of ['nobody', ...grantees] as const) {
    const socket = await openTestSocket({
      url: cloud.url + CLIENT_SOCKET_PATH,
      headers: { ...(await proofOf(grantee)), origin: cloud.url },
      frames: FrameToClient,
      events: clientEvents,
    });
    onTestFinished(() => socket.socket.terminate());
    if (expected(grantee, 'telephone') === 'in') {
      socket.send({ type: 'hello', protocol: PROTOCOL_VERSION, clientId: `cli_${grantee}`, agent: 'test' });
      await socket.event('snapshot');
      continue;
    }
    // It is told why, and that is all that it hears.
    const refused = await socket.frame('refused');
    const code = expected(grantee, 'telephone') === 403 ? 'forbidden' : 'unauthenticated';
    expect([grantee, refused['error']]).toMatchObject([grantee, { code }]);
    for (const method of Object.keys(clientMethods)) {
      if (socket.socket.readyState === socket.socket.OPEN)
        socket.send({ type: 'request', id: 1, method, params: {} });
    }
    await socket.closed;
    expect(socket.pending()).toEqual([]);
  }
});

test('every message of a link, as nobody, as each role and as each other kind of machine', async () => {
  const { cloud, proofOf } = await world();
  expect(Object.keys(linkMethods).length).toBeGreaterThan(0);
  for (const grantee of ['nobody', ...grantees] as const) {
    const opening = openTestSocket({
      url: cloud.url + LINK_SOCKET_PATH,
      headers: await proofOf(grantee),
      frames: FrameToConnector,
      events: linkEvents,
    });
    const outcome = await opening.then(
      (socket) => {
        onTestFinished(() => socket.socket.terminate());
        return 'in';
      },
      (error: Error) => error.message,
    );
    // No socket, no method: the handshake is where all of them are refused.
    const wanted = expected(grantee, 'link') === 'in' ? 'in' : 'Unexpected server response: 401';
    expect([grantee, outcome]).toEqual([grantee, wanted]);
  }
});
