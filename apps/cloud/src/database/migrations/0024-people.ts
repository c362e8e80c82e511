/**
 * Who one is can be proved anew with a passkey. And who is an administrator because an identity provider's group says so is known apart from who was
 * named by people: only the former can be unnamed by the group.
 */
export const name = '0024-people';

export const up = `
  ALTER TABLE sign_in_tickets
    DROP CONSTRAINT sign_in_tickets_kind_check,
    ADD CONSTRAINT sign_in_tickets_kind_check
      CHECK (kind IN ('second_factor', 'totp_setup', 'passkey_setup', 'reauthentication'));

  ALTER TABLE scim_members ADD COLUMN named_administrator boolean NOT NULL DEFAULT false;
  -- Of those who are in the group today nobody knows any more who was named by hand: as before, the group decides.
  -- The owner of the tables is held to row-level security as everybody is.
  ALTER TABLE scim_members NO FORCE ROW LEVEL SECURITY;
  ALTER TABLE scim_groups NO FORCE ROW LEVEL SECURITY;
  UPDATE scim_members m SET named_administrator = true
    FROM scim_groups g
    WHERE g.tenant_id = m.tenant_id AND g.group_id = m.group_id AND lower(g.display_name) = 'offhook administrators';
  ALTER TABLE scim_members FORCE ROW LEVEL SECURITY;
  ALTER TABLE scim_groups FORCE ROW LEVEL SECURITY;
`;
