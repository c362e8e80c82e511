/** Tables of this feature, as Kysely sees them. */
export type ImportTables = Record<never, never>;
