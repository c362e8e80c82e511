/** Tables of this feature, as Kysely sees them. */
export type SecondFactorTables = Record<never, never>;
