import type { FavouriteList, TenantId, UserId } from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import { userTopic } from '../bus/topics.ts';
import { personOf } from '../directory/parts.ts';
import type { DirectoryService } from '../directory/service.ts';
import type { FavouriteStore } from './store.ts';

export type FavouriteService = ReturnType<typeof createFavouriteService>;
type Owner = { tenantId: TenantId; userId: UserId };

/** Favourites of people; each change is told to all windows of that person, who then ask: so none keeps an older list. */
export function createFavouriteService(
  bus: Bus,
  directory: Pick<DirectoryService, 'get'>,
  store: FavouriteStore,
) {
  const tell = ({ tenantId, userId }: Owner) =>
    bus.publish(userTopic(tenantId, userId), { kind: 'favourites.changed' });
  /** With names and numbers: a phone shows its favourites before it has read everybody. */
  const listOf = async ({ tenantId }: Owner, userIds: readonly UserId[]): Promise<FavouriteList> => {
    const known = await directory.get(tenantId);
    return {
      people: userIds.flatMap((userId) => {
        const user = known.user(userId);
        return user === undefined ? [] : [personOf(user)];
      }),
    };
  };
  return {
    list: async (owner: Owner): Promise<FavouriteList> => listOf(owner, await store.list(owner)),
    /** @throws OffhookError `not_found`, `conflict` */
    place: async (owner: Owner, wanted: UserId, before: UserId | undefined): Promise<FavouriteList> => {
      const userIds = await store.place(owner, wanted, before);
      tell(owner);
      return listOf(owner, userIds);
    },
    remove: async (owner: Owner, unwanted: UserId): Promise<FavouriteList> => {
      const userIds = await store.remove(owner, unwanted);
      tell(owner);
      return listOf(owner, userIds);
    },
  };
}
