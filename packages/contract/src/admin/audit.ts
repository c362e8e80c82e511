import * as z from 'zod';
import { Day, Millis } from './common.ts';

/** `GET /api/admin/audit` and `GET /api/provider/audit` → {@link AuditPage}; `…/audit/export` as CSV or JSON lines, all of it, streamed. */
export const AuditEntry = z.object({
  auditId: z.number().int(),
  at: Millis,
  /** Who: a person's name and address, a key's name, or `system`. */
  actor: z.object({
    kind: z.enum(['person', 'machine', 'system', 'command_line']),
    id: z.string(),
    name: z.string(),
    role: z.string().optional(),
  }),
  /** `user.create`, `key.revoke` … */
  action: z.string(),
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  /** What changed; secrets are `•••`. */
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  address: z.string().optional(),
  requestId: z.string().optional(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditQuery = z.object({
  search: z.string().max(100).optional(),
  action: z.string().max(60).optional(),
  actorId: z.string().max(64).optional(),
  from: Day.optional(),
  to: Day.optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditQuery = z.infer<typeof AuditQuery>;
export const AuditPage = z.object({ entries: z.array(AuditEntry), more: z.boolean() });
export type AuditPage = z.infer<typeof AuditPage>;
