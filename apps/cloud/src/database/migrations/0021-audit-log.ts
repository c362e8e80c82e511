/**
 * The audit log as people look through it, and as nobody can change it: whoever tries is refused by a trigger, also who owns the table. Two things
 * are let through: lines go with their whole tenant, and the functions of 0014-privacy put an id in the place of a person who is gone.
 */
export const name = '0021-audit-log';

export const up = `
  ALTER TABLE audit_log ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector('simple'::regconfig,
      fold_words(actor_name || ' ' || action || ' ' || subject_kind || ' ' || subject_name))) STORED;
  CREATE INDEX audit_log_words ON audit_log USING gin (words);
  CREATE INDEX audit_log_newest ON audit_log (tenant_id, audit_id);
  CREATE INDEX audit_log_of_action ON audit_log (tenant_id, action text_pattern_ops, audit_id);
  CREATE INDEX audit_log_of_actor ON audit_log (tenant_id, actor_id, audit_id);
  CREATE INDEX audit_log_of_provider ON audit_log (audit_id) WHERE actor_role = 'provider';

  -- Acts as the role that asks: only functions that erase a person do so as offhook_lookup, which nobody can log in as.
  CREATE FUNCTION keep_audit_lines() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
      IF current_user = 'offhook_lookup'
         AND (NEW.audit_id, NEW.tenant_id, NEW.at, NEW.actor_kind, NEW.actor_id, NEW.action, NEW.subject_kind, NEW.subject_id)
           = (OLD.audit_id, OLD.tenant_id, OLD.at, OLD.actor_kind, OLD.actor_id, OLD.action, OLD.subject_kind, OLD.subject_id)
      THEN RETURN NEW; END IF;
      RAISE EXCEPTION 'the audit log is only ever added to' USING ERRCODE = 'insufficient_privilege';
    END;
    $$;
  CREATE TRIGGER keep_lines BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION keep_audit_lines();

  -- Acts as a role that sees every tenant: a tenant that one may not see has not gone.
  CREATE FUNCTION keep_audit_log() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM tenants t WHERE t.tenant_id = OLD.tenant_id) THEN RETURN OLD; END IF;
      END IF;
      RAISE EXCEPTION 'the audit log is only ever added to' USING ERRCODE = 'insufficient_privilege';
    END;
    $$;
  CREATE TRIGGER keep_log BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION keep_audit_log();
  CREATE TRIGGER keep_all BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();

  REVOKE ALL ON FUNCTION keep_audit_log() FROM PUBLIC;
  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ALTER FUNCTION keep_audit_log() OWNER TO offhook_lookup;
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
