import {
  HeaderMapping,
  Import,
  ImportField,
  OffhookError,
  type ConnectorId,
  type TenantId,
} from '@offhook/contract';
import type { Selectable } from 'kysely';
import * as z from 'zod';
import type { Actor } from '../audit/audit.ts';
import type { ImportTables } from '../database/tables/imports.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

export type ImportTableRow = Selectable<ImportTables['imports']>;
export type ImportState = Import['state'];
export type Failure = NonNullable<Import['failure']>;
export type Counts = Import['counts'];

/** Milliseconds. */
export const UNDO_WITHIN = 24 * 3_600_000;

/** One piece of work at one import, as the claim's holder sees it. */
export type Job = {
  tenantId: TenantId;
  importId: string;
  state: ImportState;
  connectorId: ConnectorId;
  actor: Actor;
  invite: boolean;
  inviting: boolean;
  bytes: number;
  mapping: HeaderMapping | undefined;
  askMapping: boolean;
  /** Rows in the file, as far as is known. */
  of: number;
  fileName: string;
  failure: string | undefined;
};

export const Columns = z.array(
  z.object({ heading: z.string(), samples: z.array(z.string()), field: ImportField.nullable() }),
);
export type Columns = z.infer<typeof Columns>;

const StoredActor: z.ZodType<Actor> = z.object({
  kind: z.enum(['person', 'machine', 'system', 'command_line']),
  id: z.string(),
  name: z.string(),
  role: z.string().optional(),
  address: z.string().optional(),
  requestId: z.string().optional(),
});

/** What sealed parts of an import are bound to. */
export const importContext = (tenantId: TenantId, importId: string, part: string | number): string =>
  `import\n${tenantId}\n${importId}\n${part}`;

export function jobOf(tenantId: TenantId, row: ImportTableRow): Job {
  return {
    tenantId,
    importId: row.import_id,
    state: row.state,
    connectorId: row.connector_id as ConnectorId,
    actor: StoredActor.parse(row.actor),
    invite: row.invite,
    inviting: row.inviting,
    bytes: row.bytes,
    mapping: row.mapping === null ? undefined : HeaderMapping.parse(row.mapping),
    askMapping: row.ask_mapping,
    of: row.of_rows,
    fileName: row.file_name,
    failure: row.failure ?? undefined,
  };
}

export function shownImport(secrets: SecretBox, tenantId: TenantId, row: ImportTableRow): Import {
  const columns =
    row.columns === null
      ? undefined
      : Columns.parse(
          JSON.parse(secrets.open(row.columns, importContext(tenantId, row.import_id, 'columns'))),
        );
  return Import.parse({
    importId: row.import_id,
    fileName: row.file_name,
    state: row.state,
    ...(row.failure === null ? {} : { failure: row.failure }),
    ...(row.encoding === null ? {} : { encoding: row.encoding }),
    ...(row.delimiter === null ? {} : { delimiter: row.delimiter }),
    ...(columns === undefined
      ? {}
      : {
          columns: columns.map((column) =>
            // Nobody needs to see passwords to see that they are passwords.
            column.field === 'password' ? { ...column, samples: column.samples.map(() => '•••') } : column,
          ),
        }),
    progress: { done: row.done, of: row.of_rows },
    counts: row.counts,
    createdAt: row.created_at,
    createdBy: row.created_by,
    ...(row.applied_at === null ? {} : { appliedAt: row.applied_at }),
    ...(row.undo_until === null ? {} : { undoUntil: row.undo_until }),
  });
}

/** The claim has gone to another process, or what was claimed is no longer wanted: whoever reads this stops. */
export class ClaimLost extends Error {
  constructor() {
    super('the import is no longer this process’s');
  }
}

/** Why a whole import has come to nothing. */
export class ImportFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, cause?: unknown) {
    super(`the import cannot be used: ${failure}`, { cause });
    this.failure = failure;
  }
}

/** What there is has changed since the preview: it is made anew. */
export class Stale extends Error {
  constructor(cause?: unknown) {
    super('what there is has changed since the preview', { cause });
  }
}

export const conflict = (): OffhookError => new OffhookError('conflict');
