import { header } from '../message/headers.ts';
import { parseParams, unquote } from '../message/params.ts';
import { canonicalName } from '../message/names.ts';
import type { HeaderField } from '../message/types.ts';

/** Parts that are looked at; PBXs send two or three (RFC 5621). */
const mostParts = 16;

/**
 * The first part of a media type in a multipart body (RFC 2046 section 5.1, RFC 5621), at any place of `multipart/mixed`,
 * `alternative` or `related`; parts are not taken apart further. `undefined` where there is none or the body is malformed.
 *
 * @param contentTypeField the whole Content-Type, with its `boundary`
 */
export function findPart(body: Uint8Array, contentTypeField: string, wanted: string): Uint8Array | undefined {
  const boundary = boundaryOf(contentTypeField);
  if (boundary === undefined) return undefined;
  // Octets as characters, so that positions in the text are positions in the body.
  const text = `\r\n${Buffer.from(body).toString('latin1')}`;
  const delimiter = `\r\n--${boundary}`;
  let at = text.indexOf(delimiter);
  for (let part = 0; part < mostParts && at >= 0; part += 1) {
    const lineEnd = text.indexOf('\r\n', at + delimiter.length);
    const isLast = text.startsWith('--', at + delimiter.length);
    const end = lineEnd < 0 ? -1 : text.indexOf(delimiter, lineEnd);
    if (isLast || end < 0) return undefined;
    const headEnd = text.indexOf('\r\n\r\n', lineEnd);
    if (headEnd >= 0 && headEnd < end && typeOf(text.slice(lineEnd, headEnd)) === wanted) {
      return Buffer.from(text.slice(headEnd + 4, end), 'latin1');
    }
    at = end;
  }
  return undefined;
}

function boundaryOf(field: string): string | undefined {
  const semicolon = field.indexOf(';');
  const value = semicolon < 0 ? undefined : parseParams(field, semicolon)?.get('boundary');
  const boundary = value === undefined ? '' : unquote(value);
  return boundary.length > 0 && boundary.length <= 70 ? boundary : undefined;
}

function typeOf(head: string): string | undefined {
  const headers: HeaderField[] = head.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0
      ? []
      : [{ name: canonicalName(line.slice(0, colon).trim()), value: line.slice(colon + 1).trim() }];
  });
  const encoding = header({ headers }, 'content-transfer-encoding')?.toLowerCase() ?? 'binary';
  if (!['binary', '8bit', '7bit'].includes(encoding)) return undefined;
  return header({ headers }, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
}
