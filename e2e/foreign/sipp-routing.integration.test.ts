import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { hasSipp } from './sipp.ts';
import {
  audio,
  expectInRequest,
  inDialog,
  receive,
  receiveRequest,
  request,
  respond,
  scenarioOf,
  send,
} from './sipp-words.ts';
import { Subject } from './subject.ts';

/** Proxies between, all of which are SIPp itself: one of RFC 2543, which rewrites the Request-URI, and one of RFC 3261. */
const strict = '<sip:strict@[local_ip]:[local_port]>';
const loose = '<sip:loose@[local_ip]:[local_port];lr>';
const far = 'sip:far@[local_ip]:[local_port]';

/** What a request in the dialog has to look like; the routes in the order in which the subject must go. */
const ways = [
  { name: 'a strict router', routes: [strict], line: 'strict', route: ['far'] },
  { name: 'a loose router', routes: [loose], line: 'far', route: ['loose'] },
  {
    name: 'a strict router before a loose one',
    routes: [strict, loose],
    line: 'strict',
    route: ['loose', 'far'],
  },
  {
    name: 'a loose router before a strict one',
    routes: [loose, strict],
    line: 'far',
    route: ['loose', 'strict'],
  },
];

/** Waits for a request with that user in the Request-URI and those in Route, and no other, in one field or several. */
function expectRouted(method: string, line: string, route: readonly string[]): string {
  const routes = route.map((user) => `<sip:${user}@127[^>]*>`).join('[^<]*');
  return expectInRequest(method, [
    { where: 'msg', regexp: `^${method} sip:${line}@127[^ ]* SIP/2.0` },
    { where: 'msg', regexp: `Route: ${routes}[^<]*From: ` },
  ]);
}

describe.skipIf(!hasSipp())('routes (skipped without SIPp)', { concurrent: true }, () => {
  it.each(ways)('[RFC3261-12.2.1.1] called through $name', async ({ routes, line, route }) => {
    await using subject = await Subject.open();
    const headers = [`Record-Route: ${routes.join(', ')}`, `Contact: <${far}>`];
    const scenario = scenarioOf(
      send(request('INVITE', { cseq: 1, contact: false, headers, body: audio() })),
      receive(100, undefined, { optional: true }),
      receive(200, 'INVITE', { route: true }),
      send(inDialog('ACK', { cseq: 1, branch: 'ack', contact: false })),
      expectRouted('BYE', line, route),
      send(respond('200 OK', { tag: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it.each(ways)('[RFC3261-12.1.2] calls through $name', async ({ routes, line, route }) => {
    await using subject = await Subject.open();
    // The caller's route set is Record-Route from the other end.
    const headers = [`Record-Route: ${routes.toReversed().join(', ')}`];
    const scenario = scenarioOf(
      receiveRequest('INVITE', 'invite'),
      send(respond('200 OK', { to: 'invite', headers, contact: `<${far}>`, body: audio() })),
      expectRouted('ACK', line, route),
      expectRouted('BYE', line, route),
      send(respond('200 OK', { tag: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });
});
