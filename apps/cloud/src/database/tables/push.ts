/** Tables of this feature, as Kysely sees them. */
export type PushTables = {
  push_keys: { tenant_id: string; public_key: string; sealed_key: Buffer };
  push_subscriptions: {
    tenant_id: string;
    session_id: string;
    user_id: string;
    endpoint_hash: Buffer;
    sealed: Buffer;
    created_at: number;
  };
};
