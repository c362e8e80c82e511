/** What a tenant has ordered. A tenant without a row has no limit of seats. */
export const name = '0011-subscription';

export const up = `
  CREATE TABLE subscriptions (
    tenant_id text PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    platform text NOT NULL
      CHECK (platform IN ('generic-sip', 'openscape-voice', 'openscape-4000', 'openscape-business')),
    seats integer NOT NULL CHECK (seats BETWEEN 0 AND 100000),
    -- Per user and month, in the currency's smallest unit.
    price_amount integer NOT NULL CHECK (price_amount >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- A calendar day in the tenant's time zone, 2026-11-24.
    starts_on text NOT NULL CHECK (starts_on ~ '^\\d{4}-\\d{2}-\\d{2}$')
  );
  ALTER TABLE subscriptions ENABLE ROW LEVEL SECURITY;
  ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON subscriptions TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  GRANT SELECT, INSERT, UPDATE ON subscriptions TO offhook_app;
  CREATE POLICY provider ON subscriptions FOR SELECT TO offhook_provider USING (true);
  GRANT SELECT ON subscriptions TO offhook_provider;
`;
