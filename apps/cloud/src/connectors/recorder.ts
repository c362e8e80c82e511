import type { ConnectorId, TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { noteUse } from '../api-keys/authenticate.ts';
import type { Bus } from '../bus/bus.ts';
import { adminNoticeTopic, type LinkStatus } from '../bus/topics.ts';
import { findingsOf } from '../compatibility/check.ts';
import { tellFindings } from '../compatibility/findings.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { addSample, hourOf } from './hours.ts';
import { kindOf } from './store.ts';

type Place = { tenantId: TenantId; connectorId: ConnectorId };

/** What is written down of one link. */
export type LinkRecord = {
  /** What is known has changed. */
  changed: (facts: LinkStatus) => void;
  /** The link has gone; `replaced`: by a newer one, whose state holds. */
  down: (replaced: boolean) => void;
};

/** Keeps the last state of every connector whose link ends at this node, for when it is offline and for the charts. */
export type ConnectorRecorder = {
  open: (place: Place, facts: LinkStatus) => LinkRecord;
  /** Every link counts as down. Resolves when what is known has been written. */
  close: () => Promise<void>;
};

export type RecorderDependencies = {
  database: Database;
  secrets: SecretBox;
  bus: Bus;
  log: { warn(fields: object, message: string): void };
};

/** Milliseconds. A line that registers changes the state; it is written down no oftener than so. */
const WRITE_EVERY = 5_000;
/** Unchanged it is written as often, so that one whose node dies was seen not long ago. */
const SEEN_EVERY = 5 * 60_000;

export function createRecorder(deps: RecorderDependencies): ConnectorRecorder {
  const open = new Set<LinkRecord>();
  const writing = new Set<Promise<void>>();
  let closed = false;
  const track = (work: Promise<void>) => {
    writing.add(work);
    void work.finally(() => writing.delete(work));
  };
  return {
    open: (place, facts) => {
      const record = recordLink(deps, place, facts, track, () => open.delete(record));
      if (closed) record.down(false);
      else open.add(record);
      return record;
    },
    close: async () => {
      closed = true;
      for (const record of open) record.down(false);
      await Promise.all(writing);
    },
  };
}

function recordLink(
  { database, secrets, bus, log }: RecorderDependencies,
  place: Place,
  first: LinkStatus,
  track: (work: Promise<void>) => void,
  onDown: () => void,
): LinkRecord {
  const { tenantId, connectorId } = place;
  let facts = first;
  let isUp = true;
  /** What stands in the database. */
  let written: { text: string; at: number; judged: string } | undefined;
  /** The most that there was since it was written. */
  let most = { lines: 0, registered: 0 };
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();

  const tell = () => bus.publish(adminNoticeTopic(tenantId), { kind: 'connector', connectorId });

  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const [now, online, told, samples] = [Date.now(), isUp, facts, most];
    const judged = JSON.stringify([
      told.version,
      told.status?.platform,
      new Date(now).toISOString().slice(0, 10),
    ]);
    const isJudged = judged === written?.judged;
    most = { lines: told.status?.lines ?? 0, registered: told.status?.registered ?? 0 };
    written = { text: seen(told), at: now, judged };
    last = last
      .then(() =>
        database.inTenant(tenantId, async (trx) => {
          if (!(await writeState(trx, place, { facts: told, online, now }))) return;
          await addSample(trx, place, { hour: hourOf(now), ...samples });
          if (online) await noteUse(trx, told.keyId, now);
          const kind = isJudged ? undefined : await kindOf(trx, connectorId);
          if (kind === undefined) return;
          const today = new Date(now).toISOString().slice(0, 10);
          const reported = { kind, connectorVersion: told.version, platform: told.status?.platform };
          await tellFindings(trx, secrets, place, findingsOf(reported, today));
        }),
      )
      .catch((err: unknown) => {
        // The next status, some seconds away, tries again.
        written = undefined;
        log.warn({ ...place, err }, 'the state of a connector could not be written');
      });
    track(last);
  };

  write();
  tell();
  return {
    changed: (told) => {
      facts = told;
      most = {
        lines: Math.max(most.lines, told.status?.lines ?? 0),
        registered: Math.max(most.registered, told.status?.registered ?? 0),
      };
      const since = Date.now() - (written?.at ?? 0);
      const isNew = seen(told) !== written?.text;
      if (isNew) tell();
      const isHour = hourOf(Date.now()) !== hourOf(written?.at ?? 0);
      if (!isNew && !isHour && since < SEEN_EVERY) return;
      if (since >= WRITE_EVERY) write();
      else timer ??= setTimeout(write, WRITE_EVERY - since);
    },
    down: (replaced) => {
      if (!isUp) return;
      isUp = false;
      clearTimeout(timer);
      onDown();
      if (!replaced) write();
      tell();
    },
  };
}

/** What administrators see of it. */
const seen = ({ status, ...facts }: LinkStatus): string =>
  JSON.stringify({ ...facts, status: { ...status, spooledRecords: 0 } });

/** @returns false where a newer link has written, or the connector has been deleted */
async function writeState(
  trx: TenantTransaction,
  { tenantId, connectorId }: Place,
  { facts, online, now }: { facts: LinkStatus; online: boolean; now: number },
): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO connector_states AS s (tenant_id, connector_id, online, link_since, seen_at, facts)
    SELECT c.tenant_id, c.connector_id, ${online}, ${facts.since}, ${now}, ${JSON.stringify(facts)}::jsonb
      FROM connectors c WHERE c.tenant_id = ${tenantId} AND c.connector_id = ${connectorId}
    ON CONFLICT (tenant_id, connector_id) DO UPDATE SET
      online = excluded.online, link_since = excluded.link_since, seen_at = excluded.seen_at, facts = excluded.facts
      WHERE s.link_since <= excluded.link_since
    RETURNING 1`.execute(trx);
  return rows.length > 0;
}
