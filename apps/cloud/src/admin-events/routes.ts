import type { ServerResponse } from 'node:http';
import {
  ErrorBody,
  OffhookError,
  type AdminEvent,
  type ConnectorId,
  type ConnectorState,
  type TenantId,
} from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import { adminNoticeTopic, userTopic } from '../bus/topics.ts';
import { personOf, type Person } from '../http/access.ts';
import type { App } from '../http/app.ts';

export type AdminEventDependencies = {
  bus: Bus;
  /** Undefined where the connector has been deleted. */
  connectorState: (tenantId: TenantId, connectorId: ConnectorId) => Promise<ConnectorState | undefined>;
  log: { warn(fields: object, message: string): void };
  timings?: Partial<EventTimings>;
};

/** Milliseconds: between two signs of life; for which changes are gathered; after which a stream ends, so that whoever it is for proves it anew. */
export type EventTimings = { heartbeat: number; gather: number; longest: number };
const defaults: EventTimings = { heartbeat: 15_000, gather: 250, longest: 5 * 60_000 };

/** Streams of one person, one for each tab, and of this node. */
const PER_PERSON = 8;
const PER_NODE = 2_000;
/** Octets that may wait for a slow reader. */
const MOST_WAITING = 256 * 1024;

/** `GET /api/admin/events`: what changes while an administrator looks, as server-sent events. */
export function adminEventRoutes(app: App, deps: AdminEventDependencies): void {
  const open = new Map<string, number>();
  let total = 0;
  const take = (key: string): (() => void) => {
    const held = open.get(key) ?? 0;
    if (held >= PER_PERSON || total >= PER_NODE) throw new OffhookError('rate_limited', { retryAfter: 30 });
    open.set(key, held + 1);
    total += 1;
    return () => {
      total -= 1;
      const left = (open.get(key) ?? 1) - 1;
      if (left === 0) open.delete(key);
      else open.set(key, left);
    };
  };

  app.route({
    method: 'GET',
    // A stream has no end, and its head alone would be waited for for ever.
    exposeHeadRoute: false,
    url: '/api/admin/events',
    config: { access: 'connectors.read' },
    schema: {
      summary: 'What changes, as server-sent events (text/event-stream)',
      response: { 401: ErrorBody, 403: ErrorBody, 429: ErrorBody },
    },
    handler: (request, reply) => {
      const person = personOf(request);
      const release = take(`${person.tenantId} ${person.userId}`);
      reply.hijack();
      reply.raw.once('close', release);
      reply.raw.writeHead(200, {
        ...definedHeaders(reply.getHeaders()),
        'content-type': 'text/event-stream; charset=utf-8',
        // A proxy that gathers would hold back what is told.
        'x-accel-buffering': 'no',
      });
      stream(reply.raw, person, deps);
    },
  });
}

const definedHeaders = (headers: Record<string, number | string | string[] | undefined>) =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));

function stream(
  response: ServerResponse,
  { tenantId, userId, sessionId }: Person,
  { bus, connectorState, log, timings }: AdminEventDependencies,
): void {
  const { heartbeat, gather, longest } = { ...defaults, ...timings };
  const touched = new Set<ConnectorId>();
  let gathering: NodeJS.Timeout | undefined;

  const write = (text: string) => {
    if (response.writableLength > MOST_WAITING) response.destroy();
    else if (!response.writableEnded) response.write(text);
  };
  const tell = ({ kind, ...data }: AdminEvent) => write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
  const tellConnector = async (connectorId: ConnectorId) => {
    const state = await connectorState(tenantId, connectorId);
    tell(state === undefined ? { kind: 'connector.deleted', connectorId } : { kind: 'connector', state });
  };
  const tellTouched = () => {
    gathering = undefined;
    const ids = [...touched];
    touched.clear();
    for (const connectorId of ids) {
      // What was missed is looked at anew: the browser comes back and fetches everything.
      tellConnector(connectorId).catch((err: unknown) => {
        log.warn({ tenantId, connectorId, err }, 'state of a connector not told');
        response.end();
      });
    }
  };

  const unsubscribe = [
    bus.subscribe(adminNoticeTopic(tenantId), (notice) => {
      touched.add(notice.connectorId);
      gathering ??= setTimeout(tellTouched, gather);
    }),
    bus.subscribe(userTopic(tenantId, userId), (message) => {
      if (message.kind !== 'session.ended') return;
      if (message.sessionId === undefined || message.sessionId === sessionId) response.end();
    }),
  ];
  const beating = setInterval(() => write(': alive\n\n'), heartbeat);
  // Spread, so that browsers do not come back in step.
  const ending = setTimeout(() => response.end(), longest * (0.8 + Math.random() * 0.4));
  response.once('close', () => {
    for (const end of unsubscribe) end();
    clearInterval(beating);
    clearTimeout(ending);
    clearTimeout(gathering);
  });
  write('retry: 3000\n\n');
}
