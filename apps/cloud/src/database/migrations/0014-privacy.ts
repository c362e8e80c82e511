/**
 * What goes with time: people whose grace period is over, and call records past the time that their tenant keeps them.
 *
 * The application's role can neither change the audit log nor remove call records. These functions can, and no more than is due: they look
 * for themselves whether it is.
 */
export const name = '0014-privacy';

const owned = [
  'due_erasures(bigint, integer)',
  'pseudonymise_person(text, text, bigint)',
  'expire_call_records(bigint, integer)',
];

export const up = `
  CREATE INDEX call_records_age ON call_records (tenant_id, ended_at);
  CREATE INDEX call_records_remote ON call_records (tenant_id, remote_user_id) WHERE remote_user_id IS NOT NULL;
  CREATE INDEX audit_log_actor ON audit_log (tenant_id, actor_id) WHERE actor_id <> '';
  CREATE INDEX audit_log_subject ON audit_log (tenant_id, subject_id) WHERE subject_id <> '';

  GRANT SELECT (gone_at) ON users TO offhook_lookup;
  GRANT SELECT (tenant_id, call_retention_days) ON tenants TO offhook_lookup;
  GRANT SELECT (tenant_id, record_id, remote_user_id, ended_at), UPDATE (remote_name, remote_user_id), DELETE
    ON call_records TO offhook_lookup;
  GRANT SELECT (tenant_id, actor_id, subject_kind, subject_id, before, after),
        UPDATE (actor_name, subject_name, before, after, address) ON audit_log TO offhook_lookup;
  CREATE POLICY privacy ON tenants FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY privacy ON call_records TO offhook_lookup USING (true);
  CREATE POLICY privacy_read ON audit_log FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY privacy ON audit_log FOR UPDATE TO offhook_lookup USING (true);

  CREATE FUNCTION due_erasures(now_ms bigint, at_most integer)
    RETURNS TABLE (tenant_id text, user_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT u.tenant_id, u.user_id FROM users u WHERE u.gone_at <= now_ms ORDER BY u.gone_at LIMIT at_most; $$;

  -- What was said of a person: that something was changed stays, and what it was does not.
  CREATE FUNCTION hide_person(told jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE
        WHEN key IN ('role', 'source', 'language') OR jsonb_typeof(value) IN ('boolean', 'null') THEN value
        ELSE '"•••"'::jsonb END), '{}')
      FROM jsonb_each(told);
    $$;

  -- A person who is due is called by their id from now on: in others' call records, and in what was done by them and to them.
  CREATE FUNCTION pseudonymise_person(of_tenant text, of_user text, now_ms bigint)
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
      PERFORM 1 FROM users u WHERE u.tenant_id = of_tenant AND u.user_id = of_user AND u.gone_at <= now_ms;
      IF NOT FOUND THEN RETURN false; END IF;
      UPDATE call_records SET remote_name = NULL, remote_user_id = NULL
        WHERE tenant_id = of_tenant AND remote_user_id = of_user;
      UPDATE audit_log SET actor_name = of_user, address = NULL
        WHERE tenant_id = of_tenant AND actor_id = of_user;
      UPDATE audit_log SET subject_name = of_user, before = hide_person(before), after = hide_person(after)
        WHERE tenant_id = of_tenant AND subject_id = of_user;
      RETURN true;
    END;
    $$;

  -- A batch of what is older than its tenant keeps.
  CREATE FUNCTION expire_call_records(now_ms bigint, at_most integer)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH old AS (
      SELECT r.tenant_id, r.record_id FROM tenants t
        CROSS JOIN LATERAL (
          SELECT c.tenant_id, c.record_id FROM call_records c
            WHERE c.tenant_id = t.tenant_id AND c.ended_at < now_ms - t.call_retention_days * 86400000::bigint
            LIMIT at_most
        ) r
        LIMIT at_most
    ), gone AS (
      DELETE FROM call_records c USING old WHERE c.tenant_id = old.tenant_id AND c.record_id = old.record_id
      RETURNING 1
    ) SELECT count(*) FROM gone;
    $$;

  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${owned
    .map(
      (signature) => `
  REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${signature} TO offhook_app;
  ALTER FUNCTION ${signature} OWNER TO offhook_lookup;`,
    )
    .join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
