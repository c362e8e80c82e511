import type { TenantId } from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';

/** Who acts, as the log names them: it outlives the person, so names are written down with ids. */
export type Actor = {
  kind: 'person' | 'machine' | 'system' | 'command_line';
  id: string;
  name: string;
  role?: string | undefined;
  address?: string | undefined;
  requestId?: string | undefined;
};

export const commandLine: Actor = { kind: 'command_line', id: '', name: 'command line' };
export const theSystem: Actor = { kind: 'system', id: '', name: 'system' };

export type Act = {
  /** `user.create`, `key.revoke`: the thing, a dot, the verb. */
  action: string;
  subject: { kind: string; id: string; name: string };
  /** What was, and what is; secrets have been hidden by {@link withoutSecrets}. */
  before?: Record<string, unknown> | undefined;
  after?: Record<string, unknown> | undefined;
};

const SECRET = /password|secret|token|credential|private|recovery|authorization/iu;
const HIDDEN = '•••';
const DEEPEST = 6;

/** A copy in which every value whose name tells of a secret is hidden, and every text is bounded. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > 500 ? `${value.slice(0, 500)}…` : value;
  if (typeof value !== 'object' || value === null || depth >= DEEPEST) return value;
  if (Array.isArray(value)) return value.slice(0, 100).map((one) => withoutSecrets(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [
      name,
      SECRET.test(name) && typeof held !== 'boolean' && held !== null && held !== undefined
        ? HIDDEN
        : withoutSecrets(held, depth + 1),
    ]),
  );
}

/** Only what differs between the two, for a log that people read. */
export function difference(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Pick<Act, 'before' | 'after'> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const pick = (from: Record<string, unknown>) => Object.fromEntries(names.map((name) => [name, from[name]]));
  return { before: pick(before), after: pick(after) };
}

/** Write an act down, in the transaction that does it: there is no act without its line and no line without its act. */
export async function writeAudit(
  transaction: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  { action, subject, before, after }: Act,
): Promise<void> {
  await transaction
    .insertInto('audit_log')
    .values({
      tenant_id: tenantId,
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      actor_role: actor.role ?? null,
      action,
      subject_kind: subject.kind,
      subject_id: subject.id,
      subject_name: subject.name,
      before: before === undefined ? null : JSON.stringify(withoutSecrets(before)),
      after: after === undefined ? null : JSON.stringify(withoutSecrets(after)),
      address: actor.address ?? null,
      request_id: actor.requestId ?? null,
    })
    .execute();
}
