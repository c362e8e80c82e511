import {
  type AuditState,
  type ConnectorId,
  type KeptSettings,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import { sql } from 'kysely';
import * as z from 'zod';
import type { TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import { lineContext, type SecretBox } from '../secrets/secret-box.ts';
import { mergeKept } from '../settings/kept.ts';
import { StoredKept } from '../settings/store.ts';
import type { LineRow, Refused } from './rows.ts';

/** A line as the table has it, its password sealed. Also what is remembered of a deleted person's line. */
export const StoredLine = z.object({
  line_id: z.string(),
  connector_id: z.string(),
  number: z.string(),
  display_name: z.string(),
  auth_user: z.string(),
  main_number: z.string().nullable(),
  short_number: z.string().nullable(),
  caller_id: z.string().nullable(),
  desk_phone: z.string().nullable(),
  voicemail_number: z.string().nullable(),
  kept: StoredKept,
  /** In hexadecimal. */
  secret: z.string(),
});
export type StoredLine = z.infer<typeof StoredLine>;

/** The columns as a statement selects them of `lines l`. */
export const lineColumns = sql`jsonb_build_object(
  'line_id', l.line_id, 'connector_id', l.connector_id, 'number', l.number, 'display_name', l.display_name,
  'auth_user', l.auth_user, 'main_number', l.main_number, 'short_number', l.short_number, 'caller_id', l.caller_id,
  'desk_phone', l.desk_phone, 'voicemail_number', l.voicemail_number, 'kept', l.kept, 'secret', encode(l.secret, 'hex'))`;

const stays = <T>(wanted: T | undefined, there: T): T => (wanted === undefined ? there : wanted);

/** Names of a person before and after the act: what a line shows follows the name unless it was given another. */
export type Names = { before?: string; after: string };

/** What a line becomes, its password aside. */
export function wantedLine(
  found: StoredLine | undefined,
  line: LineRow,
  names: Names,
): Omit<StoredLine, 'secret'> {
  const ownAuthUser = found !== undefined && found.auth_user !== found.number ? found.auth_user : null;
  const ownDisplayName =
    found !== undefined && found.display_name !== names.before ? found.display_name : null;
  const { alternativeNumber } = line;
  const kept: KeptSettings = found?.kept ?? {};
  return {
    line_id: found?.line_id ?? newId('lin'),
    connector_id: line.connectorId,
    number: line.number,
    display_name: stays(line.displayName, ownDisplayName) ?? names.after,
    auth_user: stays(line.authUser, ownAuthUser) ?? line.number,
    main_number: stays(line.mainNumber, found?.main_number ?? null),
    short_number: stays(line.shortNumber, found?.short_number ?? null),
    caller_id: stays(line.callerId, found?.caller_id ?? null),
    desk_phone: stays(line.deskPhone, found?.desk_phone ?? null),
    voicemail_number: stays(line.voicemailNumber, found?.voicemail_number ?? null),
    kept:
      alternativeNumber === undefined || alternativeNumber === (kept.alternativeNumber ?? null)
        ? kept
        : mergeKept(kept, { alternativeNumber }),
  };
}

/** The sealed password: as it was where it is the same and sealed with the key of today. */
export function sealedPassword(
  box: SecretBox,
  tenantId: TenantId,
  lineId: string,
  found: StoredLine | undefined,
  password: string | undefined,
): string {
  const context = lineContext(tenantId, lineId);
  if (found === undefined) return box.seal(password ?? '', context).toString('hex');
  if (password === undefined) return found.secret;
  const sealed = Buffer.from(found.secret, 'hex');
  return box.isCurrent(sealed) && box.open(sealed, context) === password
    ? found.secret
    : box.seal(password, context).toString('hex');
}

/** A line as the audit log shows it. That a password was set is told, and no more. */
export function lineForAudit(line: Omit<StoredLine, 'secret'> | undefined): AuditState {
  if (line === undefined) return {};
  const shown: AuditState = {
    'line.connectorId': line.connector_id,
    'line.number': line.number,
    'line.mainNumber': line.main_number,
    'line.shortNumber': line.short_number,
    'line.callerId': line.caller_id,
    'line.authUser': line.auth_user === line.number ? null : line.auth_user,
    'line.displayName': line.display_name,
    'line.deskPhone': line.desk_phone,
    'line.alternativeNumber': line.kept.alternativeNumber ?? null,
    'line.voicemailNumber': line.voicemail_number,
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null));
}

/** How a connector's lines are attached: `password`: each registers for itself; `trunk`: one for all, and no line needs a password. */
export type LineKind = 'password' | 'trunk';

/** Of each of the tenant's connectors. */
export async function connectorKinds(trx: TenantTransaction): Promise<Map<string, LineKind>> {
  const { rows } = await sql<{ connector_id: string; attached_by: string | null }>`
    SELECT c.connector_id, p.config->'attachment'->>'by' AS attached_by
      FROM connectors c LEFT JOIN pbx_configs p USING (tenant_id, connector_id)`.execute(trx);
  return new Map(rows.map((row) => [row.connector_id, row.attached_by === 'trunk' ? 'trunk' : 'password']));
}

/** What of a line must be its own at its connector: the subscriber, what people call, and the short number, each among its like. */
export const numberKeys = (
  line: Pick<StoredLine, 'connector_id' | 'number' | 'main_number' | 'short_number'>,
): string[] => [
  `line\n${line.connector_id}\n${line.number}`,
  `called\n${line.connector_id}\n${line.main_number ?? line.number}`,
  ...(line.short_number === null ? [] : [`short\n${line.connector_id}\n${line.short_number}`]),
];

/** Who has a line now whose numbers one of these wants: the keys of {@link numberKeys}, each with its user. */
export async function holdersOf(
  trx: TenantTransaction,
  wanted: readonly Pick<StoredLine, 'connector_id' | 'number' | 'main_number' | 'short_number'>[],
): Promise<{ key: string; userId: UserId }[]> {
  if (wanted.length === 0) return [];
  const connectors = [...new Set(wanted.map((line) => line.connector_id))];
  const keys = new Set(wanted.flatMap(numberKeys));
  const numbers = [
    ...new Set(
      wanted.flatMap(({ number, main_number, short_number }) => [
        number,
        main_number ?? number,
        short_number ?? number,
      ]),
    ),
  ];
  const { rows } = await sql<{
    user_id: string;
    connector_id: string;
    number: string;
    main_number: string | null;
    short_number: string | null;
  }>`
    SELECT user_id, connector_id, number, main_number, short_number FROM lines
      WHERE connector_id = ANY (${connectors})
        AND (number = ANY (${numbers}) OR main_number = ANY (${numbers}) OR short_number = ANY (${numbers}))`.execute(
    trx,
  );
  return rows.flatMap((row) =>
    numberKeys(row)
      .filter((key) => keys.has(key))
      .map((key) => ({ key, userId: row.user_id as UserId })),
  );
}

/**
 * Which of the wanted lines cannot have their numbers. The first of two of a batch that want the same gets it; a number that its holder gives
 * up in the same batch is free, unless the holder is refused and keeps it. Pure.
 */
export function refusedNumbers(
  wanted: readonly { userId: UserId; line: Parameters<typeof numberKeys>[0] }[],
  holders: readonly { key: string; userId: UserId }[],
  movers: ReadonlySet<UserId>,
): Set<UserId> {
  const refused = new Set<UserId>();
  for (;;) {
    const held = new Map<string, UserId>();
    for (const { key, userId } of holders) {
      if (!movers.has(userId) || refused.has(userId)) held.set(key, userId);
    }
    const before = refused.size;
    for (const { userId, line } of wanted) {
      if (refused.has(userId)) continue;
      const keys = numberKeys(line);
      if (keys.some((key) => held.has(key) && held.get(key) !== userId)) refused.add(userId);
      else for (const key of keys) held.set(key, userId);
    }
    if (refused.size === before) return refused;
  }
}

/** What is wrong with a line by itself. */
export function lineProblem(
  kinds: ReadonlyMap<string, LineKind>,
  line: LineRow,
  isNew: boolean,
): Refused | undefined {
  const kind = kinds.get(line.connectorId);
  if (kind === undefined) return { refused: 'not_found', fields: ['line.connectorId'] };
  if (isNew && kind === 'password' && line.password === undefined)
    return { refused: 'bad_request', fields: ['line.password'] };
  return undefined;
}

/** Lines that are the connectors' for writing: inserted, or changed where the user has one. */
export async function writeLines(
  trx: TenantTransaction,
  tenantId: TenantId,
  lines: readonly { userId: UserId; line: StoredLine }[],
): Promise<void> {
  const rows = lines.map(({ userId, line }) => ({ user_id: userId, ...line }));
  await sql`
    INSERT INTO lines (tenant_id, line_id, connector_id, user_id, number, display_name, auth_user, secret, main_number,
                       short_number, caller_id, desk_phone, voicemail_number, kept)
    SELECT ${tenantId}, r.line_id, r.connector_id, r.user_id, r.number, r.display_name, r.auth_user,
           decode(r.secret, 'hex'), r.main_number, r.short_number, r.caller_id, r.desk_phone, r.voicemail_number, r.kept
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
        line_id text, connector_id text, user_id text, number text, display_name text, auth_user text, secret text,
        main_number text, short_number text, caller_id text, desk_phone text, voicemail_number text, kept jsonb)
    ON CONFLICT (tenant_id, user_id) DO UPDATE SET
      connector_id = excluded.connector_id, number = excluded.number, display_name = excluded.display_name,
      auth_user = excluded.auth_user, secret = excluded.secret, main_number = excluded.main_number,
      short_number = excluded.short_number, caller_id = excluded.caller_id, desk_phone = excluded.desk_phone,
      voicemail_number = excluded.voicemail_number, kept = excluded.kept`.execute(trx);
}

export const connectorOf = (line: Pick<StoredLine, 'connector_id'>): ConnectorId =>
  line.connector_id as ConnectorId;
