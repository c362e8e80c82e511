import { createRequest, header, parseMessage, parseVia, serialise, SipEndpoint } from '@offhook/sip';
import type { EndpointEvent, Flow, SipResponse } from '@offhook/sip';
import { SeededRandom } from '@offhook/testkit';
import { typicalInvite } from './invite.ts';
import { heldBytes } from './memory.ts';
import { runMeasure } from './measure.ts';
import { row } from './statistics.ts';

/**
 * Memory of 10,000 calls that a user agent has answered: when their transactions are over, and at once after the ACK, when
 * the INVITE transactions still absorb retransmissions (timer L, 32 s).
 */
const count = 10_000;
const here = { transport: 'udp', address: '192.0.2.1', port: 5060 } as const;
const flow: Flow = {
  transport: 'udp',
  address: '192.0.2.10',
  port: 5060,
  localAddress: here.address,
  localPort: here.port,
};
const start = 1_000_000;
const idle = start + 60_000;
const invite = new TextDecoder().decode(typicalInvite);
const body = invite.slice(invite.indexOf('\r\n\r\n') + 4);

await runMeasure(({ runs }) => {
  const measured = Array.from({ length: runs }, (_, run) => measure(run));
  return [
    row(
      'dialog_bytes',
      'an established dialog',
      'bytes',
      measured.map((bytes) => bytes.idle),
    ),
    row(
      'fresh_dialog_bytes',
      'the same with its INVITE transaction',
      'bytes',
      measured.map((bytes) => bytes.fresh),
    ),
  ];
});

function measure(seed: number) {
  const before = heldBytes();
  const endpoint = new SipEndpoint({ random: new SeededRandom(seed).bytes, product: 'Bench', local: [here] });
  for (let index = 0; index < count; index += 1) establish(endpoint, index);
  const fresh = (heldBytes() - before) / count;
  endpoint.handle({ kind: 'tick' }, idle);
  drain(endpoint);
  const held = heldBytes() - before;
  const { dialogs, transactions } = endpoint.counts();
  if (dialogs !== count || transactions !== 0) throw new Error('the dialogs are not idle');
  return { fresh, idle: held / count };
}

function establish(endpoint: SipEndpoint, index: number): void {
  const text = invite
    .replaceAll('3848276298220188511', `384827629822018-${index}`)
    .replaceAll('z9hG4bK', `z9hG4bK${index}`);
  const request = new TextEncoder().encode(text);
  endpoint.handle({ kind: 'received', flow, bytes: request }, start);
  for (const event of drain(endpoint).events) {
    if (event.type !== 'session.incoming') continue;
    const answer = { contentType: 'application/sdp', bytes: new TextEncoder().encode(body) };
    endpoint.accept(event.session, answer, start);
  }
  const ok = drain(endpoint).responses.find(({ status }) => status === 200);
  if (ok === undefined) throw new Error('the call was not answered');
  endpoint.handle({ kind: 'received', flow, bytes: ackOf(ok, index) }, start);
  drain(endpoint);
}

function ackOf(ok: SipResponse, index: number): Uint8Array {
  const via = parseVia(`SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-ack-${index}`);
  return serialise(
    createRequest({
      method: 'ACK',
      uri: 'sip:201@192.0.2.1:5060',
      ...(via && { via }),
      from: header(ok, 'from') ?? '',
      to: header(ok, 'to') ?? '',
      callId: header(ok, 'call-id') ?? '',
      cseq: 2,
    }),
  );
}

function drain(endpoint: SipEndpoint) {
  const found: { readonly events: EndpointEvent[]; readonly responses: SipResponse[] } = {
    events: [],
    responses: [],
  };
  for (let effect = endpoint.poll(); effect !== undefined; effect = endpoint.poll()) {
    if (effect.kind === 'event') found.events.push(effect.event);
    if (effect.kind !== 'send') continue;
    const message = parseMessage(effect.bytes);
    if (message.kind === 'response') found.responses.push(message);
  }
  return found;
}
