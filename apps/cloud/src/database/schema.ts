import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** The tables as Kysely sees them; the truth is in `migrations/`. Instants are milliseconds since the epoch. */
export type Schema = {
  tenants: { tenant_id: string; name: string; created_at: Generated<number> };
  users: {
    tenant_id: string;
    user_id: string;
    email: string;
    name: string;
    role: 'user' | 'admin';
    password_hash: string;
    created_at: Generated<number>;
    disabled_at: number | null;
  };
  sessions: {
    tenant_id: string;
    session_id: string;
    user_id: string;
    token_hash: Buffer;
    created_at: number;
    last_seen_at: number;
    expires_at: number;
  };
  connectors: {
    tenant_id: string;
    connector_id: string;
    name: string;
    config_revision: Generated<number>;
    created_at: Generated<number>;
  };
  pbx_configs: {
    tenant_id: string;
    connector_id: string;
    config: JSONColumnType<object>;
    secrets: Buffer | null;
  };
  api_keys: {
    tenant_id: string;
    key_id: string;
    connector_id: string;
    key_hash: Buffer;
    hint: string;
    created_at: Generated<number>;
    revoked_at: number | null;
  };
  lines: {
    tenant_id: string;
    line_id: string;
    connector_id: string;
    user_id: string;
    number: string;
    display_name: string;
    auth_user: string;
    secret: Buffer;
    main_number: string | null;
    desk_phone: string | null;
    kept: ColumnType<object, string | undefined, string>;
  };
  presence_choices: {
    tenant_id: string;
    user_id: string;
    choice: string;
    platform_dnd: boolean;
    version: number;
  };
  line_places: { tenant_id: string; user_id: string; connector_id: string };
  call_records: {
    tenant_id: string;
    record_id: string;
    user_id: string;
    connector_id: string;
    call_id: string;
    correlation_id: string;
    direction: 'outgoing' | 'incoming';
    remote_number: string;
    remote_name: string | null;
    remote_user_id: string | null;
    started_at: number;
    answered_at: number | null;
    ended_at: number;
    cause: string;
  };
  audit_log: {
    tenant_id: string;
    audit_id: Generated<number>;
    at: Generated<number>;
    actor: string;
    action: string;
    subject: string;
  };
};
