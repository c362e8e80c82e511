import { SaxesParser } from 'saxes';
import { foldColumn, InputError, type ExportRecord, type Mapping } from './mapping.ts';
import { textOf } from './read-delimited.ts';

type Xml = Extract<Mapping['input'], { kind: 'xml' }>;

/** Bounds of one document: depth of elements, and what one record may hold. */
const DEPTH = 64;
const VALUE_CHARS = 4_096;
const VALUES = 500;

type Open = { name: string; text: string };

/**
 * Records of XML: each element of the mapping's name is one; what it holds is named by the path below it, `telephone/number`, and attributes by
 * `@name` or `telephone/@type`. Of several of one name the first. Read in pieces, one record at a time. A document type is refused: with it come entities that
 * grow or fetch files.
 * @throws InputError
 */
export async function* readXml(
  path: string,
  { record: recordName }: Xml,
  wanted: ReadonlySet<string>,
): AsyncGenerator<ExportRecord> {
  const parser = new SaxesParser({ xmlns: false });
  const wantedName = withoutPrefix(recordName);
  const seen = new Set<string>();
  const ready: ExportRecord[] = [];
  const problems: InputError[] = [];
  let row = 0;
  let depth = 0;
  let values: Map<string, string> | undefined;
  let open: Open[] = [];
  const fail = (what: string) => {
    problems.push(new InputError(`${path}, line ${parser.line}: ${what}`));
  };
  const set = (name: string, value: string) => {
    const key = foldColumn(name);
    seen.add(key);
    if (values === undefined || values.has(key)) return;
    if (values.size >= VALUES) return fail(`a record has more than ${VALUES} values.`);
    values.set(key, value);
  };
  const pathOf = (last?: string) =>
    [...open.slice(1).map(({ name }) => name), ...(last === undefined ? [] : [last])].join('/');
  parser.on('doctype', () => fail('the document has a DOCTYPE. Remove it: entities are not read.'));
  parser.on('error', (error) => fail(`this is no well-formed XML (${error.message}).`));
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > DEPTH) return fail(`elements stand in each other more than ${DEPTH} deep.`);
    const bare = withoutPrefix(name);
    if (values === undefined) {
      if (bare !== wantedName) return;
      row += 1;
      values = new Map();
    }
    open.push({ name: bare, text: '' });
    for (const [attribute, value] of Object.entries(attributes))
      set(pathOf(`@${withoutPrefix(attribute)}`), value);
  });
  const text = (piece: string) => {
    const inner = open.at(-1);
    if (inner === undefined) return;
    if (inner.text.length + piece.length > VALUE_CHARS)
      return fail(`a value is longer than ${VALUE_CHARS} characters.`);
    inner.text += piece;
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => {
    depth -= 1;
    const inner = open.at(-1);
    if (inner === undefined || values === undefined) return;
    if (open.length > 1) {
      const value = inner.text.trim();
      if (value !== '') set(pathOf(), value);
      open.pop();
      return;
    }
    ready.push({ row, values });
    values = undefined;
    open = [];
  });
  for await (const piece of textOf(path)) {
    parser.write(piece);
    if (problems[0] !== undefined) throw problems[0];
    yield* ready.splice(0);
  }
  parser.close();
  if (problems[0] !== undefined) throw problems[0];
  yield* ready.splice(0);
  if (row === 0)
    throw new InputError(`${path} has no element <${recordName}>. Correct input.record in the mapping.`);
  const missing = [...wanted].filter((column) => !seen.has(column));
  if (missing.length > 0) {
    throw new InputError(
      `No <${recordName}> of ${path} has ${missing.map((name) => `“${name}”`).join(', ')}. There are: ${[
        ...seen,
      ]
        .slice(0, 60)
        .map((name) => `“${name}”`)
        .join(', ')}. Correct the names in the mapping.`,
    );
  }
}

const withoutPrefix = (name: string): string => name.slice(name.indexOf(':') + 1);
