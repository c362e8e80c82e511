import type { NameAddr } from './name-addr.ts';
import type { HeaderField } from './types.ts';
import type { Via } from './via.ts';

/** What nearly every layer asks of a message. `undefined` where the message has it not, or it cannot be read. */
export interface CoreFields {
  /** The topmost. */
  via?: Via | undefined;
  from?: NameAddr | undefined;
  to?: NameAddr | undefined;
  cseq?: CSeq | undefined;
}

export interface CSeq {
  readonly number: number;
  readonly method: string;
}

/**
 * The core fields of the last few messages, by the very list of their headers. A message is handled from its octets to its
 * answer before the next one comes; the parser has read these fields by then, and who builds a message knows its Via.
 */
const lists: (readonly HeaderField[] | undefined)[] = [undefined, undefined, undefined, undefined];
const fields: CoreFields[] = [{}, {}, {}, {}];
let oldest = 0;

/** What is known of these headers so far; whoever reads one of the fields adds it. */
export function coreFields(headers: readonly HeaderField[]): CoreFields {
  for (let at = 0; at < lists.length; at += 1) {
    if (lists[at] === headers) return fields[at] ?? {};
  }
  return keepCoreFields(headers, {});
}

export function keepCoreFields(headers: readonly HeaderField[], known: CoreFields): CoreFields {
  lists[oldest] = headers;
  fields[oldest] = known;
  oldest = (oldest + 1) % lists.length;
  return known;
}
