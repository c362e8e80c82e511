/** Tables of this feature, as Kysely sees them. */
export type ConnectorTables = Record<never, never>;
