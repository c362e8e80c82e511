/**
 * What identity providers keep here over SCIM beside the people themselves: their own ids, parts of names, groups and members. And when a person
 * was last changed, whoever changed them.
 */
export const name = '0012-scim';

const isolate = (table: string) => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${table} TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO offhook_app;
`;

const now = `floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint`;
const differ = (...columns: string[]) =>
  `(${columns.map((column) => `OLD.${column}`).join(', ')}) IS DISTINCT FROM (${columns.map((column) => `NEW.${column}`).join(', ')})`;

export const up = `
  ALTER TABLE users ADD COLUMN changed_at bigint NOT NULL DEFAULT ${now};
  ALTER TABLE lines ADD COLUMN changed_at bigint NOT NULL DEFAULT ${now};

  CREATE FUNCTION note_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
      NEW.changed_at := ${now};
      RETURN NEW;
    END;
    $$;
  -- Coming in and being seen change nobody.
  CREATE TRIGGER users_changed BEFORE UPDATE ON users FOR EACH ROW
    WHEN (${differ('email', 'name', 'role', 'language', 'disabled_at', 'deleted_at')})
    EXECUTE FUNCTION note_change();
  CREATE TRIGGER lines_changed BEFORE UPDATE ON lines FOR EACH ROW
    WHEN (${differ('user_id', 'number', 'main_number')})
    EXECUTE FUNCTION note_change();

  CREATE FUNCTION note_lost_lines() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
      UPDATE users u SET changed_at = ${now}
        FROM before_rows b WHERE u.tenant_id = b.tenant_id AND u.user_id = b.user_id;
      RETURN NULL;
    END;
    $$;
  CREATE TRIGGER lines_lost AFTER DELETE ON lines
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION note_lost_lines();

  CREATE TABLE scim_users (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    -- What the identity provider calls the person.
    external_id text,
    given_name text,
    family_name text,
    changed_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX scim_users_external ON scim_users (tenant_id, external_id);
  ${isolate('scim_users')}

  CREATE TABLE scim_groups (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    group_id text NOT NULL,
    display_name text NOT NULL,
    external_id text,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, group_id)
  );
  CREATE UNIQUE INDEX scim_groups_name ON scim_groups (tenant_id, lower(display_name));
  ${isolate('scim_groups')}

  CREATE TABLE scim_members (
    tenant_id text NOT NULL,
    group_id text NOT NULL,
    user_id text NOT NULL,
    PRIMARY KEY (tenant_id, group_id, user_id),
    FOREIGN KEY (tenant_id, group_id) REFERENCES scim_groups ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX scim_members_user ON scim_members (tenant_id, user_id);
  ${isolate('scim_members')}
`;
