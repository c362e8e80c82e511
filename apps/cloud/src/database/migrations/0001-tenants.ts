/**
 * Everything has its tenant, and PostgreSQL keeps tenants apart.
 *
 * Roles. `offhook_app` is what every transaction of the service becomes: it owns nothing and is subject to
 * row-level security. `offhook_lookup` owns the few functions that must look across tenants before the
 * tenant is known (sign-in by e-mail address, session by token, API key by hash); it may read only the
 * columns that those need. Neither can log in, neither bypasses row-level security; so the login role
 * that owns the tables need not be a superuser.
 *
 * Keys and references carry the tenant, so that a row cannot point into another one.
 */
export const name = '0001-tenants';

const now = `(extract(epoch from clock_timestamp()) * 1000)::bigint`;
const id = `text NOT NULL CHECK (length(%s) BETWEEN 1 AND 64)`;
const idColumn = (column: string) => `${column} ${id.replace('%s', column)}`;

const tables = [
  'tenants',
  'users',
  'sessions',
  'connectors',
  'pbx_configs',
  'api_keys',
  'lines',
  'call_records',
  'audit_log',
];

const lookups = [
  'lookup_account(text)',
  'lookup_session(bytea)',
  'lookup_api_key(bytea)',
  'lookup_connector(text)',
  'lookup_key_tenant(text)',
  'expire_sessions(bigint, bigint)',
];

const isolate = (table: string) => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${table} TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
`;

/** Roles belong to the whole server: another database of it may have made them, or make them right now. */
const role = (role: string) => `
  DO $$ BEGIN
    CREATE ROLE ${role} NOLOGIN NOBYPASSRLS;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$;
  DO $$ BEGIN
    IF NOT pg_has_role(current_user, '${role}', 'SET') THEN
      EXECUTE format('GRANT ${role} TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
  END $$;
`;

export const up = `
  ${role('offhook_app')}
  ${role('offhook_lookup')}

  CREATE TABLE tenants (
    ${idColumn('tenant_id')} PRIMARY KEY,
    name text NOT NULL,
    created_at bigint NOT NULL DEFAULT ${now}
  );

  CREATE TABLE users (
    tenant_id text NOT NULL REFERENCES tenants,
    ${idColumn('user_id')},
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('user', 'admin')),
    password_hash text NOT NULL,
    created_at bigint NOT NULL DEFAULT ${now},
    PRIMARY KEY (tenant_id, user_id)
  );

  CREATE TABLE sessions (
    tenant_id text NOT NULL,
    ${idColumn('session_id')},
    user_id text NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, session_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX sessions_user ON sessions (tenant_id, user_id);
  CREATE INDEX sessions_expiry ON sessions (expires_at);

  CREATE TABLE connectors (
    tenant_id text NOT NULL REFERENCES tenants,
    ${idColumn('connector_id')},
    name text NOT NULL,
    config_revision bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL DEFAULT ${now},
    PRIMARY KEY (tenant_id, connector_id),
    UNIQUE (tenant_id, name)
  );

  CREATE TABLE pbx_configs (
    tenant_id text NOT NULL,
    connector_id text NOT NULL,
    config jsonb NOT NULL,
    PRIMARY KEY (tenant_id, connector_id),
    FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors ON DELETE CASCADE
  );

  CREATE TABLE api_keys (
    tenant_id text NOT NULL,
    ${idColumn('key_id')},
    connector_id text NOT NULL,
    key_hash bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    hint text NOT NULL,
    created_at bigint NOT NULL DEFAULT ${now},
    revoked_at bigint,
    PRIMARY KEY (tenant_id, key_id),
    FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors ON DELETE CASCADE
  );
  CREATE INDEX api_keys_connector ON api_keys (tenant_id, connector_id);

  CREATE TABLE lines (
    tenant_id text NOT NULL,
    ${idColumn('line_id')},
    connector_id text NOT NULL,
    user_id text NOT NULL,
    number text NOT NULL CHECK (number <> ''),
    display_name text NOT NULL,
    auth_user text NOT NULL,
    secret bytea NOT NULL,
    PRIMARY KEY (tenant_id, line_id),
    UNIQUE (tenant_id, user_id),
    -- Deferred: two lines may change numbers with each other.
    CONSTRAINT lines_number UNIQUE (tenant_id, connector_id, number) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );

  CREATE TABLE call_records (
    tenant_id text NOT NULL,
    ${idColumn('record_id')},
    user_id text NOT NULL,
    connector_id text NOT NULL,
    call_id text NOT NULL,
    correlation_id text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('outgoing', 'incoming')),
    remote_number text NOT NULL,
    remote_name text,
    remote_user_id text,
    started_at bigint NOT NULL,
    answered_at bigint,
    ended_at bigint NOT NULL,
    cause text NOT NULL,
    PRIMARY KEY (tenant_id, record_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX call_records_history ON call_records (tenant_id, user_id, started_at DESC, record_id DESC);

  CREATE TABLE audit_log (
    tenant_id text NOT NULL REFERENCES tenants,
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL DEFAULT ${now},
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL
  );
  CREATE INDEX audit_log_tenant ON audit_log (tenant_id, at);

  ${tables.map(isolate).join('')}

  GRANT SELECT, INSERT, UPDATE ON tenants TO offhook_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON users, sessions, connectors, pbx_configs, lines TO offhook_app;
  GRANT SELECT, INSERT, UPDATE ON api_keys TO offhook_app;
  GRANT SELECT, INSERT ON call_records, audit_log TO offhook_app;

  GRANT SELECT (tenant_id, user_id, email, password_hash) ON users TO offhook_lookup;
  GRANT SELECT (tenant_id, session_id, user_id, token_hash, last_seen_at, expires_at) ON sessions TO offhook_lookup;
  GRANT DELETE ON sessions TO offhook_lookup;
  GRANT SELECT (tenant_id, key_id, connector_id, key_hash, revoked_at) ON api_keys TO offhook_lookup;
  GRANT SELECT (tenant_id, connector_id, name) ON connectors TO offhook_lookup;
  CREATE POLICY lookup ON users FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY lookup ON sessions FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY expire ON sessions FOR DELETE TO offhook_lookup USING (true);
  CREATE POLICY lookup ON api_keys FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY lookup ON connectors FOR SELECT TO offhook_lookup USING (true);

  CREATE FUNCTION lookup_account(wanted text)
    RETURNS TABLE (tenant_id text, user_id text, password_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT u.tenant_id, u.user_id, u.password_hash FROM users u WHERE u.email = wanted;
    $$;

  CREATE FUNCTION lookup_session(wanted bytea)
    RETURNS TABLE (tenant_id text, session_id text, user_id text, last_seen_at bigint, expires_at bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT s.tenant_id, s.session_id, s.user_id, s.last_seen_at, s.expires_at
      FROM sessions s WHERE s.token_hash = wanted;
    $$;

  CREATE FUNCTION lookup_api_key(wanted bytea)
    RETURNS TABLE (tenant_id text, key_id text, connector_id text, revoked_at bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT k.tenant_id, k.key_id, k.connector_id, k.revoked_at FROM api_keys k WHERE k.key_hash = wanted;
    $$;

  CREATE FUNCTION lookup_connector(wanted text)
    RETURNS TABLE (tenant_id text, connector_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT c.tenant_id, c.connector_id FROM connectors c WHERE c.connector_id = wanted OR c.name = wanted;
    $$;

  CREATE FUNCTION lookup_key_tenant(wanted text)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT k.tenant_id FROM api_keys k WHERE k.key_id = wanted;
    $$;

  CREATE FUNCTION expire_sessions(now_ms bigint, idle_ms bigint)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH gone AS (
      DELETE FROM sessions WHERE expires_at <= now_ms OR last_seen_at <= now_ms - idle_ms RETURNING 1
    ) SELECT count(*) FROM gone;
    $$;

  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  GRANT USAGE ON SCHEMA public TO offhook_app, offhook_lookup;
  ${lookups
    .map(
      (signature) => `
  REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${signature} TO offhook_app;
  ALTER FUNCTION ${signature} OWNER TO offhook_lookup;`,
    )
    .join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
