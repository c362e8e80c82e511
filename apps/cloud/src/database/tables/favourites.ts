/** Tables of this feature, as Kysely sees them. */
export type FavouriteTables = {
  favourites: { tenant_id: string; user_id: string; favourite_id: string; place: number };
};
