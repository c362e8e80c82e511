/**
 * Second factors: TOTP, recovery codes, passkeys; the tickets between a first factor and a second; what makes challenges single use.
 */
export const name = '0007-second-factor';

const tables = [
  'totp_secrets',
  'recovery_codes',
  'passkeys',
  'sign_in_tickets',
  'spent_challenges',
  'sign_in_warnings',
];

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

const ofUser = `
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE`;

export const up = `
  CREATE TABLE totp_secrets (${ofUser},
    sealed bytea NOT NULL,
    -- The newest time step whose code has been accepted: neither it nor an older one is accepted again.
    last_step bigint NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
  );

  CREATE TABLE recovery_codes (${ofUser},
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
    created_at bigint NOT NULL,
    used_at bigint,
    PRIMARY KEY (tenant_id, user_id, code_hash)
  );

  CREATE TABLE passkeys (${ofUser},
    passkey_id text NOT NULL,
    credential_id text NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    transports text[] NOT NULL DEFAULT '{}',
    name text NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint,
    PRIMARY KEY (tenant_id, passkey_id)
  );
  CREATE INDEX passkeys_user ON passkeys (tenant_id, user_id);

  CREATE TABLE sign_in_tickets (${ofUser},
    ticket_hash bytea NOT NULL UNIQUE CHECK (length(ticket_hash) = 32),
    kind text NOT NULL CHECK (kind IN ('second_factor', 'totp_setup', 'passkey_setup')),
    -- Of a second factor: what the first one was.
    method text CHECK (method IN ('password', 'oidc', 'saml', 'link')),
    -- What has to be remembered until the answer: a challenge, a secret.
    sealed bytea NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, ticket_hash)
  );
  CREATE INDEX sign_in_tickets_user ON sign_in_tickets (tenant_id, user_id);
  CREATE INDEX sign_in_tickets_expiry ON sign_in_tickets (expires_at);

  CREATE TABLE spent_challenges (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    challenge_hash bytea NOT NULL CHECK (length(challenge_hash) = 32),
    expires_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, challenge_hash)
  );
  CREATE INDEX spent_challenges_expiry ON spent_challenges (expires_at);

  -- When somebody was last told by mail that others try to sign in as them.
  CREATE TABLE sign_in_warnings (${ofUser},
    mailed_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
  );

  ${tables.map(isolate).join('')}

  GRANT SELECT (tenant_id, ticket_hash, expires_at) ON sign_in_tickets TO offhook_lookup;
  GRANT SELECT (tenant_id, user_id, passkey_id, credential_id) ON passkeys TO offhook_lookup;
  GRANT SELECT (expires_at) ON spent_challenges TO offhook_lookup;
  GRANT DELETE ON sign_in_tickets, spent_challenges TO offhook_lookup;
  CREATE POLICY lookup ON sign_in_tickets FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY expire ON sign_in_tickets FOR DELETE TO offhook_lookup USING (true);
  CREATE POLICY lookup ON spent_challenges FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY expire ON spent_challenges FOR DELETE TO offhook_lookup USING (true);
  CREATE POLICY lookup ON passkeys FOR SELECT TO offhook_lookup USING (true);

  CREATE FUNCTION lookup_ticket(wanted bytea)
    RETURNS TABLE (tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT t.tenant_id FROM sign_in_tickets t WHERE t.ticket_hash = wanted; $$;

  CREATE FUNCTION lookup_passkey(wanted text)
    RETURNS TABLE (tenant_id text, user_id text, passkey_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT p.tenant_id, p.user_id, p.passkey_id FROM passkeys p WHERE p.credential_id = wanted; $$;

  CREATE FUNCTION expire_tickets(now_ms bigint)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH tickets AS (DELETE FROM sign_in_tickets WHERE expires_at <= now_ms RETURNING 1),
         spent AS (DELETE FROM spent_challenges WHERE expires_at <= now_ms RETURNING 1)
    SELECT (SELECT count(*) FROM tickets) + (SELECT count(*) FROM spent);
    $$;

  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${['lookup_ticket(bytea)', 'lookup_passkey(text)', 'expire_tickets(bigint)'].map(lookup).join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
