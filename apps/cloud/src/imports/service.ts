import {
  AdminLimits,
  OffhookError,
  type ConnectorId,
  type HeaderMapping,
  type Import,
  type TenantId,
} from '@offhook/contract';
import { isUsable } from '@offhook/subscribers';
import type { Actor } from '../audit/audit.ts';
import { conflict, type ImportTableRow } from './model.ts';
import type { ImportStore } from './store.ts';

/** Imports of a tenant that have not been applied: each has a file. */
const UNFINISHED = 20;
/** Bytes of a file that are written at a time. */
const PIECE = 256 * 1024;

export type Upload = {
  fileName: string;
  connectorId: ConnectorId | undefined;
  mapping: HeaderMapping | 'ask' | undefined;
  body: AsyncIterable<Uint8Array>;
};

export type ImportService = ReturnType<typeof createImportService>;

export function createImportService(store: ImportStore, wake: () => void, now: () => number = Date.now) {
  const act = async (
    tenantId: TenantId,
    importId: string,
    decide: Parameters<ImportStore['act']>[2],
  ): Promise<Import> => {
    const result = await store.act(tenantId, importId, decide);
    if (result === undefined) throw new OffhookError('not_found');
    wake();
    return result;
  };

  return {
    /**
     * Take a file in as it comes, and begin to read it.
     * @throws OffhookError `too_large`, `not_found` (connector), `bad_request` (no connector named, and the tenant has not just one), `conflict`
     * (too many files wait already)
     */
    upload: async (tenantId: TenantId, actor: Actor, { body, ...wanted }: Upload): Promise<Import> => {
      const connectorId = connectorFor(await store.connectors(tenantId), wanted.connectorId);
      if ((await store.unfinished(tenantId)) >= UNFINISHED) throw conflict();
      const importId = await store.begin(tenantId, actor, { ...wanted, connectorId });
      try {
        const bytes = await keep(body, (place, piece) => store.addChunk(tenantId, importId, place, piece));
        const begun = await store.completeUpload(tenantId, importId, bytes);
        wake();
        return begun;
      } catch (error) {
        await store.remove(tenantId, importId);
        throw error;
      }
    },

    list: store.list,

    get: async (tenantId: TenantId, importId: string): Promise<Import> => {
      const found = await store.get(tenantId, importId);
      if (found === undefined) throw new OffhookError('not_found');
      return found;
    },

    rows: async (tenantId: TenantId, importId: string, query: Parameters<ImportStore['rows']>[2]) => {
      const page = await store.rows(tenantId, importId, query);
      if (page === undefined) throw new OffhookError('not_found');
      return page;
    },

    /** @throws OffhookError `not_found`, `conflict`, `bad_request`: without an address, or a field twice */
    map: (tenantId: TenantId, importId: string, mapping: HeaderMapping): Promise<Import> => {
      if (!isUsable(mapping)) throw new OffhookError('bad_request', { fields: ['columns'] });
      return act(tenantId, importId, (found) => {
        // JSON says itself what is what.
        if (!['mapping', 'preview'].includes(found.state) || found.columns === null) throw conflict();
        return {
          state: 'reading',
          failure: null,
          mapping: JSON.stringify(mapping),
          ask_mapping: false,
          done: 0,
        };
      });
    },

    /** @throws OffhookError `not_found`, `conflict` */
    apply: (tenantId: TenantId, importId: string, actor: Actor, invite: boolean): Promise<Import> =>
      act(tenantId, importId, (found) => {
        if (found.state !== 'preview') throw conflict();
        return { state: 'applying', failure: null, actor: JSON.stringify(actor), invite, done: 0 };
      }),

    /** @throws OffhookError `not_found`, `conflict`, `undo_expired` */
    undo: (tenantId: TenantId, importId: string, actor: Actor): Promise<Import> =>
      act(tenantId, importId, (found) => {
        if (found.state !== 'applied') throw conflict();
        if (found.undo_until === null || found.undo_until <= now()) throw new OffhookError('undo_expired');
        return { state: 'undoing', failure: null, actor: JSON.stringify(actor), inviting: false, done: 0 };
      }),

    /** @throws OffhookError `not_found`, `conflict`: it was applied */
    discard: async (tenantId: TenantId, importId: string): Promise<void> => {
      if (!(await store.discard(tenantId, importId, refuseApplied))) throw new OffhookError('not_found');
    },
  };
}

const refuseApplied = ({ state }: ImportTableRow) => {
  if (state === 'applying' || state === 'applied' || state === 'undoing') throw conflict();
};

function connectorFor(there: readonly ConnectorId[], wanted: ConnectorId | undefined): ConnectorId {
  if (wanted !== undefined) {
    if (!there.includes(wanted)) throw new OffhookError('not_found', { fields: ['connectorId'] });
    return wanted;
  }
  const [only] = there;
  if (only === undefined || there.length > 1)
    throw new OffhookError('bad_request', { fields: ['connectorId'] });
  return only;
}

/** Give a body on in pieces of one size. @returns bytes @throws OffhookError `too_large` */
async function keep(
  body: AsyncIterable<Uint8Array>,
  write: (place: number, piece: Uint8Array) => Promise<void>,
): Promise<number> {
  const piece = Buffer.alloc(PIECE);
  let filled = 0;
  let place = 0;
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > AdminLimits.importBytes) throw new OffhookError('too_large');
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + PIECE - filled);
      piece.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < PIECE) continue;
      await write(place, piece);
      place += 1;
      filled = 0;
    }
  }
  if (filled > 0) await write(place, piece.subarray(0, filled));
  return bytes;
}
