import { OffhookError, type Language, type TenantId } from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import * as z from 'zod';
import type { Database } from '../database/database.ts';
import type { App } from '../http/app.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { outboxWords, preferredLanguage } from './outbox-words.ts';
import { escapeHtml, renderMail, type RenderedMail } from './render.ts';
import { openMail } from './sender.ts';

const NEWEST = 100;

const OutboxMail = z.object({
  tenantId: z.string(),
  mailId: z.string(),
  kind: z.string(),
  to: z.string(),
  language: z.string(),
  at: z.number(),
  subject: z.string().optional(),
  text: z.string().optional(),
});
type Shown = z.infer<typeof OutboxMail> & { rendered?: RenderedMail };

/**
 * Where there is no mail server: the mails of all tenants on a page, for whoever sits at this machine and for nobody else. Registered only
 * where it was asked for (`OFFHOOK_MAIL_OUTBOX=1`), for the mails hold links that let people in.
 */
export function outboxPage(app: App, database: Database, secrets: SecretBox): void {
  const read = (tenantId: TenantId, mailId: string): Promise<Shown | undefined> =>
    database.inTenant(tenantId, async (trx) => {
      const row = await trx
        .selectFrom('mail_outbox')
        .innerJoin('tenants', 'tenants.tenant_id', 'mail_outbox.tenant_id')
        .selectAll('mail_outbox')
        .select('tenants.time_zone')
        .where('mail_id', '=', mailId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { kind, language, created_at: at, to_address: to } = row;
      const shown: Shown = { tenantId, mailId, kind, to, language, at };
      if (row.sealed_params.length === 0) return shown;
      const opened = openMail(secrets, row);
      const rendered = renderMail(opened.mail, opened.language, row.time_zone);
      return { ...shown, subject: rendered.subject, text: rendered.text, rendered };
    });

  const newest = async (): Promise<Shown[]> => {
    const { rows } = await database.beforeTenant((trx) =>
      sql<{ tenantId: TenantId; mailId: string }>`
        SELECT tenant_id AS "tenantId", mail_id AS "mailId" FROM recent_mails(${NEWEST})`.execute(trx),
    );
    const mails: Shown[] = [];
    for (const { tenantId, mailId } of rows) {
      const mail = await read(tenantId, mailId);
      if (mail !== undefined) mails.push(mail);
    }
    return mails;
  };

  app.route({
    method: 'GET',
    url: '/api/outbox',
    config: { access: 'anyone' },
    schema: {
      summary: 'Mails that no mail server takes, for this machine alone',
      response: { 200: z.object({ mails: z.array(OutboxMail) }) },
    },
    handler: async (request) => {
      requireThisMachine(request);
      return { mails: await newest() };
    },
  });

  app.route({
    method: 'GET',
    url: '/outbox',
    schema: { hide: true },
    handler: async (request, reply) => {
      requireThisMachine(request);
      const language = preferredLanguage(request.headers['accept-language']);
      void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
      return reply.serializer(String).send(listPage(language, await newest()));
    },
  });

  app.route({
    method: 'GET',
    url: '/outbox/:tenantId/:mailId',
    schema: { hide: true },
    handler: async (request, reply) => {
      requireThisMachine(request);
      const { tenantId, mailId } = request.params as { tenantId: string; mailId: string };
      const language = preferredLanguage(request.headers['accept-language']);
      const mail = await read(tenantId as TenantId, mailId);
      void reply.code(mail === undefined ? 404 : 200);
      void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
      return reply.serializer(String).send(mailPage(language, mail));
    },
  });
}

/** A page of somebody else's whose name points at this machine (DNS rebinding) asks under that name: here only the machine's own are answered. */
const isOwnName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/iu;

/** A proxy on this machine speaks for others: it must be known as one, and then it is asked for whom. */
function requireThisMachine(request: FastifyRequest): void {
  const { host = '', origin } = request.headers;
  if (!isOwnName.test(host) || (origin !== undefined && origin !== `http://${host}`)) {
    throw new OffhookError('not_found');
  }
  const isLoopback = /^(?:::ffff:)?127\.|^::1$/u;
  if (!isLoopback.test(request.ip) || !isLoopback.test(request.socket.remoteAddress ?? '')) {
    throw new OffhookError('not_found');
  }
  if (request.ip === request.socket.remoteAddress && request.headers['x-forwarded-for'] !== undefined) {
    throw new OffhookError('not_found');
  }
}

const style = `
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
  body { max-width: 46rem; margin: 0 auto; padding: 1.5rem }
  ol { list-style: none; padding: 0 }
  li { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .75rem 0 }
  small, .lead { opacity: .75 }
  article { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem }
`;

const page = (language: Language, title: string, body: string) => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – Offhook</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;

const instant = (language: Language, at: number) =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(at);

function listPage(language: Language, mails: Shown[]): string {
  const words = outboxWords[language];
  const items = mails.map(
    (mail) =>
      `<li><a href="/outbox/${encodeURIComponent(mail.tenantId)}/${encodeURIComponent(mail.mailId)}">${escapeHtml(
        mail.subject ?? words.erased,
      )}</a><br><small>${escapeHtml(words.to(mail.to))} · ${instant(language, mail.at)}</small></li>`,
  );
  const list = items.length === 0 ? `<p>${words.empty}</p>` : `<ol>\n${items.join('\n')}\n</ol>`;
  return page(
    language,
    words.title,
    `<main>\n<h1>${words.title}</h1>\n<p class="lead">${words.lead}</p>\n${list}\n</main>`,
  );
}

function mailPage(language: Language, mail: Shown | undefined): string {
  const words = outboxWords[language];
  const back = `<p><a href="/outbox">${words.back}</a></p>`;
  if (mail === undefined) return page(language, words.title, `<main>${back}<p>${words.unknown}</p></main>`);
  const title = mail.subject ?? words.erased;
  const content =
    mail.rendered === undefined
      ? `<p>${words.erased}</p>`
      : `<article lang="${escapeHtml(mail.language)}">${mail.rendered.body}</article>`;
  return page(
    language,
    title,
    `<main>\n${back}\n<h1>${escapeHtml(title)}</h1>\n<p><small>${escapeHtml(words.to(mail.to))} · ${instant(
      language,
      mail.at,
    )}</small></p>\n${content}\n</main>`,
  );
}
