import * as z from 'zod';
import { EmailAddress, Language, Millis } from './common.ts';

/**
 * Import of many users. `POST /api/admin/imports` with the file as body (`text/csv`, `application/json` or octets; `?name=`, `?connectorId=` where new lines go, needed where the tenant has several, `?mapping=` {@link HeaderMapping} as JSON or `ask`) → 202 {@link Import};
 * `GET /api/admin/imports`, `GET …/:importId` (progress), `GET …/:importId/rows` {@link ImportRowQuery}; `POST …/:importId/mapping` {@link HeaderMapping};
 * `POST …/:importId/apply` {@link ApplyImport} → 202; `POST …/:importId/undo` → 202 (within 24 h); `DELETE …/:importId` discards a preview.
 *
 * An empty cell leaves what is there. After an undo, rows of kind `refused` with `changed_since` or `number_taken` are those that it left alone.
 */
export const ImportField = z.enum([
  'email',
  'name',
  'firstName',
  'lastName',
  'number',
  'mainNumber',
  'shortNumber',
  'callerId',
  'authUser',
  'password',
  'deskPhone',
  'alternativeNumber',
  'voicemailNumber',
  'language',
  'role',
]);
export type ImportField = z.infer<typeof ImportField>;

/** Which column is which field, by the column's place (from 0); `null`: not used. */
export const HeaderMapping = z.object({ columns: z.array(ImportField.nullable()).max(100) });
export type HeaderMapping = z.infer<typeof HeaderMapping>;

/** One person as an import brings it; the version-1 JSON of the migration tool has a list of these. */
export const Subscriber = z.object({
  email: EmailAddress,
  name: z.string().trim().min(1).max(200),
  role: z.enum(['user', 'admin']).optional(),
  language: Language.optional(),
  number: z.string().min(1).max(128).optional(),
  mainNumber: z.string().max(128).optional(),
  shortNumber: z.string().max(128).optional(),
  callerId: z.string().max(128).optional(),
  authUser: z.string().max(128).optional(),
  password: z.string().max(256).optional(),
  deskPhone: z.string().max(128).optional(),
  alternativeNumber: z.string().max(128).optional(),
  voicemailNumber: z.string().max(128).optional(),
});
export type Subscriber = z.infer<typeof Subscriber>;

export const SubscriberFile = z.object({
  format: z.literal('offhook-subscribers'),
  version: z.literal(1),
  /** The program and platform that it comes from, for the log. */
  source: z.string().max(200).optional(),
  subscribers: z.array(z.unknown()).max(100_000),
});

/** Why a row, or a whole file, cannot be used. Closed: clients have the words. */
export const ImportProblem = z.enum([
  'email_missing',
  'email_invalid',
  'email_twice',
  'email_of_other_tenant',
  'name_missing',
  'number_invalid',
  'number_twice',
  'number_taken',
  'role_invalid',
  'language_invalid',
  'too_long',
  'too_many_columns',
  'seats_exhausted',
  'last_administrator',
  'password_missing',
  'not_an_object',
  /** Somebody with this address was deleted and can still be taken back: that, or waiting, comes first. */
  'user_deleted',
  /** Of an undo: the person was changed since by somebody else, or has come in, and stays as they are. */
  'changed_since',
]);
export type ImportProblem = z.infer<typeof ImportProblem>;

export const ImportState = z.enum([
  'reading',
  'mapping',
  'preview',
  'applying',
  'applied',
  'undoing',
  'undone',
  'failed',
]);
export type ImportState = z.infer<typeof ImportState>;

export const Import = z.object({
  importId: z.string(),
  fileName: z.string(),
  state: ImportState,
  /**
   * For `failed`. With `preview`, `stale`: what is there had changed when it was to be applied; nothing was, and this is the new preview.
   */
  failure: z
    .enum(['unreadable', 'empty', 'no_email_column', 'too_many_rows', 'version_unknown', 'stale', 'internal'])
    .optional(),
  encoding: z.string().optional(),
  delimiter: z.string().optional(),
  /** The file's headings with three values of each, and what they were taken for. */
  columns: z
    .array(z.object({ heading: z.string(), samples: z.array(z.string()), field: ImportField.nullable() }))
    .optional(),
  progress: z.object({ done: z.number().int(), of: z.number().int() }),
  counts: z.object({
    new: z.number().int(),
    changed: z.number().int(),
    unchanged: z.number().int(),
    refused: z.number().int(),
  }),
  createdAt: Millis,
  createdBy: z.string(),
  appliedAt: Millis.optional(),
  undoUntil: Millis.optional(),
});
export type Import = z.infer<typeof Import>;
export const ImportList = z.object({ imports: z.array(Import) });

export const ImportRowQuery = z.object({
  kind: z.enum(['new', 'changed', 'unchanged', 'refused']).optional(),
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
});
export const ImportRow = z.object({
  /** As in the file: the first line is 1, headings included. */
  row: z.number().int(),
  kind: z.enum(['new', 'changed', 'unchanged', 'refused']),
  email: z.string().optional(),
  name: z.string().optional(),
  changes: z
    .array(z.object({ field: ImportField, before: z.string().optional(), after: z.string().optional() }))
    .optional(),
  problem: z
    .object({ code: ImportProblem, column: z.string().optional(), value: z.string().optional() })
    .optional(),
});
export type ImportRow = z.infer<typeof ImportRow>;
export const ImportRowPage = z.object({ rows: z.array(ImportRow), total: z.number().int() });
export type ImportRowPage = z.infer<typeof ImportRowPage>;
/** `POST …/apply`. */
export const ApplyImport = z.object({ invite: z.boolean().default(false) });
