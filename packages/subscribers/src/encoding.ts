/** How the text of a file is encoded. `utf-8` with or without a byte order mark. */
export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

/** Bytes at the beginning that are looked at for the pattern of UTF-16 without a mark. */
const HEAD_BYTES = 4_096;

/**
 * Finds out an encoding from a file's bytes, given in pieces of any size: a byte order mark decides, then zero bytes in every other place (UTF-16
 * without a mark), then whether the whole is valid UTF-8. What is none of these is Windows-1252, which Excel writes as “CSV” in the west and which
 * no byte contradicts.
 */
export type EncodingDetector = { push: (bytes: Uint8Array) => void; end: () => Encoding };

export function createEncodingDetector(): EncodingDetector {
  const head = new Uint8Array(HEAD_BYTES);
  let headLength = 0;
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  const check = (bytes?: Uint8Array) => {
    if (!isUtf8) return;
    try {
      if (bytes === undefined) utf8.decode();
      else utf8.decode(bytes, { stream: true });
    } catch {
      isUtf8 = false;
    }
  };
  return {
    push: (bytes) => {
      if (headLength < HEAD_BYTES) {
        const piece = bytes.subarray(0, HEAD_BYTES - headLength);
        head.set(piece, headLength);
        headLength += piece.length;
      }
      check(bytes);
    },
    end: () => {
      check();
      return utf16Of(head.subarray(0, headLength)) ?? (isUtf8 ? 'utf-8' : 'windows-1252');
    },
  };
}

function utf16Of(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const pairs = Math.floor(head.length / 2);
  if (pairs === 0) return undefined;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) evenZeros += 1;
    if (head[at + 1] === 0) oddZeros += 1;
  }
  // Text for offices is mostly Latin: its upper bytes are zero, its lower bytes never.
  const most = pairs * 0.6;
  if (oddZeros >= most && evenZeros === 0) return 'utf-16le';
  if (evenZeros >= most && oddZeros === 0) return 'utf-16be';
  return undefined;
}

/** Bytes to text, in pieces of any size. The mark at the beginning is dropped; what is not valid becomes U+FFFD. */
export type Decoder = { push: (bytes: Uint8Array) => string; end: () => string };

export function createDecoder(encoding: Encoding): Decoder {
  const decoder = new TextDecoder(encoding);
  return { push: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}
