import { canonicalName } from '../message/names.ts';
import type { SipRequest } from '../message/types.ts';

/** A request with these header fields and no others. */
export function withFields(...fields: readonly (readonly [name: string, value: string])[]): SipRequest {
  const headers = fields.map(([name, value]) => ({ name: canonicalName(name), value }));
  return { kind: 'request', method: 'INVITE', uri: 'sip:bob@example.com', headers, body: new Uint8Array(0) };
}
