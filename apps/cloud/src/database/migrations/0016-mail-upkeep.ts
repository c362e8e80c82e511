/** Mails that have been sent lose their contents after a while; where there is no mail server they can be read. */
export const name = '0016-mail-upkeep';

const owned = ['erase_mails(bigint)', 'recent_mails(integer)'];

export const up = `
  GRANT SELECT (sealed_params, failure), UPDATE (sealed_params) ON mail_outbox TO offhook_lookup;
  CREATE POLICY erase ON mail_outbox FOR UPDATE TO offhook_lookup USING (true);

  -- Of mails that were sent, or given up, before this instant.
  CREATE FUNCTION erase_mails(before_ms bigint)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    WITH erased AS (
      UPDATE mail_outbox SET sealed_params = ''
       WHERE sealed_params <> ''
         AND (sent_at < before_ms OR (sent_at IS NULL AND failure IS NOT NULL AND created_at < before_ms))
      RETURNING 1
    ) SELECT count(*) FROM erased;
    $$;

  CREATE FUNCTION recent_mails(at_most integer)
    RETURNS TABLE (tenant_id text, mail_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT m.tenant_id, m.mail_id FROM mail_outbox m ORDER BY m.created_at DESC, m.mail_id LIMIT at_most;
    $$;

  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${owned
    .map(
      (signature) => `
  REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION ${signature} TO offhook_app;
  ALTER FUNCTION ${signature} OWNER TO offhook_lookup;`,
    )
    .join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
