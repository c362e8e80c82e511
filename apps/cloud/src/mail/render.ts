import type { Language } from '@offhook/contract';
import { mailKinds, type MailKind, type MailParams } from './outbox.ts';
import { mailWords } from './words/index.ts';
import type { MailAttachment } from './transport.ts';
import type { Letter, MailWords } from './words/words.ts';

/** A mail as it is sent. */
export type RenderedMail = {
  subject: string;
  text: string;
  /** A whole page. */
  html: string;
  /** What stands in its body, to be shown within another page. */
  body: string;
};

/** What a mail is about, as it was written down. */
export type WrittenMail = { [Kind in MailKind]: { kind: Kind; params: MailParams<Kind> } }[MailKind];

/** @throws ZodError where it is no mail of ours */
export function readMail(kind: string, params: unknown): WrittenMail {
  if (!Object.hasOwn(mailKinds, kind)) throw new Error(`There is no mail of the kind ${kind}.`);
  const known = kind as MailKind;
  return { kind: known, params: mailKinds[known].parse(params) } as WrittenMail;
}

/** Where the link of a mail leads, and until when. */
export function linkOf({ params }: WrittenMail): { url: string; expiresAt: number } | undefined {
  return 'url' in params ? params : undefined;
}

/** What goes along with a mail as a file. */
export function attachmentOf({ kind, params }: WrittenMail): MailAttachment | undefined {
  if (kind !== 'support_bundle') return undefined;
  return { filename: 'offhook-log.json', contentType: 'application/json', content: params.bundle };
}

export function renderMail(mail: WrittenMail, language: Language, timeZone: string): RenderedMail {
  const words = mailWords[language];
  const letter = compose(mail, words, language, timeZone);
  const greeting = words.greeting(mail.params.name);
  const url = linkOf(mail)?.url;
  const body = htmlBody(words, greeting, letter, url);
  return {
    // A line break would begin another header.
    subject: oneLine(letter.subject),
    text: plainText(words, greeting, letter, url),
    html: page(language, oneLine(letter.subject), body),
    body,
  };
}

function compose(
  { kind, params }: WrittenMail,
  words: MailWords,
  language: Language,
  timeZone: string,
): Letter {
  const instant = instantsIn(language, timeZone);
  switch (kind) {
    case 'invitation':
    case 'administrator_invitation':
      return words[kind]({ ...params, expiresAt: instant(params.expiresAt) });
    case 'provider_invitation':
      return words[kind]({ ...params, expiresAt: instant(params.expiresAt) });
    case 'password_reset':
      return words[kind]({ ...params, expiresAt: instant(params.expiresAt) });
    case 'password_changed':
    case 'email_changed':
    case 'sign_in_locked':
      return words[kind]({ ...params, at: instant(params.at) });
    case 'second_factor_changed':
      return words[kind]({ ...params, at: instant(params.at) });
    case 'tenant_suspended':
      return words[kind](params);
    case 'support_bundle':
      return words[kind](params);
    case 'platform_notice':
      return words[kind](params);
  }
}

/** `24 November 2026 at 14:05 CET`, as the language writes it. */
function instantsIn(language: Language, timeZone: string): (at: number) => string {
  const style = { dateStyle: 'long', timeStyle: 'short' } as const;
  const locale = language === 'en' ? 'en-GB' : language;
  const format = new Intl.DateTimeFormat(locale, { ...style, timeZone });
  return (at) => format.format(at);
}

const oneLine = (text: string) => text.replaceAll(/\s+/gu, ' ').trim().slice(0, 200);

function plainText(words: MailWords, greeting: string, letter: Letter, url: string | undefined): string {
  const { paragraphs, button, after = [] } = letter;
  const link = url === undefined ? [] : [button === undefined ? url : `${button}:\n${url}`];
  return `${[greeting, ...paragraphs, ...link, ...after, `--\n${words.footer}`].join('\n\n')}\n`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/gu, (found) => entities[found] ?? '');

/** No colour of background or text is set, so that mail programs with a dark look keep theirs; nothing is fetched. */
const font = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-size:16px;line-height:1.5';
const small = 'font-size:14px;opacity:.75';
const pressable =
  'display:inline-block;padding:12px 20px;border-radius:8px;background:#2457d6;color:#ffffff;text-decoration:none;font-weight:600';

function htmlBody(words: MailWords, greeting: string, letter: Letter, url: string | undefined): string {
  const { paragraphs, button, after = [] } = letter;
  const paragraph = (text: string, style = '') =>
    `<p${style === '' ? '' : ` style="${style}"`}>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`;
  const href = url === undefined ? '' : escapeHtml(url);
  const link =
    url === undefined || button === undefined
      ? []
      : [`<p style="margin:28px 0"><a href="${href}" style="${pressable}">${escapeHtml(button)}</a></p>`];
  const plainLink =
    url === undefined
      ? []
      : [
          `<p style="${small}">${escapeHtml(words.linkHint)}<br><a href="${href}" style="overflow-wrap:anywhere">${href}</a></p>`,
        ];
  return [
    `<div style="${font};max-width:560px;margin:0 auto;padding:24px">`,
    '<p style="font-weight:700">Offhook</p>',
    paragraph(greeting),
    ...paragraphs.map((text) => paragraph(text)),
    ...link,
    ...after.map((text) => paragraph(text)),
    ...plainLink,
    paragraph(words.footer, `${small};border-top:1px solid;padding-top:16px;margin-top:32px`),
    '</div>',
  ].join('\n');
}

const page = (language: Language, title: string, body: string): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:0">
${body}
</body>
</html>
`;
