import type { TenantId, UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { Database, TenantTransaction } from '../../database/database.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import { hashToken, newToken } from '../../secrets/tokens.ts';

/**
 * Between two requests of one act, 5 minutes: a first factor and its second, an offered secret or challenge and its answer. A ticket is bound to a user and an act,
 * takes five wrong answers, and is gone with the right one.
 */
export type TicketKind = 'second_factor' | 'totp_setup' | 'passkey_setup' | 'reauthentication';
export type FirstFactor = 'password' | 'oidc' | 'saml' | 'link';

export const TICKET_LIFETIME = 5 * 60_000;
const TRIES = 5;
/** Of one user and kind at once: more are the work of a program. */
const OPEN_TICKETS = 10;

export type Ticket = {
  hash: Buffer;
  userId: UserId;
  /** Of a `second_factor`. */
  method: FirstFactor | null;
  /** What was remembered with it. */
  payload: string;
};

/** What a ticket's payload is bound to. */
export const ticketContext = (tenantId: TenantId, hash: Buffer) =>
  `ticket\n${tenantId}\n${hash.toString('base64')}`;

export async function createTicket(
  trx: TenantTransaction,
  secrets: SecretBox,
  of: { tenantId: TenantId; userId: UserId; kind: TicketKind; method?: FirstFactor; payload?: string },
): Promise<string> {
  const { tenantId, userId, kind } = of;
  const token = newToken();
  const hash = hashToken(token);
  await sql`
    DELETE FROM sign_in_tickets WHERE user_id = ${userId} AND kind = ${kind} AND ticket_hash IN (
      SELECT ticket_hash FROM sign_in_tickets WHERE user_id = ${userId} AND kind = ${kind}
       ORDER BY expires_at DESC OFFSET ${OPEN_TICKETS - 1})`.execute(trx);
  await trx
    .insertInto('sign_in_tickets')
    .values({
      tenant_id: tenantId,
      user_id: userId,
      ticket_hash: hash,
      kind,
      method: of.method ?? null,
      sealed: secrets.seal(of.payload ?? '', ticketContext(tenantId, hash)),
      expires_at: Date.now() + TICKET_LIFETIME,
    })
    .execute();
  return token;
}

/** Whose ticket this is, before the tenant is known. */
export async function tenantOfTicket(database: Database, token: string): Promise<TenantId | undefined> {
  return database.beforeTenant(async (trx) => {
    const { rows } = await sql<{ tenantId: TenantId }>`
      SELECT tenant_id AS "tenantId" FROM lookup_ticket(${hashToken(token)})`.execute(trx);
    return rows[0]?.tenantId;
  });
}

/** Locked until the transaction ends; undefined where it has expired, is used, or is another's. */
export async function readTicket(
  trx: TenantTransaction,
  secrets: SecretBox,
  of: { tenantId: TenantId; token: string; kind: TicketKind; userId?: UserId },
): Promise<Ticket | undefined> {
  const hash = hashToken(of.token);
  const row = await trx
    .selectFrom('sign_in_tickets')
    .select(['user_id', 'method', 'sealed', 'tries', 'expires_at'])
    .where('ticket_hash', '=', hash)
    .where('kind', '=', of.kind)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || row.expires_at <= Date.now() || row.tries >= TRIES) return undefined;
  if (of.userId !== undefined && row.user_id !== of.userId) return undefined;
  const payload = secrets.open(row.sealed, ticketContext(of.tenantId, hash));
  return { hash, userId: row.user_id as UserId, method: row.method, payload };
}

/** A wrong answer. It counts when the transaction ends well, so the caller must not throw in it. */
export const countTry = (trx: TenantTransaction, { hash }: Ticket) =>
  trx
    .updateTable('sign_in_tickets')
    .set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('ticket_hash', '=', hash)
    .execute();

export const removeTicket = (trx: TenantTransaction, { hash }: Ticket) =>
  trx.deleteFrom('sign_in_tickets').where('ticket_hash', '=', hash).execute();
