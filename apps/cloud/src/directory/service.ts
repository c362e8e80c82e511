import {
  bareNumber,
  internationalDigits,
  OffhookError,
  type ConnectorId,
  type Country,
  type DirectoryEntry,
  type Numbering,
  type TenantId,
  type TenantStatus,
  type UserId,
} from '@offhook/contract';
import type { Bus, Unsubscribe } from '../bus/bus.ts';
import { directoryTopic } from '../bus/topics.ts';
import { untilDone, type RetryOptions } from '../retry.ts';
import { searchable, searchDirectory, type DirectoryUser, type SearchableUser } from './search.ts';
import { numberingOf } from './country.ts';
import { partsOf, type DirectoryParts } from './parts.ts';
import type { DirectoryRows, DirectoryStore } from './store.ts';

/** The people of one tenant as they were when they were read last. */
/** Milliseconds over which a tenant's phones spread what they ask for after a change: some hundred a second. */
export const askWithin = (people: number): number => Math.min(300_000, Math.max(8_000, people * 5));

export type TenantDirectory = {
  /** What the tenant's people may do now: of `suspended` call for help, of `deleting` nothing. */
  status: TenantStatus;
  user: (userId: UserId) => DirectoryUser | undefined;
  /** Whose numbers are written without a calling code. */
  country: Country;
  numbering: Numbering;
  /** How many there are. */
  people: number;
  /** Everybody, as clients fetch them. */
  parts: () => DirectoryParts;
  /**
   * Whose line at this connector has the number, or a device behind it; else whose public number it is, however either is written (`089 7007-21` and
   * `+49 89 700721` are one).
   */
  byNumber: (connectorId: ConnectorId, number: string) => DirectoryUser | undefined;
  /** Of a connector that has a configuration. */
  emergencyNumbers: (connectorId: ConnectorId) => readonly string[] | undefined;
  search: (query: string, limit: number) => DirectoryEntry[];
  usersOf: (connectorId: ConnectorId) => UserId[];
};

/**
 * Directories of tenants, kept in memory while they are used: calls are given names without asking the database for
 * each event, and also while it is away.
 */
export type DirectoryService = {
  /** Up to date as far as the database can be asked. @throws OffhookError `unavailable` when nothing is known yet */
  get: (tenantId: TenantId) => Promise<TenantDirectory>;
  /** What is known now, without waiting. */
  known: (tenantId: TenantId) => TenantDirectory | undefined;
  /** Be told of each new reading after a change. */
  watch: (tenantId: TenantId, onChanged: (directory: TenantDirectory) => void) => Unsubscribe;
  /** Everything may have changed unheard: read anew what is watched, until all of it has been read. */
  refresh: (options: RetryOptions) => Promise<void>;
  close: () => void;
};

const TENANTS = 1_000;
/** Milliseconds after which a directory is read again, should a notice of a change have been lost. */
const FRESH = 300_000;

type Entry = {
  directory: TenantDirectory | undefined;
  readAt: number;
  reading: Promise<TenantDirectory> | undefined;
  /** An entry that is watched is not forgotten. */
  watchers: Set<(directory: TenantDirectory) => void>;
  /** Ends the attempts to read for the watchers. */
  telling: AbortController;
  unsubscribe: Unsubscribe;
};

export function createDirectoryService(
  store: DirectoryStore,
  bus: Bus,
  onFailed: RetryOptions['onFailed'],
): DirectoryService {
  const entries = new Map<TenantId, Entry>();

  const outdated = (entry: Entry) => {
    entry.readAt = 0;
    entry.reading = undefined;
  };

  /** Read for those who watch. */
  const tell = async (tenantId: TenantId, entry: Entry): Promise<void> => {
    if (entry.watchers.size === 0) return;
    const directory = await read(tenantId, entry);
    // Else a newer reading is on its way, and is told by who began it.
    if (entry.directory === directory) entry.watchers.forEach((watcher) => watcher(directory));
  };

  const changed = (tenantId: TenantId, entry: Entry) => {
    outdated(entry);
    // A newer change reads anew by itself.
    entry.telling.abort();
    entry.telling = new AbortController();
    void untilDone([entry], () => tell(tenantId, entry), { signal: entry.telling.signal, onFailed });
  };

  const entryOf = (tenantId: TenantId): Entry => {
    const found = entries.get(tenantId);
    const entry: Entry = found ?? {
      directory: undefined,
      readAt: 0,
      reading: undefined,
      watchers: new Set(),
      telling: new AbortController(),
      unsubscribe: bus.subscribe(directoryTopic(tenantId), () => changed(tenantId, entry)),
    };
    entries.delete(tenantId);
    entries.set(tenantId, entry);
    if (entries.size > TENANTS) forgetOldest();
    return entry;
  };

  const forgetOldest = () => {
    for (const [tenantId, entry] of entries) {
      if (entry.watchers.size > 0) continue;
      entry.unsubscribe();
      entries.delete(tenantId);
      return;
    }
  };

  const read = (tenantId: TenantId, entry: Entry): Promise<TenantDirectory> => {
    const reading: Promise<TenantDirectory> = store.read(tenantId).then((rows) => {
      const directory = createTenantDirectory(rows);
      if (entry.reading === reading) {
        entry.directory = directory;
        entry.readAt = Date.now();
        entry.reading = undefined;
      }
      return directory;
    });
    reading.catch(() => {
      if (entry.reading === reading) entry.reading = undefined;
    });
    entry.reading = reading;
    return reading;
  };

  return {
    get: async (tenantId) => {
      const entry = entryOf(tenantId);
      if (entry.directory !== undefined && Date.now() - entry.readAt < FRESH) return entry.directory;
      try {
        return await (entry.reading ?? read(tenantId, entry));
      } catch (error) {
        if (entry.directory !== undefined && OffhookError.from(error).code === 'unavailable') {
          return entry.directory;
        }
        throw error;
      }
    },
    known: (tenantId) => entries.get(tenantId)?.directory,
    watch: (tenantId, onChanged) => {
      const { watchers } = entryOf(tenantId);
      watchers.add(onChanged);
      return () => watchers.delete(onChanged);
    },
    refresh: (options) => {
      for (const entry of entries.values()) outdated(entry);
      return untilDone(
        [...entries],
        async ([tenantId, entry]) => {
          if (entries.get(tenantId) === entry) await tell(tenantId, entry);
        },
        options,
      );
    },
    close: () => {
      for (const entry of entries.values()) {
        entry.unsubscribe();
        entry.telling.abort();
      }
      entries.clear();
    },
  };
}

const lineKey = (connectorId: ConnectorId, number: string) => `${connectorId}\n${bareNumber(number)}`;

function createTenantDirectory({ status, country, users, emergencyNumbers }: DirectoryRows): TenantDirectory {
  const numbering = numberingOf(country);
  const all: SearchableUser[] = users.map(searchable);
  const byId = new Map(all.map((user) => [user.userId, user]));
  const numbersOf = (kind: (user: SearchableUser) => (string | undefined)[]) =>
    all.flatMap((user) =>
      kind(user).flatMap((number) =>
        user.connectorId === undefined || number === undefined
          ? []
          : [[lineKey(user.connectorId, number), user] as const],
      ),
    );
  // A number that people call goes before the same as a short number, and that before the same at a device.
  const numbers = new Map([
    ...numbersOf(({ devices }) => devices),
    ...numbersOf(({ shortNumber }) => [shortNumber]),
    ...numbersOf(({ number }) => [number]),
  ]);
  // Of two who state the same public number, neither is named.
  const publicNumbers = new Map<string, SearchableUser | undefined>();
  for (const user of all) {
    for (const number of [user.number, ...user.devices]) {
      const digits = number === undefined ? undefined : internationalDigits(number, numbering);
      if (digits === undefined) continue;
      const taken = publicNumbers.has(digits) && publicNumbers.get(digits) !== user;
      publicNumbers.set(digits, taken ? undefined : user);
    }
  }
  const byPublicNumber = (number: string): DirectoryUser | undefined => {
    const digits = internationalDigits(number, numbering);
    return digits === undefined ? undefined : publicNumbers.get(digits);
  };
  let parts: DirectoryParts | undefined;
  return {
    status,
    country,
    numbering,
    people: all.length,
    parts: () => (parts ??= partsOf(all)),
    user: (userId) => byId.get(userId),
    emergencyNumbers: (connectorId) => emergencyNumbers.get(connectorId),
    byNumber: (connectorId, number) => numbers.get(lineKey(connectorId, number)) ?? byPublicNumber(number),
    search: (query, limit) => searchDirectory(all, query, limit),
    usersOf: (connectorId) =>
      all.filter((user) => user.connectorId === connectorId).map((user) => user.userId),
  };
}
