import type { Encoding } from './encoding.ts';

/** The bytes 0x80 to 0x9f of Windows-1252, and what they are (WHATWG Encoding, index windows-1252). */
const windows1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
    byte,
  ]),
);

/** Text as a program would have written it; what Windows-1252 does not have becomes a question mark. */
export function encode(text: string, encoding: Encoding, withMark: boolean): Uint8Array {
  const marked = withMark ? `\ufeff${text}` : text;
  switch (encoding) {
    case 'utf-8':
      return new TextEncoder().encode(marked);
    case 'windows-1252':
      return Uint8Array.from(Array.from(text), (character) => windows1252.get(character) ?? 0x3f);
    case 'utf-16le':
    case 'utf-16be': {
      const bytes = new Uint8Array(marked.length * 2);
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < marked.length; at += 1) {
        view.setUint16(at * 2, marked.charCodeAt(at), encoding === 'utf-16le');
      }
      return bytes;
    }
  }
}
