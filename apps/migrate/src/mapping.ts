import { ImportField } from '@offhook/contract';
import * as z from 'zod';

/** What a record of an export holds, by the name of the column or element; attributes of XML as `@name`. */
export type ExportRecord = { row: number; values: ReadonlyMap<string, string> };

const Condition = z
  .strictObject({
    column: z.string().min(1),
    equals: z.union([z.string(), z.array(z.string())]).optional(),
    notEquals: z.union([z.string(), z.array(z.string())]).optional(),
    /** Anything but blanks. */
    present: z.boolean().optional(),
  })
  .refine(
    ({ equals, notEquals, present }) =>
      [equals, notEquals, present].filter((one) => one !== undefined).length === 1,
    { error: 'say one of equals, notEquals and present' },
  );

/** What an export's columns are for: the small file that goes with a platform, or with a customer. */
export const Mapping = z.strictObject({
  format: z.literal('offhook-migrate-mapping'),
  version: z.literal(1),
  /** For people. */
  note: z.string().optional(),
  input: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('delimited'),
      /** Recognised where absent. */
      delimiter: z.enum([',', ';', '\t', '|']).optional(),
      /** Lines before the headings. */
      skipLines: z.number().int().min(0).max(1_000).default(0),
    }),
    z.strictObject({
      kind: z.literal('xml'),
      /** The element that is one subscriber, wherever it stands. */
      record: z.string().min(1),
    }),
  ]),
  /** A column's name, or a template: `{givenName} {surname}`; `|lower`, `|digits` and `|ascii` after a name change what is put in. */
  fields: z
    .partialRecord(
      ImportField,
      z.union([z.strictObject({ column: z.string() }), z.strictObject({ template: z.string() })]),
    )
    .refine((fields) => fields.email !== undefined, { error: 'email is needed: people are matched by it' }),
  /** Only records for which all of these hold are taken; the others are counted as left out. */
  only: z.array(Condition).max(50).default([]),
});
export type Mapping = z.infer<typeof Mapping>;

/** Columns are compared without case and blanks around them. */
export const foldColumn = (name: string): string => name.trim().toLowerCase();

const filters = {
  lower: (text: string) => text.toLowerCase(),
  digits: (text: string) => text.replaceAll(/[^+\d]/gu, ''),
  /** For addresses: `Jürgen Weiß` is `juergen.weiss`. */
  ascii: (text: string) =>
    text
      .replaceAll(/[äÄ]/gu, 'ae')
      .replaceAll(/[öÖ]/gu, 'oe')
      .replaceAll(/[üÜ]/gu, 'ue')
      .replaceAll('ß', 'ss')
      .normalize('NFD')
      .replaceAll(/\p{Mark}/gu, '')
      .trim()
      .replaceAll(/[^A-Za-z0-9.@_+-]+/gu, '.'),
} as const;
const isFilter = (name: string): name is keyof typeof filters => name in filters;

type Part = { text: string } | { column: string; filters: (keyof typeof filters)[] };

/** Something wrong with a mapping or a file, in words for whoever runs the program. */
export class InputError extends Error {}

/** A template in its parts. @throws InputError */
function parseTemplate(template: string): Part[] {
  return template.split(/(\{[^{}]*\})/u).flatMap((piece): Part[] => {
    if (piece === '') return [];
    if (!(piece.startsWith('{') && piece.endsWith('}'))) {
      if (/[{}]/u.test(piece))
        throw new InputError(`The template “${template}” has a brace without its other half.`);
      return [{ text: piece }];
    }
    const [column = '', ...names] = piece
      .slice(1, -1)
      .split('|')
      .map((part) => part.trim());
    const unknown = names.find((name) => !isFilter(name));
    if (unknown !== undefined || column === '') {
      throw new InputError(
        `The template “${template}” has ${piece}; write {column} or {column|filter}, with a filter of ${Object.keys(filters).join(', ')}.`,
      );
    }
    return [{ column: foldColumn(column), filters: names.filter(isFilter) }];
  });
}

export type Raw = Partial<Record<ImportField, string>>;
export type Converter = {
  /** What a record says of a person; `undefined`: the mapping leaves it out. */
  convert: (record: ExportRecord) => Raw | undefined;
  /** What the mapping asks for, in the words of the export. */
  columns: ReadonlySet<string>;
  /** What a field comes from, for people. */
  sourceOf: (field: ImportField) => string;
};

/** @throws InputError */
export function compileMapping(mapping: Mapping): Converter {
  const columns = new Set<string>();
  const sources = new Map<ImportField, string>();
  const fields = (
    Object.entries(mapping.fields) as [ImportField, { column: string } | { template: string }][]
  ).map(([field, source]) => {
    const parts: Part[] =
      'column' in source
        ? [{ column: foldColumn(source.column), filters: [] }]
        : parseTemplate(source.template);
    for (const part of parts) if ('column' in part) columns.add(part.column);
    sources.set(field, 'column' in source ? source.column : source.template);
    return { field, parts };
  });
  for (const { column } of mapping.only) columns.add(foldColumn(column));
  const holds = ({ values }: ExportRecord): boolean =>
    mapping.only.every(({ column, equals, notEquals, present }) => {
      const value = (values.get(foldColumn(column)) ?? '').trim();
      if (present !== undefined) return (value !== '') === present;
      const isOne = [equals ?? notEquals ?? []].flat().includes(value);
      return equals === undefined ? !isOne : isOne;
    });
  return {
    columns,
    sourceOf: (field) => sources.get(field) ?? field,
    convert: (record) => {
      if (!holds(record)) return undefined;
      const raw: Raw = {};
      for (const { field, parts } of fields) {
        const text = fill(parts, record);
        if (text !== undefined) raw[field] = text;
      }
      return raw;
    },
  };
}

/** A template with a column that is empty gives nothing: half an address is none. A name may lack one of its parts. */
function fill(parts: readonly Part[], { values }: ExportRecord): string | undefined {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && 'column' in only && only.filters.length === 0) {
    return values.get(only.column);
  }
  let text = '';
  let isHalf = false;
  for (const part of parts) {
    if ('text' in part) text += part.text;
    else {
      let value = (values.get(part.column) ?? '').trim();
      for (const filter of part.filters) value = filters[filter](value);
      if (value === '') isHalf = true;
      text += value;
    }
  }
  const isOfWords = parts.every((part) => 'column' in part || part.text.trim() === '');
  return isHalf && !isOfWords ? undefined : text.trim();
}
