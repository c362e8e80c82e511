import type { ServerResponse } from 'node:http';
import {
  ALIVE_EVERY,
  ErrorBody,
  OffhookError,
  type AdminEvent,
  type ConnectorId,
  type ConnectorState,
  type Import,
  type TenantId,
} from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import { AdminNotice, adminNoticeTopic, userTopic } from '../bus/topics.ts';
import { personOf, type Person } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { gatherTouches } from './touches.ts';

export type AdminEventDependencies = {
  bus: Bus;
  /** Undefined where the connector has been deleted. */
  connectorState: (tenantId: TenantId, connectorId: ConnectorId) => Promise<ConnectorState | undefined>;
  /** Undefined where the import has been discarded. */
  importState: (tenantId: TenantId, importId: string) => Promise<Import | undefined>;
  log: { warn(fields: object, message: string): void };
  timings?: Partial<EventTimings>;
};

/**
 * Milliseconds: between two signs of life; for which changes are gathered; between two tellings of the same thing; after which a stream ends, so that
 * whoever it is for proves it anew.
 */
export type EventTimings = { heartbeat: number; gather: number; every: number; longest: number };
const defaults: EventTimings = {
  heartbeat: ALIVE_EVERY,
  gather: 250,
  every: 1_000,
  longest: 5 * 60_000,
};

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

function stream(response: ServerResponse, person: Person, deps: AdminEventDependencies): void {
  const { tenantId, userId, sessionId } = person;
  const { bus, log, timings } = deps;
  const { heartbeat, longest, ...often } = { ...defaults, ...timings };

  const write = (text: string) => {
    if (response.writableLength > MOST_WAITING) response.destroy();
    else if (!response.writableEnded) response.write(text);
  };
  const tell = ({ kind, ...data }: AdminEvent) => write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);

  // One after the other: an older state must not come after a newer one.
  let last: Promise<void> = Promise.resolve();
  const touches = gatherTouches(often, (thing) => {
    const notice = AdminNotice.parse(JSON.parse(thing));
    last = last
      .then(async () => tell(await eventOf(deps, tenantId, notice)))
      .catch((err: unknown) => {
        log.warn({ tenantId, notice, err }, 'an event was not told');
        // What was missed is looked at anew: the browser comes back and fetches everything.
        response.end();
      });
  });

  const unsubscribe = [
    bus.subscribe(adminNoticeTopic(tenantId), (notice) => touches.touch(JSON.stringify(notice))),
    bus.subscribe(userTopic(tenantId, userId), (message) => {
      if (message.kind !== 'session.ended') return;
      if (message.sessionId !== undefined && message.sessionId !== sessionId) return;
      tell({ kind: 'session.ended', reason: message.reason });
      response.end();
    }),
  ];
  const beating = setInterval(() => tell({ kind: 'alive' }), heartbeat);
  // Spread, so that browsers do not come back in step.
  const ending = setTimeout(() => response.end(), longest * (0.8 + Math.random() * 0.4));
  response.once('close', () => {
    for (const end of unsubscribe) end();
    touches.close();
    clearInterval(beating);
    clearTimeout(ending);
  });
  write('retry: 3000\n\n');
}

/** What was noticed, as it is now. */
async function eventOf(
  { connectorState, importState }: AdminEventDependencies,
  tenantId: TenantId,
  notice: AdminNotice,
): Promise<AdminEvent> {
  switch (notice.kind) {
    case 'connector': {
      const { connectorId } = notice;
      const state = await connectorState(tenantId, connectorId);
      return state === undefined ? { kind: 'connector.deleted', connectorId } : { kind: 'connector', state };
    }
    case 'import': {
      const { importId } = notice;
      const found = await importState(tenantId, importId);
      return found === undefined ? { kind: 'import.discarded', importId } : { kind: 'import', import: found };
    }
    case 'directory':
      return { kind: 'directory' };
  }
}
