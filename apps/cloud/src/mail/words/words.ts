import type { MailKind, MailParams } from '../outbox.ts';

/** A mail in words, before it has a form. Paragraphs are plain text. */
export type Letter = {
  subject: string;
  paragraphs: string[];
  /** What leads to the link of the mail, where it has one. */
  button?: string;
  /** Small print below it. */
  after?: string[];
};

/** Instants have been written as people of the language write them. */
type Told<Kind extends MailKind> = {
  [Name in keyof MailParams<Kind>]: MailParams<Kind>[Name] extends number ? string : MailParams<Kind>[Name];
};

/** Every mail in one language. */
export type MailWords = {
  greeting: (name: string) => string;
  /** Who sends this, below a line. */
  footer: string;
  /** Above the link in plain letters, for mail programs that show no button. */
  linkHint: string;
} & { [Kind in MailKind]: (told: Told<Kind>) => Letter };
