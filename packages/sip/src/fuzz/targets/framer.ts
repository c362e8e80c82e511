import { StreamFramer } from '../../message/framer.ts';
import type { StreamItem } from '../../message/framer.ts';
import { DEFAULT_MESSAGE_LIMITS } from '../../message/limits.ts';
import type { Entropy } from '../entropy.ts';
import { demand } from '../entropy.ts';

/** Cuts a stream at random places: what comes out may not depend on where the pieces end. */
export function exerciseFramer(stream: Uint8Array, entropy: Entropy): boolean {
  const whole = read([stream]);
  const pieces = read(split(stream, entropy));
  demand(pieces.outline === whole.outline, 'pieces of a stream give what the whole stream gives');
  return !whole.isBroken;
}

function split(stream: Uint8Array, entropy: Entropy): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  // Octet by octet only where it is short: the framer is linear, and so is this.
  const most = entropy.pick(stream.length < 3_000 ? [1, 3, 40, 1_500] : [200, 1_500]);
  for (let at = 0; at < stream.length;) {
    const end = at + entropy.integer(1, most);
    pieces.push(stream.subarray(at, end));
    at = end;
  }
  return pieces;
}

/** Without keepalives: where pieces end decides how many pongs are seen. */
function read(pieces: readonly Uint8Array[]) {
  const framer = new StreamFramer();
  const items: StreamItem[] = [];
  for (const piece of pieces) {
    for (const item of framer.push(piece)) if (item.kind !== 'keepalive') items.push(item);
    demand(framer.heldBytes <= DEFAULT_MESSAGE_LIMITS.messageBytes, 'a framer holds one message at most');
  }
  return { outline: JSON.stringify([items.map(outlineOf), framer.broken]), isBroken: framer.broken };
}

function outlineOf(item: StreamItem): unknown {
  if (item.kind !== 'message') return item;
  return { ...item.message, body: Buffer.from(item.message.body).toString('latin1') };
}
