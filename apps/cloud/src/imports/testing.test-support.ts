import { Import, ImportList, ImportRowPage, type ImportRow } from '@offhook/contract';
import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from '../testing/peers.ts';

const IMPORTS = '/api/admin/imports';
const atRest = ({ state }: Import) => !['reading', 'applying', 'undoing'].includes(state);
const PATIENCE = 50_000;

/** An administrator's way through imports, over HTTP. */
export function openImports(url: string, ada: Person) {
  const post = (file: string | Blob, query = '') =>
    fetch(`${url}${IMPORTS}?${query}`, {
      method: 'POST',
      headers: { cookie: ada.cookie, origin: url, 'content-type': 'text/csv' },
      body: file,
    });
  return {
    post,
    upload: async (file: string | Blob, query = ''): Promise<Import> => {
      const response = await post(file, query);
      if (response.status !== 202) throw new Error(`upload: ${response.status} ${await response.text()}`);
      return Import.parse(await response.json());
    },
    list: async () => ImportList.parse(await (await ada.get(IMPORTS)).json()).imports,
    /** Asked until nothing is going on, as the portal does. */
    settled: async (importId: string, isSettled: (found: Import) => boolean = atRest): Promise<Import> => {
      const until = Date.now() + PATIENCE;
      for (;;) {
        const response = await ada.get(`${IMPORTS}/${importId}`);
        const found = Import.parse(await response.json());
        if (isSettled(found)) return found;
        if (Date.now() > until) throw new Error(`still ${JSON.stringify(found)}`);
        await delay(50);
      }
    },
    rows: async (importId: string, query: string): Promise<ImportRow[]> =>
      ImportRowPage.parse(await (await ada.get(`${IMPORTS}/${importId}/rows?${query}`)).json()).rows,
    map: (importId: string, columns: (string | null)[]) =>
      ada.post(`${IMPORTS}/${importId}/mapping`, { columns }),
    act: (importId: string, what: 'apply' | 'undo', body?: object) =>
      ada.post(`${IMPORTS}/${importId}/${what}`, body),
  };
}
