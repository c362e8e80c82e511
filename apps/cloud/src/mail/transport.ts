import { createTransport } from 'nodemailer';

/** A mail on its way: `mailId` stays the same at every attempt, so that a mail server can tell a repeated one. */
export type OutgoingMail = {
  mailId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  attachment?: MailAttachment;
};

/** A small file of text. */
export type MailAttachment = { filename: string; contentType: string; content: string };

/** What takes mails. */
export type MailTransport = {
  /** Resolves when the mail has been taken. @throws MailRefused, or any error that may pass */
  deliver: (mail: OutgoingMail) => Promise<void>;
  close: () => void;
};

/** The mail server will never take this mail: trying again is no use. */
export class MailRefused extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'MailRefused';
  }
}

export type SmtpOptions = {
  /** `smtp://user:password@host:587` (STARTTLS where offered, `?requireTLS=true` demands it) or `smtps://…`. */
  url: string;
  /** `Offhook <phone@example.com>` or an address alone. */
  from: string;
};

/** Connections that are kept open to the mail server, and milliseconds. */
const CONNECTIONS = 3;
const CONNECT_TIMEOUT = 10_000;
const SILENCE_TIMEOUT = 30_000;

export function createSmtpTransport({ url, from }: SmtpOptions): MailTransport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: CONNECT_TIMEOUT,
    greetingTimeout: CONNECT_TIMEOUT,
    socketTimeout: SILENCE_TIMEOUT,
    // What a mail tells of comes from people: it names no files and no addresses to fetch from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^\s>]+)/u.exec(from)?.[1] ?? 'localhost';
  return {
    deliver: async ({ mailId, to, subject, text, html, attachment }) => {
      try {
        await transport.sendMail({
          from,
          // As an object: an address is never read as a list of them.
          to: { name: '', address: to },
          subject,
          text,
          html,
          ...(attachment === undefined ? {} : { attachments: [attachment] }),
          messageId: `<${mailId}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        });
      } catch (error) {
        throw isFinal(error) ? new MailRefused(messageOf(error), error) : error;
      }
    },
    close: () => transport.close(),
  };
}

/** A 5xx answer (RFC 5321 section 4.2.1) to recipient or content. One to signing in is ours to mend: the mail waits. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error) || !('code' in error)) return false;
  const { responseCode, code } = error;
  return (
    typeof responseCode === 'number' && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')
  );
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Where there is no mail server and mails are read on a page: they have arrived when they are written. */
export const outboxTransport: MailTransport = { deliver: async () => {}, close: () => {} };
