/**
 * At which connectors a user has or had a line: a connector may write call records of these users alone, also late,
 * when the line has moved on. Written by a trigger, so that no way of changing lines can forget it.
 */
export const name = '0003-line-places';

export const up = `
  CREATE TABLE line_places (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    connector_id text NOT NULL,
    PRIMARY KEY (tenant_id, connector_id, user_id),
    FOREIGN KEY (tenant_id, connector_id) REFERENCES connectors ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX line_places_user ON line_places (tenant_id, user_id);

  -- Where the owner of the tables is no superuser, row-level security is forced on it too: it would see nothing to copy.
  ALTER TABLE lines NO FORCE ROW LEVEL SECURITY;
  ALTER TABLE call_records NO FORCE ROW LEVEL SECURITY;
  ALTER TABLE connectors NO FORCE ROW LEVEL SECURITY;
  INSERT INTO line_places (tenant_id, user_id, connector_id)
    SELECT tenant_id, user_id, connector_id FROM lines
    UNION
    SELECT tenant_id, user_id, connector_id FROM call_records JOIN connectors USING (tenant_id, connector_id);
  ALTER TABLE lines FORCE ROW LEVEL SECURITY;
  ALTER TABLE call_records FORCE ROW LEVEL SECURITY;
  ALTER TABLE connectors FORCE ROW LEVEL SECURITY;

  ALTER TABLE line_places ENABLE ROW LEVEL SECURITY;
  ALTER TABLE line_places FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON line_places TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT ON line_places TO offhook_app;

  CREATE FUNCTION remember_line_place() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    BEGIN
      INSERT INTO line_places (tenant_id, user_id, connector_id)
        VALUES (NEW.tenant_id, NEW.user_id, NEW.connector_id) ON CONFLICT DO NOTHING;
      RETURN NULL;
    END;
    $$;
  CREATE TRIGGER remember_place AFTER INSERT OR UPDATE OF connector_id, user_id ON lines
    FOR EACH ROW EXECUTE FUNCTION remember_line_place();
`;
