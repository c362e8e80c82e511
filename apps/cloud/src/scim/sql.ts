import { sql, type RawBuilder } from 'kysely';
import { ScimError } from './errors.ts';
import type { Filter, FilterValue, Operator } from './filter.ts';

type Sql = RawBuilder<unknown>;

/** What a path of a filter or of an order is in the database. */
export type Attribute =
  /** `letters`: in any case they are the same; in another case others (`exact`); or the column has small ones alone (`small`). */
  | { kind: 'text'; column: Sql; letters: 'any' | 'exact' | 'small' }
  | { kind: 'boolean'; column: Sql }
  /** Milliseconds since the epoch. */
  | { kind: 'instant'; column: Sql }
  /** Several values, of each of which `exists` asks. Alone the path means its `value`. */
  | { kind: 'many'; exists: (condition: Sql) => Sql; of: Attributes }
  /** Multi-valued in SCIM, and one here. */
  | { kind: 'one'; of: Attributes };
export type Attributes = Readonly<Record<string, Attribute>>;

const invalid = (detail: string) => new ScimError(400, 'invalidFilter', detail);

/**
 * A filter as a condition of SQL. Values are parameters, and only what `attributes` names can be asked for.
 * @throws ScimError `invalidFilter`
 */
export function filterSql(filter: Filter, attributes: Attributes): Sql {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const between = filter.kind === 'and' ? sql` AND ` : sql` OR `;
      return sql`(${sql.join(
        filter.of.map((one) => filterSql(one, attributes)),
        between,
      )})`;
    }
    case 'not':
      return sql`(${filterSql(filter.of, attributes)}) IS NOT TRUE`;
    case 'where': {
      const attribute = attributes[filter.path];
      if (attribute?.kind !== 'many' && attribute?.kind !== 'one')
        throw invalid(`“${filter.path}” has no parts.`);
      const inner = filterSql(filter.of, attribute.of);
      return attribute.kind === 'many' ? attribute.exists(inner) : sql`(${inner})`;
    }
    case 'present':
      return at(filter.path, attributes, (attribute) => sql`${attribute.column} IS NOT NULL`);
    case 'compare':
      return at(filter.path, attributes, (attribute) => compare(attribute, filter.operator, filter.value));
  }
}

type Simple = Extract<Attribute, { column: Sql }>;

function at(path: string, attributes: Attributes, condition: (attribute: Simple) => Sql): Sql {
  const [first = '', ...rest] = attributes[path] === undefined ? path.split('.') : [path];
  const attribute = attributes[first];
  if (attribute === undefined) throw invalid(`“${path}” cannot be filtered by.`);
  if (attribute.kind === 'many' || attribute.kind === 'one') {
    const inner = at(rest.length === 0 ? 'value' : rest.join('.'), attribute.of, condition);
    return attribute.kind === 'many' ? attribute.exists(inner) : inner;
  }
  if (rest.length > 0) throw invalid(`“${path}” cannot be filtered by.`);
  return condition(attribute);
}

function compare(attribute: Simple, operator: Operator, value: FilterValue): Sql {
  const { column } = attribute;
  if (value === null) {
    if (operator === 'eq') return sql`${column} IS NULL`;
    if (operator === 'ne') return sql`${column} IS NOT NULL`;
    throw invalid('null can only be equal or not.');
  }
  switch (attribute.kind) {
    case 'boolean': {
      // Entra ID sends "True".
      const text = String(value).toLowerCase();
      if ((text !== 'true' && text !== 'false') || (operator !== 'eq' && operator !== 'ne'))
        throw invalid('Of true and false can only be asked whether they are equal or not.');
      return sql`${column} IS ${(text === 'true') === (operator === 'eq') ? sql`TRUE` : sql`NOT TRUE`}`;
    }
    case 'instant': {
      const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      if (Number.isNaN(instant)) throw invalid('This is no date and time.');
      return ordered(column, operator, sql`${instant}::bigint`);
    }
    case 'text': {
      if (typeof value !== 'string') throw invalid('A text is compared with a text.');
      const wanted = attribute.letters === 'exact' ? value : value.toLowerCase();
      const found = attribute.letters === 'any' ? sql`lower(${column})` : column;
      const like = wanted.replaceAll(/[\\%_]/gu, String.raw`\$&`);
      if (operator === 'co') return sql`${found} LIKE ${`%${like}%`}`;
      if (operator === 'sw') return sql`${found} LIKE ${`${like}%`}`;
      if (operator === 'ew') return sql`${found} LIKE ${`%${like}`}`;
      return ordered(found, operator, sql`${wanted}::text`);
    }
  }
}

function ordered(column: Sql, operator: Operator, value: Sql): Sql {
  switch (operator) {
    case 'eq':
      return sql`${column} = ${value}`;
    case 'ne':
      return sql`${column} IS DISTINCT FROM ${value}`;
    case 'gt':
      return sql`${column} > ${value}`;
    case 'ge':
      return sql`${column} >= ${value}`;
    case 'lt':
      return sql`${column} < ${value}`;
    case 'le':
      return sql`${column} <= ${value}`;
    case 'co':
    case 'sw':
    case 'ew':
      throw invalid('Only texts have parts.');
  }
}

/**
 * By what a list is sorted. RFC 7644 §3.4.2.3.
 * @throws ScimError `invalidPath`
 */
export function orderSql(
  sortBy: string | undefined,
  descending: boolean,
  attributes: Attributes,
  last: Sql,
): Sql {
  if (sortBy === undefined) return last;
  const path = sortBy.toLowerCase();
  const [first = '', second = 'value'] = attributes[path] === undefined ? path.split('.') : [path];
  const attribute = attributes[first];
  const simple = attribute?.kind === 'one' ? attribute.of[second] : attribute;
  if (simple === undefined || !('column' in simple))
    throw new ScimError(400, 'invalidPath', `A list cannot be sorted by “${sortBy.slice(0, 80)}”.`);
  const key =
    simple.kind === 'text' && simple.letters === 'any' ? sql`lower(${simple.column})` : simple.column;
  return sql`${key} ${descending ? sql`DESC` : sql`ASC`} NULLS LAST, ${last}`;
}
