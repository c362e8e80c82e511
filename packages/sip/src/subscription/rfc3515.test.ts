import { describe, expect, it } from 'vitest';
import type { ReferrerId } from '../endpoint/subscription-api.ts';
import { header, toTag } from '../message/headers.ts';
import { parseMessage } from '../message/parse.ts';
import type { SipMessage, SipRequest } from '../message/types.ts';
import { readVector, vectorsAbsent } from '../message/vectors.test-support.ts';
import { answerTo, Lab, there } from '../simulation/lab.test-support.ts';
import { nothingLeft } from '../simulation/world.test-support.ts';

type Flow = '4.1_prototypical-refer-callflow' | '4.2_multiple-refers-in-a-dialog';
const one: Flow = '4.1_prototypical-refer-callflow';
const several: Flow = '4.2_multiple-refers-in-a-dialog';

/** Tags and Call-ID of the RFC, and those that are in their place here. */
type Names = readonly (readonly [theirs: string, ours: string])[];

function textOf(flow: Flow, number: number, names: Names): string {
  let text = new TextDecoder().decode(readVector(`flows/rfc3515_${flow}_F0${number}.sip`));
  // What the RFC leaves open.
  text = text.replace('expires=(depends on Refer-To URI)', 'expires=60');
  for (const [theirs, ours] of names) text = text.replaceAll(theirs, ours);
  return text.replaceAll('\r\n', '\n');
}

function model(flow: Flow, number: number, names: Names): SipMessage {
  const message = parseMessage(
    new TextEncoder().encode(textOf(flow, number, names).replaceAll('\n', '\r\n')),
  );
  if (message.kind === 'fault') throw new Error(message.text);
  return message;
}

function newLab(): Lab {
  const lab = new Lab();
  lab.names.set('atlanta.example.com', [{ transport: 'udp', ...there }]);
  return lab;
}

/** What two messages have to share to be the same step of a flow. */
function essence(message: SipMessage): unknown[] {
  const [state] = (header(message, 'subscription-state') ?? '').split(/;expires/);
  const names = ['from', 'to', 'call-id', 'event', 'content-type'];
  const start = message.kind === 'request' ? [message.method, message.uri] : [message.status];
  return [
    ...start,
    ...names.map((name) => header(message, name)),
    state,
    new TextDecoder().decode(message.body).trim(),
  ];
}

/** Our own NOTIFY of this step; the peer answers it. */
function expectNotify(lab: Lab, expected: SipMessage): void {
  const notify = lab.request('NOTIFY');
  expect(essence(notify)).toEqual(essence(expected));
  lab.takeSent();
  lab.receive(answerTo(notify, 200));
}

describe.skipIf(vectorsAbsent('flows'))('the flows of RFC 3515', () => {
  it('[RFC3515-4.1] [RFC3515-4.2] played by the one who is referred', () => {
    const lab = newLab();
    lab.receive(textOf(one, 1, []));
    const accept = (): ReferrerId | undefined => {
      const { requestId } = lab.last('request');
      return lab.run((sip, now) => sip.acceptRefer(requestId, now));
    };
    const first = accept();
    const names: Names = [['4992881234', toTag(lab.response(202)) ?? '']];
    expect(essence(lab.response(202))).toEqual(essence(model(one, 2, names)));
    expect(header(lab.response(202), 'cseq')).toBe('93809823 REFER');
    expectNotify(lab, model(one, 3, names));
    lab.receive(textOf(several, 1, names));
    const second = accept();
    expect(header(lab.response(202), 'cseq')).toBe('93809824 REFER');
    expectNotify(lab, model(several, 3, names));
    const report = (referrer: ReferrerId | undefined): void =>
      lab.run((sip, now) => sip.report(referrer ?? (0 as ReferrerId), 200, now));
    report(first);
    expectNotify(lab, model(one, 5, names));
    report(second);
    expectNotify(lab, model(several, 5, names));
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3515-4.1] played by the one who refers', () => {
    const lab = newLab();
    const uri = 'sip:b@atlanta.example.com';
    lab.run((sip, now) =>
      sip.refer({ to: uri, from: 'sip:a@atlanta.example.com', referTo: 'sip:c@atlanta.example.com' }, now),
    );
    const refer: SipRequest = lab.request('REFER');
    const ourTag = /tag=(\w+)/.exec(header(refer, 'from') ?? '')?.[1] ?? '';
    const names: Names = [
      ['193402342', ourTag],
      ['898234234@agenta.atlanta.example.com', header(refer, 'call-id') ?? ''],
      ['SIP/2.0/UDP agenta.atlanta.example.com;branch=z9hG4bK2293940223', header(refer, 'via') ?? ''],
      ['93809823 REFER', header(refer, 'cseq') ?? ''],
    ];
    lab.receive(textOf(one, 2, names));
    for (const [step, answer] of [
      [3, 4],
      [5, 6],
    ] as const) {
      lab.receive(textOf(one, step, names));
      expect(essence(lab.response(200))).toEqual(essence(model(one, answer, names)));
    }
    const states = lab.events.flatMap((event) => (event.type === 'referral.changed' ? [event.state] : []));
    expect(states).toEqual([
      { name: 'accepted', reports: true },
      { name: 'progress', status: 100, reason: 'Trying' },
      { name: 'ended', outcome: { kind: 'reported', status: 200, reason: 'OK' } },
    ]);
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });
});
