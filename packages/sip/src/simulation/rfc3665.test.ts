import { describe, expect, it } from 'vitest';
import { header, headerFields, headerValues, toTag } from '../message/headers.ts';
import { parseMessage } from '../message/parse.ts';
import { serialise } from '../message/serialise.ts';
import type { SipMessage, SipRequest } from '../message/types.ts';
import { parseVia } from '../message/via.ts';
import { readVector, vectorsAbsent } from '../message/vectors.test-support.ts';
import type { Flow } from '../endpoint/api.ts';
import { Lab, there } from './lab.test-support.ts';
import { nothingLeft, sdp } from './world.test-support.ts';

/** One flow of RFC 3665, in which the endpoint plays one of the parties. */
class FlowOfRfc {
  readonly lab: Lab;
  readonly #section: string;
  readonly #tags = new Map<string, string>();

  constructor(section: string, local: { readonly address: string }) {
    this.#section = section;
    this.lab = new Lab({
      local: [
        { transport: 'udp', address: local.address, port: 5060 },
        { transport: 'tcp', address: local.address, port: 5060 },
      ],
    });
    const target = [{ transport: 'udp', ...there }] as const;
    for (const name of ['client.atlanta', 'client.biloxi', 'client.chicago', 'ss1.atlanta', 'ss2.biloxi']) {
      this.lab.names.set(`${name}.example.com`, target);
    }
  }

  /** The message of the flow, with our own tag in the place of the RFC's. */
  message(number: number): SipMessage {
    const name = `flows/rfc3665_${this.#section}_F${String(number).padStart(2, '0')}.sip`;
    let text = new TextDecoder().decode(readVector(name));
    for (const [theirs, ours] of this.#tags) text = text.replaceAll(`tag=${theirs}`, `tag=${ours}`);
    const message = parseMessage(new TextEncoder().encode(text));
    if (message.kind === 'fault') throw new Error(`${name}: ${message.text}`);
    return message;
  }

  request(number: number): SipRequest {
    const message = this.message(number);
    if (message.kind !== 'request') throw new Error(`F${number} is no request`);
    return message;
  }

  receive(number: number): void {
    const flow: Flow = { transport: 'udp', ...there, localAddress: '192.0.2.201', localPort: 5060 };
    this.lab.receiveBytes(serialise(this.message(number)), flow);
  }

  /** From now on the tag that the RFC's party uses is the one that we have chosen. */
  learnTag(theirs: string, ours: string | undefined): void {
    this.#tags.set(theirs, ours ?? '');
  }

  /** What our newest response of the same status says otherwise than the RFC's. */
  differences(number: number): unknown[] {
    const model = this.message(number);
    if (model.kind !== 'response') throw new Error(`F${number} is no response`);
    const ours = identity(this.lab.response(model.status));
    return identity(model).flatMap((value, index) =>
      JSON.stringify(value) === JSON.stringify(ours[index]) ? [] : [{ model: value, ours: ours[index] }],
    );
  }
}

/** The headers by which a response belongs to its transaction and dialog. */
function identity(response: SipMessage): unknown[] {
  const branches = headerFields(response, 'via').map((value) => parseVia(value)?.params.get('branch'));
  const fields = ['from', 'to', 'call-id', 'cseq'].map((name) => header(response, name));
  return [...fields, headerValues(response, 'record-route'), branches];
}

const bob = { address: '192.0.2.201' };

describe.skipIf(vectorsAbsent('flows'))('the flows of RFC 3665, played by the callee', () => {
  it('[RFC3665-3.1] a session is set up and ended by the callee', () => {
    const flow = new FlowOfRfc('3.01_successful-session-establishment', bob);
    const { lab } = flow;
    flow.receive(1);
    const { session, info } = lab.last('session.incoming');
    expect(info).toMatchObject({ remoteName: 'Alice', remoteUri: 'sip:alice@atlanta.example.com' });
    lab.run((sip, now) => sip.ring(session, now));
    flow.learnTag('8321234356', toTag(lab.response(180)));
    expect(flow.differences(2)).toEqual([]);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    expect(flow.differences(3)).toEqual([]);
    flow.receive(4);
    expect(lab.types()).toContain('session.confirmed');
    lab.run((sip, now) => sip.end(session, now));
    const bye = lab.request('BYE');
    const model = flow.request(5);
    expect(bye.uri).toContain('sip:alice@client.atlanta.example.com');
    for (const name of ['to', 'call-id', 'cseq']) expect(header(bye, name)).toBe(header(model, name));
    expect(header(bye, 'from')).toBe(header(model, 'from'));
  });

  it('[RFC3665-3.2] through two proxies: Record-Route comes back, and the BYE goes by the route set', () => {
    const flow = new FlowOfRfc('3.02_session-establishment-through-two-proxies', bob);
    const { lab } = flow;
    flow.receive(7);
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.ring(session, now));
    flow.learnTag('314159', toTag(lab.response(180)));
    expect(flow.differences(9)).toEqual([]);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    expect(flow.differences(12)).toEqual([]);
    flow.receive(17);
    lab.run((sip, now) => sip.end(session, now));
    const bye = lab.request('BYE');
    const model = flow.request(18);
    expect(headerValues(bye, 'route')).toEqual(headerValues(model, 'route'));
    expect(headerValues(bye, 'route')).toHaveLength(2);
    for (const name of ['from', 'to', 'call-id', 'cseq']) expect(header(bye, name)).toBe(header(model, name));
  });

  it('[RFC3665-3.7] the callee moves: its re-INVITE tells the new address', () => {
    const flow = new FlowOfRfc('3.07_session-with-re-invite-ip-address-change', bob);
    const { lab } = flow;
    flow.receive(2);
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.ring(session, now));
    flow.learnTag('314159', toTag(lab.response(180)));
    expect(flow.differences(4)).toEqual([]);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    expect(flow.differences(6)).toEqual([]);
    flow.receive(8);
    lab.run((sip, now) => sip.reoffer(session, sdp('moved'), now));
    const reinvite = lab.request('INVITE');
    const model = flow.request(9);
    expect(reinvite.uri).toBe(model.uri);
    for (const name of ['from', 'to', 'call-id']) expect(header(reinvite, name)).toBe(header(model, name));
    expect(headerValues(reinvite, 'route')).toEqual(headerValues(model, 'route'));
    flow.receive(12);
    expect(lab.last('session.ended').end).toEqual({ by: 'remote' });
    expect(flow.differences(13)).toEqual([]);
  });

  it('[RFC3665-3.8] the caller gives up: 200 to the CANCEL, 487 to the INVITE', () => {
    const flow = new FlowOfRfc('3.08_unsuccessful-no-answer', bob);
    const { lab } = flow;
    flow.receive(4);
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.ring(session, now));
    flow.learnTag('314159', toTag(lab.response(180)));
    expect(flow.differences(6)).toEqual([]);
    flow.receive(13);
    expect(flow.differences(15)).toEqual([]);
    expect(lab.last('session.ended').end).toEqual({ by: 'remote' });
    flow.receive(16);
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3665-3.9] the callee is busy', () => {
    const flow = new FlowOfRfc('3.09_unsuccessful-busy', bob);
    const { lab } = flow;
    flow.receive(4);
    lab.run((sip, now) => sip.refuse(lab.last('session.incoming').session, 486, now));
    flow.learnTag('314159', toTag(lab.response(486)));
    expect(flow.differences(6)).toEqual([]);
    lab.takeSent();
    flow.receive(7);
    lab.advance(40_000);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });
});
