/**
 * Single sign-on of a tenant: its one connection, the e-mail domains that lead to it, sign-ins under way, test runs, and the SAML assertions that
 * have been accepted, so that none is accepted twice.
 */
export const name = '0008-sso';

const tables = ['sso_connections', 'sso_domains', 'sso_tests', 'sso_attempts', 'sso_assertions'];

const isolate = (table: string) => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${table} TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO offhook_app;
`;

const lookup = (signature: string) => `
  REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${signature} TO offhook_app;
  ALTER FUNCTION ${signature} OWNER TO offhook_lookup;
`;

/** What becomes of itself: removed once it is too old to matter. */
const passing = ['sso_tests', 'sso_attempts', 'sso_assertions'];

export const up = `
  CREATE TABLE sso_connections (
    tenant_id text PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    sso_id text NOT NULL UNIQUE CHECK (length(sso_id) BETWEEN 1 AND 64),
    kind text NOT NULL CHECK (kind IN ('oidc', 'saml')),
    name text NOT NULL,
    just_in_time boolean NOT NULL,
    enabled boolean NOT NULL,
    only_sso boolean NOT NULL,
    -- What is the protocol's own: issuer, client, addresses, certificates.
    settings jsonb NOT NULL,
    client_secret bytea,
    -- SHA-256 of the settings with which a test run passed last.
    tested bytea,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
  );

  -- A domain belongs to one tenant.
  CREATE TABLE sso_domains (
    tenant_id text NOT NULL REFERENCES sso_connections ON DELETE CASCADE,
    domain text NOT NULL UNIQUE CHECK (domain = lower(domain)),
    PRIMARY KEY (tenant_id, domain)
  );

  CREATE TABLE sso_tests (
    tenant_id text NOT NULL REFERENCES sso_connections ON DELETE CASCADE,
    test_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'passed', 'failed')),
    settings_hash bytea NOT NULL,
    fault text,
    detail text,
    email text,
    name text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, test_id)
  );

  -- A browser on its way to the identity provider and back.
  CREATE TABLE sso_attempts (
    tenant_id text NOT NULL REFERENCES sso_connections ON DELETE CASCADE,
    state_hash bytea NOT NULL CHECK (length(state_hash) = 32),
    -- SHA-256 of the cookie of the browser that began.
    browser_hash bytea NOT NULL CHECK (length(browser_hash) = 32),
    test_id text,
    -- What only this service may know of it (verifier, nonce), and where it leads; of SAML, once answered, also who came.
    sealed bytea NOT NULL,
    -- Of SAML: the answer has been received and checked, and the browser has yet to prove that it began.
    answered boolean NOT NULL DEFAULT false,
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, state_hash)
  );

  CREATE TABLE sso_assertions (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    assertion_hash bytea NOT NULL CHECK (length(assertion_hash) = 32),
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, assertion_hash)
  );
  ${passing.map((table) => `CREATE INDEX ${table}_expiry ON ${table} (expires_at);`).join('\n  ')}

  -- Whose people have addresses of a domain: asked when a tenant claims one.
  CREATE INDEX users_email_domain ON users (split_part(email, '@', 2));

  ${tables.map(isolate).join('')}

  GRANT SELECT (tenant_id, sso_id, name, enabled, only_sso) ON sso_connections TO offhook_lookup;
  GRANT SELECT (tenant_id, domain) ON sso_domains TO offhook_lookup;
  CREATE POLICY lookup ON sso_connections FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY lookup ON sso_domains FOR SELECT TO offhook_lookup USING (true);
  ${passing
    .map(
      (table) => `
  GRANT SELECT (expires_at), DELETE ON ${table} TO offhook_lookup;
  CREATE POLICY lookup ON ${table} FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY expire ON ${table} FOR DELETE TO offhook_lookup USING (true);`,
    )
    .join('')}

  CREATE FUNCTION lookup_sso(wanted text)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.tenant_id FROM sso_connections c WHERE c.sso_id = wanted; $$;

  CREATE FUNCTION lookup_sso_domain(wanted text)
    RETURNS TABLE (sso_id text, name text, only_sso boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT c.sso_id, c.name, c.only_sso FROM sso_domains d JOIN sso_connections c ON c.tenant_id = d.tenant_id
      WHERE d.domain = wanted AND c.enabled;
    $$;

  -- Does a domain lead to another tenant, or do people of another have addresses in it?
  CREATE FUNCTION lookup_sso_domain_taken(wanted text, by_tenant text)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT EXISTS (SELECT 1 FROM sso_domains d WHERE d.domain = wanted AND d.tenant_id <> by_tenant)
        OR EXISTS (SELECT 1 FROM users u WHERE split_part(u.email, '@', 2) = wanted AND u.tenant_id <> by_tenant);
    $$;

  CREATE FUNCTION expire_sso(now_ms bigint)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH ${passing.map((table) => `of_${table} AS (DELETE FROM ${table} WHERE expires_at <= now_ms RETURNING 1)`).join(', ')}
    SELECT ${passing.map((table) => `(SELECT count(*) FROM of_${table})`).join(' + ')};
    $$;

  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${[
    'lookup_sso(text)',
    'lookup_sso_domain(text)',
    'lookup_sso_domain_taken(text, text)',
    'expire_sso(bigint)',
  ]
    .map(lookup)
    .join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
