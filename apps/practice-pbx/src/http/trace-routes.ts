import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { valid } from './problems.ts';
import type { PbxFace } from './views.ts';

const traceQuery = z.strictObject({ since: z.coerce.number().int().min(0).default(0) });

const time = z.coerce.number('must be milliseconds since 1970').int().min(0).optional();
const flag = z.enum(['0', '1'], 'must be 0 or 1').default('0');
const textQuery = z.strictObject({
  call: z.string().min(1).max(200).optional(),
  device: z.string().min(1).max(64).optional(),
  from: time,
  to: time,
  /** Registrations, subscriptions and signs of life. */
  routine: flag,
  messages: flag,
});

/** What went over the PBX's sockets, for tests and for people without the page. */
export function traceRoutes(server: FastifyInstance, { trace }: PbxFace): void {
  server.get('/api/trace', (request) => ({
    trace: trace.ring.since(valid(traceQuery, request.query).since),
  }));

  server.get('/api/trace.txt', (request, reply) => {
    const { routine, messages, ...filter } = valid(textQuery, request.query);
    return reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .send(trace.text({ ...filter, routine: routine === '1', messages: messages === '1' }));
  });
}
