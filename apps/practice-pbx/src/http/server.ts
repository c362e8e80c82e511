import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { cstaRoutes } from '../csta/routes.ts';
import type { LiveEvents } from './events.ts';
import { pageRoutes } from './page.ts';
import { phoneRoutes } from './phone-routes.ts';
import { Problem, answerProblems } from './problems.ts';
import { switchRoutes } from './switch-routes.ts';
import { traceRoutes } from './trace-routes.ts';
import type { PbxFace } from './views.ts';

const BODY_LIMIT = 4096;

/** The local page and API. */
export function createServer(pbx: PbxFace, events: LiveEvents): FastifyInstance {
  const server = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  answerProblems(server);

  // The API has no sign-in: another site's page in the same browser must not be able to press its buttons.
  server.addHook('onRequest', (request, _, done) => {
    const { origin, host } = request.headers;
    if (!isOwnName(host)) {
      done(new Problem('forbidden', 'Open this page by the address of the machine, or as localhost.'));
      return;
    }
    const isForeign = origin !== undefined && URL.parse(origin)?.host !== host;
    if (isForeign && request.method !== 'GET') {
      done(new Problem('forbidden', 'Another site may not use this telephone system.'));
    } else done();
  });

  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/metrics', (_, reply) => reply.type('text/plain; version=0.0.4').send(pbx.metrics()));
  server.get('/api/extensions', () => ({ extensions: pbx.view().extensions }));
  server.get('/api/calls', () => ({ calls: pbx.view().calls }));
  traceRoutes(server, pbx);
  phoneRoutes(server, pbx);
  switchRoutes(server, pbx);
  cstaRoutes(server, () => pbx.csta());
  events.routes(server);
  pageRoutes(server);
  return server;
}

/**
 * An address, `localhost` or this machine's name. A page of another site could point a name of its own at
 * this address (DNS rebinding) and would then read what is here.
 */
function isOwnName(host: string | undefined): boolean {
  const name = URL.parse(`http://${host ?? ''}`)?.hostname.replace(/^\[|\]$/gu, '');
  if (name === undefined) return false;
  return isIP(name) !== 0 || name === 'localhost' || name === hostname().toLowerCase();
}
