import type { Generated } from 'kysely';

/** Tables of this feature, as Kysely sees them. */
export type ScimTables = {
  scim_users: {
    tenant_id: string;
    user_id: string;
    external_id: string | null;
    given_name: string | null;
    family_name: string | null;
    changed_at: number;
  };
  scim_groups: {
    tenant_id: string;
    group_id: string;
    display_name: string;
    external_id: string | null;
    created_at: number;
    changed_at: number;
  };
  scim_members: {
    tenant_id: string;
    group_id: string;
    user_id: string;
    /** The group has made them an administrator. */
    named_administrator: Generated<boolean>;
  };
};
