import type { Role, TenantId } from '@offhook/contract';
import { Schemas } from 'scimmy';
import { openAdmin, startCloud, tenantFile } from '../../testing/cloud.ts';
import type { TestServer } from '../../testing/database.ts';

export const SCIM = '/api/scim/v2';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown> & { id: string; Resources: Record<string, unknown>[]; totalResults: number };
};
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** Every resource is shown to a library that knows the schemas by itself: what it would not send is an error. */
function judged(answer: Answer): Answer {
  const judges = new Map<unknown, typeof Schemas.User | typeof Schemas.Group>([
    [USER, Schemas.User],
    [GROUP, Schemas.Group],
  ]);
  for (const resource of [answer.body, ...(answer.body.Resources ?? [])]) {
    const [schema] = (resource['schemas'] ?? []) as string[];
    const Judge = judges.get(schema);
    const isWhole = resource['userName'] !== undefined || resource['displayName'] !== undefined;
    if (Judge === undefined || !isWhole) continue;
    const shown = new Judge(resource, 'out') as unknown as Record<string, unknown>;
    if (shown['id'] !== resource['id']) throw new Error('the resource has lost its id');
  }
  return answer;
}

/** Two tenants, each with an identity provider that has a key. */
export async function scimWorld(
  server: TestServer,
  { pbx, connector }: { pbx?: object; connector?: string } = {},
) {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  for (const id of ['aaa', 'other-firm']) await admin.apply(tenantFile(id));
  if (pbx !== undefined) await admin.apply(tenantFile('aaa', { connectors: [{ name: 'Office', pbx }] }));
  const cloud = await startCloud(url, admin.secrets);
  const clientOf = async (tenantId: string): Promise<Ask> => {
    const { key } = await admin.createMachineKey(tenantId, ['scim'], connector);
    return async (method, path, body, headers = {}) => {
      const response = await fetch(cloud.url + SCIM + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          accept: 'application/scim+json',
          ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed = (text === '' ? {} : JSON.parse(text)) as Answer['body'];
      return judged({ status: response.status, headers: response.headers, text, body: parsed });
    };
  };
  const query = <Row>(text: string, values?: unknown[]) => server.query<Row>(url, text, values);
  return {
    url,
    admin,
    cloud,
    query,
    ask: await clientOf('aaa'),
    askOther: await clientOf('other-firm'),
    userOf: async (email: string) =>
      (
        await query<{
          user_id: string;
          name: string;
          role: Role;
          source: string;
          disabled: boolean;
          deleted: boolean;
          number: string | null;
        }>(
          `SELECT u.user_id, u.name, u.role, u.source, u.disabled_at IS NOT NULL AS disabled, u.deleted_at IS NOT NULL AS deleted, l.number
             FROM users u LEFT JOIN lines l USING (tenant_id, user_id) WHERE email = $1`,
          [email],
        )
      )[0],
    acts: async (action: string) =>
      Number(
        (
          await query<{ n: string }>(
            `SELECT count(*) AS n FROM audit_log WHERE tenant_id = 'aaa' AND action = $1`,
            [action],
          )
        )[0]?.n,
      ),
    subscribe: (seats: number) =>
      admin.database.inTenant('aaa' as TenantId, (trx) =>
        trx
          .insertInto('subscriptions')
          .values({
            tenant_id: 'aaa',
            platform: 'generic-sip',
            seats,
            price_amount: 900,
            currency: 'EUR',
            starts_on: '2026-11-01',
          })
          .execute(),
      ),
  };
}
