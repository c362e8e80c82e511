/**
 * What is kept of connectors beside their configuration: whether new calls are wanted, how each was seen last, what it had hour by hour, and of
 * what administrators have been told.
 */
export const name = '0009-connectors';

const isolate = (table: string) => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${table} TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO offhook_app;
`;

export const up = `
  -- The wish of administrators; it outlives the link.
  ALTER TABLE connectors ADD COLUMN draining boolean NOT NULL DEFAULT false;

  CREATE TABLE connector_states (
    tenant_id text NOT NULL,
    connector_id text NOT NULL,
    online boolean NOT NULL,
    -- When the link came up that this row tells of: an older link does not overwrite what a newer one has written.
    link_since bigint NOT NULL,
    seen_at bigint NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (tenant_id, connector_id),
    FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors ON DELETE CASCADE
  );
  ${isolate('connector_states')}

  CREATE TABLE connector_hours (
    tenant_id text NOT NULL,
    connector_id text NOT NULL,
    -- The beginning of the hour, in milliseconds since the epoch.
    hour bigint NOT NULL CHECK (hour % 3600000 = 0),
    lines integer NOT NULL DEFAULT 0,
    registered integer NOT NULL DEFAULT 0,
    calls integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, connector_id, hour),
    FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors ON DELETE CASCADE
  );
  CREATE INDEX connector_hours_hour ON connector_hours (tenant_id, hour);
  ${isolate('connector_hours')}

  -- What administrators have been mailed: each finding once.
  CREATE TABLE connector_findings (
    tenant_id text NOT NULL,
    connector_id text NOT NULL,
    finding text NOT NULL,
    found_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, connector_id, finding),
    FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors ON DELETE CASCADE
  );
  ${isolate('connector_findings')}

  -- So that the use of a key is written down only where it has not been lately.
  GRANT SELECT (last_used_at) ON api_keys TO offhook_lookup;
  DROP FUNCTION lookup_api_key(bytea);
  CREATE FUNCTION lookup_api_key(wanted bytea)
    RETURNS TABLE (tenant_id text, key_id text, connector_id text, revoked_at bigint, expires_at bigint, last_used_at bigint, scopes text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT k.tenant_id, k.key_id, k.connector_id, k.revoked_at, k.expires_at, k.last_used_at, k.scopes
      FROM api_keys k WHERE k.key_hash = wanted;
    $$;
  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  REVOKE ALL ON FUNCTION lookup_api_key(bytea) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION lookup_api_key(bytea) TO offhook_app;
  ALTER FUNCTION lookup_api_key(bytea) OWNER TO offhook_lookup;
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
