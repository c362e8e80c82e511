/** Tables of this feature, as Kysely sees them. */
export type ScimTables = Record<never, never>;
