import { ErrorBody, type TenantId, type UserId, type UserRow } from '@offhook/contract';
import { writeCsv, type CsvCell } from '@offhook/subscribers';
import { sql } from 'kysely';
import { writeAudit } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import { actorOf, personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { sendFile, type ExportSlots } from '../http/exports.ts';
import { userRows } from './list.ts';

/** People in memory at a time. */
const AT_ONCE = 500;

/** All people of the tenant who are not deleted, by name, as CSV under headings that the import knows again. Passwords are in no file. */
export function userExportRoute(app: App, database: Database, slots: ExportSlots): void {
  app.route({
    method: 'GET',
    url: '/api/admin/users/export',
    config: { access: 'users.read' },
    // Nothing reads a file that is made for its headers.
    exposeHeadRoute: false,
    schema: {
      summary: 'All people of the tenant, as CSV',
      response: { 401: ErrorBody, 403: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId } = personOf(request);
      const file = slots.take(tenantId, writeCsv(headings, rows(allUsers(database, tenantId))));
      try {
        await database.inTenant(tenantId, (trx) =>
          writeAudit(trx, tenantId, actorOf(request), {
            action: 'user.export',
            subject: { kind: 'user', id: '', name: '' },
          }),
        );
      } catch (error) {
        await file.return();
        throw error;
      }
      return sendFile(reply, 'users', 'csv', file);
    },
  });
}

/** Page by page: between two pages no transaction is open, however slowly the file is taken. */
export async function* allUsers(
  database: Database,
  tenantId: TenantId,
  atOnce = AT_ONCE,
): AsyncGenerator<UserRow, void, undefined> {
  let last = { folded: '', userId: '' };
  for (;;) {
    const { people, ends } = await database.inTenant(tenantId, async (trx) => {
      // As the index by name has them.
      const found = await sql<{ folded: string; user_id: UserId }>`
        SELECT folded, user_id FROM users
         WHERE tenant_id = ${tenantId} AND deleted_at IS NULL AND (folded, user_id) > (${last.folded}, ${last.userId})
         ORDER BY folded, user_id LIMIT ${atOnce}`.execute(trx);
      const ids = found.rows.map((row) => row.user_id);
      return {
        people: await userRows(trx, ids),
        ends: found.rows.length < atOnce ? undefined : found.rows.at(-1),
      };
    });
    yield* people;
    if (ends === undefined) return;
    last = { folded: ends.folded, userId: ends.user_id };
  }
}

const headings = [
  'E-mail',
  'Name',
  'Role',
  'Language',
  'Status',
  'Connector',
  'Number',
  'Main number',
  'Short number',
  'Caller ID',
  'Auth user',
  'Desk phone',
  'Alternative number',
  'Voicemail number',
  'Source',
  'Created (UTC)',
  'Last seen (UTC)',
];

const time = (at: number | undefined): string => (at === undefined ? '' : new Date(at).toISOString());

async function* rows(people: AsyncIterable<UserRow>): AsyncGenerator<CsvCell[], void, undefined> {
  for await (const { email, name, role, language, status, line, source, createdAt, lastSeenAt } of people) {
    yield [
      email,
      name,
      role,
      language,
      status,
      line?.connectorName,
      line?.number,
      line?.mainNumber,
      line?.shortNumber,
      line?.callerId,
      line?.authUser,
      line?.deskPhone,
      line?.alternativeNumber,
      line?.voicemailNumber,
      source,
      time(createdAt),
      time(lastSeenAt),
    ];
  }
}
