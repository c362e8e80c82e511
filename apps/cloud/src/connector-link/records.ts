import {
  historyKindOf,
  type CallRecord,
  type HistoryEntry,
  type LinkMethod,
  type linkMethods,
  type Params,
  type Party,
  type Result,
} from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import { userTopic } from '../bus/topics.ts';
import { knownParty } from '../directory/parties.ts';
import type { DirectoryService } from '../directory/service.ts';
import type { HistoryStore } from '../history/store.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { LinkKey } from './store.ts';

export type RecordDependencies = {
  bus: Bus;
  history: HistoryStore;
  directory: DirectoryService;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
};
type Append = Extract<LinkMethod, 'records.append'>;

/** Write a connector's call records, and tell the clients of those that are new. Resolves when they are safe. */
export async function appendRecords(
  { history, directory, bus, metrics, log }: RecordDependencies,
  { tenantId, connectorId }: Pick<LinkKey, 'tenantId' | 'connectorId'>,
  { records }: Params<typeof linkMethods, Append>,
): Promise<Result<typeof linkMethods, Append>> {
  const people = directory.known(tenantId);
  const known = records.map((record) => named(record, (party) => knownParty(people, connectorId, party)));
  const { accepted, refused, added, joined } = await history.append(tenantId, connectorId, known);
  const wholes = new Map(joined.map(({ part, userId, entry }) => [part, { userId, entry }]));
  for (const record of added) {
    const topic = userTopic(tenantId, record.userId);
    const whole = wholes.get(record.recordId);
    if (whole === undefined) bus.publish(topic, { kind: 'history.added', entry: entryOf(record) });
    else bus.publish(topic, { kind: 'history.changed', entry: whole.entry });
  }
  const missed = added.filter((record) => historyKindOf(record) === 'missed');
  // A call that was put together may count no more.
  const counted = [...missed, ...joined].map((each) => each.userId);
  for (const userId of new Set(counted)) {
    const count = await history.unseen(tenantId, userId);
    bus.publish(userTopic(tenantId, userId), { kind: 'history.missed', count });
  }
  metrics.records.inc({ outcome: 'new' }, added.length);
  metrics.records.inc({ outcome: 'repeated' }, accepted.length - added.length);
  metrics.records.inc({ outcome: 'refused' }, refused.length);
  log.info(
    { tenantId, connectorId, added: added.length, accepted: accepted.length, refused: refused.length },
    'call records written',
  );
  return { accepted, refused };
}

/** The record with everybody in it as the tenant knows them. */
function named(record: CallRecord, know: (party: Party) => Party): CallRecord {
  const { remote, divertedBy, members, steps } = record;
  return {
    ...record,
    remote: know(remote),
    ...(divertedBy === undefined ? {} : { divertedBy: know(divertedBy) }),
    ...(members === undefined ? {} : { members: members.map(know) }),
    ...(steps === undefined
      ? {}
      : {
          steps: steps.map((step) => (step.kind === 'with' ? { ...step, party: know(step.party) } : step)),
        }),
  };
}

/** As its person is told of it. */
function entryOf({ userId: _user, foundRunning: _found, ...entry }: CallRecord): HistoryEntry {
  return entry;
}
