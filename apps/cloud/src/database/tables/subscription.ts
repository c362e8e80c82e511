/** Tables of this feature, as Kysely sees them. */
export type SubscriptionTables = Record<never, never>;
