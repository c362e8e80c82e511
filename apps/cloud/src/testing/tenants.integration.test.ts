import { clientEvents, clientMethods, connectorMethods, linkMethods } from '@offhook/contract';
import type { TenantId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { ssoIdOf } from '../sso/connections.ts';
import { putAs } from '../sso/testing/world.ts';
import { openImports } from '../imports/testing.test-support.ts';
import { openAdmin, startCloud, tenantFile } from './cloud.ts';
import { useTestServer } from './database.ts';
import {
  callRecord,
  linkCall,
  lineSettings,
  mediaAnswer,
  openClient,
  openConnector,
  signIn,
  userSnapshot,
  type ConnectorAnswers,
} from './peers.ts';

/**
 * The walk of design decision 8: every HTTP route, every realtime method and every message of a link, with the
 * credentials of one tenant and the ids of another. Each list is checked against the contract, so that what is new
 * there must be walked here.
 */
const server = useTestServer();

async function twoTenants() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  const tenants = await Promise.all(
    ['aaa', 'other-firm'].map(async (id) => {
      await admin.apply(tenantFile(id));
      return {
        id,
        ...(await admin.createKey(id)),
        connectorId: await admin.connectorId(id),
        annaId: await admin.userId(`anna@${id}.example`),
      };
    }),
  );
  const cloud = await startCloud(url, admin.secrets);
  const [a, b] = tenants.map((tenant) => ({
    ...tenant,
    anna: () => signIn(cloud.url, `anna@${tenant.id}.example`, 'anna-password'),
    admin: () => signIn(cloud.url, `admin@${tenant.id}.example`, 'admin-password'),
    link: (answers?: ConnectorAnswers) => openConnector(cloud.url, tenant.key, answers),
  }));
  if (a === undefined || b === undefined) throw new Error('two tenants were made');
  /** Nothing in this text may be of tenant b: no id, no name, no address. Its id has letters that no random id in hexadecimal has. */
  const expectNothingOfB = (text: string) => {
    for (const secret of ['other-firm', b.connectorId, b.annaId, b.keyId, b.key])
      expect(text).not.toContain(secret);
  };
  return { url, admin, cloud, a, b, expectNothingOfB };
}

/** What a stream of events says first; it would go on for ever. */
async function beginning(response: Response): Promise<Response> {
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new Response(first?.value, { status: response.status });
}

test('every HTTP route, with a session of another tenant', async () => {
  const { url, cloud, admin: testAdmin, a, b, expectNothingOfB } = await twoTenants();
  const link = await b.link();
  await link.call('records.append', { records: [callRecord(b.annaId, 'rec-of-other-firm')] });
  const [anna, admin] = [await a.anna(), await a.admin()];
  await b.anna();
  const [{ session_id: sessionOfB } = { session_id: '' }] = await server.query<{ session_id: string }>(
    url,
    `SELECT session_id FROM sessions WHERE tenant_id = 'other-firm'`,
  );

  const connectorOfB = `/api/admin/connectors/${b.connectorId}`;
  const pbx = { kind: 'generic-sip', host: '127.0.0.1', port: 5070, transport: 'udp' };
  const sso = {
    kind: 'oidc',
    name: 'other-firm',
    domains: ['other-firm.example'],
    justInTime: true,
    enabled: true,
    only: false,
    issuer: 'https://login.other-firm.example',
    clientId: 'offhook',
  };
  const adminOfB = await b.admin();
  await putAs(cloud.url, adminOfB, '/api/admin/sso', sso);
  await server.query(url, `UPDATE sso_domains SET proved_at = 1, proved_by = 'dns'`);
  const { testId } = (await (await adminOfB.post('/api/admin/sso/test')).json()) as { testId: string };
  const ssoOfB = `/api/sso/${ssoIdOf('other-firm' as TenantId)}`;
  const samlOfB = ssoOfB.replace('/sso/', '/sso/saml/');

  const adminIdOfB = await testAdmin.userId('admin@other-firm.example');
  const { importId: importOfB } = await openImports(cloud.url, adminOfB).upload(
    'email,name\nnew@other-firm.example,New\n',
  );

  const walk: Record<string, () => Promise<Response>> = {
    'GET /api/admin/sso': () => admin.get('/api/admin/sso'),
    'PUT /api/admin/sso': () => putAs(cloud.url, admin, '/api/admin/sso', { ...sso, name: 'Ours' }),
    'DELETE /api/admin/sso': () => admin.delete('/api/admin/sso'),
    'POST /api/admin/sso/test': () => admin.post('/api/admin/sso/test'),
    'GET /api/admin/sso/test/{testId}': () => admin.get(`/api/admin/sso/test/${testId}`),
    // These belong to nobody who is signed in.
    'GET /api/sign-in-methods': () => anna.get('/api/sign-in-methods?email=anna@aaa.example'),
    'GET /api/sso/{ssoId}/start': () => anna.get(`${ssoOfB.replace(/.$/u, 'x')}/start`),
    'GET /api/sso/oidc/callback/{ssoId}': () =>
      anna.get(`${ssoOfB.replace('/sso/', '/sso/oidc/callback/')}?state=none`, 'manual'),
    'POST /api/sso/saml/{ssoId}/acs': () =>
      anna.post(`${samlOfB}/acs`, { RelayState: 'x', SAMLResponse: 'x' }),
    'GET /api/sso/saml/{ssoId}/finish': () => anna.get(`${samlOfB}/finish?state=${'x'.repeat(43)}`, 'manual'),
    'GET /api/sso/saml/{ssoId}/metadata': () => anna.get(`${samlOfB}/metadata`),
    'GET /api/session': () => anna.get('/api/session'),
    'GET /api/admin/tenant': () => admin.get('/api/admin/tenant'),
    'PATCH /api/admin/tenant': () =>
      admin.patch('/api/admin/tenant', { tenantId: 'other-firm', name: 'Renamed' }),
    'GET /api/admin/administrators': () => admin.get('/api/admin/administrators'),
    'POST /api/admin/administrators': () =>
      admin.post('/api/admin/administrators', {
        email: 'second@aaa.example',
        name: 'Second',
        language: 'en',
        tenantId: 'other-firm',
      }),
    'DELETE /api/admin/administrators/{userId}': () =>
      admin.delete(`/api/admin/administrators/${adminIdOfB}`),
    'POST /api/admin/administrators/{userId}/invitation': () =>
      admin.post(`/api/admin/administrators/${adminIdOfB}/invitation`),
    'GET /api/provider/tenants': () => admin.get('/api/provider/tenants?search=other'),
    'POST /api/provider/tenants': () => admin.post('/api/provider/tenants', {}),
    'GET /api/provider/tenants/{tenantId}': () => admin.get('/api/provider/tenants/other-firm'),
    'PATCH /api/provider/tenants/{tenantId}': () =>
      admin.patch('/api/provider/tenants/other-firm', { name: 'Taken' }),
    ...Object.fromEntries(
      ['suspend', 'resume', 'delete', 'restore', 'administrators'].map((act) => [
        `POST /api/provider/tenants/{tenantId}/${act}`,
        () => admin.post(`/api/provider/tenants/other-firm/${act}`, { reason: 'x', name: 'x' }),
      ]),
    ),
    'POST /api/provider/tenants/{tenantId}/administrators/{userId}/invitation': () =>
      admin.post(`/api/provider/tenants/other-firm/administrators/${adminIdOfB}/invitation`),
    'POST /api/links/inspect': () => anna.post('/api/links/inspect', { token: b.key }),
    'POST /api/links/accept': () => anna.post('/api/links/accept', { token: b.key, password: 'x' }),
    'POST /api/password-reset': () => anna.post('/api/password-reset', { email: 'ben@other-firm.example' }),
    'POST /api/call-quality': () =>
      anna.post('/api/call-quality', {
        reportId: 'report-of-other-firm',
        callId: 'call-of-rec-of-other-firm',
        endedAt: 1,
        summary: { seconds: 10, troubles: {} },
        wouldAsk: true,
      }),
    'POST /api/call-quality/rating': () =>
      anna.post('/api/call-quality/rating', { reportId: 'report-of-b', stars: 1, reasons: [] }),
    'GET /api/support': () => anna.get('/api/support'),
    'POST /api/support/bundle': () => anna.post('/api/support/bundle', { note: '', bundle: '{}' }),
    'GET /api/history': () => anna.get('/api/history?before=rec-of-other-firm'),
    'GET /api/admin/connectors': () => admin.get('/api/admin/connectors'),
    'POST /api/admin/connectors': () => admin.post('/api/admin/connectors', { name: 'Mine', pbx }),
    'GET /api/admin/connectors/{connectorId}': () => admin.get(connectorOfB),
    'PATCH /api/admin/connectors/{connectorId}': () => admin.patch(connectorOfB, { name: 'Taken', pbx }),
    'DELETE /api/admin/connectors/{connectorId}': () => admin.delete(connectorOfB, { name: 'Office' }),
    'POST /api/admin/connectors/{connectorId}/drain': () => admin.post(`${connectorOfB}/drain`),
    'POST /api/admin/connectors/{connectorId}/resume': () => admin.post(`${connectorOfB}/resume`),
    'GET /api/admin/keys': () => admin.get('/api/admin/keys'),
    'POST /api/admin/keys': () =>
      admin.post('/api/admin/keys', { name: 'Mine', scopes: ['connector'], connectorId: b.connectorId }),
    'POST /api/admin/keys/{keyId}/regenerate': () =>
      admin.post(`/api/admin/keys/${b.keyId}/regenerate`, { graceHours: 0 }),
    'DELETE /api/admin/keys/{keyId}': () => admin.delete(`/api/admin/keys/${b.keyId}`),
    'GET /api/admin/events': async () => beginning(await admin.get('/api/admin/events')),
    'GET /api/admin/overview': () => admin.get('/api/admin/overview'),
    'GET /api/admin/users': () => admin.get('/api/admin/users?search=anna'),
    'GET /api/admin/users/{userId}': () => admin.get(`/api/admin/users/${b.annaId}`),
    'POST /api/admin/users': () =>
      admin.post('/api/admin/users', {
        email: 'new@aaa.example',
        name: 'New',
        line: { connectorId: b.connectorId, number: '101', password: 'x' },
      }),
    'PATCH /api/admin/users/{userId}': () => admin.patch(`/api/admin/users/${b.annaId}`, { name: 'Taken' }),
    'DELETE /api/admin/users/{userId}': () => admin.delete(`/api/admin/users/${b.annaId}`),
    ...Object.fromEntries(
      ['disable', 'enable', 'restore', 'invitation', 'password-reset', 'second-factor-reset', 'sign-out'].map(
        (act) => [
          `POST /api/admin/users/{userId}/${act}`,
          () => admin.post(`/api/admin/users/${b.annaId}/${act}`),
        ],
      ),
    ),
    'POST /api/admin/users/acts': () =>
      admin.post('/api/admin/users/acts', { userIds: [a.annaId], act: 'enable' }),
    'GET /api/admin/imports': () => admin.get('/api/admin/imports'),
    'POST /api/admin/imports': () => admin.post(`/api/admin/imports?connectorId=${b.connectorId}`, {}),
    'GET /api/admin/imports/{importId}': () => admin.get(`/api/admin/imports/${importOfB}`),
    'GET /api/admin/imports/{importId}/rows': () => admin.get(`/api/admin/imports/${importOfB}/rows`),
    'POST /api/admin/imports/{importId}/mapping': () =>
      admin.post(`/api/admin/imports/${importOfB}/mapping`, { columns: ['email'] }),
    'POST /api/admin/imports/{importId}/apply': () => admin.post(`/api/admin/imports/${importOfB}/apply`, {}),
    'POST /api/admin/imports/{importId}/undo': () => admin.post(`/api/admin/imports/${importOfB}/undo`),
    'DELETE /api/admin/imports/{importId}': () => admin.delete(`/api/admin/imports/${importOfB}`),
    'GET /api/admin/users/export': () => admin.get('/api/admin/users/export'),
    'GET /api/admin/usage': () => admin.get('/api/admin/usage'),
    'GET /api/provider/usage': () => admin.get('/api/provider/usage'),
    'GET /api/admin/audit': () => admin.get('/api/admin/audit?search=other'),
    'GET /api/admin/audit/export': () => admin.get('/api/admin/audit/export'),
    'GET /api/provider/audit': () => admin.get('/api/provider/audit'),
    'GET /api/provider/audit/export': () => admin.get('/api/provider/audit/export'),
    'POST /api/session': () =>
      anna.post('/api/session', { email: 'anna@other-firm.example', password: 'wrong' }),
    'POST /api/session/second-factor': () =>
      anna.post('/api/session/second-factor', { ticket: b.key, method: 'totp', code: '123456' }),
    'POST /api/session/passkey/options': () => anna.post('/api/session/passkey/options'),
    'POST /api/session/passkey': () => anna.post('/api/session/passkey', { ticket: b.key, response: {} }),
    'GET /api/account': () => anna.get('/api/account'),
    'PATCH /api/account': () => anna.patch('/api/account', { language: 'de', userId: b.annaId }),
    'POST /api/account/password': () =>
      anna.post('/api/account/password', { current: 'wrong', next: 'zebra kiosk volcano plinth' }),
    'POST /api/account/reauthenticate': () =>
      anna.post('/api/account/reauthenticate', { password: 'anna-password' }),
    'GET /api/account/sessions': () => anna.get('/api/account/sessions'),
    'DELETE /api/account/sessions/{sessionId}': () => anna.delete(`/api/account/sessions/${sessionOfB}`),
    'DELETE /api/account/sessions': () => anna.delete('/api/account/sessions'),
    'POST /api/account/totp': () => anna.post('/api/account/totp'),
    'POST /api/account/totp/confirm': () =>
      anna.post('/api/account/totp/confirm', { ticket: b.key, code: '123456' }),
    'DELETE /api/account/totp': () => anna.delete('/api/account/totp'),
    'POST /api/account/recovery-codes': () => anna.post('/api/account/recovery-codes'),
    'POST /api/account/passkeys/options': () => anna.post('/api/account/passkeys/options'),
    'POST /api/account/passkeys': () =>
      anna.post('/api/account/passkeys', { ticket: b.key, name: 'x', response: {} }),
    'DELETE /api/account/passkeys/{passkeyId}': () => anna.delete('/api/account/passkeys/pky-other-firm'),
    'POST /api/calls/{callId}/reject': () => anna.post('/api/calls/call-of-other-firm/reject'),
    'DELETE /api/session': () => anna.delete('/api/session'),
  };
  const { paths } = (await (await anna.get('/api/openapi.json')).json()) as { paths: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const there = routes.filter((route) => route.includes('/api/'));
  // Each that is written here exists; each that is not is asked by itself: its parameters are b's, and who asks is whoever may, of a.
  expect(Object.keys(walk).filter((route) => !there.includes(route))).toEqual([]);
  const machineOfA = await testAdmin.createMachineKey('aaa', ['provisioning', 'scim'], 'Office');
  const machineOfB = await testAdmin.createMachineKey('other-firm', ['scim']);
  const groupOfB = await fetch(`${cloud.url}/api/scim/v2/Groups`, {
    method: 'POST',
    headers: { authorization: `Bearer ${machineOfB.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: 'Sales of other-firm' }),
  });
  const { id: groupIdOfB } = (await groupOfB.json()) as { id: string };
  const directoryOfB = (await (await adminOfB.get('/api/directory')).json()) as { parts: [string] };
  const idOfB: Record<string, (path: string) => string> = {
    id: (path) => (path.includes('/Groups/') ? groupIdOfB : b.annaId),
    email: () => 'anna@other-firm.example',
    userId: () => b.annaId,
    connectorId: () => b.connectorId,
    keyId: () => b.keyId,
    importId: () => importOfB,
    partId: () => directoryOfB.parts[0],
    domain: () => 'other-firm.example',
    tenantId: () => 'other-firm',
    recordId: () => 'rec-of-other-firm',
  };
  const bodies: Record<string, object> = {
    'PUT /api/provisioning/v1/users/{email}': { name: 'Taken' },
    'POST /api/provisioning/v1/users/batch': { users: [{ email: 'anna@other-firm.example', name: 'Taken' }] },
    'POST /api/scim/v2/Users': { userName: 'anna@other-firm.example' },
    'POST /api/scim/v2/Groups': { displayName: 'Ours', members: [{ value: b.annaId }] },
    'PUT /api/scim/v2/Users/{id}': { userName: 'taken@aaa.example' },
    'PUT /api/scim/v2/Groups/{id}': { displayName: 'Ours' },
    ...Object.fromEntries(
      ['Users', 'Groups'].map((kind) => [
        `PATCH /api/scim/v2/${kind}/{id}`,
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'displayName', value: 'Taken' }],
        },
      ]),
    ),
  };
  const generated = there
    .filter((route) => walk[route] === undefined)
    .map((route) => {
      const [method = '', path = ''] = route.split(' ');
      const filled = path.replaceAll(/\{(\w+)\}/gu, (_all, name: string) => {
        const id = idOfB[name];
        if (id === undefined)
          throw new Error(`${route}: whose is “${name}”? Say here what it is of the other tenant.`);
        return id(path);
      });
      const isForMachines = /^\/api\/(?:scim|provisioning)\//u.test(path);
      const proof = isForMachines ? { authorization: `Bearer ${machineOfA.key}` } : { cookie: admin.cookie };
      const body = bodies[route] ?? (method === 'GET' || method === 'DELETE' ? undefined : {});
      const ask = () =>
        fetch(cloud.url + filled, {
          method,
          headers: {
            ...proof,
            origin: cloud.url,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      return { route, ask, hasId: path.includes('{') };
    });
  for (const { route, ask, hasId } of generated) {
    const response = await ask();
    const text = await response.text();
    // What was asked for may be said again, and nothing else.
    expectNothingOfB(text.replaceAll('anna@other-firm.example', ''));
    const isSomebodys = hasId && !route.includes('/ResourceTypes/') && !route.includes('/Schemas/');
    const wanted = route.includes(' /api/provider/')
      ? [403]
      : !isSomebodys
        ? [200, 201, 204, 400, 404, 409]
        : route.startsWith('PUT /api/prov')
          ? [409]
          : [404];
    expect([route, wanted]).toEqual([route, expect.arrayContaining([response.status])]);
  }
  expect(
    await server.query(
      url,
      `SELECT 1 FROM users WHERE tenant_id = 'other-firm' AND (name = 'Taken' OR deleted_at IS NOT NULL)`,
    ),
  ).toEqual([]);

  const statuses: Record<string, number> = {};
  for (const [route, ask] of Object.entries(walk)) {
    const response = await ask();
    statuses[route] = response.status;
    expectNothingOfB(await response.text());
  }
  expect(statuses).toMatchObject({
    'POST /api/admin/connectors': 201,
    'GET /api/admin/connectors/{connectorId}': 404,
    'PATCH /api/admin/connectors/{connectorId}': 404,
    'DELETE /api/admin/connectors/{connectorId}': 404,
    'POST /api/admin/connectors/{connectorId}/drain': 404,
    'POST /api/admin/connectors/{connectorId}/resume': 404,
    'POST /api/admin/keys': 404,
    'POST /api/admin/keys/{keyId}/regenerate': 404,
    'PUT /api/admin/sso': 409,
    'DELETE /api/admin/sso': 404,
    'POST /api/admin/sso/test': 404,
    'GET /api/admin/sso/test/{testId}': 404,
    'GET /api/sso/{ssoId}/start': 404,
    'GET /api/sso/oidc/callback/{ssoId}': 303,
    'POST /api/sso/saml/{ssoId}/acs': 400,
    'DELETE /api/admin/keys/{keyId}': 404,
    'POST /api/admin/imports': 404,
    'GET /api/admin/imports/{importId}': 404,
    'GET /api/admin/imports/{importId}/rows': 404,
    'POST /api/admin/imports/{importId}/mapping': 404,
    'POST /api/admin/imports/{importId}/apply': 404,
    'POST /api/admin/imports/{importId}/undo': 404,
    'DELETE /api/admin/imports/{importId}': 404,
    // Of the own company nobody is asked either: its connector is away.
    'POST /api/calls/{callId}/reject': 503,
    'GET /api/provider/usage': 403,
    'GET /api/provider/audit': 403,
    'GET /api/provider/audit/export': 403,
    'GET /api/admin/users/{userId}': 404,
    'POST /api/admin/users': 404,
    'PATCH /api/admin/users/{userId}': 404,
    'DELETE /api/admin/users/{userId}': 404,
    'POST /api/admin/users/{userId}/disable': 404,
    'POST /api/admin/users/{userId}/restore': 404,
    'POST /api/admin/users/{userId}/invitation': 404,
    'POST /api/admin/users/{userId}/password-reset': 404,
    'POST /api/admin/users/{userId}/sign-out': 404,
    'POST /api/admin/users/{userId}/second-factor-reset': 404,
    'DELETE /api/account/sessions/{sessionId}': 404,
    'DELETE /api/account/passkeys/{passkeyId}': 404,
    'POST /api/session/second-factor': 401,
    'POST /api/session/passkey': 401,
    'DELETE /api/admin/administrators/{userId}': 404,
    'POST /api/admin/administrators/{userId}/invitation': 404,
    'POST /api/links/inspect': 410,
    'POST /api/links/accept': 410,
    'POST /api/password-reset': 202,
  });
  const ofProvider = Object.keys(statuses).filter((route) => route.includes('/api/provider/'));
  for (const route of ofProvider) expect([route, statuses[route]]).toEqual([route, 403]);
  expect(await server.query(url, `SELECT 1 FROM sessions WHERE tenant_id = 'other-firm'`)).toHaveLength(2);
  // Nothing of b was changed.
  expect(await server.query(url, 'SELECT tenant_id, name FROM sso_connections')).toEqual([
    { tenant_id: 'other-firm', name: 'other-firm' },
  ]);
  expect(await server.query(url, `SELECT 1 FROM api_keys WHERE tenant_id = 'other-firm'`)).toHaveLength(2);
  expect(await server.query(url, 'SELECT 1 FROM api_keys WHERE revoked_at IS NOT NULL')).toEqual([]);
  await link.call('config.get', {});
});

test('the routes of administrators are closed to users and strangers', async () => {
  const { a, cloud } = await twoTenants();
  const anna = await a.anna();
  for (const ask of [
    () => anna.get('/api/admin/connectors'),
    () => anna.post(`/api/admin/connectors/${a.connectorId}/drain`),
    () => anna.delete(`/api/admin/keys/${a.keyId}`),
    () => anna.get('/api/admin/events'),
    () => anna.get('/api/admin/overview'),
  ]) {
    expect((await ask()).status).toBe(403);
  }
  for (const path of ['/api/history', '/api/admin/connectors']) {
    expect((await fetch(cloud.url + path)).status).toBe(401);
  }
});

test('every realtime method, with ids of another tenant', async () => {
  const { cloud, a, b, expectNothingOfB } = await twoTenants();
  const reached: string[] = [];
  const answers = (own: string): ConnectorAnswers =>
    Object.fromEntries(
      Object.keys(connectorMethods).map((method) => [
        method,
        (params: { userId: string; clientId?: string }) => {
          reached.push(`${own} ${method} for ${params.userId}`);
          const call = linkCall({ callId: `call-${own}` as never });
          if (method === 'user.snapshot') return userSnapshot('e' as never, { calls: [call] });
          return { call, media: mediaAnswer, settings: lineSettings() };
        },
      ]),
    );
  const [linkA, linkB] = [await a.link(answers('aaa')), await b.link(answers('other-firm'))];
  await Promise.all([linkA.frame('welcome'), linkB.frame('welcome')]);
  const anna = await openClient(cloud.url, await a.anna(), { clientId: 'shared-client-id' });
  const other = await openClient(cloud.url, await b.anna(), { clientId: 'shared-client-id' });
  await Promise.all([anna.snapshot(), other.snapshot()]);
  reached.splice(0);

  const callId = 'call-other-firm';
  const walk: Record<keyof typeof clientMethods, unknown> = {
    'call.place': { to: '102', offer: 'v=0', correlationId: 'c', userId: b.annaId, tenantId: 'other-firm' },
    'call.placeAtDesk': { to: '102', correlationId: 'c', userId: b.annaId },
    'call.pickUp': { number: '102', offer: 'v=0', correlationId: 'c', userId: b.annaId },
    'call.answer': { callId, offer: 'v=0', userId: b.annaId },
    'call.answerAtDesk': { callId, userId: b.annaId },
    'call.pull': { callId, offer: 'v=0', userId: b.annaId },
    'call.push': { callId, to: 'desk_phone', userId: b.annaId },
    'call.deflect': { callId, to: '102', userId: b.annaId },
    'call.toVoicemail': { callId, userId: b.annaId },
    'call.transfer': { callId, to: '102', userId: b.annaId },
    'call.completeTransfer': { callId, otherCallId: 'other-call', userId: b.annaId },
    'call.conference': { callId, otherCallId: 'other-call', userId: b.annaId },
    'call.alternate': { callId, userId: b.annaId },
    'call.reconnect': { callId, userId: b.annaId },
    'call.park': { callId, userId: b.annaId },
    'call.callBack': { callId, userId: b.annaId },
    'call.attach': { callId, offer: 'v=0', userId: b.annaId },
    'call.candidate': { callId, legId: 'l', candidate: { candidate: '', mid: '0' }, userId: b.annaId },
    'call.reject': { callId, userId: b.annaId },
    'call.hangUp': { callId, userId: b.annaId },
    'call.hold': { callId, userId: b.annaId },
    'call.retrieve': { callId, userId: b.annaId },
    'call.mute': { callId, muted: true, userId: b.annaId },
    'call.dtmf': { callId, digits: '1', userId: b.annaId },
    'settings.set': { change: { doNotDisturb: true }, userId: b.annaId },
    'presence.set': { choice: 'busy', userId: b.annaId },
    'presence.idle': { idle: true, userId: b.annaId },
    'presence.watch': { userIds: [b.annaId], tenantId: 'other-firm' },
    'directory.search': { query: '', limit: 50, tenantId: 'other-firm' },
    'favourites.get': { userId: b.annaId, tenantId: 'other-firm' },
    'favourites.place': { userId: a.annaId, before: b.annaId, tenantId: 'other-firm' },
    'favourites.remove': { userId: b.annaId, tenantId: 'other-firm' },
    'snapshot.get': { userId: b.annaId },
    ping: {},
  };
  expect(Object.keys(walk).toSorted()).toEqual(Object.keys(clientMethods).toSorted());
  for (const [method, params] of Object.entries(walk)) {
    expectNothingOfB(JSON.stringify(await anna.ask(method, params)));
  }
  // A colleague whom the tenant does not have is starred by nobody, and watched by nobody.
  await expect(anna.ask('favourites.place', { userId: b.annaId })).rejects.toMatchObject({
    code: 'not_found',
  });
  expect(await anna.ask('presence.watch', { userIds: [b.annaId, a.annaId] })).toMatchObject({
    presences: [{ userId: a.annaId }],
  });
  await other.call('presence.set', { choice: 'away' });
  await anna.call('ping', {});
  expect(anna.pending().filter((name) => name === 'presence.changed')).toEqual([]);
  expect(reached.length).toBeGreaterThan(10);
  for (const line of reached) expect(line).toMatch(new RegExp(`^aaa .* for ${a.annaId}$`, 'u'));
  // The same client id in another tenant is another client.
  expect(other.socket.readyState).toBe(other.socket.OPEN);
  expect(anna.socket.readyState).toBe(anna.socket.OPEN);
});

test('every message of a connector, about users of another tenant', async () => {
  const { url, cloud, a, b, expectNothingOfB } = await twoTenants();
  const [link, linkOfB] = [await a.link(), await b.link()];
  await Promise.all([link.event('clients.snapshot'), linkOfB.event('clients.snapshot')]);
  const session = await b.anna();
  const victim = await openClient(cloud.url, session);
  await victim.snapshot();
  await linkOfB.event('client.joined');

  const walk: Record<keyof typeof linkMethods, unknown> = {
    'config.get': { tenantId: 'other-firm', connectorId: b.connectorId },
    'records.append': { records: [callRecord(b.annaId, 'planted')] },
  };
  expect(Object.keys(walk).toSorted()).toEqual(Object.keys(linkMethods).toSorted());
  expectNothingOfB(JSON.stringify(await link.ask('config.get', walk['config.get'])));
  expect(await link.ask('records.append', walk['records.append'])).toEqual({
    accepted: [],
    refused: ['planted'],
  });
  expect(await server.query(url, 'SELECT 1 FROM call_records')).toEqual([]);

  const userId = b.annaId;
  link.tell('call.changed', { userId, revision: { epoch: link.epoch, rev: 1 }, call: linkCall() });
  link.tell('line.changed', { userId, line: { number: '1', state: 'failed' } });
  link.tell('media.reattach', { userId, clientId: victim.clientId, callId: 'c', reason: 'media_lost' });
  link.tell('settings.changed', { userId, settings: lineSettings() });
  link.tell('abilities.changed', { userId, abilities: ['settings'] });
  link.tell('activity.changed', { userId, activity: 'talking' });
  link.tell('activity.snapshot', { users: [{ userId, activity: 'talking' }], more: false });
  link.tell('platform.changed', { state: 'down', reason: 'not reachable' });
  link.tell('status', { lines: 0, registered: 0, calls: 0, spooledRecords: 0 });
  await link.call('config.get', {});
  await victim.call('ping', {});
  expect(victim.pending()).toEqual(['welcome']);
  expect(Object.keys(clientEvents)).toHaveLength(16);
  // Nor did a hear of b's clients.
  expect(link.pending()).not.toContain('client.joined');

  // An id that b has used is free for a: records are known by tenant and id.
  await linkOfB.call('records.append', { records: [callRecord(b.annaId, 'same-id')] });
  expect(await link.call('records.append', { records: [callRecord(a.annaId, 'same-id')] })).toMatchObject({
    accepted: ['same-id'],
  });
  expect(await server.query(url, 'SELECT DISTINCT tenant_id FROM call_records')).toHaveLength(2);
});

test('an e-mail address belongs to one tenant', async () => {
  const { admin } = await twoTenants();
  const [anna] = tenantFile('aaa').users;
  await expect(admin.apply(tenantFile('other-firm', { users: [anna] }))).rejects.toThrow(
    'belongs to another tenant',
  );
});
