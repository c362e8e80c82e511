import type {
  ConnectorId,
  ImportField,
  ImportProblem,
  ImportRow,
  Subscriber,
  UserId,
} from '@offhook/contract';
import { wantedLine, type LineKind, type StoredLine } from '../users/lines.ts';
import type { LineRow, NewUserRow, UserChangeRow } from '../users/rows.ts';
import type { FoundUser } from '../users/work.ts';

type FieldChange = NonNullable<ImportRow['changes']>[number];

/** What an import would do with one person. */
export type Planned =
  | { kind: 'new'; user: NewUserRow }
  | { kind: 'changed'; userId: UserId; change: UserChangeRow; changes: FieldChange[] }
  | { kind: 'unchanged'; userId: UserId }
  | { kind: 'refused'; problem: { code: ImportProblem; column?: ImportField; value?: string } };

export type PlanParts = {
  /** Where new lines go. */
  connectorId: ConnectorId;
  kinds: ReadonlyMap<string, LineKind>;
  /** The line's password as it is now. */
  openPassword: (line: StoredLine) => string;
};

const lineFields = [
  'mainNumber',
  'shortNumber',
  'callerId',
  'authUser',
  'deskPhone',
  'alternativeNumber',
  'voicemailNumber',
] as const satisfies readonly ImportField[];

/** A person's fields as an import names them; the password aside. */
export function fieldsOf(user: FoundUser): Partial<Record<ImportField, string>> {
  const { line } = user;
  const fields: Partial<Record<ImportField, string | null | undefined>> = {
    name: user.name,
    role: user.role,
    language: user.language,
    number: line?.number,
    mainNumber: line?.main_number,
    shortNumber: line?.short_number,
    callerId: line?.caller_id,
    authUser: line?.auth_user === line?.number ? undefined : line?.auth_user,
    deskPhone: line?.desk_phone,
    alternativeNumber: line?.kept.alternativeNumber,
    voicemailNumber: line?.voicemail_number,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

const refuse = (code: ImportProblem, column?: ImportField, value?: string): Planned => ({
  kind: 'refused',
  problem: { code, ...(column === undefined ? {} : { column }), ...(value === undefined ? {} : { value }) },
});

/**
 * Compare what a file says of a person with what there is. What the file does not say stays. Pure; whether numbers and seats are free is seen later,
 * over all rows.
 * @param current who has the address in this tenant
 */
export function planRow(parts: PlanParts, subscriber: Subscriber, current: FoundUser | undefined): Planned {
  const { email, name, role, language, number, password } = subscriber;
  if (current !== undefined && current.deletedAt !== null) return refuse('user_deleted', 'email', email);

  const there = current?.line;
  const orphan = [...lineFields, 'password' as const].find((field) => subscriber[field] !== undefined);
  // A number that goes with nothing: the file forgot whose line it is about.
  if (number === undefined && there === undefined && orphan !== undefined)
    return refuse('number_invalid', 'number');
  const connectorId = (there?.connector_id ?? parts.connectorId) as ConnectorId;
  const needsPassword = there === undefined && parts.kinds.get(connectorId) !== 'trunk';
  if (number !== undefined && needsPassword && password === undefined)
    return refuse('password_missing', 'password');

  const { mainNumber, shortNumber, callerId, authUser, deskPhone, alternativeNumber, voicemailNumber } =
    subscriber;
  const lineNumber = number ?? there?.number;
  const line: LineRow | undefined =
    lineNumber === undefined || (number === undefined && orphan === undefined)
      ? undefined
      : {
          connectorId,
          number: lineNumber,
          mainNumber,
          shortNumber,
          callerId,
          authUser,
          deskPhone,
          alternativeNumber,
          voicemailNumber,
          password,
        };
  if (current === undefined)
    return { kind: 'new', user: { email, name, role, language, source: 'import', line } };

  const before = fieldsOf(current);
  const after: Partial<Record<ImportField, string | undefined>> = { ...before, name };
  if (role !== undefined) after.role = role;
  if (language !== undefined) after.language = language;
  if (number !== undefined) after.number = number;
  for (const field of lineFields) if (subscriber[field] !== undefined) after[field] = subscriber[field];
  if (after.authUser === after.number) after.authUser = undefined;
  const changes = (Object.keys({ ...before, ...after }) as ImportField[]).flatMap((field): FieldChange[] => {
    const [old, now] = [before[field], after[field]];
    if (old === now) return [];
    return [
      { field, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) },
    ];
  });
  if (password !== undefined && (there === undefined || parts.openPassword(there) !== password)) {
    // That it changes is told, and never from what to what.
    changes.push({ field: 'password' });
  }
  const { userId } = current;
  if (changes.length === 0) return { kind: 'unchanged', userId };
  return { kind: 'changed', userId, changes, change: { name, role, language, line } };
}

/** The line that a plan ends with, for the numbers that it takes. */
export function lineAfter(planned: Planned, current: FoundUser | undefined): StoredLine | undefined {
  if (planned.kind === 'new') {
    const { line, name } = planned.user;
    return line === undefined ? undefined : { ...wantedLine(undefined, line, { after: name }), secret: '' };
  }
  if (planned.kind !== 'changed' || planned.change.line === undefined || planned.change.line === null) {
    return current?.line;
  }
  const names = {
    ...(current === undefined ? {} : { before: current.name }),
    after: planned.change.name ?? '',
  };
  return { ...wantedLine(current?.line, planned.change.line, names), secret: '' };
}
