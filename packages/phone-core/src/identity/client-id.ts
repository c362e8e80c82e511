import { ClientId } from '@offhook/contract';
import type { Locks, TabStorage } from '../ports.ts';

const STORAGE_KEY = 'offhook.clientId';

/**
 * How long a reloaded tab waits for its own former page to let go of the id. A duplicated tab, whose
 * twin lives on, waits this long once and then takes an id of its own.
 */
export const CLIENT_ID_WAIT_MS = 1_000;

export interface ClientIdPorts {
  readonly tabStorage: TabStorage;
  readonly locks: Locks;
  readonly newId: () => string;
}

/**
 * This tab's id: the same after a reload, so that a running call finds its window again, and another one in
 * every other tab. Browsers copy the tab's storage when a tab is duplicated; a lock tells the twins apart.
 */
export async function claimClientId(ports: ClientIdPorts): Promise<ClientId> {
  const stored = ClientId.safeParse(ports.tabStorage.read(STORAGE_KEY));
  if (stored.success && (await ports.locks.hold(lockName(stored.data), CLIENT_ID_WAIT_MS)))
    return stored.data;
  return newClientId(ports);
}

/** An id that no other tab has, kept for the next reload. */
export async function newClientId(ports: ClientIdPorts): Promise<ClientId> {
  const fresh = ClientId.parse(ports.newId());
  ports.tabStorage.write(STORAGE_KEY, fresh);
  await ports.locks.hold(lockName(fresh), 0);
  return fresh;
}

function lockName(clientId: ClientId): string {
  return `offhook.client.${clientId}`;
}
