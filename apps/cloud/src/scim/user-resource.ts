import { createHash } from 'node:crypto';
import { EmailAddress, type Language, type UserId } from '@offhook/contract';
import { cleanText, readLanguage, readNumber } from '@offhook/subscribers';
import { sql } from 'kysely';
import * as z from 'zod';
import { ScimError } from './errors.ts';
import { canonical, type Resource, type Shape } from './patch.ts';
import type { Attributes } from './sql.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** A person as the tables have them. */
export type ScimUserRow = {
  userId: UserId;
  email: string;
  name: string;
  language: string;
  disabledAt: number | null;
  createdAt: number;
  changedAt: number;
  externalId: string | null;
  givenName: string | null;
  familyName: string | null;
  /** What people call; absent without a line. */
  called: string | null;
  groups: { value: string; display: string }[];
};

/** What can be written of a person. */
export const userShape: Shape = {
  userName: 'simple',
  externalId: 'simple',
  displayName: 'simple',
  name: 'complex',
  active: 'simple',
  preferredLanguage: 'simple',
  emails: 'many',
  phoneNumbers: 'many',
};

/** What can be asked of people: `users u`, `lines l`, `scim_users s`. */
export const userAttributes: Attributes = {
  id: { kind: 'text', column: sql`u.user_id`, letters: 'exact' },
  externalid: { kind: 'text', column: sql`s.external_id`, letters: 'exact' },
  username: { kind: 'text', column: sql`u.email`, letters: 'small' },
  displayname: { kind: 'text', column: sql`u.name`, letters: 'any' },
  'name.formatted': { kind: 'text', column: sql`u.name`, letters: 'any' },
  'name.givenname': { kind: 'text', column: sql`s.given_name`, letters: 'any' },
  'name.familyname': { kind: 'text', column: sql`s.family_name`, letters: 'any' },
  preferredlanguage: { kind: 'text', column: sql`u.language`, letters: 'small' },
  active: { kind: 'boolean', column: sql`(u.disabled_at IS NULL)` },
  emails: {
    kind: 'one',
    of: {
      value: { kind: 'text', column: sql`u.email`, letters: 'small' },
      type: { kind: 'text', column: sql`'work'::text`, letters: 'small' },
      primary: { kind: 'boolean', column: sql`TRUE` },
    },
  },
  phonenumbers: {
    kind: 'one',
    of: {
      value: { kind: 'text', column: sql`coalesce(l.main_number, l.number)`, letters: 'any' },
      type: {
        kind: 'text',
        column: sql`CASE WHEN l.line_id IS NOT NULL THEN 'work' END`,
        letters: 'small',
      },
    },
  },
  groups: {
    kind: 'many',
    exists: (condition) => sql`EXISTS (
      SELECT 1 FROM scim_members m JOIN scim_groups g ON g.tenant_id = m.tenant_id AND g.group_id = m.group_id
        WHERE m.tenant_id = u.tenant_id AND m.user_id = u.user_id AND ${condition})`,
    of: {
      value: { kind: 'text', column: sql`m.group_id`, letters: 'exact' },
      display: { kind: 'text', column: sql`g.display_name`, letters: 'any' },
    },
  },
  'meta.created': { kind: 'instant', column: sql`u.created_at` },
  'meta.lastmodified': {
    kind: 'instant',
    column: sql`greatest(u.changed_at, l.changed_at, s.changed_at)`,
  },
};

/** @param base where SCIM is, `https://phone.example.com/api/scim/v2` */
export function userResource(row: ScimUserRow, base: string): Resource & { id: string; meta: ScimMeta } {
  const { givenName, familyName } = row;
  const content = {
    schemas: [USER_SCHEMA],
    id: row.userId,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    userName: row.email,
    name: {
      formatted: row.name,
      ...(givenName === null ? {} : { givenName }),
      ...(familyName === null ? {} : { familyName }),
    },
    displayName: row.name,
    preferredLanguage: row.language,
    active: row.disabledAt === null,
    emails: [{ value: row.email, type: 'work', primary: true }],
    ...(row.called === null ? {} : { phoneNumbers: [{ value: row.called, type: 'work', primary: true }] }),
    groups: row.groups.map(({ value, display }) => ({
      value,
      display,
      type: 'direct',
      $ref: `${base}/Groups/${value}`,
    })),
  };
  return {
    ...content,
    meta: metaOf('User', `${base}/Users/${row.userId}`, row, content),
  };
}

export type ScimMeta = {
  resourceType: 'User' | 'Group';
  created: string;
  lastModified: string;
  location: string;
  version: string;
};

export const metaOf = (
  resourceType: ScimMeta['resourceType'],
  location: string,
  { createdAt, changedAt }: { createdAt: number; changedAt: number },
  content: object,
): ScimMeta => ({
  resourceType,
  created: new Date(createdAt).toISOString(),
  lastModified: new Date(changedAt).toISOString(),
  location,
  version: `W/"${createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22)}"`,
});

const Text = z.string().max(1_000).transform(cleanText);
/** Entra ID says `"False"`. */
const Truth = z.union([
  z.boolean(),
  z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['true', 'false']))
    .transform((text) => text === 'true'),
]);

const Wanted = z.object({
  userName: EmailAddress,
  externalId: z.string().min(1).max(256).transform(cleanText).optional(),
  displayName: Text.optional(),
  name: z
    .object({ formatted: Text.optional(), givenName: Text.optional(), familyName: Text.optional() })
    .optional(),
  active: Truth.optional(),
  preferredLanguage: z.string().max(100).optional(),
  phoneNumbers: z
    .array(z.object({ value: z.string().max(200).optional(), type: z.string().optional() }))
    .max(20)
    .optional(),
});

/** What an identity provider wants a person to be. */
export type UserWish = {
  email: string;
  externalId: string | null;
  name: string;
  givenName: string | null;
  familyName: string | null;
  active: boolean | undefined;
  language: Language | undefined;
  /** The one telephone number at work, where there is exactly one. */
  phone: string | undefined;
};

/**
 * Read a whole resource. What people see as the name is `displayName`, else `name.formatted`, else given and family name; of somebody who is here
 * already the one of them that was changed.
 * @param before the resource as it was
 * @throws ScimError `invalidValue`
 */
export function readUser(resource: Resource, before?: Resource): UserWish {
  const parsed = Wanted.safeParse(canonical(resource, userShape));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    const what = where === 'userName' ? 'has to be an e-mail address' : 'is missing or not what it has to be';
    throw new ScimError(400, 'invalidValue', `“${where}” ${what}.`);
  }
  const { userName, externalId, displayName, name, active, preferredLanguage, phoneNumbers } = parsed.data;
  const [givenName, familyName] = [name?.givenName || null, name?.familyName || null];
  const was = before === undefined ? undefined : Wanted.parse(canonical(before, userShape));
  const together = [givenName, familyName].filter((part) => part !== null).join(' ');
  const candidates = [
    ...(displayName === was?.displayName ? [] : [displayName]),
    ...(name?.formatted === was?.name?.formatted ? [] : [name?.formatted]),
    // Of somebody whose name is made of its parts, and of somebody who has no other.
    ...(was !== undefined && isMadeOf(was) ? [together] : []),
    displayName,
    name?.formatted,
    together,
    userName,
  ];
  return {
    email: userName,
    externalId: externalId ?? null,
    name: (candidates.find((one) => one !== undefined && one !== '') ?? userName).slice(0, 200),
    givenName,
    familyName,
    active,
    language: preferredLanguage === undefined ? undefined : readLanguage(preferredLanguage),
    phone: onePhone(phoneNumbers ?? []),
  };
}

const isMadeOf = ({ displayName, name }: z.infer<typeof Wanted>): boolean =>
  displayName === [name?.givenName, name?.familyName].filter((part) => part !== undefined).join(' ');

function onePhone(
  phones: readonly { value?: string | undefined; type?: string | undefined }[],
): string | undefined {
  const atWork = phones.filter(({ type }) => type === undefined || type.toLowerCase() === 'work');
  const [only, another] = atWork;
  return only?.value === undefined || another !== undefined ? undefined : readNumber(only.value);
}
