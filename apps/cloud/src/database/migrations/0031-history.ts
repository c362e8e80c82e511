/**
 * The history as people use it: notes, missed calls that nobody has looked at, entries that their person deleted, and what a record tells of
 * the call's way.
 *
 * The application's role may write these columns and no other: what a connector recorded stays as it was, but for a call that a restart had cut in two.
 */
export const name = '0031-history';

export const up = String.raw`
  ALTER TABLE call_records
    -- {divertedBy, members, steps}: see CallRecord in the contract.
    ADD COLUMN details jsonb,
    ADD COLUMN note text CHECK (char_length(note) <= 1000),
    -- Milliseconds since the epoch. Gone for good a day later.
    ADD COLUMN deleted_at bigint,
    -- This row is the later part of that call: it is kept so that its connector may send it again.
    ADD COLUMN part_of text,
    -- What was there before there were marks counts as seen.
    ADD COLUMN seen boolean NOT NULL DEFAULT true,
    -- As historyKindOf in the contract.
    ADD COLUMN missed boolean GENERATED ALWAYS AS (
      direction = 'incoming' AND answered_at IS NULL
      AND cause NOT IN ('answered_elsewhere', 'declined', 'deflected', 'transferred', 'joined', 'parked')) STORED,
    ADD COLUMN folded text COLLATE "C" GENERATED ALWAYS AS (
      fold_words(coalesce(remote_name, '') || ' ' || coalesce(note, ''))) STORED,
    ADD COLUMN digits text COLLATE "C" GENERATED ALWAYS AS (regexp_replace(remote_number, '[^0-9*#]', '', 'g')) STORED;
  ALTER TABLE call_records ALTER COLUMN seen SET DEFAULT false;

  CREATE INDEX call_records_missed ON call_records (tenant_id, user_id, started_at DESC, record_id DESC) WHERE missed;
  CREATE INDEX call_records_unseen ON call_records (tenant_id, user_id) WHERE missed AND NOT seen AND deleted_at IS NULL;
  CREATE INDEX call_records_lost ON call_records (tenant_id, user_id, ended_at) WHERE cause = 'connector_lost';
  CREATE INDEX call_records_deleted ON call_records (deleted_at) WHERE deleted_at IS NOT NULL;

  GRANT UPDATE (note, deleted_at, part_of, seen, answered_at, ended_at, cause, details) ON call_records TO offhook_app;

  GRANT SELECT (deleted_at, details), UPDATE (details) ON call_records TO offhook_lookup;

  -- Only the owner of a function may replace it.
  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  SET LOCAL ROLE offhook_lookup;

  -- Beside the name of the other side, the way of a call may name the person: as who forwarded it, as a member, as who it went to. Then all of it goes.
  CREATE OR REPLACE FUNCTION pseudonymise_person(of_tenant text, of_user text, now_ms bigint)
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
      PERFORM 1 FROM users u WHERE u.tenant_id = of_tenant AND u.user_id = of_user AND u.gone_at <= now_ms;
      IF NOT FOUND THEN RETURN false; END IF;
      UPDATE call_records SET details = NULL
        WHERE tenant_id = of_tenant AND details IS NOT NULL
          AND jsonb_path_exists(details, '$.**.userId ? (@ == $id)', jsonb_build_object('id', of_user));
      UPDATE call_records SET remote_name = NULL, remote_user_id = NULL
        WHERE tenant_id = of_tenant AND remote_user_id = of_user;
      UPDATE audit_log SET actor_name = of_user, address = NULL
        WHERE tenant_id = of_tenant AND actor_id = of_user;
      UPDATE audit_log SET subject_name = of_user, before = hide_person(before), after = hide_person(after)
        WHERE tenant_id = of_tenant AND subject_id = of_user;
      RETURN true;
    END;
    $$;

  -- A batch of what is older than its tenant keeps, or was deleted by its person a day ago.
  CREATE OR REPLACE FUNCTION expire_call_records(now_ms bigint, at_most integer)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH old AS (
      (SELECT r.tenant_id, r.record_id FROM tenants t
        CROSS JOIN LATERAL (
          SELECT c.tenant_id, c.record_id FROM call_records c
            WHERE c.tenant_id = t.tenant_id AND c.ended_at < now_ms - t.call_retention_days * 86400000::bigint
            LIMIT at_most
        ) r
        LIMIT at_most)
      UNION
      (SELECT c.tenant_id, c.record_id FROM call_records c WHERE c.deleted_at < now_ms - 86400000::bigint LIMIT at_most)
      LIMIT at_most
    ), gone AS (
      DELETE FROM call_records c USING old WHERE c.tenant_id = old.tenant_id AND c.record_id = old.record_id
      RETURNING 1
    ) SELECT count(*) FROM gone;
    $$;

  RESET ROLE;
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
