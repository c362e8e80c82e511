import type { ConnectorId, Language, LineInput, NewUser, UserChange, UserRow } from '@offhook/contract';

/** What the inputs hold; an empty text is “none”. */
export interface LineForm {
  readonly connectorId: string;
  readonly number: string;
  readonly password: string;
  readonly authUser: string;
  readonly mainNumber: string;
  readonly shortNumber: string;
  readonly callerId: string;
  readonly deskPhone: string;
  readonly alternativeNumber: string;
  readonly voicemailNumber: string;
}

export interface UserForm {
  readonly name: string;
  readonly email: string;
  readonly role: 'user' | 'admin';
  readonly language: Language;
  readonly invite: boolean;
  /** Undefined: no telephone line. */
  readonly line: LineForm | undefined;
}

/** Texts of a line that may be absent. */
export const optionalLineFields = [
  'authUser',
  'mainNumber',
  'shortNumber',
  'callerId',
  'deskPhone',
  'alternativeNumber',
  'voicemailNumber',
] as const satisfies readonly (keyof LineForm)[];
export type OptionalLineField = (typeof optionalLineFields)[number];

export const emptyLine = (connectorId: string): LineForm => ({
  connectorId,
  number: '',
  password: '',
  authUser: '',
  mainNumber: '',
  shortNumber: '',
  callerId: '',
  deskPhone: '',
  alternativeNumber: '',
  voicemailNumber: '',
});

export const emptyUser = (language: Language, connectorId: string | undefined): UserForm => ({
  name: '',
  email: '',
  role: 'user',
  language,
  invite: true,
  line: connectorId === undefined ? undefined : emptyLine(connectorId),
});

export function formOf(user: UserRow): UserForm {
  const { name, email, role, language, line } = user;
  return {
    name,
    email,
    role,
    language,
    invite: false,
    line:
      line === undefined
        ? undefined
        : {
            ...emptyLine(line.connectorId),
            number: line.number,
            ...Object.fromEntries(optionalLineFields.map((field) => [field, line[field] ?? ''])),
          },
  };
}

/** Inputs that have to be filled and are not, by their path in the contract. */
export function missingFields({ name, email, line }: UserForm): string[] {
  const missing: string[] = [];
  if (name.trim() === '') missing.push('name');
  if (!email.includes('@')) missing.push('email');
  if (line !== undefined && line.number.trim() === '') missing.push('line.number');
  return missing;
}

/** Cleared texts are sent as `null`; a password that is empty is not sent: it stays. */
function lineInput(line: LineForm): LineInput {
  const optional = Object.fromEntries(
    optionalLineFields.map((field) => [field, line[field].trim() === '' ? null : line[field].trim()]),
  );
  return {
    connectorId: line.connectorId as ConnectorId,
    number: line.number.trim(),
    ...optional,
    ...(line.password === '' ? {} : { password: line.password }),
  };
}

export function newUserOf({ name, email, role, language, invite, line }: UserForm): NewUser {
  return {
    name: name.trim(),
    email: email.trim(),
    role,
    language,
    invite,
    ...(line === undefined ? {} : { line: lineInput(line) }),
  };
}

/** What differs from how it was, and nothing else. */
export function changeOf(before: UserForm, after: UserForm): UserChange {
  const isSameLine = JSON.stringify(before.line) === JSON.stringify(after.line);
  return {
    ...(before.name === after.name.trim() ? {} : { name: after.name.trim() }),
    ...(before.email === after.email.trim() ? {} : { email: after.email.trim() }),
    ...(before.role === after.role ? {} : { role: after.role }),
    ...(before.language === after.language ? {} : { language: after.language }),
    ...(isSameLine ? {} : { line: after.line === undefined ? null : lineInput(after.line) }),
  };
}
