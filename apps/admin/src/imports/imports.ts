import {
  Import,
  ImportList,
  ImportRowPage,
  type HeaderMapping,
  type ImportRow,
  type ImportState,
} from '@offhook/contract';
import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';

export const importsKey = ['imports'] as const;

export type RowKind = ImportRow['kind'];
export const rowKinds = ['new', 'changed', 'unchanged', 'refused'] as const satisfies readonly RowKind[];

/** The service is at it: events tell how far. */
export function isWorking(state: ImportState): boolean {
  switch (state) {
    case 'reading':
    case 'applying':
    case 'undoing':
      return true;
    case 'mapping':
    case 'preview':
    case 'applied':
    case 'undone':
    case 'failed':
      return false;
  }
}

export const importsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...importsKey, 'list'],
    queryFn: async () => (await api.get('/api/admin/imports', ImportList)).imports,
  });

export const importQuery = (api: Api, importId: string) =>
  queryOptions({
    queryKey: [...importsKey, 'one', importId],
    queryFn: () => api.get(pathOf(importId), Import),
  });

export interface RowsView {
  readonly kind: RowKind;
  readonly page: number;
  readonly pageSize: number;
}

/** `state`: rows are others after each step. */
export const rowsQuery = (api: Api, importId: string, state: ImportState, view: RowsView) =>
  queryOptions({
    queryKey: [...importsKey, 'rows', importId, state, view],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get(`${pathOf(importId)}/rows`, ImportRowPage, { ...view }, signal),
  });

export const pathOf = (importId: string): string => `/api/admin/imports/${encodeURIComponent(importId)}`;

/** What an import can be told to do. */
export interface ImportActs {
  upload(file: File, connectorId: string | undefined, onProgress: (share: number) => void): Promise<Import>;
  map(importId: string, mapping: HeaderMapping): Promise<void>;
  apply(importId: string, invite: boolean): Promise<void>;
  undo(importId: string): Promise<void>;
  discard(importId: string): Promise<void>;
}

export function useImportActs(api: Api): ImportActs {
  const queries = useQueryClient();
  /** An answer may come later than the event of what followed it: once shown, it is asked for again. */
  const put = async (begun: Import): Promise<void> => {
    const { queryKey } = importQuery(api, begun.importId);
    queries.setQueryData(queryKey, begun);
    await queries.invalidateQueries({ queryKey });
  };
  const tell = async (importId: string, word: string, body?: unknown): Promise<void> => {
    await put(await api.ask('POST', `${pathOf(importId)}/${word}`, Import, body));
    await queries.invalidateQueries({ queryKey: importsQuery(api).queryKey });
  };
  return {
    async upload(file, connectorId, onProgress) {
      const query = new URLSearchParams({
        name: file.name.slice(0, 200),
        ...(connectorId === undefined ? {} : { connectorId }),
      });
      const begun = await api.upload(`/api/admin/imports?${query.toString()}`, file, Import, { onProgress });
      await put(begun);
      return begun;
    },
    map: (importId, mapping) => tell(importId, 'mapping', mapping),
    apply: (importId, invite) => tell(importId, 'apply', { invite }),
    undo: (importId) => tell(importId, 'undo'),
    async discard(importId) {
      await api.send('DELETE', pathOf(importId));
      queries.removeQueries({ queryKey: importQuery(api, importId).queryKey });
      await queries.invalidateQueries({ queryKey: importsQuery(api).queryKey });
    },
  };
}
