import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { isForMachines, OffhookError, SESSION_COOKIE } from '@offhook/contract';
import Fastify, { LogController } from 'fastify';
import {
  createJsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import type { IsProxy } from './addresses.ts';
import { errorHandler } from './errors.ts';
import { isOriginAllowed } from './origin.ts';

export type AppOptions = {
  log: Logger;
  metrics: Metrics;
  /** E.g. `https://phone.example.com`; decides about Secure cookies, HSTS and the `Origin` check. */
  publicOrigin: string | undefined;
  isProxy: IsProxy;
};

/** API requests of one address. A company's people may share one, and all come at nine. */
const REQUESTS_PER_MINUTE = 6_000;

/** JSON bodies are small: the largest is a sign-in. */
const BODY_BYTES = 64 * 1024;

export type App = Awaited<ReturnType<typeof createApp>>;

/** Fastify with what every feature relies on: schemas, errors of the contract, security headers. */
export async function createApp({ log, metrics, publicOrigin, isProxy }: AppOptions) {
  const secure = publicOrigin?.startsWith('https:') === true;
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: BODY_BYTES,
    genReqId: () => randomUUID(),
    requestTimeout: 30_000,
    forceCloseConnections: true,
    // An e-mail address, each of its characters escaped.
    routerOptions: { maxParamLength: 800 },
    trustProxy: isProxy,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(errorHandler(metrics));

  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    cache: 10_000,
    // Files cost little; a page has many.
    allowList: (request) => !request.url.startsWith('/api/'),
    errorResponseBuilder: (_request, { ttl }) => {
      countLimit(metrics, 'request_rate');
      return new OffhookError('rate_limited', { retryAfter: Math.ceil(ttl / 1000) });
    },
  });
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(publicOrigin) },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    frameguard: { action: 'deny' },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Offhook',
        version: '0.1.0',
        description: 'The HTTP API. Calls go over the WebSocket at /api/realtime.',
      },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: SESSION_COOKIE,
            description: 'A person who signed in',
          },
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, made in the administration' },
        },
      },
    },
    transform: secured,
  });

  app.addHook('onRequest', async (request, reply) => {
    void reply.header('permissions-policy', 'microphone=(self), camera=(), geolocation=()');
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    const isCrossSite = request.routeOptions.config.crossSite === true;
    if (!isCrossSite && !isOriginAllowed(request.raw, publicOrigin)) throw new OffhookError('forbidden');
  });
  return app;
}

const toJsonSchema = createJsonSchemaTransform({ skipList: [] });

/** What each route says of itself, with the proof that it asks for, and with the permission in words. */
const secured: typeof toJsonSchema = (input) => {
  const { schema, ...rest } = toJsonSchema(input);
  const access = input.route.config?.access ?? 'anyone';
  const security = access === 'anyone' ? [] : [{ [isForMachines(access) ? 'apiKey' : 'session']: [] }];
  return { ...rest, schema: { ...schema, security, 'x-permission': access } };
};

/** Styles may be inline: the component library sets them at run time. Scripts may not. */
function contentSecurityPolicy(publicOrigin: string | undefined): Record<string, string[]> {
  // Older WebKit does not count the WebSocket of the same host as 'self'.
  const socket = publicOrigin === undefined ? [] : [publicOrigin.replace(/^http/u, 'ws')];
  return {
    'default-src': ["'self'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'media-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", ...socket],
    'worker-src': ["'self'", 'blob:'],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
}
