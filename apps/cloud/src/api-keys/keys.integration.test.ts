import { ApiKeys, CreatedKey, PROTOCOL_VERSION } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { openConnector, signIn } from '../testing/peers.ts';

const server = useTestServer();

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const person = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const connectorId = await admin.connectorId('acme');
  const keys = async () => ApiKeys.parse(await (await person.get('/api/admin/keys')).json()).keys;
  const create = async (request: object = {}) => {
    const response = await person.post('/api/admin/keys', {
      name: 'Beside the PBX',
      connectorId,
      scopes: ['connector'],
      ...request,
    });
    expect(response.status).toBe(201);
    return CreatedKey.parse(await response.json());
  };
  const regenerate = async (keyId: string, graceHours: number) =>
    person.post(`/api/admin/keys/${keyId}/regenerate`, { graceHours });
  return { url, admin, cloud, person, connectorId, keys, create, regenerate };
}

const hello = { type: 'hello', protocol: PROTOCOL_VERSION, version: '0.1.0', epoch: 'epo' };

test('a key is made with a name and what it is for, shown once, listed and revoked, all of it audited', async () => {
  const { url, person, connectorId, keys, create } = await world();
  const { key, secret, startLine } = await create();
  expect(key).toMatchObject({ name: 'Beside the PBX', scopes: ['connector'], connectorId });
  expect(startLine).toContain('npm run connector -- --cloud http://127.0.0.1');
  expect(startLine).not.toContain(secret);
  expect(await keys()).toEqual([key]);
  const scim = await create({ name: 'Identity provider', connectorId: undefined, scopes: ['scim'] });
  expect(scim.startLine).toBeUndefined();
  expect((await person.delete(`/api/admin/keys/${key.keyId}`)).status).toBe(204);
  expect((await person.delete(`/api/admin/keys/${key.keyId}`)).status).toBe(204);
  expect((await keys())[0]).toMatchObject({ keyId: key.keyId, revokedAt: expect.any(Number) as number });
  const audit = await server.query(
    url,
    `SELECT * FROM audit_log WHERE subject_kind = 'api_key' ORDER BY audit_id`,
  );
  expect(audit).toMatchObject([
    { action: 'api_key.create', subject_name: `Beside the PBX (${key.hint})`, actor_kind: 'person' },
    { action: 'api_key.create' },
    { action: 'api_key.revoke' },
  ]);
  expect(JSON.stringify(audit)).not.toContain(secret);
});

test.each([
  ['for a link without its connector', { connectorId: undefined }, 400],
  ['for nothing', { scopes: [] }, 400],
  ['for a connector that is not there', { connectorId: 'con_elsewhere' }, 404],
])('no key %s', async (_title, request, status) => {
  const { person, connectorId } = await world();
  const asked = { name: 'x', scopes: ['connector'], connectorId, ...request };
  expect((await person.post('/api/admin/keys', asked)).status).toBe(status);
});

test('after regeneration both keys work; the administrator is told that one ends', async () => {
  const { cloud, person, create, regenerate, keys } = await world();
  const old = await create();
  const connector = await openConnector(cloud.url, old.secret);
  await connector.event('clients.snapshot');
  const response = await regenerate(old.key.keyId, 24);
  expect(response.status).toBe(201);
  const fresh = CreatedKey.parse(await response.json());
  expect(fresh.key).toMatchObject({ name: 'Beside the PBX', scopes: ['connector'] });
  const [first] = await keys();
  const hours = ((first?.expiresAt ?? 0) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  expect(hours).toBeLessThanOrEqual(24);
  await expect
    .poll(async () => (await person.get('/api/admin/connectors')).json())
    .toMatchObject({
      connectors: [
        {
          online: true,
          trouble: [{ kind: 'key_expiring', detail: new Date(first?.expiresAt ?? 0).toISOString() }],
        },
      ],
    });
  // A key whose days are numbered is replaced no second time.
  expect((await regenerate(old.key.keyId, 1)).status).toBe(409);
  const next = await openConnector(cloud.url, fresh.secret);
  await next.event('clients.snapshot');
  await expect
    .poll(async () => (await person.get('/api/admin/connectors')).json())
    .toMatchObject({ connectors: [{ online: true, trouble: [] }] });
});

test('without grace the old key and its link end at once', async () => {
  const { cloud, create, regenerate } = await world();
  const old = await create();
  const connector = await openConnector(cloud.url, old.secret);
  await connector.event('clients.snapshot');
  await regenerate(old.key.keyId, 0);
  expect(await connector.frame('refused')).toMatchObject({ error: { code: 'api_key_revoked' } });
  expect(await connector.closed).toBe(4401);
});

test('when the grace ends the link is closed, also of a cloud that was restarted meanwhile', async () => {
  const { url, cloud, admin, create } = await world();
  const { key, secret } = await create();
  await cloud.close();
  const again = await startCloud(url, admin.secrets);
  await server.query(url, 'UPDATE api_keys SET expires_at = $2 WHERE key_id = $1', [
    key.keyId,
    Date.now() + 1_500,
  ]);
  const connector = await openConnector(again.url, secret, {}, { hello });
  await connector.frame('welcome');
  expect(await connector.frame('refused')).toMatchObject({ error: { code: 'api_key_revoked' } });
  expect(await connector.closed).toBe(4401);
});

test('its use is written down, and not again within five minutes', async () => {
  const { url, cloud, create, keys } = await world();
  const { key, secret } = await create();
  const use = async () => {
    const connector = await openConnector(cloud.url, secret, {}, { hello });
    await connector.event('clients.snapshot');
    connector.socket.close();
    await connector.closed;
    return (await keys())[0]?.lastUsedAt ?? 0;
  };
  expect(key.lastUsedAt).toBeUndefined();
  const first = await use();
  expect(Date.now() - first).toBeLessThan(60_000);
  expect(await use()).toBe(first);
  await server.query(url, 'UPDATE api_keys SET last_used_at = last_used_at - 300001');
  expect(await use()).toBeGreaterThanOrEqual(first);
});
