/**
 * What users chose to be seen as, and do-not-disturb as their platform said it last. `version` grows with each change of
 * a row, so that notices of it cannot be taken in the wrong order.
 */
export const name = '0005-presence';

export const up = `
  CREATE TABLE presence_choices (
    tenant_id text NOT NULL,
    user_id text NOT NULL,
    choice text NOT NULL
      CHECK (choice IN ('automatic', 'available', 'busy', 'do_not_disturb', 'away', 'appear_offline')),
    platform_dnd boolean NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
  );
  ALTER TABLE presence_choices ENABLE ROW LEVEL SECURITY;
  ALTER TABLE presence_choices FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON presence_choices TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT, UPDATE ON presence_choices TO offhook_app;
`;
