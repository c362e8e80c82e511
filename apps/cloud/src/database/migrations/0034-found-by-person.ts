/** What is looked for by a person, or by a browser's endpoint, is found by an index, also in a tenant of fifty thousand people. */
export const name = '0034-found-by-person';

export const up = `
  CREATE INDEX push_subscriptions_of_endpoint ON push_subscriptions (tenant_id, endpoint_hash);
  CREATE INDEX call_records_people ON call_records USING gin (details jsonb_path_ops) WHERE details IS NOT NULL;

  -- Only the owner of a function may replace it.
  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  SET LOCAL ROLE offhook_lookup;

  -- The three places where the way of a call names somebody, each as the index knows them.
  CREATE OR REPLACE FUNCTION pseudonymise_person(of_tenant text, of_user text, now_ms bigint)
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
      person jsonb := jsonb_build_object('userId', of_user);
    BEGIN
      PERFORM 1 FROM users u WHERE u.tenant_id = of_tenant AND u.user_id = of_user AND u.gone_at <= now_ms;
      IF NOT FOUND THEN RETURN false; END IF;
      UPDATE call_records SET details = NULL
        WHERE tenant_id = of_tenant AND details IS NOT NULL
          AND (details @> jsonb_build_object('divertedBy', person)
            OR details @> jsonb_build_object('members', jsonb_build_array(person))
            OR details @> jsonb_build_object('steps', jsonb_build_array(jsonb_build_object('party', person))));
      UPDATE call_records SET remote_name = NULL, remote_user_id = NULL
        WHERE tenant_id = of_tenant AND remote_user_id = of_user;
      UPDATE audit_log SET actor_name = of_user, address = NULL
        WHERE tenant_id = of_tenant AND actor_id = of_user;
      UPDATE audit_log SET subject_name = of_user, before = hide_person(before), after = hide_person(after)
        WHERE tenant_id = of_tenant AND subject_id = of_user;
      RETURN true;
    END;
    $$;

  RESET ROLE;
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
