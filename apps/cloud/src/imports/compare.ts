import { OffhookError, type ImportProblem, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';
import { lineContext, type SecretBox } from '../secrets/secret-box.ts';
import { takenEmails } from '../users/create.ts';
import { connectorKinds, holdersOf, numberKeys, type StoredLine } from '../users/lines.ts';
import type { RequireSeats } from '../users/rows.ts';
import { administers, findUsers, wouldLockOut, type FoundUser } from '../users/work.ts';
import type { Columns, Job } from './model.ts';
import { judgeNumbers, type Holder, type Wanted } from './numbers.ts';
import { lineAfter, planRow, type PlanParts } from './plan.ts';
import { printsOf } from './print.ts';
import type { ReadRow } from './reading.ts';
import { linkRows, refuseRows, type ComparedRow } from './rows.ts';

export type CompareParts = { secrets: SecretBox; requireSeats: RequireSeats };

/** What is remembered of rows until all have been compared: what one row may have can depend on every other. */
export type Comparison = {
  wanted: Wanted[];
  demoted: { row: number; user: FoundUser }[];
  /** Rows that take a seat, in the order of the file. */
  seats: number[];
};
export const newComparison = (): Comparison => ({ wanted: [], demoted: [], seats: [] });

/** Of the tenant's people those with these addresses, by address. */
export async function usersByEmail(
  trx: TenantTransaction,
  emails: readonly string[],
): Promise<Map<string, FoundUser>> {
  if (emails.length === 0) return new Map();
  const { rows } = await sql<{ user_id: UserId }>`
    SELECT user_id FROM users WHERE email = ANY (${[...emails]})`.execute(trx);
  if (rows.length === 0) return new Map();
  const users = await findUsers(
    trx,
    rows.map((row) => row.user_id),
  );
  return new Map([...users.values()].map((user) => [user.email, user]));
}

export async function planParts(
  trx: TenantTransaction,
  secrets: SecretBox,
  job: Pick<Job, 'tenantId' | 'connectorId'>,
): Promise<PlanParts> {
  return {
    connectorId: job.connectorId,
    kinds: await connectorKinds(trx),
    openPassword: (line: StoredLine) =>
      secrets.open(Buffer.from(line.secret, 'hex'), lineContext(job.tenantId, line.line_id)),
  };
}

/** Compare some rows with what is there. Changes nothing. */
export async function compareBatch(
  { secrets }: CompareParts,
  trx: TenantTransaction,
  job: Job,
  columns: Columns | undefined,
  comparison: Comparison,
  rows: readonly ReadRow[],
): Promise<ComparedRow[]> {
  const emails = rows.flatMap(({ subscriber }) => (subscriber === undefined ? [] : [subscriber.email]));
  const users = await usersByEmail(trx, emails);
  const prints = await printsOf(
    trx,
    [...users.values()].map((user) => user.userId),
  );
  const taken = await takenEmails(trx, emails);
  const parts = await planParts(trx, secrets, job);
  return rows.map((read): ComparedRow => {
    const { row, subscriber } = read;
    if (subscriber === undefined) {
      return { row, kind: 'refused', problem: read.problem, email: read.email, name: read.name };
    }
    const { email, name } = subscriber;
    const refuse = (problem: object): ComparedRow => ({ row, kind: 'refused', problem, email, name });
    const current = users.get(email);
    if (current === undefined && taken.has(email)) {
      const column = headingOf(columns, 'email');
      return refuse({ code: 'email_of_other_tenant', column, value: email });
    }
    const planned = planRow(parts, subscriber, current);
    if (planned.kind === 'refused') {
      const { column, ...problem } = planned.problem;
      return refuse({ ...problem, ...(column === undefined ? {} : { column: headingOf(columns, column) }) });
    }
    const line = lineAfter(planned, current);
    const userId = current?.userId ?? (`row ${row}` as UserId);
    if (line !== undefined && keysOf(line) !== keysOf(current?.line)) {
      const { connector_id, number, main_number, short_number } = line;
      const isNew = current === undefined;
      comparison.wanted.push({
        row,
        userId,
        isNew,
        line: { connector_id, number, main_number, short_number },
      });
    }
    if (line !== undefined && current?.line === undefined && (current?.disabledAt ?? null) === null) {
      comparison.seats.push(row);
    }
    if (current === undefined) return { row, kind: 'new', email, name, subscriber };
    const isDemoted =
      planned.kind === 'changed' && planned.change.role === 'user' && administers(current.role);
    if (isDemoted) comparison.demoted.push({ row, user: current });
    const changes = planned.kind === 'changed' ? planned.changes : undefined;
    return { row, kind: planned.kind, email, name, subscriber, changes, userId, seen: prints.get(userId) };
  });
}

/** Whether two lines have the same numbers, by comparing texts. */
export const keysOf = (line: Parameters<typeof numberKeys>[0] | undefined): string =>
  line === undefined ? '' : numberKeys(line).join('\n\n');

const headingOf = (columns: Columns | undefined, field: string): string =>
  columns?.find((column) => column.field === field)?.heading ?? field;

const AT_ONCE = 2_000;

/** What only the whole file tells: numbers, seats, and whether an administrator is left. */
export async function finishComparison(
  { requireSeats }: CompareParts,
  trx: TenantTransaction,
  job: Job,
  columns: Columns | undefined,
  { wanted, demoted, seats }: Comparison,
): Promise<void> {
  const refused = new Map<number, ImportProblem>();
  if (
    await wouldLockOut(
      trx,
      demoted.map(({ user }) => user),
    )
  ) {
    for (const { row } of demoted) refused.set(row, 'last_administrator');
  }
  const holders: Holder[] = [];
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    holders.push(
      ...(await holdersOf(
        trx,
        wanted.slice(from, from + AT_ONCE).map(({ line }) => line),
      )),
    );
  }
  const left = () => wanted.filter(({ row }) => !refused.has(row));
  for (const [row, code] of judgeNumbers(left(), holders).refused) refused.set(row, code);
  const seated = seats.filter((row) => !refused.has(row));
  const room = await seatsLeft(requireSeats, trx, job, seated.length);
  for (const row of seated.slice(room)) refused.set(row, 'seats_exhausted');
  // Who was refused keeps their numbers, so that others cannot have them.
  const verdict = judgeNumbers(left(), holders);
  for (const [row, code] of verdict.refused) refused.set(row, code);

  const columnOf: Partial<Record<ImportProblem, string>> = {
    last_administrator: headingOf(columns, 'role'),
    number_taken: headingOf(columns, 'number'),
    number_twice: headingOf(columns, 'number'),
  };
  const numbers = new Map(wanted.map(({ row, line }) => [row, line.number]));
  const rows = [...refused].map(([row, code]) => {
    const column = columnOf[code];
    const value = code === 'number_taken' || code === 'number_twice' ? numbers.get(row) : undefined;
    return {
      row,
      problem: {
        code,
        ...(column === undefined ? {} : { column }),
        ...(value === undefined ? {} : { value }),
      },
    };
  });
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await refuseRows(trx, job, rows.slice(from, from + AT_ONCE));
  await linkRows(
    trx,
    job,
    verdict.linked.filter((row) => !refused.has(row)),
  );
}

/** For how many of so many there is room: the largest number that is not refused, found by halving. */
export async function seatsLeft(
  requireSeats: RequireSeats,
  trx: TenantTransaction,
  { tenantId }: Pick<Job, 'tenantId'>,
  wanted: number,
): Promise<number> {
  const fits = async (howMany: number): Promise<boolean> => {
    if (howMany === 0) return true;
    try {
      await requireSeats(trx, tenantId, howMany);
      return true;
    } catch (error) {
      if (error instanceof OffhookError && error.code === 'seats_exhausted') return false;
      throw error;
    }
  };
  if (await fits(wanted)) return wanted;
  let [fitting, tooMany] = [0, wanted];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (await fits(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}
