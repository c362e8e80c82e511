/**
 * E-mail domains of single sign-on take effect once they are proved. Several tenants may name one; one holds it: who proved it first. Those of before count as
 * proved.
 */
export const name = '0023-sso-proof';

const lookup = (signature: string) => `
  REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${signature} TO offhook_app;
  ALTER FUNCTION ${signature} OWNER TO offhook_lookup;
`;

export const up = `
  ALTER TABLE sso_domains
    -- What the tenant shows in its DNS: offhook-verification=<token>. Empty where nothing has to be shown.
    ADD COLUMN token text NOT NULL DEFAULT '',
    ADD COLUMN proved_at bigint,
    ADD COLUMN proved_by text CHECK (proved_by IN ('before', 'dns', 'provider')),
    ADD CONSTRAINT sso_domains_proof CHECK ((proved_at IS NULL) = (proved_by IS NULL));
  -- Whoever owns the table sees its rows for this moment.
  ALTER TABLE sso_domains NO FORCE ROW LEVEL SECURITY;
  UPDATE sso_domains SET proved_by = 'before', proved_at = (extract(epoch FROM now()) * 1000)::bigint;
  ALTER TABLE sso_domains FORCE ROW LEVEL SECURITY;
  ALTER TABLE sso_domains DROP CONSTRAINT sso_domains_domain_key;
  CREATE UNIQUE INDEX sso_domains_proved ON sso_domains (domain) WHERE proved_at IS NOT NULL;
  CREATE INDEX sso_domains_domain ON sso_domains (domain);

  GRANT SELECT (proved_at) ON sso_domains TO offhook_lookup;

  -- A password stays a way in where people of another tenant have addresses in the domain: whose it is takes nothing away from them.
  DROP FUNCTION lookup_sso_domain(text);
  CREATE FUNCTION lookup_sso_domain(wanted text)
    RETURNS TABLE (sso_id text, name text, only_sso boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT c.sso_id, c.name, c.only_sso AND NOT EXISTS (
        SELECT 1 FROM users u WHERE split_part(u.email, '@', 2) = wanted AND u.tenant_id <> c.tenant_id)
      FROM sso_domains d JOIN sso_connections c ON c.tenant_id = d.tenant_id
      WHERE d.domain = wanted AND d.proved_at IS NOT NULL AND c.enabled;
    $$;

  -- Has another tenant proved this domain?
  DROP FUNCTION lookup_sso_domain_taken(text, text);
  CREATE FUNCTION lookup_sso_domain_taken(wanted text, by_tenant text)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT EXISTS (SELECT 1 FROM sso_domains d
      WHERE d.domain = wanted AND d.proved_at IS NOT NULL AND d.tenant_id <> by_tenant);
    $$;

  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${['lookup_sso_domain(text)', 'lookup_sso_domain_taken(text, text)'].map(lookup).join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
