import {
  ImportField,
  type ConnectorId,
  type ImportProblem,
  type Subscriber,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import { readElement } from '@offhook/subscribers';
import type { Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { keysOf, planParts, seatsLeft, usersByEmail } from '../imports/compare.ts';
import { judgeNumbers, type Wanted } from '../imports/numbers.ts';
import { lineAfter, planRow, type Planned } from '../imports/plan.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { takenEmails } from '../users/create.ts';
import { holdersOf } from '../users/lines.ts';
import { isRefused, type RequireSeats } from '../users/rows.ts';
import { administers, beginWork, type FoundUser } from '../users/work.ts';
import type { UserWriter } from '../users/writer.ts';

type Refusal = { outcome: 'refused'; email: string; problem: ImportProblem; field?: ImportField | undefined };
/** What became of one person of a batch. */
export type Outcome =
  | { outcome: 'created' | 'changed' | 'unchanged'; email: string; userId: UserId; problem?: undefined }
  | Refusal;

type Writable = Exclude<Planned, { kind: 'refused' }>;
/** One of a batch, by its place. */
type Entry = { place: number; email: string; current: FoundUser | undefined; planned: Writable };

/**
 * Make people what a batch says of them, by the same comparison as an import's preview; each is written or refused for itself. What the batch does not
 * say stays, a line stays at its connector. New people are not invited: administrators do that.
 *
 * In the caller's transaction, which ends with the writer's `finish`.
 */
export async function putSubscribers(
  { secrets, writer, requireSeats }: { secrets: SecretBox; writer: UserWriter; requireSeats: RequireSeats },
  trx: TenantTransaction,
  {
    tenantId,
    connectorId,
    actor,
  }: { tenantId: TenantId; connectorId: ConnectorId | undefined; actor: Actor },
  subscribers: readonly Subscriber[],
): Promise<Outcome[]> {
  await beginWork(trx, tenantId);
  const emails = subscribers.map(({ email }) => email);
  const users = await usersByEmail(trx, emails);
  const taken = await takenEmails(trx, emails);
  const parts = await planParts(trx, secrets, { tenantId, connectorId: connectorId ?? ('' as ConnectorId) });

  const outcomes: (Outcome | undefined)[] = subscribers.map(() => undefined);
  const refuse = (place: number, problem: ImportProblem, field?: ImportField) => {
    const email = emails[place] ?? '';
    outcomes[place] = { outcome: 'refused', email, problem, field };
  };
  const entries: Entry[] = [];
  const seen = new Set<string>();
  for (const [place, given] of subscribers.entries()) {
    const { email } = given;
    const current = users.get(email);
    // As in a file: numbers without what people put between digits, blanks leave what is there.
    const { subscriber, problem } = readElement(given);
    if (subscriber === undefined) {
      refuse(place, problem.code, ImportField.safeParse(problem.column).data);
      continue;
    }
    const planned = planRow(parts, subscriber, current);
    const isNewLine = subscriber.number !== undefined && current?.line === undefined;
    if (seen.has(email)) refuse(place, 'email_twice', 'email');
    else if (current === undefined && taken.has(email)) refuse(place, 'email_of_other_tenant', 'email');
    // A key is no administrator, and makes none: whoever holds it would have the person's reset mail sent, and be in.
    else if (subscriber.role === 'admin' && !administers(current?.role ?? 'user'))
      refuse(place, 'role_invalid', 'role');
    // Nor does it unmake one: people name administrators, and people take it back.
    else if (subscriber.role === 'user' && administers(current?.role ?? 'user'))
      refuse(place, 'role_invalid', 'role');
    // The key is for no connector, and the tenant has several: nobody can say where the line would go.
    else if (isNewLine && connectorId === undefined) refuse(place, 'number_invalid', 'number');
    else if (planned.kind === 'refused') refuse(place, planned.problem.code, planned.problem.column);
    else entries.push({ place, email, current, planned });
    seen.add(email);
  }
  for (const [place, problem, field] of await judge(requireSeats, trx, tenantId, entries))
    refuse(place, problem, field);

  const sound = entries.filter(({ place }) => outcomes[place] === undefined);
  await change(writer, trx, tenantId, actor, sound, outcomes);
  await create(writer, trx, tenantId, actor, sound, outcomes);
  return outcomes.map((outcome, place) => {
    if (outcome === undefined) throw new Error(`nothing was decided of ${place}`);
    return outcome;
  });
}

/** What only the whole batch tells: numbers, and seats, which the first have. */
async function judge(
  requireSeats: RequireSeats,
  trx: TenantTransaction,
  tenantId: TenantId,
  entries: readonly Entry[],
): Promise<[place: number, problem: ImportProblem, field: ImportField][]> {
  const refused = new Map<number, [ImportProblem, ImportField]>();
  const lined = entries.flatMap((entry) => {
    const line = lineAfter(entry.planned, entry.current);
    return line === undefined ? [] : [{ ...entry, line }];
  });
  const wanted = lined
    .filter(({ line, current }) => keysOf(line) !== keysOf(current?.line))
    .map(({ place, current, line }): Wanted => ({
      row: place,
      userId: current?.userId ?? (`place ${place}` as UserId),
      isNew: current === undefined,
      line,
    }));
  const holders = await holdersOf(
    trx,
    wanted.map(({ line }) => line),
  );
  const judgeLeft = () => {
    const left = wanted.filter(({ row }) => !refused.has(row));
    for (const [place, code] of judgeNumbers(left, holders).refused) refused.set(place, [code, 'number']);
  };
  judgeLeft();
  const seats = lined.filter(
    ({ place, current }) =>
      !refused.has(place) && current?.line === undefined && (current?.disabledAt ?? null) === null,
  );
  const room = await seatsLeft(requireSeats, trx, { tenantId }, seats.length);
  for (const { place } of seats.slice(room)) refused.set(place, ['seats_exhausted', 'number']);
  // Who was refused keeps their numbers, so that others cannot have them.
  judgeLeft();
  return [...refused].map(([place, [problem, field]]) => [place, problem, field]);
}

/** What the writer refuses though it looked well: only another tenant can have been quicker. */
const overruled = (email: string, code: string): Refusal => ({
  outcome: 'refused',
  email,
  problem:
    code === 'number_taken'
      ? 'number_taken'
      : code === 'email_taken'
        ? 'email_of_other_tenant'
        : 'number_invalid',
});

async function change(
  writer: UserWriter,
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  entries: readonly Entry[],
  outcomes: (Outcome | undefined)[],
): Promise<void> {
  const changes = entries.flatMap(({ place, email, planned }) => {
    if (planned.kind === 'unchanged')
      outcomes[place] = { outcome: 'unchanged', email, userId: planned.userId };
    return planned.kind === 'changed' ? [{ place, email, planned }] : [];
  });
  const done = await writer.changeMany(
    trx,
    tenantId,
    actor,
    changes.map(({ planned }) => ({ userId: planned.userId, change: planned.change })),
  );
  for (const [index, { place, email, planned }] of changes.entries()) {
    const outcome = done[index] ?? 'unchanged';
    outcomes[place] = isRefused(outcome)
      ? overruled(email, outcome.refused)
      : { outcome, email, userId: planned.userId };
  }
}

async function create(
  writer: UserWriter,
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  entries: readonly Entry[],
  outcomes: (Outcome | undefined)[],
): Promise<void> {
  const news = entries.flatMap(({ place, email, planned }) =>
    planned.kind === 'new'
      ? [{ place, email, user: { ...planned.user, source: 'provisioning' as const } }]
      : [],
  );
  const done = await writer.createMany(
    trx,
    tenantId,
    actor,
    news.map(({ user }) => user),
  );
  for (const [index, { place, email }] of news.entries()) {
    const outcome = done[index];
    outcomes[place] =
      outcome === undefined || isRefused(outcome)
        ? overruled(email, outcome?.refused ?? 'internal')
        : { outcome: 'created', email, userId: outcome.userId };
  }
}
