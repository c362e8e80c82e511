import type { AuditAction, AuditState, TenantId } from '@offhook/contract';
import { sql } from 'kysely';
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
  action: AuditAction;
  subject: { kind: string; id: string; name: string };
  /** What was, and what is; secrets have been hidden by {@link withoutSecrets}. */
  before?: AuditState | undefined;
  after?: AuditState | undefined;
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

/** A state without a field that the log has no words for: such a field does not compile, however it came in. */
export type Audited<State> = AuditState & Readonly<Record<Exclude<keyof State, keyof AuditState>, never>>;

/** For what is put together of other things' fields. */
export const auditState = <State extends Audited<State>>(state: State): AuditState => state;

/** Only what differs between the two, for a log that people read. */
export function difference<Before extends Audited<Before>, After extends Audited<After>>(
  before: Before,
  after: After,
): Pick<Act, 'before' | 'after'> {
  const [was, is]: Record<string, unknown>[] = [{ ...before }, { ...after }];
  const names = [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])].filter(
    (name) => JSON.stringify(was?.[name]) !== JSON.stringify(is?.[name]),
  );
  const pick = (from: Record<string, unknown> | undefined): AuditState =>
    Object.fromEntries(names.map((name) => [name, from?.[name]]));
  return { before: pick(was), after: pick(is) };
}

/** Acts in one statement: an import has tens of thousands. */
const ACTS_AT_ONCE = 2_000;

/** Write an act down, in the transaction that does it: there is no act without its line and no line without its act. */
export const writeAudit = (
  transaction: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  act: Act,
): Promise<void> => writeAudits(transaction, tenantId, actor, [act]);

/** The same for many acts of one actor. */
export async function writeAudits(
  transaction: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  acts: readonly Act[],
): Promise<void> {
  for (let from = 0; from < acts.length; from += ACTS_AT_ONCE) {
    const rows = acts.slice(from, from + ACTS_AT_ONCE).map(({ action, subject, before, after }) => ({
      action,
      ...subject,
      before: before === undefined ? null : withoutSecrets(before),
      after: after === undefined ? null : withoutSecrets(after),
    }));
    await sql`
      INSERT INTO audit_log (tenant_id, actor_kind, actor_id, actor_name, actor_role, address, request_id,
                             action, subject_kind, subject_id, subject_name, before, after)
      SELECT ${tenantId}, ${actor.kind}, ${actor.id}, ${actor.name}, ${actor.role ?? null}, ${actor.address ?? null},
             ${actor.requestId ?? null}, act.action, act.kind, act.id, act.name, act.before, act.after
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          AS act (action text, kind text, id text, name text, before jsonb, after jsonb)`.execute(
      transaction,
    );
  }
}
