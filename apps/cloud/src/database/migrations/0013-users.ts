/**
 * People as administrators look for and write them.
 *
 * `folded` holds the words that a search may begin, each after a space, without accents and case; of a user it begins with the name, so
 * that it sorts by name as people expect whatever the database's collation is. Generated: no way of writing can forget it.
 */
export const name = '0013-users';

/** ASCII punctuation, spaces, and what typographers put between words. */
const separators = String.raw`[\s!-/:-@\[-\`{-~\u00a0-\u00bf\u2000-\u206f]+`;

export const up = String.raw`
  CREATE FUNCTION fold_words(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT ' ' || btrim(regexp_replace(
      replace(replace(replace(replace(
        lower(regexp_replace(normalize(words, NFD), '[\u0300-\u036f]', '', 'g')),
        'ß', 'ss'), 'ł', 'l'), 'ø', 'o'), 'æ', 'ae'),
      '${separators}', ' ', 'g'));
    $$;

  -- Numbers of a line, each after a space, without what people put between digits. Other signs than digits are names of SIP accounts.
  CREATE FUNCTION fold_numbers(own text, main text, short text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT ' ' || regexp_replace(lower(own), '[^0-9a-z*#]', '', 'g')
      || ' ' || regexp_replace(lower(coalesce(main, '')), '[^0-9a-z*#]', '', 'g')
      || ' ' || regexp_replace(lower(coalesce(short, '')), '[^0-9a-z*#]', '', 'g');
    $$;

  ALTER TABLE users
    ADD COLUMN folded text COLLATE "C" GENERATED ALWAYS AS (fold_words(name || ' ' || email)) STORED,
    -- The line of a deleted person, with its sealed password: given back by a restore where its number is still free.
    ADD COLUMN former_line jsonb;
  ALTER TABLE lines
    ADD COLUMN folded text COLLATE "C" GENERATED ALWAYS AS (fold_numbers(number, main_number, short_number)) STORED;

  CREATE INDEX users_by_name ON users (tenant_id, folded, user_id) INCLUDE (disabled_at, deleted_at);
  CREATE INDEX users_by_email ON users (tenant_id, email);
  CREATE INDEX users_by_creation ON users (tenant_id, created_at, user_id);
  CREATE INDEX users_administrators ON users (tenant_id) WHERE role <> 'user';
  CREATE INDEX users_leaving ON users (gone_at) WHERE gone_at IS NOT NULL;

  -- Which of these addresses somebody has, in whatever tenant: an address is one person's everywhere. Whose is not told.
  CREATE FUNCTION taken_emails(wanted text[]) RETURNS TABLE (email text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT u.email FROM users u WHERE u.email = ANY (wanted); $$;
  REVOKE ALL ON FUNCTION taken_emails(text[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION taken_emails(text[]) TO offhook_app;
  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ALTER FUNCTION taken_emails(text[]) OWNER TO offhook_lookup;
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;
