import { isXmlFault, parseXml, type XmlElement } from '@offhook/xml';

/**
 * XML of an identity provider, read more strictly than XML is: no DOCTYPE and so no entities, no CDATA, no comment and no processing
 * instruction. Where there are none of these, no two readers disagree about what a text is.
 * @returns the root element, or why it is not read
 */
export function readStrictly(text: string, octets: number): XmlElement | string {
  if (text.length > octets) return `There are more than ${octets} characters.`;
  const body = text.replace(/^\ufeff?\s*<\?xml [^<>]*\?>/u, '').trim();
  if (/<[!?]/u.test(body)) return 'There is a DOCTYPE, a comment, CDATA or a processing instruction.';
  const root = parseXml(body, { octets, depth: 32, elements: 5_000, attributes: 64 });
  return isXmlFault(root) ? `${root.text} (at ${root.at}).` : root;
}

export function* everyElement(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* everyElement(child);
}

export const isNamed = (element: XmlElement, namespace: string, name: string): boolean =>
  element.namespace === namespace && element.name === name;

export const childrenNamed = (element: XmlElement, namespace: string, name: string): XmlElement[] =>
  element.children.filter((child) => isNamed(child, namespace, name));

/** The only one, or nothing: two would let readers choose. */
export function onlyChild(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const [first, second] = childrenNamed(element, namespace, name);
  return second === undefined ? first : undefined;
}
