import { encodeFrame } from '@offhook/csta';

/** Ways in which octets on a link can be wrong. */
export const WRONG_FRAMES = [
  /** The first two octets are not zero. */
  'header',
  /** A length that is less than the header's own. */
  'length',
  /** The invoke id is not four digits. */
  'invoke_id',
  /** Announces more than it brings: what follows is swallowed. */
  'short',
  /** A right frame around what is no XML. */
  'no_xml',
  /** XML with a document type and an entity in it. */
  'entity',
  /** Elements in elements, deeper than any message. */
  'deep',
  /** Well-formed, and of no standard. */
  'unknown_message',
] as const;
export type WrongFrame = (typeof WRONG_FRAMES)[number];

const DEPTH = 2000;

export function wrongFrame(shape: WrongFrame, invokeId: number): Uint8Array {
  const frame = (text: string): Uint8Array => encodeFrame(invokeId, new TextEncoder().encode(text));
  switch (shape) {
    case 'header':
      return Uint8Array.of(0xff, 0xff, 0, 12, 0x30, 0x30, 0x30, 0x31, 0x3c, 0x61, 0x2f, 0x3e);
    case 'length':
      return Uint8Array.of(0, 0, 0, 3, 0x30, 0x30, 0x30, 0x31);
    case 'invoke_id':
      return Uint8Array.of(0, 0, 0, 8, 0x61, 0x62, 0x63, 0x64);
    case 'short':
      return Uint8Array.of(0, 0, 0xff, 0xff, 0x30, 0x30, 0x30, 0x31);
    case 'no_xml':
      return frame('<MakeCallResponse><callingDevice></MakeCallResponse>');
    case 'entity':
      return frame('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>');
    case 'deep':
      return frame(`${'<a>'.repeat(DEPTH)}${'</a>'.repeat(DEPTH)}`);
    case 'unknown_message':
      return frame('<PracticeResponse xmlns="urn:offhook:practice"/>');
    default:
      return shape satisfies never;
  }
}
