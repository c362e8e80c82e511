import { sql, type RawBuilder } from 'kysely';
import * as z from 'zod';
import type { TenantTransaction } from '../database/database.ts';
import { parseFilter } from './filter.ts';
import { isObject, type Resource } from './patch.ts';
import { filterSql, orderSql, type Attributes } from './sql.ts';

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
/** Resources on one page: what the service provider configuration says as `filter.maxResults`. */
export const MOST = 200;

const Names = z
  .string()
  .max(2_000)
  .transform((text) => new Set(text.split(',').map((name) => name.trim().toLowerCase())))
  .optional();
/** RFC 7644 §3.9 */
export const ProjectionQuery = z.object({ attributes: Names, excludedAttributes: Names });
export type Projection = z.infer<typeof ProjectionQuery>;

/** RFC 7644 §3.4.2. A page before the first is the first, and a negative count is none. */
export const ListQuery = ProjectionQuery.extend({
  filter: z.string().min(1).optional(),
  sortBy: z.string().min(1).max(200).optional(),
  sortOrder: z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['ascending', 'descending']))
    .default('ascending'),
  startIndex: z.coerce
    .number()
    .int()
    .max(1_000_000)
    .transform((index) => Math.max(1, index))
    .default(1),
  count: z.coerce
    .number()
    .int()
    .transform((count) => Math.min(MOST, Math.max(0, count)))
    .default(100),
});
export type ListQuery = z.infer<typeof ListQuery>;

/**
 * One page of ids, and how many there are.
 * @param from tables and joins, with the conditions that always hold
 * @throws ScimError `invalidFilter`, `invalidPath`
 */
export async function listIds(
  trx: TenantTransaction,
  query: ListQuery,
  { from, id, attributes }: { from: RawBuilder<unknown>; id: RawBuilder<unknown>; attributes: Attributes },
): Promise<{ ids: string[]; total: number }> {
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter);
  const where = filter === undefined ? sql`TRUE` : filterSql(filter, attributes);
  const order = orderSql(query.sortBy, query.sortOrder === 'descending', attributes, id);
  const { rows: counted } = await sql<{ total: number }>`
    SELECT count(*) AS total FROM ${from} AND ${where}`.execute(trx);
  const { rows } = await sql<{ id: string }>`
    SELECT ${id} AS id FROM ${from} AND ${where} ORDER BY ${order}
      LIMIT ${query.count} OFFSET ${query.startIndex - 1}`.execute(trx);
  return { ids: rows.map((row) => row.id), total: counted[0]?.total ?? 0 };
}

export const listResponse = (
  resources: readonly Resource[],
  { total, startIndex }: { total: number; startIndex: number },
): Resource => ({
  schemas: [LIST_SCHEMA],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
});

/** Only what was asked for: `attributes` names what is wanted beside id and schemas, `excludedAttributes` what is not. */
export function project(resource: Resource, { attributes, excludedAttributes }: Projection): Resource {
  if (attributes === undefined && excludedAttributes === undefined) return resource;
  const always = new Set(['id', 'schemas']);
  return Object.fromEntries(
    Object.entries(resource).flatMap(([name, value]): [string, unknown][] => {
      const lower = name.toLowerCase();
      if (always.has(lower)) return [[name, value]];
      if (attributes !== undefined) {
        if (attributes.has(lower)) return [[name, value]];
        const parts = partsOf(value, (part) => attributes.has(`${lower}.${part}`));
        return parts === undefined ? [] : [[name, parts]];
      }
      if (excludedAttributes?.has(lower) === true) return [];
      return [
        [name, partsOf(value, (part) => excludedAttributes?.has(`${lower}.${part}`) !== true) ?? value],
      ];
    }),
  );
}

/** `undefined`: it has none of these parts. */
function partsOf(value: unknown, isWanted: (part: string) => boolean): unknown {
  if (Array.isArray(value)) {
    const elements = value.flatMap((one: unknown) => partsOf(one, isWanted) ?? []);
    return elements.length === 0 ? undefined : elements;
  }
  if (!isObject(value)) return undefined;
  const parts = Object.entries(value).filter(([part]) => isWanted(part.toLowerCase()));
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}
