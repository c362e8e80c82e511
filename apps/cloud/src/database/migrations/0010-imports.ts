/**
 * Imports of many people. The file is kept in sealed pieces until it is applied (it holds passwords of lines), what was read of it row by row.
 *
 * Work that takes long is claimed: `claim` names the process that does it until `claimed_until`, which it puts off while it lives. Whatever it writes
 * asks first whether the claim is still its own, so that two never do the same.
 */
export const name = '0010-imports';

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

export const up = `
  CREATE TABLE imports (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    import_id text NOT NULL,
    file_name text NOT NULL,
    -- Where new lines go.
    connector_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('reading', 'mapping', 'preview', 'applying', 'applied', 'undoing', 'undone', 'failed')),
    failure text,
    -- The file is here to its end.
    complete boolean NOT NULL DEFAULT false,
    bytes bigint NOT NULL DEFAULT 0,
    encoding text,
    delimiter text,
    -- Headings, samples and fields; sealed, as a sample may be a password.
    columns bytea,
    -- As somebody has said, in the place of what was recognised.
    mapping jsonb,
    ask_mapping boolean NOT NULL DEFAULT false,
    done integer NOT NULL DEFAULT 0,
    of_rows integer NOT NULL DEFAULT 0,
    counts jsonb NOT NULL DEFAULT '{"new":0,"changed":0,"unchanged":0,"refused":0}',
    created_by text NOT NULL,
    -- Who wanted the work that is claimed, for the audit log.
    actor jsonb NOT NULL,
    invite boolean NOT NULL DEFAULT false,
    -- The people who were created are being invited.
    inviting boolean NOT NULL DEFAULT false,
    created_at bigint NOT NULL,
    touched_at bigint NOT NULL,
    applied_at bigint,
    undo_until bigint,
    claim text,
    claimed_until bigint,
    PRIMARY KEY (tenant_id, import_id),
    FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors ON DELETE CASCADE
  );
  CREATE INDEX imports_work ON imports (created_at)
    WHERE complete AND (state IN ('reading', 'applying', 'undoing') OR inviting);
  CREATE INDEX imports_age ON imports (touched_at);
  ${isolate('imports')}

  CREATE TABLE import_chunks (
    tenant_id text NOT NULL,
    import_id text NOT NULL,
    place integer NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (tenant_id, import_id, place),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports ON DELETE CASCADE
  );
  ${isolate('import_chunks')}

  CREATE TABLE import_rows (
    tenant_id text NOT NULL,
    import_id text NOT NULL,
    row_number integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('new', 'changed', 'unchanged', 'refused')),
    email text,
    name text,
    -- What the file says, the password apart.
    fields jsonb,
    sealed_password bytea,
    problem jsonb,
    changes jsonb,
    user_id text,
    -- What the person was when it was compared; what it was after it was applied.
    seen text,
    applied text,
    -- Takes a number that another row gives up: both are written at once.
    linked boolean NOT NULL DEFAULT false,
    invited boolean NOT NULL DEFAULT false,
    -- To be put back by an undo.
    before jsonb,
    PRIMARY KEY (tenant_id, import_id, row_number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports ON DELETE CASCADE
  );
  CREATE INDEX import_rows_kind ON import_rows (tenant_id, import_id, kind, row_number);
  ${isolate('import_rows')}

  GRANT SELECT (tenant_id, import_id, state, complete, inviting, created_at, touched_at, applied_at, undo_until, claimed_until)
    ON imports TO offhook_lookup;
  CREATE POLICY lookup ON imports FOR SELECT TO offhook_lookup USING (true);
  CREATE FUNCTION due_imports(now_ms bigint, at_most integer)
    RETURNS TABLE (tenant_id text, import_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT i.tenant_id, i.import_id FROM imports i
      WHERE i.complete AND (i.state IN ('reading', 'applying', 'undoing') OR i.inviting)
        AND (i.claimed_until IS NULL OR i.claimed_until <= now_ms)
      ORDER BY i.created_at LIMIT at_most;
    $$;
  -- Those that nobody has touched since, and those whose undo has ended and which still hold what was before.
  CREATE FUNCTION stale_imports(untouched_since bigint, now_ms bigint, at_most integer)
    RETURNS TABLE (tenant_id text, import_id text, remove boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT i.tenant_id, i.import_id, i.state <> 'applied' FROM imports i
      WHERE (i.state NOT IN ('applied', 'applying', 'undoing') AND i.touched_at <= untouched_since)
         -- The file never came to its end.
         OR (NOT i.complete AND i.touched_at <= now_ms - 3600000)
         OR (i.state = 'applied' AND i.undo_until <= now_ms AND i.touched_at < i.undo_until AND NOT i.inviting)
      LIMIT at_most;
    $$;
  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${['due_imports(bigint, integer)', 'stale_imports(bigint, bigint, integer)'].map(lookup).join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
