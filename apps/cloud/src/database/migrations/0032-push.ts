/**
 * Where a signed-in browser gets its pushes: a subscription belongs to one session and goes with it, whatever ends that.
 * The key that signs the pushes of a tenant is made once, when it is asked for first.
 */
export const name = '0032-push';

const isolated = (table: string) => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${table} TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO offhook_app;
`;

export const up = `
  CREATE TABLE push_keys (
    tenant_id text PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    public_key text NOT NULL,
    sealed_key bytea NOT NULL
  );
  CREATE TABLE push_subscriptions (
    tenant_id text NOT NULL,
    session_id text NOT NULL,
    user_id text NOT NULL,
    -- One browser has one endpoint: whoever signs in there next takes it over.
    endpoint_hash bytea NOT NULL CHECK (length(endpoint_hash) = 32),
    sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, session_id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES sessions ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX push_subscriptions_of_user ON push_subscriptions (tenant_id, user_id);
  ${isolated('push_keys')}
  ${isolated('push_subscriptions')}
`;
