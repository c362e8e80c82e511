import type { Generated, JSONColumnType } from 'kysely';

/** Tables of this feature, as Kysely sees them. */
export type SsoTables = {
  sso_connections: {
    tenant_id: string;
    sso_id: string;
    kind: 'oidc' | 'saml';
    name: string;
    just_in_time: boolean;
    enabled: boolean;
    only_sso: boolean;
    settings: JSONColumnType<object>;
    client_secret: Buffer | null;
    tested: Buffer | null;
    created_at: number;
    updated_at: number;
  };
  sso_domains: {
    tenant_id: string;
    domain: string;
    token: Generated<string>;
    proved_at: Generated<number | null>;
    proved_by: Generated<'before' | 'dns' | 'provider' | null>;
  };
  sso_tests: {
    tenant_id: string;
    test_id: string;
    state: 'waiting' | 'passed' | 'failed';
    settings_hash: Buffer;
    fault: string | null;
    detail: string | null;
    email: string | null;
    name: string | null;
    created_at: number;
    expires_at: number;
  };
  sso_attempts: {
    tenant_id: string;
    state_hash: Buffer;
    browser_hash: Buffer;
    test_id: string | null;
    sealed: Buffer;
    answered: Generated<boolean>;
    expires_at: number;
  };
  sso_assertions: { tenant_id: string; assertion_hash: Buffer; expires_at: number };
};
