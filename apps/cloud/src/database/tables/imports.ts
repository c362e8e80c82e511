import type { ColumnType, Generated } from 'kysely';

/** JSON that is written as text and read as what it is. */
type Json = ColumnType<unknown, string | null | undefined, string | null>;

/** Tables of this feature, as Kysely sees them. */
export type ImportTables = {
  imports: {
    tenant_id: string;
    import_id: string;
    file_name: string;
    connector_id: string;
    state: 'reading' | 'mapping' | 'preview' | 'applying' | 'applied' | 'undoing' | 'undone' | 'failed';
    failure: string | null;
    complete: Generated<boolean>;
    bytes: Generated<number>;
    encoding: string | null;
    delimiter: string | null;
    columns: Buffer | null;
    mapping: Json;
    ask_mapping: Generated<boolean>;
    done: Generated<number>;
    of_rows: Generated<number>;
    counts: Json;
    created_by: string;
    actor: ColumnType<unknown, string, string>;
    invite: Generated<boolean>;
    inviting: Generated<boolean>;
    created_at: number;
    touched_at: number;
    applied_at: number | null;
    undo_until: number | null;
    claim: string | null;
    claimed_until: number | null;
  };
  import_chunks: { tenant_id: string; import_id: string; place: number; sealed: Buffer };
  import_rows: {
    tenant_id: string;
    import_id: string;
    row_number: number;
    kind: 'new' | 'changed' | 'unchanged' | 'refused';
    email: string | null;
    name: string | null;
    fields: Json;
    sealed_password: Buffer | null;
    problem: Json;
    changes: Json;
    user_id: string | null;
    seen: string | null;
    applied: string | null;
    linked: Generated<boolean>;
    invited: Generated<boolean>;
    before: Json;
  };
};
