/**
 * How calls sounded, one row for each report of a phone: a call that moved between windows has several. Kept as long as the tenant keeps
 * call records; a report may come before its record, so that nothing but the call's id joins them.
 */
export const name = '0033-call-quality';

const owned = 'expire_call_quality(bigint, integer)';

export const up = `
  CREATE TABLE call_quality (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    report_id text NOT NULL CHECK (report_id ~ '^[A-Za-z0-9._-]{1,64}$'),
    user_id text NOT NULL,
    call_id text NOT NULL,
    ended_at bigint NOT NULL,
    summary jsonb NOT NULL CHECK (pg_column_size(summary) < 4096),
    asked_at bigint,
    rated_at bigint,
    stars smallint CHECK (stars BETWEEN 1 AND 5),
    reasons text[] NOT NULL DEFAULT '{}' CHECK (cardinality(reasons) <= 16),
    PRIMARY KEY (tenant_id, report_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX call_quality_age ON call_quality (tenant_id, ended_at);
  CREATE INDEX call_quality_call ON call_quality (tenant_id, user_id, call_id);
  CREATE INDEX call_quality_asked ON call_quality (tenant_id, user_id, asked_at) WHERE asked_at IS NOT NULL;
  ALTER TABLE call_quality ENABLE ROW LEVEL SECURITY;
  ALTER TABLE call_quality FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON call_quality TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT ON call_quality TO offhook_app;
  GRANT UPDATE (asked_at, rated_at, stars, reasons) ON call_quality TO offhook_app;
  GRANT SELECT (tenant_id, report_id, ended_at), DELETE ON call_quality TO offhook_lookup;
  CREATE POLICY privacy ON call_quality TO offhook_lookup USING (true);

  -- A batch of what is older than its tenant keeps call records.
  CREATE FUNCTION expire_call_quality(now_ms bigint, at_most integer)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH old AS (
      SELECT r.tenant_id, r.report_id FROM tenants t
        CROSS JOIN LATERAL (
          SELECT c.tenant_id, c.report_id FROM call_quality c
            WHERE c.tenant_id = t.tenant_id AND c.ended_at < now_ms - t.call_retention_days * 86400000::bigint
            LIMIT at_most
        ) r
        LIMIT at_most
    ), gone AS (
      DELETE FROM call_quality c USING old WHERE c.tenant_id = old.tenant_id AND c.report_id = old.report_id
      RETURNING 1
    ) SELECT count(*) FROM gone;
    $$;
  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  REVOKE ALL ON FUNCTION ${owned} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${owned} TO offhook_app;
  ALTER FUNCTION ${owned} OWNER TO offhook_lookup;
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
