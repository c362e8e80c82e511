import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { ConnectorTables } from './tables/connectors.ts';
import type { FavouriteTables } from './tables/favourites.ts';
import type { ImportTables } from './tables/imports.ts';
import type { QualityTables } from './tables/quality.ts';
import type { PushTables } from './tables/push.ts';
import type { ScimTables } from './tables/scim.ts';
import type { SecondFactorTables } from './tables/second-factor.ts';
import type { SsoTables } from './tables/sso.ts';
import type { SubscriptionTables } from './tables/subscription.ts';

/** The tables as Kysely sees them; the truth is in `migrations/`. Instants are milliseconds since the epoch. */
export type Schema = CoreTables &
  SecondFactorTables &
  SsoTables &
  ConnectorTables &
  ImportTables &
  SubscriptionTables &
  ScimTables &
  QualityTables &
  PushTables &
  FavouriteTables;

type CoreTables = {
  tenants: {
    tenant_id: string;
    name: string;
    created_at: Generated<number>;
    kind: Generated<'customer' | 'provider'>;
    status: Generated<'invited' | 'active' | 'suspended' | 'deleting'>;
    time_zone: Generated<string>;
    country: string | null;
    language: Generated<string>;
    support_contact: string | null;
    support_address: string | null;
    call_retention_days: Generated<number>;
    deletion_grace_days: Generated<number>;
    second_factor_for: Generated<'nobody' | 'administrators' | 'everybody'>;
    terms_version: string | null;
    terms_accepted_at: number | null;
    terms_accepted_by: string | null;
    suspended_at: number | null;
    suspended_reason: string | null;
    deletes_at: number | null;
  };
  users: {
    tenant_id: string;
    user_id: string;
    email: string;
    name: string;
    role: 'user' | 'admin' | 'provider';
    password_hash: string | null;
    created_at: Generated<number>;
    disabled_at: number | null;
    language: Generated<string>;
    source: Generated<'portal' | 'import' | 'provisioning' | 'scim' | 'sso' | 'file'>;
    invited_at: number | null;
    activated_at: number | null;
    last_seen_at: number | null;
    deleted_at: number | null;
    gone_at: number | null;
    changed_at: Generated<number>;
    folded: GeneratedAlways<string>;
    former_line: ColumnType<object | null, string | null | undefined, string | null>;
  };
  sessions: {
    tenant_id: string;
    session_id: string;
    user_id: string;
    token_hash: Buffer;
    created_at: number;
    last_seen_at: number;
    expires_at: number;
    address: string | null;
    agent: string | null;
    method: Generated<'password' | 'passkey' | 'oidc' | 'saml' | 'link'>;
    second_factor: Generated<boolean>;
    proved_at: Generated<number>;
  };
  one_time_links: {
    tenant_id: string;
    link_id: string;
    kind: 'invitation' | 'password_reset' | 'first_provider';
    user_id: string | null;
    token_hash: Buffer;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };
  mail_outbox: {
    tenant_id: string;
    mail_id: string;
    kind: string;
    to_address: string;
    language: string;
    sealed_params: Buffer;
    created_at: number;
    next_attempt_at: number;
    attempts: Generated<number>;
    sent_at: number | null;
    failure: string | null;
  };
  connectors: {
    tenant_id: string;
    connector_id: string;
    name: string;
    config_revision: Generated<number>;
    created_at: Generated<number>;
    draining: Generated<boolean>;
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
    connector_id: string | null;
    key_hash: Buffer;
    hint: string;
    created_at: Generated<number>;
    revoked_at: number | null;
    name: Generated<string>;
    scopes: Generated<string[]>;
    last_used_at: number | null;
    expires_at: number | null;
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
    short_number: string | null;
    caller_id: string | null;
    voicemail_number: string | null;
    kept: ColumnType<object, string | undefined, string>;
    changed_at: Generated<number>;
    folded: GeneratedAlways<string>;
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
    actor_kind: Generated<'person' | 'machine' | 'system' | 'command_line'>;
    actor_id: Generated<string>;
    actor_name: string;
    actor_role: string | null;
    action: string;
    subject_kind: Generated<string>;
    subject_id: Generated<string>;
    subject_name: string;
    before: JSONColumnType<object> | null;
    after: JSONColumnType<object> | null;
    address: string | null;
    request_id: string | null;
  };
};
