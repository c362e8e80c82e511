import type { XmlNode } from '@offhook/xml';
import { formatXml } from '@offhook/xml';
import { writePrivateData } from '../private-data/tree.ts';
import type { Style } from '../schema/kinds.ts';
import type { Edition } from '../schema/namespaces.ts';
import { namespaceOf, sessionNamespace } from '../schema/namespaces.ts';
import { writeShape } from '../schema/shape.ts';
import type { CstaMessage } from './messages.ts';
import { isSessionMessageName, misspeltNames, shapeOf } from './messages.ts';

/** How a link writes. */
export interface WireStyle extends Style {
  readonly edition: Edition;
}

export const DEFAULT_WIRE_STYLE: WireStyle = { edition: 4, isMisspelt: false };

/** A whole document with its declaration, in octets. Throws `RangeError` for private data whose names are no XML names. */
export function encodeMessage(message: CstaMessage, style: WireStyle = DEFAULT_WIRE_STYLE): Uint8Array {
  const { name, privateData } = message;
  const shape = shapeOf(name);
  // Unreachable for the compiler's messages; whoever casts something else into one has to know.
  if (shape === undefined) throw new RangeError(`"${name}" is no message of ours`);
  const children = writeShape(shape, message, style);
  const root: XmlNode = {
    name: style.isMisspelt ? (misspeltNames.get(name) ?? name) : name,
    attributes: { xmlns: isSessionMessageName(name) ? sessionNamespace : namespaceOf(style.edition) },
    children: privateData === undefined ? children : withPrivateData(children, writePrivateData(privateData)),
  };
  return new TextEncoder().encode(formatXml(root));
}

/** Into the `extensions` that are there already, or into new ones at the end. */
function withPrivateData(children: readonly XmlNode[], data: XmlNode): XmlNode[] {
  const others = children.filter(({ name }) => name !== 'extensions');
  const extensions = children.filter(({ name }) => name === 'extensions');
  const inside = extensions.flatMap((extension) => extension.children ?? []);
  return [...others, { name: 'extensions', children: [...inside, data] }];
}
