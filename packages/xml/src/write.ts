import { skipName, withoutForeignCharacters } from './characters.ts';

/** An element to be written; names as they shall stand. */
export interface XmlNode {
  readonly name: string;
  /** In order; `undefined` is left out. */
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  /** Elements and text, in order; `undefined` is left out. */
  readonly children?: readonly (XmlNode | string | undefined)[];
}

/** A whole document with its declaration, for UTF-8. Whatever the texts hold, they stay texts. */
export function formatXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${formatNode(root)}\n`;
}

function formatNode(node: XmlNode): string {
  const attributes = Object.entries(node.attributes ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${checkedName(name)}="${escapeXml(String(value))}"`)
    .join('');
  const content = (node.children ?? [])
    .map((child) => {
      if (child === undefined) return '';
      return typeof child === 'string' ? escapeXml(child) : formatNode(child);
    })
    .join('');
  const name = checkedName(node.name);
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

/** Names come from the program, never from a peer. */
function checkedName(name: string): string {
  if (name === '' || skipName(name, 0) !== name.length) throw new RangeError(`"${name}" is no XML name`);
  return name;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
  // So that they outlive the normalisation of line ends and attributes.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** For text and attribute values. What XML cannot hold at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return withoutForeignCharacters(text).replaceAll(
    /[<>&"'\t\n\r]/g,
    (character) => ESCAPES[character] ?? character,
  );
}
