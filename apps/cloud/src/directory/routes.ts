import { DirectoryIndex, DirectoryPart, ErrorBody, OffhookError, PartId } from '@offhook/contract';
import * as z from 'zod';
import { personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { DirectoryService } from './service.ts';

/** Everybody of the own company, for the phone's contacts and its search. */
export function directoryRoutes(app: App, directory: Pick<DirectoryService, 'get'>): void {
  app.route({
    method: 'GET',
    url: '/api/directory',
    config: { access: 'directory.read' },
    schema: {
      summary: 'What the people of the company can be read by: its parts, each named by what is in it',
      response: { 200: DirectoryIndex, 401: ErrorBody },
    },
    handler: async (request) => {
      const { country, numbering, people, parts } = await directory.get(personOf(request).tenantId);
      return { country, numbering, people, parts: parts().ids };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/directory/parts/:partId',
    config: { access: 'directory.read' },
    schema: {
      summary: 'The people of one part; a part that has changed has another name',
      params: z.object({ partId: PartId }),
      response: { 200: DirectoryPart, 401: ErrorBody, 404: ErrorBody },
    },
    handler: async (request) => {
      const found = (await directory.get(personOf(request).tenantId)).parts().people(request.params.partId);
      if (found === undefined) throw new OffhookError('not_found');
      return { people: found };
    },
  });
}
