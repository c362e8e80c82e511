import type { XmlFault } from '@offhook/xml';
import { isXmlFault, parseXml } from '@offhook/xml';
import { readPrivateData } from '../private-data/tree.ts';
import type { Edition } from '../schema/namespaces.ts';
import { editionOf, isStandard } from '../schema/namespaces.ts';
import { readShape } from '../schema/shape.ts';
import type { CstaMessage } from './messages.ts';
import { canonicalName, shapeOf } from './messages.ts';

/**
 * Bounds of a document, whatever the frame holds: the longest snapshot of a busy device has some hundred elements at depth 8.
 */
export const DOCUMENT_LIMITS = { octets: 65_527, depth: 32, elements: 4_000, attributes: 64 } as const;

export type Decoded =
  | {
      readonly kind: 'message';
      readonly message: CstaMessage;
      /** Where the namespace names one. */
      readonly edition: Edition | undefined;
    }
  /** Well formed, and nothing of ours: a service of a later edition, or of a vendor. */
  | { readonly kind: 'unknown'; readonly name: string; readonly namespace: string }
  /** Not XML, too large, or without something that its message needs. Nothing of the document stands in `text`. */
  | {
      readonly kind: 'fault';
      readonly code: XmlFault['code'] | 'incomplete';
      readonly text: string;
      /** Where it could be read. */
      readonly name: string | undefined;
    };

/** Reads one document. Elements that nobody knows are passed over; a property that is not as it should be is left out if it can be. */
export function decodeMessage(document: Uint8Array | string): Decoded {
  const root = parseXml(document, DOCUMENT_LIMITS);
  if (isXmlFault(root)) return { kind: 'fault', code: root.code, text: root.text, name: undefined };
  const name = canonicalName(root.name);
  const shape = shapeOf(name);
  if (shape === undefined || !isStandard(root.namespace)) {
    return { kind: 'unknown', name: root.name, namespace: root.namespace };
  }
  const result = readShape(shape, root);
  if (result.kind === 'missing') {
    return { kind: 'fault', code: 'incomplete', text: `${name} without ${result.field}`, name };
  }
  const privateData = readPrivateData(root);
  const message = { name, ...result.content, ...(privateData !== undefined && { privateData }) };
  // The table has this shape for this name, which is what the union of all messages says.
  return { kind: 'message', message: message as CstaMessage, edition: editionOf(root.namespace) };
}
