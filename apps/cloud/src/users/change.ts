import { OffhookError, type AuditState, type TenantId, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { difference, writeAudits, type Act, type Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { languageOf } from '../accounts/invitations.ts';
import { enqueueMail } from '../mail/outbox.ts';
import { takenEmails } from './create.ts';
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
import {
  isRefused,
  type Changed,
  type Refused,
  type UserChangeOf,
  type UserChangeRow,
  type WriterParts,
} from './rows.ts';
import {
  administers,
  beginWork,
  constraintOf,
  endSessions,
  findUsers,
  touchLine,
  wouldLockOut,
  type FoundUser,
} from './work.ts';

/** A person as they are, and as they shall be. */
export type Plan = { before: FoundUser; after: FoundUser };

/** See `UserWriter.changeMany`. */
export async function changeUsers(
  { secrets, requireSeats }: WriterParts,
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  changes: readonly UserChangeOf[],
): Promise<Changed[]> {
  if (changes.length === 0) return [];
  const work = await beginWork(trx, tenantId);
  const kinds = await connectorKinds(trx);
  const found = await findUsers(
    trx,
    changes.map((one) => one.userId),
  );
  const newEmails = changes.flatMap(({ userId, change: { email } }) =>
    email === undefined || email === found.get(userId)?.email ? [] : [email],
  );
  const taken = newEmails.length === 0 ? new Set<string>() : await takenEmails(trx, newEmails);

  const seen = new Set<UserId>();
  const plans = changes.map(({ userId, change }): Plan | Refused => {
    const before = found.get(userId);
    if (before === undefined) return { refused: 'not_found' };
    // Deleted, and not taken back: somebody looked at an old list. And one person is changed once in a batch.
    if (before.deletedAt !== null || seen.has(userId)) return { refused: 'conflict' };
    seen.add(userId);
    const { line, ...fields } = change;
    const email = fields.email ?? before.email;
    if (email !== before.email && taken.has(email)) return { refused: 'email_taken', fields: ['email'] };
    if (line !== undefined && line !== null) {
      const problem = lineProblem(kinds, line, before.line === undefined);
      if (problem !== undefined) return problem;
    }
    if (actor.kind === 'machine' && administers(before.role)) {
      // Whoever holds a key would have the reset mail sent to themself, and administer.
      if (email !== before.email) return { refused: 'administrator_protected', fields: ['email'] };
      if (fields.passwordHash !== undefined) return { refused: 'administrator_protected' };
    }
    taken.add(email);
    const name = fields.name ?? before.name;
    return {
      before,
      after: {
        ...before,
        email,
        name,
        role: fields.role ?? before.role,
        language: fields.language ?? before.language,
        source: fields.source ?? before.source,
        passwordHash: fields.passwordHash ?? before.passwordHash,
        line: nextLine({ secrets, tenantId }, before, name, line),
      },
    };
  });

  const sound = plans.flatMap((plan) => (isRefused(plan) ? [] : [plan]));
  const lined = sound.flatMap(({ before, after }) =>
    after.line === undefined || !numbersDiffer(before.line, after.line)
      ? []
      : [{ userId: after.userId, line: after.line }],
  );
  const movers = new Set(
    sound.filter((plan) => numbersDiffer(plan.before.line, plan.after.line)).map((plan) => plan.after.userId),
  );
  const holders = await holdersOf(
    trx,
    lined.map(({ line }) => line),
  );
  const numbersRefused = refusedNumbers(lined, holders, movers);
  const written = sound.filter(
    (plan) => !numbersRefused.has(plan.after.userId) && differs(plan.before, plan.after),
  );

  const seats = written.filter(
    ({ before, after }) => before.line === undefined && after.line !== undefined && after.disabledAt === null,
  ).length;
  if (seats > 0) await requireSeats(trx, tenantId, seats);
  const demoted = written.filter(({ before, after }) => administers(before.role) && !administers(after.role));
  const demotedUsers = demoted.map((plan) => plan.before);
  if (await wouldLockOut(trx, demotedUsers)) throw new OffhookError('last_administrator');

  await writePlans(trx, tenantId, written);
  for (const { before, after } of written) {
    touchLine(work, undefined);
    if (sorted(before.line) === sorted(after.line)) continue;
    touchLine(work, before.line);
    touchLine(work, after.line);
  }
  const signedOut = written.filter(
    ({ before, after }) =>
      before.role !== after.role ||
      before.passwordHash !== after.passwordHash ||
      before.email !== after.email,
  );
  if (signedOut.length > 0) {
    await endSessions(
      trx,
      tenantId,
      signedOut.map((plan) => plan.after.userId),
    );
  }
  await tellFormerAddresses(secrets, trx, tenantId, written);
  await writeAudits(trx, tenantId, actor, written.map(actOf));
  const changed = new Set(written.map((plan) => plan.after.userId));
  return plans.map((plan): Changed => {
    if (isRefused(plan)) return plan;
    const { userId } = plan.after;
    if (numbersRefused.has(userId)) return { refused: 'number_taken', fields: ['line.number'] };
    return changed.has(userId) ? 'changed' : 'unchanged';
  });
}

/** Whoever reads mails at the old address hears that it is none of theirs any more: it may not have been the person who changed it. */
async function tellFormerAddresses(
  secrets: SecretBox,
  trx: TenantTransaction,
  tenantId: TenantId,
  plans: readonly Plan[],
): Promise<void> {
  const at = Date.now();
  for (const { before, after } of plans) {
    if (before.email === after.email) continue;
    const params = { name: before.name, at };
    const language = languageOf(after.language);
    await enqueueMail(trx, secrets, tenantId, { kind: 'email_changed', to: before.email, language, params });
  }
}

function shown(user: FoundUser): AuditState {
  const { email, name, role, language, source } = user;
  return { email, name, role, language, source, ...lineForAudit(user.line) };
}

const numbersDiffer = (before: StoredLine | undefined, after: StoredLine | undefined): boolean =>
  before?.connector_id !== after?.connector_id ||
  before?.number !== after?.number ||
  before?.main_number !== after?.main_number ||
  before?.short_number !== after?.short_number;

function nextLine(
  { secrets, tenantId }: { secrets: SecretBox; tenantId: TenantId },
  { line: found, name: before }: FoundUser,
  after: string,
  wanted: UserChangeRow['line'],
): StoredLine | undefined {
  if (wanted === null) return undefined;
  if (wanted === undefined) {
    return found?.display_name === before ? { ...found, display_name: after } : found;
  }
  const next = wantedLine(found, wanted, { before, after });
  return { ...next, secret: sealedPassword(secrets, tenantId, next.line_id, found, wanted.password) };
}

const sorted = (line: StoredLine | undefined): string =>
  line === undefined
    ? ''
    : JSON.stringify(Object.entries(line).toSorted(([one], [other]) => (one < other ? -1 : 1)));

function differs(before: FoundUser, after: FoundUser): boolean {
  return (
    before.email !== after.email ||
    before.name !== after.name ||
    before.role !== after.role ||
    before.language !== after.language ||
    before.source !== after.source ||
    before.passwordHash !== after.passwordHash ||
    sorted(before.line) !== sorted(after.line)
  );
}

export async function writePlans(
  trx: TenantTransaction,
  tenantId: TenantId,
  plans: readonly Plan[],
): Promise<void> {
  if (plans.length === 0) return;
  const rows = plans.map(({ after }) => ({
    user_id: after.userId,
    email: after.email,
    name: after.name,
    role: after.role,
    language: after.language,
    source: after.source,
    password_hash: after.passwordHash,
  }));
  try {
    await sql`
      UPDATE users u SET email = r.email, name = r.name, role = r.role, language = r.language, source = r.source,
                         password_hash = r.password_hash
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
          user_id text, email text, name text, role text, language text, source text, password_hash text)
        WHERE u.user_id = r.user_id`.execute(trx);
  } catch (error) {
    // Another tenant was quicker.
    throw constraintOf(error) === 'users_email_key'
      ? new OffhookError('email_taken', { cause: error })
      : error;
  }
  const moved = plans.filter(({ before, after }) => before.email !== after.email);
  if (moved.length > 0) {
    // Links that went to another mailbox are that mailbox's, not the person's.
    const ids = moved.map(({ after }) => after.userId);
    await sql`DELETE FROM one_time_links WHERE user_id = ANY (${ids}) AND used_at IS NULL`.execute(trx);
    // Nor does anybody go on from where the old address had brought them.
    await sql`DELETE FROM sign_in_tickets WHERE user_id = ANY (${ids})`.execute(trx);
  }
  const gone = plans.filter(({ before, after }) => before.line !== undefined && after.line === undefined);
  if (gone.length > 0) {
    const ids = gone.map(({ after }) => after.userId);
    await sql`DELETE FROM lines WHERE user_id = ANY (${ids})`.execute(trx);
  }
  const lines = plans.flatMap(({ before, after }) =>
    after.line === undefined || sorted(before.line) === sorted(after.line)
      ? []
      : [{ userId: after.userId, line: after.line }],
  );
  await writeLines(trx, tenantId, lines);
}

export function actOf({ before, after }: Plan): Act {
  const told = difference(shown(before), shown(after));
  const isNewPassword = before.passwordHash !== after.passwordHash;
  const isNewLinePassword =
    before.line !== undefined && after.line !== undefined && before.line.secret !== after.line.secret;
  return {
    action: 'user.change',
    subject: { kind: 'user', id: after.userId, name: after.email },
    before: told.before,
    after: {
      ...told.after,
      ...(isNewPassword ? { passwordChanged: true } : {}),
      ...(isNewLinePassword ? { 'line.passwordChanged': true } : {}),
    },
  };
}
