/**
 * What is billed: how many seats were taken on each day, and months that are over.
 *
 * `seat_spans` says who had a seat from when to when; triggers on `lines` and `users` write it, so that no way of writing people can forget it, and no
 * job has to run for it to be true. Days are counted from it in the tenant's time zone: `seat_days` keeps those that are over, `usage_months` the months.
 * Both are written once and cannot be changed by the application. Reasons: docs/decisions/usage.md.
 */
export const name = '0020-usage';

const isolate = (table: string) => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${table} TO offhook_app
    USING (tenant_id = (SELECT current_setting('offhook.tenant_id', true)))
    WITH CHECK (tenant_id = (SELECT current_setting('offhook.tenant_id', true)));
  CREATE POLICY lookup ON ${table} FOR SELECT TO offhook_lookup USING (true);
`;

/** Functions that act with the rights of `offhook_lookup`, and the role that may call them directly: of triggers, none. */
const owned: readonly [signature: string, caller?: string][] = [
  ['provider_open_usage(bigint)', 'offhook_provider'],
  ['record_before_change()'],
  ['close_before_deletion()'],
];

const tables = `
  CREATE TABLE seat_spans (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    -- Without a reference: a person who goes has had a seat nevertheless.
    user_id text NOT NULL,
    taken_at bigint NOT NULL,
    -- Null: has it now.
    freed_at bigint,
    span_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    CHECK (freed_at >= taken_at)
  );
  CREATE INDEX seat_spans_freed ON seat_spans (tenant_id, freed_at) WHERE freed_at IS NOT NULL;
  CREATE UNIQUE INDEX seat_spans_open ON seat_spans (tenant_id, user_id) WHERE freed_at IS NULL;

  CREATE TABLE seat_days (
    tenant_id text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    day date NOT NULL,
    used integer NOT NULL CHECK (used >= 0),
    PRIMARY KEY (tenant_id, day)
  );

  CREATE TABLE usage_months (
    -- Without a reference: the last month of a tenant that has gone is still to be paid.
    tenant_id text NOT NULL,
    -- 2026-11
    month text NOT NULL CHECK (month ~ '^\\d{4}-(0[1-9]|1[0-2])$'),
    tenant_name text NOT NULL,
    platform text NOT NULL,
    time_zone text NOT NULL,
    seats integer NOT NULL,
    user_days bigint NOT NULL CHECK (user_days >= 0),
    days_in_month integer NOT NULL CHECK (days_in_month BETWEEN 28 AND 31),
    price_amount integer NOT NULL,
    currency text NOT NULL,
    closed_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, month)
  );
  CREATE INDEX usage_months_month ON usage_months (month);

  ${['seat_spans', 'seat_days', 'usage_months'].map(isolate).join('')}
  GRANT SELECT, INSERT, UPDATE, DELETE ON seat_spans TO offhook_app;
  GRANT SELECT, INSERT ON seat_days, usage_months TO offhook_app;

  -- The provider sees counts and never whose they are.
  GRANT SELECT ON seat_days, usage_months TO offhook_provider;
  CREATE POLICY provider ON seat_days FOR SELECT TO offhook_provider USING (true);
  CREATE POLICY provider ON usage_months FOR SELECT TO offhook_provider USING (true);

  GRANT SELECT ON seat_spans, seat_days, usage_months, subscriptions TO offhook_lookup;
  GRANT SELECT (time_zone, created_at) ON tenants TO offhook_lookup;
  GRANT INSERT ON seat_days, usage_months TO offhook_lookup;
  CREATE POLICY lookup ON subscriptions FOR SELECT TO offhook_lookup USING (true);
  CREATE POLICY record ON seat_days FOR INSERT TO offhook_lookup WITH CHECK (true);
  CREATE POLICY record ON usage_months FOR INSERT TO offhook_lookup WITH CHECK (true);
`;

const spans = `
  CREATE FUNCTION clock_ms() RETURNS bigint
    LANGUAGE sql VOLATILE PARALLEL SAFE
    AS $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint; $$;

  CREATE FUNCTION has_seat(of_tenant text, of_user text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
      RETURN EXISTS (SELECT 1 FROM lines l WHERE l.tenant_id = of_tenant AND l.user_id = of_user)
         AND EXISTS (SELECT 1 FROM users u WHERE u.tenant_id = of_tenant AND u.user_id = of_user
                       AND u.disabled_at IS NULL AND u.deleted_at IS NULL);
    END;
    $$;

  -- Open and close the spans of these people as they have a seat or not: a line, neither disabled nor deleted.
  -- Each is looked up by itself and by the indexes: right after many were written PostgreSQL does not know how large the tables are, and a join of them
  -- may be planned as if they were empty.
  CREATE FUNCTION sync_seats(of_tenants text[], of_users text[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off
    AS $$
    DECLARE
      at_ms bigint := clock_ms();
    BEGIN
      UPDATE seat_spans SET freed_at = greatest(taken_at, at_ms)
       WHERE span_id = ANY (ARRAY(
         SELECT (SELECT s.span_id FROM seat_spans s
                  WHERE s.tenant_id = a.tenant_id AND s.user_id = a.user_id AND s.freed_at IS NULL)
           FROM unnest(of_tenants, of_users) AS a (tenant_id, user_id) WHERE NOT has_seat(a.tenant_id, a.user_id)));
      INSERT INTO seat_spans (tenant_id, user_id, taken_at)
        SELECT a.tenant_id, a.user_id, at_ms
          FROM unnest(of_tenants, of_users) AS a (tenant_id, user_id) WHERE has_seat(a.tenant_id, a.user_id)
      ON CONFLICT DO NOTHING;
    END;
    $$;

  CREATE FUNCTION seats_of_lines() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    DECLARE
      of_tenants text[];
      of_users text[];
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(a.tenant_id), array_agg(a.user_id) INTO of_tenants, of_users FROM (
          (SELECT tenant_id, user_id FROM before_rows EXCEPT SELECT tenant_id, user_id FROM after_rows)
          UNION ALL
          (SELECT tenant_id, user_id FROM after_rows EXCEPT SELECT tenant_id, user_id FROM before_rows)) a;
      ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(a.tenant_id), array_agg(a.user_id) INTO of_tenants, of_users FROM after_rows a;
      ELSE
        SELECT array_agg(a.tenant_id), array_agg(a.user_id) INTO of_tenants, of_users FROM before_rows a;
      END IF;
      IF of_users IS NOT NULL THEN PERFORM sync_seats(of_tenants, of_users); END IF;
      RETURN NULL;
    END;
    $$;
  CREATE TRIGGER seats_inserted AFTER INSERT ON lines
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION seats_of_lines();
  CREATE TRIGGER seats_updated AFTER UPDATE ON lines
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION seats_of_lines();
  CREATE TRIGGER seats_deleted AFTER DELETE ON lines
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION seats_of_lines();

  CREATE FUNCTION seats_of_users() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    DECLARE
      of_tenants text[];
      of_users text[];
    BEGIN
      SELECT array_agg(n.tenant_id), array_agg(n.user_id) INTO of_tenants, of_users
        FROM after_rows n JOIN before_rows o ON o.tenant_id = n.tenant_id AND o.user_id = n.user_id
       WHERE (o.disabled_at IS NULL AND o.deleted_at IS NULL) <> (n.disabled_at IS NULL AND n.deleted_at IS NULL);
      IF of_users IS NOT NULL THEN PERFORM sync_seats(of_tenants, of_users); END IF;
      RETURN NULL;
    END;
    $$;
  CREATE TRIGGER seats_updated AFTER UPDATE ON users
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION seats_of_users();

  -- Who has a seat already has it from now on: of earlier days nothing is known.
  ALTER TABLE lines NO FORCE ROW LEVEL SECURITY;
  ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
  ALTER TABLE seat_spans NO FORCE ROW LEVEL SECURITY;
  INSERT INTO seat_spans (tenant_id, user_id, taken_at)
    SELECT l.tenant_id, l.user_id, clock_ms()
      FROM lines l JOIN users u ON u.tenant_id = l.tenant_id AND u.user_id = l.user_id
     WHERE u.disabled_at IS NULL AND u.deleted_at IS NULL;
  ALTER TABLE lines FORCE ROW LEVEL SECURITY;
  ALTER TABLE users FORCE ROW LEVEL SECURITY;
  ALTER TABLE seat_spans FORCE ROW LEVEL SECURITY;
`;

const days = `
  -- A name that this PostgreSQL does not know must stop neither counting nor the change of a tenant: its days are then days of UTC, and say so.
  CREATE FUNCTION usage_zone(zone text) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
      PERFORM now() AT TIME ZONE zone;
      RETURN zone;
    EXCEPTION WHEN invalid_parameter_value THEN RETURN 'UTC';
    END;
    $$;

  -- Null for what is no day of the calendar.
  CREATE FUNCTION calendar_day(day text) RETURNS date
    LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
      RETURN day::date;
    EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN RETURN NULL;
    END;
    $$;

  CREATE FUNCTION day_of(at_ms bigint, zone text) RETURNS date
    LANGUAGE sql STABLE
    AS $$ SELECT (to_timestamp(at_ms / 1000.0) AT TIME ZONE zone)::date; $$;

  -- The instant at which a day begins, also where a clock that is put forward leaves out midnight.
  CREATE FUNCTION day_start(day date, zone text) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$ SELECT floor(extract(epoch FROM day::timestamp AT TIME ZONE zone) * 1000)::bigint; $$;

  -- How many people had a seat at any time of each of these days. From taken until freed, the end left out; a seat that was freed as it was taken counts
  -- too. In one pass, however many days: of each person the days of their spans without those that an earlier span has, as steps up and down.
  CREATE FUNCTION seats_counted(wanted text, zone text, first_day date, last_day date)
    RETURNS TABLE (day date, used integer)
    LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
    WITH held AS (
      SELECT s.user_id COLLATE "C" AS user_id, greatest(day_of(s.taken_at, zone), first_day) AS from_day,
             CASE WHEN s.freed_at IS NULL THEN last_day
                  ELSE least(day_of(greatest(s.taken_at, s.freed_at - 1), zone), last_day) END AS to_day
        FROM seat_spans s
       WHERE s.tenant_id = wanted AND first_day <= last_day AND s.taken_at < day_start(last_day + 1, zone)
         AND (s.freed_at IS NULL OR s.freed_at >= day_start(first_day, zone))
    ), apart AS (
      SELECT greatest(h.from_day, 1 + max(h.to_day) OVER (
               PARTITION BY h.user_id ORDER BY h.from_day, h.to_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS from_day,
             h.to_day
        FROM held h WHERE h.from_day <= h.to_day
    ), steps AS (
      SELECT a.from_day AS day, count(*) AS step FROM apart a WHERE a.from_day <= a.to_day GROUP BY a.from_day
      UNION ALL
      SELECT a.to_day + 1, -count(*) FROM apart a WHERE a.from_day <= a.to_day GROUP BY a.to_day
    )
    SELECT g.t::date, sum(coalesce(sum(p.step), 0)) OVER (ORDER BY g.t)::integer
      FROM generate_series(first_day::timestamp, last_day::timestamp, '1 day') g (t) LEFT JOIN steps p ON p.day = g.t::date
     GROUP BY g.t;
    $$;

  -- Seats of each of these days up to today: as recorded, and where a day is not recorded yet, as counted now.
  CREATE FUNCTION seats_by_day(wanted text, zone text, first_day date, last_day date, at_ms bigint)
    RETURNS TABLE (day date, used integer)
    LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
    SELECT r.day, r.used FROM seat_days r WHERE r.tenant_id = wanted AND r.day BETWEEN first_day AND last_day
    UNION ALL
    SELECT c.day, c.used
      FROM (SELECT greatest(first_day, (SELECT max(r.day) + 1 FROM seat_days r WHERE r.tenant_id = wanted)) AS first_open) o,
           LATERAL seats_counted(wanted, zone, o.first_open, least(last_day, day_of(at_ms, zone))) c;
    $$;

  -- The months of a tenant's subscription that are not closed yet: those that are over, and the one that runs.
  CREATE FUNCTION open_usage(wanted text, at_ms bigint)
    RETURNS TABLE (
      tenant_id text, month text, tenant_name text, platform text, time_zone text, seats integer,
      user_days bigint, days_in_month integer, price_amount integer, currency text, is_over boolean)
    LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
    WITH terms AS MATERIALIZED (
      SELECT t.tenant_id, t.name, z.zone, s.platform, s.seats, s.price_amount, s.currency, day_of(at_ms, z.zone) AS today,
             greatest(day_of(t.created_at, z.zone), calendar_day(s.starts_on)) AS starts
        FROM tenants t JOIN subscriptions s ON s.tenant_id = t.tenant_id, LATERAL (SELECT usage_zone(t.time_zone) AS zone) z
       WHERE t.tenant_id = wanted AND t.kind = 'customer'
    ), months AS MATERIALIZED (
      SELECT t.*, to_char(g.first, 'YYYY-MM') AS month, g.first::date AS first_day,
             (g.first + interval '1 month' - interval '1 day')::date AS last_day
        FROM terms t, generate_series(date_trunc('month', t.starts::timestamp), t.today::timestamp, '1 month') g (first)
       WHERE t.starts <= t.today
    )
    SELECT m.tenant_id, m.month, m.name, m.platform, m.zone, m.seats,
           (SELECT coalesce(sum(d.used), 0)::bigint
              FROM seats_by_day(m.tenant_id, m.zone, greatest(m.first_day, m.starts), m.last_day, at_ms) d),
           m.last_day - m.first_day + 1, m.price_amount, m.currency, m.last_day < m.today
      FROM months m
     WHERE NOT EXISTS (SELECT 1 FROM usage_months u WHERE u.tenant_id = m.tenant_id AND u.month = m.month)
     ORDER BY m.month;
    $$;

  -- The same of every tenant.
  CREATE FUNCTION provider_open_usage(at_ms bigint)
    RETURNS TABLE (
      tenant_id text, month text, tenant_name text, platform text, time_zone text, seats integer,
      user_days bigint, days_in_month integer, price_amount integer, currency text, is_over boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT u.* FROM subscriptions s, LATERAL open_usage(s.tenant_id, at_ms) u;
    $$;

  -- Record the days that are over and close the months that are; what is recorded already stays as it is.
  CREATE FUNCTION record_usage(wanted text, until_ms bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp
    AS $$
    DECLARE
      at_ms bigint := least(until_ms, clock_ms());
      zone text := (SELECT usage_zone(t.time_zone) FROM tenants t WHERE t.tenant_id = wanted);
      first_day date := coalesce(
        (SELECT max(d.day) + 1 FROM seat_days d WHERE d.tenant_id = wanted),
        (SELECT day_of(min(s.taken_at), zone) FROM seat_spans s WHERE s.tenant_id = wanted));
    BEGIN
      INSERT INTO seat_days (tenant_id, day, used)
        SELECT wanted, d.day, d.used FROM seats_by_day(wanted, zone, first_day, day_of(at_ms, zone) - 1, at_ms) d
      ON CONFLICT DO NOTHING;
      INSERT INTO usage_months (tenant_id, month, tenant_name, platform, time_zone, seats, user_days, days_in_month,
                                price_amount, currency, closed_at)
        SELECT u.tenant_id, u.month, u.tenant_name, u.platform, u.time_zone, u.seats, u.user_days, u.days_in_month,
               u.price_amount, u.currency, at_ms
          FROM open_usage(wanted, at_ms) u WHERE u.is_over
      ON CONFLICT DO NOTHING;
    END;
    $$;

  -- Days and months that are over are over with the price, the seats and the time zone that they had.
  CREATE FUNCTION record_before_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ BEGIN PERFORM record_usage(OLD.tenant_id, clock_ms()); RETURN NEW; END; $$;

  -- A tenant that goes for good is billed up to its last day.
  CREATE FUNCTION close_before_deletion() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
      at_ms bigint := clock_ms();
    BEGIN
      INSERT INTO usage_months (tenant_id, month, tenant_name, platform, time_zone, seats, user_days, days_in_month,
                                price_amount, currency, closed_at)
        SELECT u.tenant_id, u.month, u.tenant_name, u.platform, u.time_zone, u.seats, u.user_days, u.days_in_month,
               u.price_amount, u.currency, at_ms
          FROM open_usage(OLD.tenant_id, at_ms) u
      ON CONFLICT DO NOTHING;
      RETURN OLD;
    END;
    $$;
`;

const rights = `
  GRANT CREATE ON SCHEMA public TO offhook_lookup;
  ${owned
    .map(
      ([signature, caller]) => `
  REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;
  ${caller === undefined ? '' : `GRANT EXECUTE ON FUNCTION ${signature} TO ${caller};`}
  ALTER FUNCTION ${signature} OWNER TO offhook_lookup;`,
    )
    .join('')}
  REVOKE CREATE ON SCHEMA public FROM offhook_lookup;
`;

/** Before the functions change their owner: who makes a trigger must be allowed to call its function. */
const triggers = `
  CREATE TRIGGER record_usage BEFORE UPDATE ON subscriptions
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION record_before_change();
  CREATE TRIGGER record_usage BEFORE UPDATE OF time_zone ON tenants
    FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION record_before_change();
  CREATE TRIGGER close_usage BEFORE DELETE ON tenants
    FOR EACH ROW EXECUTE FUNCTION close_before_deletion();
`;

export const up = `${tables}${spans}${days}${triggers}${rights}`;
