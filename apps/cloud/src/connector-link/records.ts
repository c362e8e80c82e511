import type { LinkMethod, linkMethods, Params, Result } from '@offhook/contract';
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
  const named = records.map((record) => ({
    ...record,
    remote: knownParty(people, connectorId, record.remote),
  }));
  const { accepted, refused, added } = await history.append(tenantId, connectorId, named);
  for (const { userId, ...entry } of added) {
    bus.publish(userTopic(tenantId, userId), { kind: 'history.added', entry });
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
