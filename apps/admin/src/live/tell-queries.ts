import {
  type AdminEvent,
  type ConnectorDetail,
  type ConnectorState,
  type ConnectorStates,
  type Import,
  type Overview,
} from '@offhook/contract';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { administratorsKey } from '../administrators/data.ts';
import { connectorsKey } from '../connectors/data.ts';
import { importsKey, isWorking } from '../imports/imports.ts';
import { overviewKey } from '../overview/data.ts';
import { usersKey } from '../users/users.ts';

/** All that events tell of. */
const liveKeys: readonly QueryKey[] = [connectorsKey, overviewKey, importsKey, usersKey, administratorsKey];

/** What is shown of these is fetched anew; what is not shown, when it is. */
const stale = (queries: QueryClient, keys: readonly QueryKey[]): void => {
  for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
};
export const lookAnew = (queries: QueryClient): void => stale(queries, liveKeys);

/** Puts what an event tells where pages look. Of an end of the session the session itself is asked (see `LiveUpdates`). */
export function tellQueries(queries: QueryClient, event: AdminEvent): void {
  switch (event.kind) {
    case 'connector':
      return tellConnector(queries, event.state);
    case 'connector.deleted':
      return stale(queries, [connectorsKey, overviewKey]);
    case 'import':
      return tellImport(queries, event.import);
    case 'import.discarded':
      return stale(queries, [[...importsKey, 'list']]);
    case 'directory':
      return stale(queries, [connectorsKey, overviewKey, usersKey, administratorsKey]);
    case 'session.ended':
    case 'alive':
      return;
  }
}

function tellConnector(queries: QueryClient, state: ConnectorState): void {
  const { connectorId } = state;
  const known = (states: readonly ConnectorState[]): boolean =>
    states.some((one) => one.connectorId === connectorId);
  const put = (states: readonly ConnectorState[]): ConnectorState[] =>
    states.map((one) => (one.connectorId === connectorId ? state : one));

  const listKey = [...connectorsKey, 'list'];
  const list = queries.getQueryData<ConnectorStates>(listKey);
  if (list !== undefined) {
    if (known(list.connectors)) queries.setQueryData(listKey, { connectors: put(list.connectors) });
    else stale(queries, [listKey]);
  }
  const overview = queries.getQueryData<Overview>(overviewKey);
  if (overview !== undefined) {
    const before = overview.connectors.find((one) => one.connectorId === connectorId);
    queries.setQueryData<Overview>(overviewKey, { ...overview, connectors: put(overview.connectors) });
    // The guide goes on when a connector has come for the first time.
    if (before === undefined || before.online !== state.online) stale(queries, [overviewKey]);
  }
  queries.setQueryData<ConnectorDetail>([...connectorsKey, connectorId], (detail) =>
    detail === undefined ? undefined : { ...detail, state },
  );
}

function tellImport(queries: QueryClient, told: Import): void {
  const listKey = [...importsKey, 'list'];
  const list = queries.getQueryData<readonly Import[]>(listKey);
  if (list?.some(({ importId }) => importId === told.importId) === true) {
    queries.setQueryData(
      listKey,
      list.map((one) => (one.importId === told.importId ? told : one)),
    );
  } else {
    stale(queries, [listKey]);
  }
  const oneKey = [...importsKey, 'one', told.importId];
  if (queries.getQueryData(oneKey) !== undefined) queries.setQueryData(oneKey, told);
  if (!isWorking(told.state)) stale(queries, [usersKey, overviewKey]);
}
