/**
 * Whom a person has starred, in their order; and the country whose numbers a tenant dials without a calling code (absent: that of its time zone).
 */
export const name = '0030-favourites';

export const up = `
  ALTER TABLE tenants ADD COLUMN country text CHECK (country ~ '^[A-Z]{2}$');

  CREATE TABLE favourites (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    favourite_id text NOT NULL,
    place integer NOT NULL,
    PRIMARY KEY (tenant_id, user_id, favourite_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, favourite_id) REFERENCES users ON DELETE CASCADE
  );
  CREATE INDEX favourites_of_whom ON favourites (tenant_id, favourite_id);
  ALTER TABLE favourites ENABLE ROW LEVEL SECURITY;
  ALTER TABLE favourites FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON favourites TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT, UPDATE, DELETE ON favourites TO offhook_app;
`;
