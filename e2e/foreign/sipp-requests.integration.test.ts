import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { hasSipp } from './sipp.ts';
import {
  audio,
  awaitSignal,
  callAndBeAnswered,
  expectInResponse,
  hangUp,
  inDialog,
  receive,
  request,
  scenarioOf,
  send,
} from './sipp-words.ts';
import { Subject } from './subject.ts';

const invite = request('INVITE', { cseq: 1, body: audio() });
const options = request('OPTIONS', { cseq: 1 });
const ping = (cseq: number) => send(request('OPTIONS', { cseq, branch: `ping${cseq}` }));
const lengthTooLarge = 'Content-Length: 400';

/** What SIPp sends, what it gets for that, and a header that has to be in the answer. */
const refusals = [
  {
    rule: 'RFC3261-8.2.1',
    what: 'an unknown method',
    sent: request('JUMP', { cseq: 1 }),
    status: 501,
    header: 'Allow',
    value: 'INVITE',
  },
  {
    rule: 'RFC3261-8.2.2.1',
    what: 'a Request-URI of another scheme',
    sent: request('OPTIONS', { cseq: 1, uri: 'fax:+498912345' }),
    status: 416,
  },
  {
    rule: 'RFC3261-8.2.2.3',
    what: 'an extension that is required and unknown',
    sent: request('OPTIONS', { cseq: 1, headers: ['Require: telepathy'] }),
    status: 420,
    header: 'Unsupported',
    value: 'telepathy',
  },
  {
    rule: 'RFC3261-8.2.3',
    what: 'a body that is no description',
    sent: invite.replace('application/sdp', 'text/plain'),
    status: 415,
    header: 'Accept',
    value: 'application/sdp',
  },
  {
    rule: 'RFC3261-12.2.2',
    what: 'an INVITE of a dialog that is not',
    sent: request('INVITE', { cseq: 1, toTag: ';tag=gone', body: audio() }),
    status: 481,
  },
  {
    rule: 'RFC3261-15.1.2',
    what: 'a BYE of a dialog that is not',
    sent: request('BYE', { cseq: 1, toTag: ';tag=gone' }),
    status: 481,
  },
  { rule: 'RFC3261-9.2', what: 'a CANCEL of nothing', sent: request('CANCEL', { cseq: 1 }), status: 481 },
  {
    rule: 'RFC3261-21.5.6',
    what: 'another version of SIP',
    sent: options.replace(' SIP/2.0\n', ' SIP/3.0\n'),
    status: 505,
  },
  {
    rule: 'RFC3261-8.1.1',
    what: 'two Call-IDs',
    sent: options.replace('Call-ID:', 'Call-ID: [call_id]\nCall-ID:'),
    status: 400,
  },
  {
    rule: 'RFC3261-18.3',
    what: 'less body than was said',
    sent: invite.replace('Content-Length: [len]', lengthTooLarge),
    status: 400,
  },
  {
    rule: 'RFC3261-8.1.1',
    what: 'two From headers',
    sent: options.replace('From:', 'From: <sip:b@[local_ip]>;tag=2\nFrom:'),
    status: 400,
  },
  {
    rule: 'RFC3261-11.2',
    what: 'OPTIONS, which is no error',
    sent: options,
    status: 200,
    header: 'Allow',
    value: 'INVITE',
  },
];

describe.skipIf(!hasSipp())('requests of SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it.each(refusals)('[$rule] $what: $status', async ({ sent, status, header, value }) => {
    await using subject = await Subject.open();
    const isInvite = sent.startsWith('INVITE');
    const scenario = scenarioOf(
      send(sent),
      ...(isInvite ? [receive(100, undefined, { optional: true })] : []),
      header === undefined
        ? receive(status)
        : expectInResponse(status, [{ where: { header }, regexp: value ?? '' }]),
      ...(isInvite
        ? [send(request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false }))]
        : []),
    );
    await using sipp = await sippAgainst(subject, scenario);
    await sipp.done;
    expect([subject.has('session.incoming'), subject.has('request')]).toEqual([false, false]);
    subject.settle();
  });

  it('[RFC3261-8.2.2.2] the same call by two paths: 482 to the second', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(invite),
      receive(100, undefined, { optional: true }),
      receive(180),
      send(request('INVITE', { cseq: 1, branch: 'otherpath', body: audio() })),
      receive(482, 'INVITE'),
      send(request('ACK', { cseq: 1, branch: 'otherpath', toTag: '[peer_tag_param]', contact: false })),
      receive(486, 'INVITE'),
      send(request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call } = await subject.incoming();
    call.ring();
    await subject.heard('ACK', 1);
    call.refuse(486);
    await call.ended();
    await sipp.done;
    expect(subject.has('session.incoming')).toBe(false);
    subject.settle();
  });

  it('[RFC3261-21.5.4] more calls than there is room for: 503 with Retry-After', async () => {
    await using subject = await Subject.open({ limits: { sessions: 1 } });
    await using talking = await sippAgainst(
      subject,
      scenarioOf(...callAndBeAnswered, ...awaitSignal, ...hangUp(2)),
    );
    const call = await subject.answerNext();
    const scenario = scenarioOf(
      send(invite),
      expectInResponse(503, [{ where: { header: 'Retry-After' }, regexp: '[0-9]+' }]),
      send(request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false })),
    );
    await using refused = await sippAgainst(subject, scenario);
    await refused.done;
    call.signal();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await talking.done;
    expect(subject.settle()).toMatchObject({ limits: { sessions: 1 } });
  });

  it('[RFC3261-21.5.4] a flood is answered 503 with Retry-After; a call that stands goes on', async () => {
    const flood = { messagesPerSecond: 1, burst: 6, refusals: 1_000 };
    await using subject = await Subject.open({ flood });
    const calling = scenarioOf(...callAndBeAnswered, ...awaitSignal, ...hangUp(2));
    await using talking = await sippAgainst(subject, calling);
    const call = await subject.answerNext();
    // INVITE and ACK were two; whatever port they come from, they come from one source.
    const scenario = scenarioOf(
      ...[1, 2, 3, 4].flatMap((cseq) => [ping(cseq), receive(200)]),
      ...[5, 6].flatMap((cseq) => [
        ping(cseq),
        expectInResponse(503, [{ where: { header: 'Retry-After' }, regexp: '[0-9]+' }]),
      ]),
    );
    await using flooding = await sippAgainst(subject, scenario);
    await flooding.done;
    call.signal();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await talking.done;
    expect(subject.sip.counts().limits.flood_refused).toBeGreaterThanOrEqual(2);
    subject.settle();
  });

  it('[RFC3261-17.2.3] an ACK that belongs to nothing is dropped without a word', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(
        inDialog('ACK', {
          cseq: 1,
          branch: 'nothing',
          uri: 'sip:subject@[remote_ip]:[remote_port]',
          toTag: ';tag=gone',
        }),
      ),
      send(options),
      receive(200, 'OPTIONS'),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    await sipp.done;
    expect(subject.settle()).toMatchObject({ stray: 1, sent: 1 });
  });

  it('[RFC3261-8.2] a request that the application has to answer is answered by it', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(request('MESSAGE', { cseq: 1, body: 'hello' }).replace('application/sdp', 'text/plain'), {
        again: 50,
      }),
      receive(202),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { requestId, request: message } = await subject.next('request');
    expect(Buffer.from(message.body).toString()).toContain('hello');
    subject.sip.run((sip, now) => sip.respond(requestId, 202, now));
    await sipp.done;
    subject.settle();
  });
});
