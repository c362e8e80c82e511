import type { Generated } from 'kysely';

/** Tables of this feature, as Kysely sees them. */
export type SecondFactorTables = {
  totp_secrets: {
    tenant_id: string;
    user_id: string;
    sealed: Buffer;
    last_step: number;
    created_at: number;
  };
  recovery_codes: {
    tenant_id: string;
    user_id: string;
    code_hash: Buffer;
    created_at: number;
    used_at: number | null;
  };
  passkeys: {
    tenant_id: string;
    user_id: string;
    passkey_id: string;
    credential_id: string;
    public_key: Buffer;
    sign_count: number;
    transports: Generated<string[]>;
    name: string;
    created_at: number;
    last_used_at: number | null;
  };
  sign_in_tickets: {
    tenant_id: string;
    user_id: string;
    ticket_hash: Buffer;
    kind: 'second_factor' | 'totp_setup' | 'passkey_setup' | 'reauthentication';
    method: 'password' | 'oidc' | 'saml' | 'link' | null;
    sealed: Buffer;
    tries: Generated<number>;
    expires_at: number;
  };
  spent_challenges: { tenant_id: string; challenge_hash: Buffer; expires_at: number };
  sign_in_warnings: { tenant_id: string; user_id: string; mailed_at: number };
};
