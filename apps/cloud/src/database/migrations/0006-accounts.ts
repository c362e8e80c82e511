/**
 * Tenants, people and their administrators.
 *
 * Who runs the service has a tenant of its own, of kind `provider`; its people have the role `provider`. The database role `offhook_provider` is what
 * their work across tenants becomes: it sees tenants (and, by later migrations, subscriptions and usage), and nobody's people, lines or calls.
 */
export const name = '0006-accounts';

const isolate = (table: string) => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${table} TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
`;

const lookup = (signature: string) => `
  REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${signature} TO offhook_app;
  ALTER FUNCTION ${signature} OWNER TO offhook_lookup;
`;

export const up = `
  DO $$ BEGIN
    CREATE ROLE offhook_provider NOLOGIN NOBYPASSRLS;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$;
  DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'offhook_provider', 'SET') THEN
      EXECUTE format('GRANT offhook_provider TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
  END $$;
  GRANT USAGE ON SCHEMA public TO offhook_provider;

  ALTER TABLE tenants
    ADD COLUMN kind text NOT NULL DEFAULT 'customer' CHECK (kind IN ('customer', 'provider')),
    ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('invited', 'active', 'suspended', 'deleting')),
    ADD COLUMN time_zone text NOT NULL DEFAULT 'Europe/Berlin',
    ADD COLUMN language text NOT NULL DEFAULT 'en',
    -- Of the provider's: whom administrators ask. Of the tenant's own: whom its people ask.
    ADD COLUMN support_contact text,
    ADD COLUMN support_address text,
    ADD COLUMN call_retention_days integer NOT NULL DEFAULT 365 CHECK (call_retention_days BETWEEN 1 AND 3650),
    ADD COLUMN deletion_grace_days integer NOT NULL DEFAULT 30 CHECK (deletion_grace_days BETWEEN 0 AND 90),
    ADD COLUMN second_factor_for text NOT NULL DEFAULT 'nobody'
      CHECK (second_factor_for IN ('nobody', 'administrators', 'everybody')),
    ADD COLUMN terms_version text,
    ADD COLUMN terms_accepted_at bigint,
    ADD COLUMN terms_accepted_by text,
    ADD COLUMN suspended_at bigint,
    ADD COLUMN suspended_reason text,
    ADD COLUMN deletes_at bigint;
  CREATE UNIQUE INDEX tenants_one_provider ON tenants (kind) WHERE kind = 'provider';
  GRANT SELECT, UPDATE ON tenants TO offhook_provider;
  CREATE POLICY provider ON tenants TO offhook_provider USING (true) WITH CHECK (true);
  GRANT DELETE ON tenants TO offhook_app;

  ALTER TABLE users
    DROP CONSTRAINT users_role_check,
    ADD CONSTRAINT users_role_check CHECK (role IN ('user', 'admin', 'provider')),
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD COLUMN language text NOT NULL DEFAULT 'en',
    ADD COLUMN source text NOT NULL DEFAULT 'file'
      CHECK (source IN ('portal', 'import', 'provisioning', 'scim', 'sso', 'file')),
    ADD COLUMN invited_at bigint,
    -- The first time that this person came in. Absent: invited at most.
    ADD COLUMN activated_at bigint,
    ADD COLUMN last_seen_at bigint,
    ADD COLUMN deleted_at bigint,
    ADD COLUMN gone_at bigint;
  ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
  UPDATE users SET activated_at = created_at;
  ALTER TABLE users FORCE ROW LEVEL SECURITY;

  ALTER TABLE sessions
    ADD COLUMN address text,
    ADD COLUMN agent text,
    ADD COLUMN method text NOT NULL DEFAULT 'password'
      CHECK (method IN ('password', 'passkey', 'oidc', 'saml', 'link')),
    ADD COLUMN second_factor boolean NOT NULL DEFAULT false,
    -- When who holds this session proved last who they are.
    ADD COLUMN proved_at bigint NOT NULL DEFAULT 0;

  ALTER TABLE lines
    ADD COLUMN short_number text CHECK (short_number <> ''),
    ADD COLUMN caller_id text CHECK (caller_id <> ''),
    ADD COLUMN voicemail_number text CHECK (voicemail_number <> '');

  ALTER TABLE api_keys
    ALTER COLUMN connector_id DROP NOT NULL,
    ADD COLUMN name text NOT NULL DEFAULT '',
    -- What a key was for when there was nothing else; more is given by an administrator.
    ADD COLUMN scopes text[] NOT NULL DEFAULT '{connector}',
    ADD COLUMN last_used_at bigint,
    ADD COLUMN expires_at bigint,
    ADD CONSTRAINT api_keys_connector_scope CHECK (NOT 'connector' = ANY (scopes) OR connector_id IS NOT NULL);
  GRANT SELECT (scopes, expires_at) ON api_keys TO offhook_lookup;
  DROP FUNCTION lookup_api_key(bytea);
  CREATE FUNCTION lookup_api_key(wanted bytea)
    RETURNS TABLE (tenant_id text, key_id text, connector_id text, revoked_at bigint, expires_at bigint, scopes text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT k.tenant_id, k.key_id, k.connector_id, k.revoked_at, k.expires_at, k.scopes
      FROM api_keys k WHERE k.key_hash = wanted;
    $$;

  -- Links in mails: invitation, password reset, and the very first account.
  CREATE TABLE one_time_links (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    link_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('invitation', 'password_reset', 'first_provider')),
    user_id text,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    PRIMARY KEY (tenant_id, link_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX one_time_links_user ON one_time_links (tenant_id, user_id);
  ${isolate('one_time_links')}
  GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_links TO offhook_app;
  GRANT SELECT (tenant_id, link_id, token_hash) ON one_time_links TO offhook_lookup;
  CREATE POLICY lookup ON one_time_links FOR SELECT TO offhook_lookup USING (true);
  CREATE FUNCTION lookup_link(wanted bytea)
    RETURNS TABLE (tenant_id text, link_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT l.tenant_id, l.link_id FROM one_time_links l WHERE l.token_hash = wanted; $$;

  -- Mails are written with what they tell of, in one transaction, and sent after it. The content is sealed: it holds links.
  CREATE TABLE mail_outbox (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    mail_id text NOT NULL,
    kind text NOT NULL,
    to_address text NOT NULL,
    language text NOT NULL,
    sealed_params bytea NOT NULL,
    created_at bigint NOT NULL,
    next_attempt_at bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    sent_at bigint,
    failure text,
    PRIMARY KEY (tenant_id, mail_id)
  );
  CREATE INDEX mail_outbox_due ON mail_outbox (next_attempt_at) WHERE sent_at IS NULL;
  ${isolate('mail_outbox')}
  GRANT SELECT, INSERT, UPDATE, DELETE ON mail_outbox TO offhook_app;
  GRANT SELECT (tenant_id, mail_id, next_attempt_at, sent_at, created_at) ON mail_outbox TO offhook_lookup;
  CREATE POLICY lookup ON mail_outbox FOR SELECT TO offhook_lookup USING (true);
  CREATE FUNCTION due_mails(now_ms bigint, at_most integer)
    RETURNS TABLE (tenant_id text, mail_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT m.tenant_id, m.mail_id FROM mail_outbox m
      WHERE m.sent_at IS NULL AND m.next_attempt_at <= now_ms ORDER BY m.next_attempt_at LIMIT at_most;
    $$;

  -- Who did what: more than the three words of before. The application may add and read, never change.
  ALTER TABLE audit_log RENAME COLUMN actor TO actor_name;
  ALTER TABLE audit_log RENAME COLUMN subject TO subject_name;
  ALTER TABLE audit_log
    ADD COLUMN actor_kind text NOT NULL DEFAULT 'command_line'
      CHECK (actor_kind IN ('person', 'machine', 'system', 'command_line')),
    ADD COLUMN actor_id text NOT NULL DEFAULT '',
    ADD COLUMN actor_role text,
    ADD COLUMN subject_kind text NOT NULL DEFAULT '',
    ADD COLUMN subject_id text NOT NULL DEFAULT '',
    ADD COLUMN before jsonb,
    ADD COLUMN after jsonb,
    ADD COLUMN address text,
    ADD COLUMN request_id text;
  GRANT SELECT ON audit_log TO offhook_provider;
  CREATE POLICY provider ON audit_log FOR SELECT TO offhook_provider USING (actor_role = 'provider');

  -- The one tenant of whoever runs the service.
  ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY;
  INSERT INTO tenants (tenant_id, name, kind) VALUES ('provider', 'Offhook', 'provider');
  ALTER TABLE tenants FORCE ROW LEVEL SECURITY;

  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${['lookup_api_key(bytea)', 'lookup_link(bytea)', 'due_mails(bigint, integer)'].map(lookup).join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
