import type { Language, TenantId } from '@offhook/contract';
import { sql, type Selectable } from 'kysely';
import { languageOf } from '../accounts/invitations.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { mailContext } from './outbox.ts';
import { attachmentOf, linkOf, readMail, renderMail, type WrittenMail } from './render.ts';
import { MailRefused, type MailTransport } from './transport.ts';

/** Milliseconds. */
export type MailTimings = {
  /** Mails that another process wrote, or whose time has come. */
  lookEvery: number;
  /** The first wait after a failure; each next is four times as long. */
  firstRetry: number;
  longestRetry: number;
};
export const mailTimings: MailTimings = {
  lookEvery: 15_000,
  firstRetry: 30_000,
  longestRetry: 6 * 3_600_000,
};

/** After so many failures a mail is given up: about a day and a half. */
export const MAIL_ATTEMPTS = 10;
/** While a node sends a mail no other takes it, for longer than any attempt can last. */
const LEASE = 5 * 60_000;
const NEVER = 8_640_000_000_000_000;
const PAGE = 20;
const AT_ONCE = 3;
const KEPT = 30 * 24 * 3_600_000;
const ERASE_EVERY = 3_600_000;

export type MailSender = {
  /** There may be mails to send. */
  wake: () => void;
  /** Begin no more, and let what is under way end. */
  close: () => Promise<void>;
};

type Row = Selectable<Schema['mail_outbox']>;

/** How long after the `attempts`-th failure, with jitter: mails that failed together do not come back together. */
export function retryWait(attempts: number, timings: MailTimings, random = Math.random()): number {
  const whole = Math.min(timings.firstRetry * 4 ** (attempts - 1), timings.longestRetry);
  return Math.round(whole * (0.5 + random / 2));
}

/** What a stored mail tells, in its language; `tenant` for the times in it. */
export function openMail(
  secrets: SecretBox,
  row: Pick<Row, 'tenant_id' | 'mail_id' | 'kind' | 'sealed_params' | 'language'>,
): { mail: WrittenMail; language: Language } {
  const params: unknown = JSON.parse(
    secrets.open(row.sealed_params, mailContext(row.tenant_id, row.mail_id)),
  );
  return { mail: readMail(row.kind, params), language: languageOf(row.language) };
}

/** Sends what is in the outbox. Several nodes may: each mail is taken by one of them. */
export function createMailSender(options: {
  database: Database;
  secrets: SecretBox;
  transport: MailTransport;
  metrics: Metrics;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  timings?: Partial<MailTimings>;
}): MailSender {
  const { database, secrets, transport, metrics, log } = options;
  const timings = { ...mailTimings, ...options.timings };
  let closed = false;
  let again = false;
  let running: Promise<void> | undefined;

  /** Take a mail: nobody else does until the lease is over. */
  const take = (tenantId: TenantId, mailId: string) =>
    database.inTenant(tenantId, async (trx) => {
      const now = Date.now();
      const row = await trx
        .selectFrom('mail_outbox')
        .innerJoin('tenants', 'tenants.tenant_id', 'mail_outbox.tenant_id')
        .selectAll('mail_outbox')
        .select(['tenants.time_zone', 'tenants.status'])
        .where('mail_id', '=', mailId)
        .where('sent_at', 'is', null)
        .where('next_attempt_at', '<=', now)
        .forUpdate('mail_outbox')
        .skipLocked()
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const attempts = row.attempts + 1;
      await trx
        .updateTable('mail_outbox')
        .set({ attempts, next_attempt_at: now + LEASE })
        .where('mail_id', '=', mailId)
        .execute();
      return { ...row, attempts };
    });

  const note = (tenantId: TenantId, mailId: string, change: Partial<Row>) =>
    database.inTenant(tenantId, async (trx) => {
      await trx.updateTable('mail_outbox').set(change).where('mail_id', '=', mailId).execute();
    });

  const send = async (tenantId: TenantId, mailId: string): Promise<void> => {
    const row = await take(tenantId, mailId);
    if (row === undefined) return;
    const fields = { tenantId, mailId, kind: row.kind, attempts: row.attempts };
    try {
      if (row.status === 'deleting') throw new MailRefused('The tenant is being deleted.');
      const { mail, language } = openMail(secrets, row);
      if ((linkOf(mail)?.expiresAt ?? NEVER) <= Date.now()) throw new MailRefused('Its link has expired.');
      const { subject, text, html } = renderMail(mail, language, row.time_zone);
      const attachment = attachmentOf(mail);
      const file = attachment === undefined ? {} : { attachment };
      await transport.deliver({ mailId, to: row.to_address, subject, text, html, ...file });
      await note(tenantId, mailId, { sent_at: Date.now(), failure: null });
      metrics.mails.inc({ outcome: 'sent' });
      log.info(fields, 'mail sent');
    } catch (error) {
      const failure = (error instanceof Error ? error.message : String(error)).slice(0, 500);
      const isLast = error instanceof MailRefused || row.attempts >= MAIL_ATTEMPTS;
      const next = isLast ? NEVER : Date.now() + retryWait(row.attempts, timings);
      metrics.mails.inc({ outcome: isLast ? 'given_up' : 'failed' });
      log.warn({ ...fields, err: error }, isLast ? 'mail given up' : 'mail not sent; it is tried again');
      await note(tenantId, mailId, { next_attempt_at: next, failure });
    }
  };

  const sendDue = async (): Promise<void> => {
    for (;;) {
      const { rows } = await database.beforeTenant((trx) =>
        sql<{ tenantId: TenantId; mailId: string }>`
          SELECT tenant_id AS "tenantId", mail_id AS "mailId" FROM due_mails(${Date.now()}, ${PAGE})`.execute(
          trx,
        ),
      );
      const waiting = rows.values();
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (const { tenantId, mailId } of waiting) {
            if (closed) return;
            await send(tenantId, mailId);
          }
        }),
      );
      if (closed || rows.length < PAGE) return;
    }
  };

  const wake = () => {
    if (closed) return;
    if (running !== undefined) {
      again = true;
      return;
    }
    running = sendDue()
      .catch((error: unknown) => log.warn({ err: error }, 'mails could not be looked for'))
      .finally(() => {
        running = undefined;
        if (!again) return;
        again = false;
        wake();
      });
  };

  const erase = () => {
    database
      .beforeTenant((trx) => sql`SELECT erase_mails(${Date.now() - KEPT})`.execute(trx))
      .catch((error: unknown) => log.warn({ err: error }, 'contents of old mails not erased'));
  };

  const looking = setInterval(wake, timings.lookEvery);
  const erasing = setInterval(erase, ERASE_EVERY);
  erase();
  wake();
  return {
    wake,
    close: async () => {
      closed = true;
      clearInterval(looking);
      clearInterval(erasing);
      await running;
      transport.close();
    },
  };
}
