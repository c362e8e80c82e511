import {
  OffhookError,
  type ConnectorId,
  type ProvisioningResult,
  type Subscriber,
  type TenantId,
  type UserId,
  type UserRow,
} from '@offhook/contract';
import type { Actor } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { userRows } from '../users/list.ts';
import type { RequireSeats } from '../users/rows.ts';
import { beginWork } from '../users/work.ts';
import { writeUsers, type UserWriter } from '../users/writer.ts';
import { putSubscribers, type Outcome } from './put.ts';

/** Whose key it is, and where its new lines go: the key's connector, or the tenant's only one. */
export type Caller = { tenantId: TenantId; connectorId: ConnectorId | undefined; actor: Actor };

export type ProvisioningService = ReturnType<typeof createProvisioningService>;

/** A dry run is the real thing, thrown away. */
class NotMeant extends Error {}

/** People of a tenant, for the platform's own management. */
export function createProvisioningService(parts: {
  database: Database;
  secrets: SecretBox;
  writer: UserWriter;
  requireSeats: RequireSeats;
}) {
  const { database, writer } = parts;

  const put = async (trx: TenantTransaction, caller: Caller, users: readonly Subscriber[]) => {
    const connectorId = caller.connectorId ?? (await onlyConnector(trx));
    return putSubscribers(parts, trx, { ...caller, connectorId }, users);
  };

  return {
    /** By the order of ids, which says nothing but is the same each time. */
    list: (tenantId: TenantId, after: string, limit: number): Promise<{ users: UserRow[]; after?: string }> =>
      database.inTenant(tenantId, async (trx) => {
        const rows = await trx
          .selectFrom('users')
          .select('user_id')
          .where('deleted_at', 'is', null)
          .where('user_id', '>', after)
          .orderBy('user_id')
          .limit(limit + 1)
          .execute();
        const ids = rows.slice(0, limit).map((row) => row.user_id as UserId);
        const last = ids.at(-1);
        return {
          users: await userRows(trx, ids),
          ...(rows.length > limit && last !== undefined ? { after: last } : {}),
        };
      }),

    /** @throws OffhookError what {@link refusalOf} says */
    put: (caller: Caller, subscriber: Subscriber): Promise<{ user: UserRow; created: boolean }> =>
      writeUsers(database, writer, caller.tenantId, async (trx) => {
        const [outcome] = await put(trx, caller, [subscriber]);
        if (outcome === undefined) throw new OffhookError('internal');
        if (outcome.outcome === 'refused') throw refusalOf(outcome);
        const [user] = await userRows(trx, [outcome.userId]);
        if (user === undefined) throw new OffhookError('internal');
        return { user, created: outcome.outcome === 'created' };
      }),

    /**
     * The grace period begins; done already is done as well.
     * @throws OffhookError `not_found`, `last_administrator`
     */
    remove: ({ tenantId, actor }: Caller, email: string): Promise<void> =>
      writeUsers(database, writer, tenantId, async (trx) => {
        await beginWork(trx, tenantId);
        const user = await trx
          .selectFrom('users')
          .select('user_id')
          .where('email', '=', email)
          .executeTakeFirst();
        if (user === undefined) throw new OffhookError('not_found');
        await writer.remove(trx, tenantId, actor, user.user_id as UserId);
      }),

    /** Each is written, or refused for itself. */
    batch: async (
      caller: Caller,
      users: readonly Subscriber[],
      dryRun: boolean,
    ): Promise<ProvisioningResult> => {
      let results: ProvisioningResult['results'] = [];
      try {
        await writeUsers(database, writer, caller.tenantId, async (trx) => {
          const outcomes = await put(trx, caller, users);
          results = outcomes.map(({ email, outcome, problem }) => ({
            email,
            outcome,
            ...(problem === undefined ? {} : { problem }),
          }));
          if (!dryRun) return;
          await writer.finish(trx, caller.tenantId);
          throw new NotMeant();
        });
      } catch (error) {
        if (!(error instanceof NotMeant)) throw error;
      }
      return { results };
    },
  };
}

async function onlyConnector(trx: TenantTransaction): Promise<ConnectorId | undefined> {
  const rows = await trx.selectFrom('connectors').select('connector_id').limit(2).execute();
  return rows.length === 1 ? (rows[0]?.connector_id as ConnectorId) : undefined;
}

/** Why one person could not be written, in the errors of the contract. */
function refusalOf({ problem, field }: Extract<Outcome, { outcome: 'refused' }>): OffhookError {
  const fields = field === undefined ? {} : { fields: [`body.${field}`] };
  switch (problem) {
    case 'email_of_other_tenant':
      return new OffhookError('email_taken', fields);
    case 'number_taken':
    case 'number_twice':
      return new OffhookError('number_taken', fields);
    case 'seats_exhausted':
    case 'last_administrator':
      return new OffhookError(problem, fields);
    case 'user_deleted':
      return new OffhookError('conflict', {
        ...fields,
        message: 'This person has been deleted and can still be taken back by an administrator.',
      });
    case 'email_missing':
    case 'email_invalid':
    case 'email_twice':
    case 'name_missing':
    case 'number_invalid':
    case 'role_invalid':
    case 'language_invalid':
    case 'too_long':
    case 'too_many_columns':
    case 'password_missing':
    case 'not_an_object':
    case 'changed_since':
      return new OffhookError('bad_request', fields);
  }
}
