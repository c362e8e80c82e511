/** Tables of this feature, as Kysely sees them. */
export type SsoTables = Record<never, never>;
