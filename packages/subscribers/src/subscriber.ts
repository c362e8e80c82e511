import {
  EmailAddress,
  Subscriber,
  type HeaderMapping,
  type ImportField,
  type ImportProblem,
} from '@offhook/contract';
import type { CsvRecord } from './csv/read.ts';
import { undefuse } from './csv/write.ts';
import { cleanText, readLanguage, readNumber, readRole } from './values.ts';

/** Why a person cannot be used: `column` as the file calls it, `value` shortened, and never a password. */
export type RowProblem = { code: ImportProblem; column?: string | undefined; value?: string | undefined };

/** One person of a file, or why not; then with as much of who it is as could be read. */
export type SubscriberRow =
  | { subscriber: Subscriber; problem?: undefined }
  | { subscriber?: undefined; problem: RowProblem; email?: string | undefined; name?: string | undefined };

/** What a file says of one person, field by field. Nothing and blank are the same: what is there stays. */
export type RawSubscriber = Partial<Record<ImportField, string>>;

const numbers = [
  'number',
  'mainNumber',
  'shortNumber',
  'callerId',
  'deskPhone',
  'alternativeNumber',
  'voicemailNumber',
] as const satisfies readonly ImportField[];

const SHOWN_CHARS = 80;
const shown = (value: string): string =>
  value.length > SHOWN_CHARS ? `${value.slice(0, SHOWN_CHARS)}…` : value;

/**
 * Check what a file says of one person, whatever the file's format. Pure.
 * @param columnOf what the file calls a field, for people
 */
export function checkSubscriber(raw: RawSubscriber, columnOf: (field: ImportField) => string): SubscriberRow {
  const text = (field: ImportField): string => cleanText(raw[field] ?? '');
  const name = text('name') || [text('firstName'), text('lastName')].filter((part) => part !== '').join(' ');
  const address = text('email');
  const email = EmailAddress.safeParse(address).data;
  const refuse = (code: ImportProblem, field: ImportField, withValue = true): SubscriberRow => ({
    problem: {
      code,
      column: columnOf(field),
      ...(withValue && text(field) !== '' ? { value: shown(text(field)) } : {}),
    },
    ...(address === '' ? {} : { email: shown(address) }),
    ...(name === '' ? {} : { name: shown(name) }),
  });
  if (address === '') return refuse('email_missing', 'email');
  if (email === undefined) return refuse('email_invalid', 'email');
  if (name === '') return refuse('name_missing', 'name');
  if (name.length > 200) return refuse('too_long', 'name');

  const subscriber: Subscriber = { email, name };
  for (const field of numbers) {
    if (text(field) === '') continue;
    const number = readNumber(text(field));
    if (number === undefined) return refuse(text(field).length > 128 ? 'too_long' : 'number_invalid', field);
    subscriber[field] = number;
  }
  if (text('role') !== '') {
    const role = readRole(text('role'));
    if (role === undefined) return refuse('role_invalid', 'role');
    subscriber.role = role;
  }
  if (text('language') !== '') {
    const language = readLanguage(text('language'));
    if (language === undefined) return refuse('language_invalid', 'language');
    subscriber.language = language;
  }
  if (text('authUser') !== '') {
    if (text('authUser').length > 128) return refuse('too_long', 'authUser');
    subscriber.authUser = text('authUser');
  }
  // As it is: a blank may belong to it.
  const { password } = raw;
  if (password !== undefined && password !== '') {
    if (password.length > 256) return refuse('too_long', 'password', false);
    subscriber.password = password;
  }
  return { subscriber };
}

/** A record of delimited text. `undefined`: there is nothing in it. */
export function readRecord(
  record: CsvRecord,
  headings: readonly string[],
  { columns }: HeaderMapping,
): SubscriberRow | undefined {
  const { fields, overflow } = record;
  if (fields.every((field) => field.trim() === '') && overflow === undefined) return undefined;
  const raw: RawSubscriber = {};
  const placeOf = new Map<ImportField, number>();
  for (const [place, field] of columns.entries()) {
    if (field === null) continue;
    const value = fields[place];
    placeOf.set(field, place);
    if (value !== undefined) raw[field] = field === 'password' ? value : undefuse(value.trim());
  }
  const columnOf = (field: ImportField): string => {
    const place = placeOf.get(field) ?? placeOf.get('lastName');
    return (place === undefined ? undefined : headings[place]) ?? field;
  };
  if (overflow !== undefined) {
    const column = headings[overflow.column] ?? String(overflow.column + 1);
    const email = shown(cleanText(raw.email ?? ''));
    return { problem: { code: overflow.limit, column }, ...(email === '' ? {} : { email }) };
  }
  return checkSubscriber(raw, columnOf);
}

/** An element of the versioned JSON. Its keys are the fields; what is not known is passed over, so that a newer tool's file is read. */
export function readElement(element: unknown): SubscriberRow {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    return { problem: { code: 'not_an_object' } };
  }
  const raw: RawSubscriber = {};
  for (const field of Object.keys(Subscriber.shape) as (keyof Subscriber)[]) {
    const value = (element as Record<string, unknown>)[field];
    if (typeof value === 'string') raw[field] = value;
    else if (value !== undefined && value !== null)
      return { problem: { code: 'not_an_object', column: field } };
  }
  return checkSubscriber(raw, (field) => field);
}
