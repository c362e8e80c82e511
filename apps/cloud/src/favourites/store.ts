import { Limits, OffhookError, type TenantId, type UserId } from '@offhook/contract';
import type { Database, TenantTransaction } from '../database/database.ts';

/** Whom each person has starred. Each answer is the whole list as it is then. */
export type FavouriteStore = ReturnType<typeof createFavouriteStore>;

type Owner = { tenantId: TenantId; userId: UserId };

export function createFavouriteStore(database: Database) {
  return {
    list: ({ tenantId, userId }: Owner): Promise<UserId[]> =>
      database.inTenant(tenantId, (trx) => read(trx, userId)),

    /**
     * Star somebody, or move them: before another favourite, to the end where that one is none (any more).
     * @throws OffhookError `not_found`: there is nobody like that; `conflict`: there are {@link Limits.favourites} already
     */
    place: ({ tenantId, userId }: Owner, wanted: UserId, before: UserId | undefined): Promise<UserId[]> =>
      database.inTenant(tenantId, async (trx) => {
        await lock(trx, userId);
        const known = await trx
          .selectFrom('users')
          .select('user_id')
          .where('user_id', '=', wanted)
          .where('disabled_at', 'is', null)
          .executeTakeFirst();
        if (known === undefined) throw new OffhookError('not_found');
        const kept = await readAll(trx, userId);
        const others = kept.filter((one) => one !== wanted);
        if (others.length >= Limits.favourites) throw new OffhookError('conflict');
        const at = before === undefined ? -1 : others.indexOf(before);
        others.splice(at === -1 ? others.length : at, 0, wanted);
        const rows = others.map((favourite, place) => ({
          tenant_id: tenantId,
          user_id: userId,
          favourite_id: favourite,
          place,
        }));
        await trx
          .insertInto('favourites')
          .values(rows)
          .onConflict((conflict) =>
            conflict
              .columns(['tenant_id', 'user_id', 'favourite_id'])
              .doUpdateSet({ place: (eb) => eb.ref('excluded.place') }),
          )
          .execute();
        return read(trx, userId);
      }),

    remove: ({ tenantId, userId }: Owner, unwanted: UserId): Promise<UserId[]> =>
      database.inTenant(tenantId, async (trx) => {
        await lock(trx, userId);
        await trx
          .deleteFrom('favourites')
          .where('user_id', '=', userId)
          .where('favourite_id', '=', unwanted)
          .execute();
        return read(trx, userId);
      }),
  };
}

/** Two windows of one person change the list one after the other. */
async function lock(trx: TenantTransaction, userId: UserId): Promise<void> {
  await trx.selectFrom('users').select('user_id').where('user_id', '=', userId).forNoKeyUpdate().execute();
}

/** Also those who have been disabled: they keep their place until they are back. */
async function readAll(trx: TenantTransaction, userId: UserId): Promise<UserId[]> {
  const rows = await trx
    .selectFrom('favourites')
    .select('favourite_id')
    .where('user_id', '=', userId)
    .orderBy('place')
    .orderBy('favourite_id')
    .execute();
  return rows.map((row) => row.favourite_id as UserId);
}

async function read(trx: TenantTransaction, userId: UserId): Promise<UserId[]> {
  const rows = await trx
    .selectFrom('favourites')
    .innerJoin('users', (join) =>
      join
        .onRef('users.tenant_id', '=', 'favourites.tenant_id')
        .onRef('users.user_id', '=', 'favourites.favourite_id'),
    )
    .select('favourites.favourite_id')
    .where('favourites.user_id', '=', userId)
    .where('users.disabled_at', 'is', null)
    .orderBy('favourites.place')
    .orderBy('favourites.favourite_id')
    .execute();
  return rows.map((row) => row.favourite_id as UserId);
}
