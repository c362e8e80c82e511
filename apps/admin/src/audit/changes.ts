import type { AuditEntry } from '@offhook/contract';

/** One field that an act changed; what it was, and what it is. */
export interface Change {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What people read as one value. */
const wholes: ReadonlySet<string> = new Set(['subscription.price']);

/**
 * The fields of an entry that are not the same before and after, parts taken apart (`csta.port`), in the order of the entry. Of what is new, fields that have
 * no value are left out; of what is gone likewise.
 */
export function changesOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Change[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const fields = [...new Set([...was.keys(), ...is.keys()])];
  return fields
    .map((field) => ({ field, before: was.get(field), after: is.get(field) }))
    .filter((change) => JSON.stringify(orNothing(change.before)) !== JSON.stringify(orNothing(change.after)));
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
const orNothing = (value: unknown): unknown => (isNothing(value) ? null : value);

function leavesOf(state: object | undefined, way = ''): Map<string, unknown> {
  return new Map(
    Object.entries(state ?? {}).flatMap(([name, value]: [string, unknown]) => {
      const field = way + name;
      return typeof value === 'object' && value !== null && !Array.isArray(value) && !wholes.has(field)
        ? [...leavesOf(value, `${field}.`)]
        : [[field, value] as const];
    }),
  );
}
