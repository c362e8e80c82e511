import type { Language, TenantId, UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { writeAudits, type Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import {
  connectorKinds,
  holdersOf,
  lineForAudit,
  lineProblem,
  refusedNumbers,
  sealedPassword,
  wantedLine,
  writeLines,
  type StoredLine,
} from './lines.ts';
import { isRefused, type Created, type NewUserRow, type Refused, type WriterParts } from './rows.ts';
import { beginWork, touchLine } from './work.ts';

type Planned = { userId: UserId; user: NewUserRow; line: StoredLine | undefined };

/** Which of these addresses somebody has already, in any tenant. */
export async function takenEmails(trx: TenantTransaction, emails: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ email: string }>`SELECT email FROM taken_emails(${[...emails]})`.execute(trx);
  return new Set(rows.map((row) => row.email));
}

/** See `UserWriter.createMany`. */
export async function createUsers(
  { secrets, requireSeats }: WriterParts,
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  users: readonly NewUserRow[],
): Promise<Created[]> {
  if (users.length === 0) return [];
  const work = await beginWork(trx, tenantId);
  const kinds = await connectorKinds(trx);
  const emails = await takenEmails(
    trx,
    users.map((user) => user.email),
  );
  const plans = users.map((user): Planned | Refused => {
    if (emails.has(user.email)) return { refused: 'email_taken', fields: ['email'] };
    const problem = user.line === undefined ? undefined : lineProblem(kinds, user.line, true);
    if (problem !== undefined) return problem;
    // Two of one batch with the same address: the first has it.
    emails.add(user.email);
    const userId = newId('usr') as UserId;
    if (user.line === undefined) return { userId, user, line: undefined };
    const line = wantedLine(undefined, user.line, { after: user.name });
    const secret = sealedPassword(secrets, tenantId, line.line_id, undefined, user.line.password);
    return { userId, user, line: { ...line, secret } };
  });
  const sound = plans.flatMap((plan) => (isRefused(plan) ? [] : [plan]));
  const withLine = sound.flatMap(({ userId, line }) => (line === undefined ? [] : [{ userId, line }]));
  const holders = await holdersOf(
    trx,
    withLine.map(({ line }) => line),
  );
  const numbersRefused = refusedNumbers(withLine, holders, new Set());
  const free = sound.filter(({ userId }) => !numbersRefused.has(userId));
  const seats = free.filter(({ line }) => line !== undefined).length;
  if (seats > 0) await requireSeats(trx, tenantId, seats);

  const inserted = await insertUsers(trx, tenantId, free);
  const written = free.filter(({ userId }) => inserted.has(userId));
  const lines = written.flatMap(({ userId, line }) => (line === undefined ? [] : [{ userId, line }]));
  await writeLines(trx, tenantId, lines);
  for (const { line } of written) touchLine(work, line);
  await writeAudits(
    trx,
    tenantId,
    actor,
    written.map(({ userId, user: { email, name, role = 'user', source }, line }) => ({
      action: 'user.create',
      subject: { kind: 'user', id: userId, name: email },
      after: { email, name, role, source, ...lineForAudit(line) },
    })),
  );
  return plans.map((plan): Created => {
    if (isRefused(plan)) return plan;
    if (numbersRefused.has(plan.userId)) return { refused: 'number_taken', fields: ['line.number'] };
    // Another tenant was quicker.
    if (!inserted.has(plan.userId)) return { refused: 'email_taken', fields: ['email'] };
    return { userId: plan.userId };
  });
}

async function insertUsers(
  trx: TenantTransaction,
  tenantId: TenantId,
  planned: readonly Planned[],
): Promise<Set<UserId>> {
  if (planned.length === 0) return new Set();
  const { language } = await trx.selectFrom('tenants').select('language').executeTakeFirstOrThrow();
  const rows = planned.map(({ userId, user }) => ({
    user_id: userId,
    email: user.email,
    name: user.name,
    role: user.role ?? 'user',
    language: user.language ?? (language as Language),
    source: user.source,
    password_hash: user.passwordHash ?? null,
    activated_at: user.activatedAt ?? null,
  }));
  const { rows: inserted } = await sql<{ user_id: UserId }>`
    INSERT INTO users (tenant_id, user_id, email, name, role, language, source, password_hash, activated_at)
    SELECT ${tenantId}, r.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
      user_id text, email text, name text, role text, language text, source text, password_hash text, activated_at bigint)
    ON CONFLICT (email) DO NOTHING RETURNING user_id`.execute(trx);
  return new Set(inserted.map((row) => row.user_id));
}
