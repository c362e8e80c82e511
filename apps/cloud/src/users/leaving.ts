import { OffhookError, type TenantId, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { writeAudits, type Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { lineContext, type SecretBox } from '../secrets/secret-box.ts';
import { connectorKinds, holdersOf, refusedNumbers, writeLines, type StoredLine } from './lines.ts';
import type { WriterParts } from './rows.ts';
import { beginWork, endSessions, findUsers, touchLine, wouldLockOut, type FoundUser } from './work.ts';

const DAY = 86_400_000;
const subjectOf = (user: FoundUser) => ({ kind: 'user', id: user.userId, name: user.email });

/** Of the wanted those that are there; each must be. */
async function those(trx: TenantTransaction, userIds: readonly UserId[]): Promise<FoundUser[]> {
  const found = await findUsers(trx, userIds);
  return [...new Set(userIds)].map((userId) => {
    const user = found.get(userId);
    if (user === undefined) throw new OffhookError('not_found');
    return user;
  });
}

/** See `UserWriter.setDisabledMany`. */
export async function setUsersDisabled(
  { requireSeats, now }: WriterParts,
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  userIds: readonly UserId[],
  disabled: boolean,
): Promise<UserId[]> {
  const work = await beginWork(trx, tenantId);
  const users = await those(trx, userIds);
  if (users.some((user) => user.deletedAt !== null)) throw new OffhookError('conflict');
  const written = users.filter((user) => (user.disabledAt !== null) !== disabled);
  if (written.length === 0) return [];
  if (disabled && (await wouldLockOut(trx, written))) throw new OffhookError('last_administrator');
  const seats = written.filter((user) => user.line !== undefined).length;
  if (!disabled && seats > 0) await requireSeats(trx, tenantId, seats);
  const ids = written.map((user) => user.userId);
  await sql`UPDATE users SET disabled_at = ${disabled ? now() : null} WHERE user_id = ANY (${ids})`.execute(
    trx,
  );
  if (disabled) await endSessions(trx, tenantId, ids);
  for (const { line } of written) touchLine(work, line);
  const action = disabled ? 'user.disable' : 'user.enable';
  await writeAudits(
    trx,
    tenantId,
    actor,
    written.map((user) => ({ action, subject: subjectOf(user) })),
  );
  return ids;
}

/** See `UserWriter.removeMany`. */
export async function removeUsers(
  { now }: WriterParts,
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  userIds: readonly UserId[],
): Promise<UserId[]> {
  const work = await beginWork(trx, tenantId);
  const written = (await those(trx, userIds)).filter((user) => user.deletedAt === null);
  if (written.length === 0) return [];
  if (await wouldLockOut(trx, written)) throw new OffhookError('last_administrator');
  const { deletion_grace_days: days } = await trx
    .selectFrom('tenants')
    .select('deletion_grace_days')
    .executeTakeFirstOrThrow();
  const ids = written.map((user) => user.userId);
  const deletedAt = now();
  const lines = written.flatMap(({ userId, line }) =>
    line === undefined ? [] : [{ user_id: userId, line }],
  );
  // Disabled as well: whatever asks whether somebody may come in need not know of deletion.
  await sql`
    UPDATE users SET deleted_at = ${deletedAt}, gone_at = ${deletedAt + days * DAY},
                     disabled_at = coalesce(disabled_at, ${deletedAt})
      WHERE user_id = ANY (${ids})`.execute(trx);
  await sql`
    UPDATE users u SET former_line = r.line
      FROM jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) AS r (user_id text, line jsonb)
      WHERE u.user_id = r.user_id`.execute(trx);
  await sql`DELETE FROM lines WHERE user_id = ANY (${ids})`.execute(trx);
  await sql`DELETE FROM one_time_links WHERE user_id = ANY (${ids})`.execute(trx);
  await endSessions(trx, tenantId, ids);
  for (const { line } of written) touchLine(work, line);
  await writeAudits(
    trx,
    tenantId,
    actor,
    written.map((user) => ({ action: 'user.delete', subject: subjectOf(user) })),
  );
  return ids;
}

/** See `UserWriter.restoreMany`. */
export async function restoreUsers(
  { secrets, requireSeats, now }: WriterParts,
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  userIds: readonly UserId[],
): Promise<UserId[]> {
  const work = await beginWork(trx, tenantId);
  const written = (await those(trx, userIds)).filter((user) => user.deletedAt !== null);
  if (written.length === 0) return [];
  // Due to be erased, whether it has happened or not.
  if (written.some((user) => user.goneAt !== null && user.goneAt <= now()))
    throw new OffhookError('undo_expired');
  const kinds = await connectorKinds(trx);
  const former = written.flatMap(({ userId, formerLine }) => {
    const line = formerLine === undefined ? undefined : sealedAnew(secrets, tenantId, formerLine);
    return line === undefined || !kinds.has(line.connector_id) ? [] : [{ userId, line }];
  });
  const holders = await holdersOf(
    trx,
    former.map(({ line }) => line),
  );
  const taken = refusedNumbers(former, holders, new Set());
  const lines = former.filter(({ userId }) => !taken.has(userId));
  // Who was disabled before the deletion is so after it.
  const enabled = new Set(
    written.filter((user) => user.disabledAt === user.deletedAt).map((user) => user.userId),
  );
  const seats = lines.filter(({ userId }) => enabled.has(userId)).length;
  if (seats > 0) await requireSeats(trx, tenantId, seats);
  const ids = written.map((user) => user.userId);
  await sql`
    UPDATE users SET disabled_at = nullif(disabled_at, deleted_at), deleted_at = NULL, gone_at = NULL, former_line = NULL
      WHERE user_id = ANY (${ids})`.execute(trx);
  await writeLines(trx, tenantId, lines);
  touchLine(work, undefined);
  for (const { line } of lines) touchLine(work, line);
  const returned = new Set(lines.map(({ userId }) => userId));
  await writeAudits(
    trx,
    tenantId,
    actor,
    written.map((user) => ({
      action: 'user.restore',
      subject: subjectOf(user),
      after: { line: returned.has(user.userId) },
    })),
  );
  return ids;
}

/** `undefined` where its key has been dropped meanwhile: nobody could open it any more, and a connector would wait for it in vain. */
function sealedAnew(secrets: SecretBox, tenantId: TenantId, line: StoredLine): StoredLine | undefined {
  const sealed = Buffer.from(line.secret, 'hex');
  if (secrets.isCurrent(sealed)) return line;
  const context = lineContext(tenantId, line.line_id);
  try {
    return { ...line, secret: secrets.seal(secrets.open(sealed, context), context).toString('hex') };
  } catch {
    return undefined;
  }
}
