import { SYSTEM_STATUSES } from '@offhook/csta';
import type { SystemStatusValue } from '@offhook/csta';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem, valid } from '../http/problems.ts';
import type { TraceEntry } from '../trace/trace-ring.ts';
import type { FaultRules } from './faults/plan.ts';
import { MOST_RULES } from './faults/plan.ts';
import { faultRule } from './faults/rules.ts';
import type { CstaView } from './server.ts';

/** What the HTTP side may ask of the CSTA server. */
export interface CstaFace {
  readonly view: CstaView;
  readonly faults: FaultRules;
  trace(since: number): readonly TraceEntry[];
  cut(): void;
  silence(): void;
  setStatus(status: SystemStatusValue): void;
}

const traceQuery = z.strictObject({ since: z.coerce.number().int().min(0).default(0) });
const linkBody = z.strictObject({ act: z.enum(['cut', 'silence'], 'must be cut or silence') });
const statusBody = z.strictObject({ status: z.enum(SYSTEM_STATUSES) });
const rulesBody = z.strictObject({ rules: z.array(faultRule).min(1).max(MOST_RULES) });

/** The CSTA server's side of the API. What stands under `/api/test/` makes it go wrong: for tests of clients, and for nothing else. */
export function cstaRoutes(server: FastifyInstance, csta: () => CstaFace | undefined): void {
  const find = (): CstaFace => {
    const face = csta();
    if (face === undefined)
      throw new Problem('not_found', 'This PBX has no CSTA link: its platform is generic.');
    return face;
  };

  server.get('/api/csta', () => ({ csta: csta()?.view ?? null }));
  server.get('/api/csta/trace', (request) => ({
    trace: find().trace(valid(traceQuery, request.query).since),
  }));

  server.get('/api/test/csta/faults', () => ({ rules: find().faults.rules }));
  server.post('/api/test/csta/faults', (request) => {
    const { faults } = find();
    for (const rule of valid(rulesBody, request.body).rules) {
      if (!faults.add(rule))
        throw new Problem('conflict', `There are ${MOST_RULES} rules already: clear them first.`);
    }
    return { rules: faults.rules };
  });
  server.delete('/api/test/csta/faults', () => {
    const { faults } = find();
    faults.clear();
    return { rules: faults.rules };
  });
  server.post('/api/test/csta/links', (request) => {
    const face = find();
    const { act } = valid(linkBody, request.body);
    if (act === 'cut') face.cut();
    else face.silence();
    return { csta: face.view };
  });
  server.post('/api/test/csta/status', (request) => {
    const face = find();
    face.setStatus(valid(statusBody, request.body).status);
    return { csta: face.view };
  });
}
