import * as z from 'zod';
import { Day, Millis } from './common.ts';

/** Every act that is written down: the thing, a dot, the verb. Closed: clients have words for each. */
export const AuditAction = z.enum([
  'account.password_changed',
  'account.passkey_added',
  'account.passkey_removed',
  'account.totp_on',
  'account.totp_off',
  'account.recovery_codes',
  'account.recovery_used',
  'account.sessions_ended',
  'api_key.create',
  'api_key.regenerate',
  'api_key.revoke',
  'audit.export',
  'connector.create',
  'connector.change',
  'connector.delete',
  'connector.drain',
  'connector.resume',
  'connector.finding',
  'file.create',
  'file.change',
  'group.create',
  'group.change',
  'group.delete',
  'import.apply',
  'import.undo',
  'invitation.accept',
  'password.reset',
  'provider.create',
  'provider.change',
  'provider.link',
  'sso.create',
  'sso.change',
  'sso.remove',
  'sso.test',
  'sso.domain_proved',
  'tenant.create',
  'tenant.activate',
  'tenant.change',
  'tenant.suspend',
  'tenant.resume',
  'tenant.delete',
  'tenant.restore',
  'tenant.remove',
  'user.create',
  'user.change',
  'user.disable',
  'user.enable',
  'user.delete',
  'user.restore',
  'user.erase',
  'user.export',
  'user.invite',
  'user.send_reset',
  'user.sign_out',
  'user.reset_second_factor',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/**
 * `GET /api/admin/audit` (the tenant's) and `GET /api/provider/audit` (what the provider's people did, in whatever tenant) {@link AuditQuery} → {@link AuditPage},
 * newest first; `…/audit/export` {@link AuditExportQuery} as CSV or JSON lines (one {@link AuditEntry} each), all of it, streamed; 429 `rate_limited` while
 * too many exports run.
 */
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
  /** One of {@link AuditAction}, or what a newer or an older service called it. */
  action: z.string(),
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  /** What changed; secrets are `•••`. */
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  address: z.string().optional(),
  requestId: z.string().optional(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
const filters = {
  /** Beginnings of words in who acted, the action and what it was done to; each has to be found. */
  search: z.string().max(100).optional(),
  /** `user.create`, or `user` for all that was done to users. */
  action: z.string().max(60).optional(),
  actorId: z.string().max(64).optional(),
  /** Days of the tenant's time zone, of the provider's own for the provider; both are in. */
  from: Day.optional(),
  to: Day.optional(),
};
export const AuditQuery = z.object({
  ...filters,
  /** Entries older than this one. */
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditQuery = z.infer<typeof AuditQuery>;
export const AuditExportQuery = z.object({ ...filters, format: z.enum(['csv', 'jsonl']).optional() });
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;
export const AuditPage = z.object({ entries: z.array(AuditEntry), more: z.boolean() });
export type AuditPage = z.infer<typeof AuditPage>;
