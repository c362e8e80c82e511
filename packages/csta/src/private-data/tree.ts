import type { XmlElement, XmlNode } from '@offhook/xml';
import { textOf } from '@offhook/xml';
import { childrenNamed } from '../schema/kinds.ts';
import { siemensNamespace } from '../schema/namespaces.ts';

/**
 * One element of private data, as it came: whoever knows its namespace looks into it, and what nobody knows can be passed on. Its
 * depth and size are bounded with the document's.
 */
export interface PrivateElement {
  readonly namespace: string;
  readonly name: string;
  readonly text: string;
  readonly children: readonly PrivateElement[];
}

/** ECMA-323 section 8.2: what stands in `extensions/privateData/private`. */
export type PrivateData = readonly PrivateElement[];

export function readPrivateData(root: XmlElement): PrivateData | undefined {
  const holders = [root, ...childrenNamed(root, 'extensions')];
  const elements = holders
    .flatMap((holder) => childrenNamed(holder, 'privateData'))
    .flatMap((data) => childrenNamed(data, 'private'))
    .flatMap((one) => one.children);
  return elements.length === 0 ? undefined : elements.map(toTree);
}

/** Called recursively: documents nest no deeper than the XML reader lets them. */
function toTree(element: XmlElement): PrivateElement {
  const { namespace, name, children } = element;
  return { namespace, name, text: textOf(element), children: children.map(toTree) };
}

/** The prefix that OpenScape itself uses; others are numbered. */
const siemensPrefix = 'scx';

/** `<privateData><private>…`: each namespace is declared once, none at all where the element has none. */
export function writePrivateData(data: PrivateData): XmlNode {
  const prefixes = new Map<string, string>();
  const note = (element: PrivateElement): void => {
    const { namespace } = element;
    if (namespace !== '' && !prefixes.has(namespace)) {
      prefixes.set(namespace, namespace === siemensNamespace ? siemensPrefix : `p${prefixes.size}`);
    }
    element.children.forEach(note);
  };
  data.forEach(note);
  const attributes = Object.fromEntries(
    Array.from(prefixes, ([namespace, prefix]) => [`xmlns:${prefix}`, namespace]),
  );
  const node = ({ namespace, name, text, children }: PrivateElement): XmlNode => {
    const prefix = prefixes.get(namespace);
    return {
      name: prefix === undefined ? name : `${prefix}:${name}`,
      // Without a prefix it would stand in the namespace of the message.
      ...(prefix === undefined && { attributes: { xmlns: '' } }),
      children: [...(text === '' ? [] : [text]), ...children.map(node)],
    };
  };
  return {
    name: 'privateData',
    children: [{ name: 'private', attributes, children: data.map(node) }],
  };
}
