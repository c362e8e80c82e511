import { SESSION_COOKIE, SsoSettings, SsoTest, type Me, type TenantId } from '@offhook/contract';
import { openAdmin, startCloud, tenantFile, type TestAdmin, type TestCloud } from '../../testing/cloud.ts';
import type { TestServer } from '../../testing/database.ts';
import { person, signIn, type Person } from '../../testing/peers.ts';
import { ssoIdOf } from '../connections.ts';
import type { ResolveTxt } from '../dns.ts';
import type { TestBrowser } from './browser.ts';

export type SsoWorld = {
  url: string;
  cloud: TestCloud;
  admin: TestAdmin;
  ada: Person & { put: (path: string, body: unknown) => Promise<Response> };
  ssoId: string;
  /** Set up single sign-on with its domains proved, and fail where that fails. */
  setUp: (input: object) => Promise<SsoSettings>;
  /** TXT records of names, as the world's DNS has them: to be changed by tests. */
  dns: Map<string, string[]>;
  put: (input: object) => Promise<Response>;
  settings: () => Promise<SsoSettings>;
  beginTest: () => Promise<SsoTest>;
  testResult: (testId: string) => Promise<SsoTest>;
};

/** A tenant `acme` whose administrator is signed in, on a cloud that may reach identity providers on loopback. */
export async function ssoWorld(
  server: TestServer,
  { files = [tenantFile('acme')], ...options }: { files?: object[]; webRoot?: string } = {},
): Promise<SsoWorld> {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  for (const file of files) await admin.apply(file);
  const dns = new Map<string, string[]>();
  const resolveTxt: ResolveTxt = async (name) => {
    const records = dns.get(name);
    if (records === undefined)
      throw Object.assign(new Error(`queryTxt ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    return records.map((record) => [record.slice(0, 10), record.slice(10)]);
  };
  const cloud = await startCloud(url, admin.secrets, { ssoPrivate: true, resolveTxt, ...options });
  const signedIn = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const ada = { ...signedIn, put: (path: string, body: unknown) => putAs(cloud.url, signedIn, path, body) };
  const put = (input: object) =>
    ada.put('/api/admin/sso', {
      name: 'Acme',
      domains: ['acme.example'],
      justInTime: false,
      enabled: true,
      only: false,
      ...input,
    });
  return {
    url,
    cloud,
    admin,
    ada,
    put,
    dns,
    ssoId: ssoIdOf('acme' as TenantId),
    setUp: async (input) => {
      const response = await put(input);
      if (response.status !== 200) throw new Error(await response.text());
      const saved = SsoSettings.parse(await response.json());
      for (const { domain, record, proved } of saved.connection?.proofs ?? []) {
        if (proved !== undefined) continue;
        dns.set(domain, [record]);
        const checked = await ada.post(`/api/admin/sso/domains/${domain}/check`);
        if (checked.status !== 200) throw new Error(await checked.text());
      }
      return saved;
    },
    settings: async () => SsoSettings.parse(await (await ada.get('/api/admin/sso')).json()),
    beginTest: async () => SsoTest.parse(await (await ada.post('/api/admin/sso/test')).json()),
    testResult: async (testId) =>
      SsoTest.parse(await (await ada.get(`/api/admin/sso/test/${testId}`)).json()),
  };
}

export const putAs = (url: string, { cookie }: Person, path: string, body: unknown): Promise<Response> =>
  fetch(url + path, {
    method: 'PUT',
    headers: { cookie, origin: url, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Who a browser is signed in as. */
export async function whoIs(url: string, browser: TestBrowser): Promise<Me | null> {
  const token = browser.cookie(url, SESSION_COOKIE);
  const cookie = token === undefined ? '' : `${SESSION_COOKIE}=${token}`;
  return ((await (await person(url, cookie).get('/api/session')).json()) as { me: Me | null }).me;
}
