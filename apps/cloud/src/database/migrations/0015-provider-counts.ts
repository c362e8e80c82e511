/**
 * What the provider sees of all tenants: how many seats are taken and how many connectors there are, never whose. And a tenant that goes takes all
 * that is its own along.
 */
export const name = '0015-provider-counts';

const owned = ['provider_counts()', 'provider_connectors(text[])', 'is_tenant_name_taken(text, text)'];

export const up = `
  GRANT SELECT (tenant_id, user_id) ON lines TO offhook_lookup;
  GRANT SELECT (disabled_at, deleted_at) ON users TO offhook_lookup;
  GRANT SELECT (tenant_id, name, kind) ON tenants TO offhook_lookup;
  CREATE POLICY lookup ON lines FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY lookup ON tenants FOR SELECT TO offhook_lookup USING (true);

  -- A seat is somebody with a line who is neither disabled nor deleted.
  CREATE FUNCTION provider_counts()
    RETURNS TABLE (tenant_id text, seats_used bigint, connectors bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT t.tenant_id, coalesce(s.n, 0), coalesce(c.n, 0)
      FROM tenants t
      LEFT JOIN (
        SELECT l.tenant_id, count(*) AS n FROM lines l
          JOIN users u ON u.tenant_id = l.tenant_id AND u.user_id = l.user_id
         WHERE u.disabled_at IS NULL AND u.deleted_at IS NULL GROUP BY l.tenant_id
      ) s ON s.tenant_id = t.tenant_id
      LEFT JOIN (
        SELECT o.tenant_id, count(*) AS n FROM connectors o GROUP BY o.tenant_id
      ) c ON c.tenant_id = t.tenant_id;
    $$;

  CREATE FUNCTION provider_connectors(wanted text[])
    RETURNS TABLE (tenant_id text, connector_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.tenant_id, c.connector_id FROM connectors c WHERE c.tenant_id = ANY (wanted); $$;

  CREATE FUNCTION is_tenant_name_taken(wanted text, except_for text)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT EXISTS (
      SELECT 1 FROM tenants t
       WHERE t.kind = 'customer' AND lower(t.name) = lower(wanted) AND t.tenant_id <> except_for
    );
    $$;

  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${owned
    .map(
      (signature) => `
  REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${signature} TO ${signature.startsWith('provider') ? 'offhook_provider' : 'offhook_app'};
  ALTER FUNCTION ${signature} OWNER TO offhook_lookup;`,
    )
    .join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;

  -- Keys that belong to no connector would else stay behind.
  ALTER TABLE api_keys ADD CONSTRAINT api_keys_tenant FOREIGN KEY (tenant_id) REFERENCES tenants;
  DO $$
  DECLARE held record;
  BEGIN
    FOR held IN
      SELECT conrelid::regclass AS child, conname, pg_get_constraintdef(oid) AS definition
        FROM pg_constraint
       WHERE contype = 'f' AND confrelid = 'tenants'::regclass AND confdeltype = 'a'
    LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s ON DELETE CASCADE',
                     held.child, held.conname, held.conname, held.definition);
    END LOOP;
  END $$;
`;
