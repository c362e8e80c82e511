import type { TenantId, UserId } from '@offhook/contract';
import { importContext } from '../imports/model.ts';
import { passwordContext } from '../imports/rows.ts';
import { mailContext } from '../mail/outbox.ts';
import { pushKeyContext, subscriptionContext } from '../push/store.ts';
import { totpContext } from '../sign-in/second-factor/factors.ts';
import { ticketContext } from '../sign-in/second-factor/tickets.ts';
import { attemptContext } from '../sso/attempts.ts';
import { clientSecretContext } from '../sso/connections.ts';
import { pbxContext } from './pbx-secrets.ts';
import { lineContext } from './secret-box.ts';

type KeyValue = string | number | Buffer;

/** A column in which something is sealed: where, by what its rows are known, and what each is bound to. */
export type SealedColumn = {
  table: string;
  /** Of the primary key, without `tenant_id`. */
  keys: readonly string[];
  column: string;
  /** `line`: the sealed password in hexadecimal within the JSON of a line. `at`: where that line is in the column. */
  form: { kind: 'bytes' } | { kind: 'line'; at: readonly string[] };
  /** For `bytes`; a line says itself what it is bound to. */
  contextOf: (tenantId: TenantId, key: readonly KeyValue[]) => string;
};

const bytes = { kind: 'bytes' } as const;
const text = (value: KeyValue | undefined): string => String(value);
const hash = (value: KeyValue | undefined): Buffer => (Buffer.isBuffer(value) ? value : Buffer.alloc(0));
const ofLine: SealedColumn['contextOf'] = (tenantId, [lineId]) => lineContext(tenantId, text(lineId));

/** Every sealed column of every table; a test looks for those that are missing. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'lines', keys: ['line_id'], column: 'secret', form: bytes, contextOf: ofLine },
  {
    table: 'users',
    keys: ['user_id'],
    column: 'former_line',
    form: { kind: 'line', at: [] },
    contextOf: ofLine,
  },
  {
    table: 'pbx_configs',
    keys: ['connector_id'],
    column: 'secrets',
    form: bytes,
    contextOf: (tenantId, [connectorId]) => pbxContext(tenantId, text(connectorId)),
  },
  {
    table: 'totp_secrets',
    keys: ['user_id'],
    column: 'sealed',
    form: bytes,
    contextOf: (tenantId, [userId]) => totpContext(tenantId, text(userId) as UserId),
  },
  {
    table: 'sign_in_tickets',
    keys: ['ticket_hash'],
    column: 'sealed',
    form: bytes,
    contextOf: (tenantId, [ticket]) => ticketContext(tenantId, hash(ticket)),
  },
  {
    table: 'sso_connections',
    keys: [],
    column: 'client_secret',
    form: bytes,
    contextOf: (tenantId) => clientSecretContext(tenantId),
  },
  {
    table: 'sso_attempts',
    keys: ['state_hash'],
    column: 'sealed',
    form: bytes,
    contextOf: (tenantId, [state]) => attemptContext(tenantId, hash(state)),
  },
  {
    table: 'mail_outbox',
    keys: ['mail_id'],
    column: 'sealed_params',
    form: bytes,
    contextOf: (tenantId, [mailId]) => mailContext(tenantId, text(mailId)),
  },
  {
    table: 'imports',
    keys: ['import_id'],
    column: 'columns',
    form: bytes,
    contextOf: (tenantId, [importId]) => importContext(tenantId, text(importId), 'columns'),
  },
  {
    table: 'import_chunks',
    keys: ['import_id', 'place'],
    column: 'sealed',
    form: bytes,
    contextOf: (tenantId, [importId, place]) => importContext(tenantId, text(importId), text(place)),
  },
  {
    table: 'import_rows',
    keys: ['import_id', 'row_number'],
    column: 'sealed_password',
    form: bytes,
    contextOf: (tenantId, [importId, row]) =>
      passwordContext({ tenantId, importId: text(importId) }, Number(row)),
  },
  {
    table: 'import_rows',
    keys: ['import_id', 'row_number'],
    column: 'before',
    form: { kind: 'line', at: ['line'] },
    contextOf: ofLine,
  },
  {
    table: 'push_keys',
    keys: [],
    column: 'sealed_key',
    form: bytes,
    contextOf: (tenantId) => pushKeyContext(tenantId),
  },
  {
    table: 'push_subscriptions',
    keys: ['session_id'],
    column: 'sealed',
    form: bytes,
    contextOf: (tenantId, [sessionId]) => subscriptionContext(tenantId, text(sessionId)),
  },
];
