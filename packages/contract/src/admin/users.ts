import * as z from 'zod';
import { ConnectorId, UserId } from '../ids.ts';
import { Limits } from '../limits.ts';
import { EmailAddress, Language, Millis } from './common.ts';

/**
 * `invited`: has never signed in · `active` · `disabled` · `deleted`: signed out, without a line; can be taken back until `goneAt`.
 */
export const UserStatus = z.enum(['invited', 'active', 'disabled', 'deleted']);
export type UserStatus = z.infer<typeof UserStatus>;

const number = z
  .string()
  .trim()
  .min(1)
  .max(Limits.targetChars)
  .regex(/^[+\d*#A-Za-z][\d*#A-Za-z().\-/ ]*$/u);

/** A user's telephone line. */
export const UserLine = z.object({
  connectorId: ConnectorId,
  connectorName: z.string(),
  /** The subscriber at the platform that the connector registers. */
  number: z.string(),
  /** What people call, where it is another; see `mainNumber` of the line's configuration. */
  mainNumber: z.string().optional(),
  shortNumber: z.string().optional(),
  /** What the called see, where the platform lets us say. */
  callerId: z.string().optional(),
  authUser: z.string().optional(),
  deskPhone: z.string().optional(),
  alternativeNumber: z.string().optional(),
  /** The mailbox's number, where the user's is another than the platform's code. */
  voicemailNumber: z.string().optional(),
  /** Passwords can be set and never read. */
  hasPassword: z.boolean(),
});
export type UserLine = z.infer<typeof UserLine>;

export const UserRow = z.object({
  userId: UserId,
  email: z.string(),
  name: z.string(),
  role: z.enum(['user', 'admin']),
  status: UserStatus,
  language: Language,
  /** Takes a seat of the subscription: has a line and is not disabled. */
  seat: z.boolean(),
  line: UserLine.optional(),
  createdAt: Millis,
  lastSeenAt: Millis.optional(),
  invitedAt: Millis.optional(),
  invitationExpiresAt: Millis.optional(),
  goneAt: Millis.optional(),
  /** `scim` and `sso` own what they write: shown, and changed with a warning. */
  source: z.enum(['portal', 'import', 'provisioning', 'scim', 'sso', 'file']),
});
export type UserRow = z.infer<typeof UserRow>;

/**
 * `GET /api/admin/users` → {@link UserPage}; `GET /api/admin/users/:userId` → {@link UserRow}. `search` is in name, address and number, from the start
 * of any word. Deleted people are listed with `status=deleted` alone.
 */
export const UserQuery = z.object({
  search: z.string().max(Limits.searchChars).optional(),
  status: UserStatus.optional(),
  role: z.enum(['user', 'admin']).optional(),
  connectorId: ConnectorId.optional(),
  /** Whether they have a line. */
  line: z.enum(['with', 'without']).optional(),
  sort: z.enum(['name', 'email', 'number', 'createdAt', 'lastSeenAt']).default('name'),
  descending: z.stringbool().default(false),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
});
export type UserQuery = z.infer<typeof UserQuery>;
export const UserPage = z.object({ users: z.array(UserRow), total: z.number().int() });
export type UserPage = z.infer<typeof UserPage>;

/** A line as it is written. `password` absent: stays; on a new line that has to have one, `bad_request` says so. */
export const LineInput = z.object({
  connectorId: ConnectorId,
  number,
  mainNumber: number.nullable().optional(),
  shortNumber: number.nullable().optional(),
  callerId: number.nullable().optional(),
  authUser: z.string().min(1).max(128).nullable().optional(),
  deskPhone: number.nullable().optional(),
  alternativeNumber: number.nullable().optional(),
  voicemailNumber: number.nullable().optional(),
  password: z.string().max(256).optional(),
});
export type LineInput = z.infer<typeof LineInput>;

/** `POST /api/admin/users` → 201 {@link UserRow}; 409 `email_taken`, `number_taken`, `seats_exhausted`. */
export const NewUser = z.object({
  email: EmailAddress,
  name: z.string().trim().min(1).max(200),
  role: z.enum(['user', 'admin']).default('user'),
  language: Language.optional(),
  line: LineInput.optional(),
  /** Send the invitation now. */
  invite: z.boolean().default(true),
});
export type NewUser = z.infer<typeof NewUser>;

/**
 * `PATCH /api/admin/users/:userId` → {@link UserRow}. `line: null` takes the line away. Acts, each `POST` under `/api/admin/users/:userId/`: `disable`, `enable`,
 * `invitation`, `password-reset`, `second-factor-reset` (authenticator app, passkeys and recovery codes go, for whoever has lost them; who has no password gets a link for one),
 * `sign-out`, `restore`; `DELETE /api/admin/users/:userId` begins the grace period. Each answers 200 with the {@link UserRow} as it is then.
 * Of themselves administrators can do nothing that locks them out: 403 `forbidden`, 409 `last_administrator`.
 * `POST /api/admin/users/acts` {@link BulkAct} → {@link BulkResult}.
 */
export const UserChange = z.object({
  email: EmailAddress.optional(),
  name: z.string().trim().min(1).max(200).optional(),
  role: z.enum(['user', 'admin']).optional(),
  language: Language.optional(),
  line: LineInput.nullable().optional(),
});
export type UserChange = z.infer<typeof UserChange>;

export const BulkAct = z.object({
  userIds: z.array(UserId).min(1).max(500),
  act: z.enum(['disable', 'enable', 'invite', 'sign_out', 'delete', 'restore']),
});
export type BulkAct = z.infer<typeof BulkAct>;
export const BulkResult = z.object({
  done: z.number().int(),
  refused: z.array(z.object({ userId: UserId, code: z.string(), message: z.string() })),
});
export type BulkResult = z.infer<typeof BulkResult>;
