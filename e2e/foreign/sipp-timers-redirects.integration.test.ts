import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { hasSipp } from './sipp.ts';
import {
  audio,
  expectInRequest,
  expectInResponse,
  hangUp,
  hangUpAsCalled,
  inDialog,
  pause,
  receive,
  receiveRequest,
  request,
  respond,
  scenarioOf,
  send,
} from './sipp-words.ts';
import { Subject } from './subject.ts';

const optional = { optional: true };
const called = receiveRequest('INVITE', 'invite', { route: true });
const refuse = (status: `${number} ${string}`, ...headers: string[]) => [
  send(respond(status, { to: 'invite', headers }), { again: 500 }),
  receiveRequest('ACK'),
];
const ackOfRefusal = send(
  request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false }),
);

const round = (least: number) => [called, ...refuse('422 Session Interval Too Small', `Min-SE: ${least}`)];

describe.skipIf(!hasSipp())('session timers with SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it('[RFC4028-7.3] 422: it asks for as long as SIPp wants', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ...refuse('422 Session Interval Too Small', 'Min-SE: 1800'),
      receiveRequest('INVITE', 'invite', { route: true }),
      send(
        respond('200 OK', {
          to: 'invite',
          headers: ['Require: timer', 'Session-Expires: 1800;refresher=uas'],
          body: audio(),
        }),
        { again: 500 },
      ),
      receiveRequest('ACK'),
      ...hangUpAsCalled(7),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`, { sessionTimer: { expires: 90 } });
    await call.accepted();
    const asked = subject.messages('out', 'INVITE').map((text) => ({
      expires: /^Session-Expires: (\d+)/mu.exec(text)?.[1],
      least: /^Min-SE: (\d+)/mu.exec(text)?.[1],
    }));
    expect(asked).toEqual([
      { expires: '90', least: undefined },
      { expires: '1800', least: '1800' },
    ]);
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC4028-7.3] 422 for more each time: it gives up', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(...round(200), ...round(400), ...round(800), pause(300));
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`, { sessionTimer: { expires: 90 } });
    expect(await call.ended()).toMatchObject({ by: 'refused', response: { status: 422 } });
    await sipp.done;
    subject.settle();
  });

  it('[RFC4028-9] SIPp asks for too short a time: 422 with Min-SE', async () => {
    await using subject = await Subject.open();
    const headers = ['Supported: timer', 'Session-Expires: 30', 'Min-SE: 30'];
    const scenario = scenarioOf(
      send(request('INVITE', { cseq: 1, headers, body: audio() })),
      receive(100, undefined, optional),
      expectInResponse(422, [{ where: { header: 'Min-SE' }, regexp: '^ ?90' }]),
      ackOfRefusal,
    );
    await using sipp = await sippAgainst(subject, scenario);
    await sipp.done;
    expect(subject.has('session.incoming')).toBe(false);
    subject.settle();
  });

  it('[RFC4028-9] SIPp asks for a timer: it is granted, and refreshed by UPDATE', async () => {
    await using subject = await Subject.open();
    const headers = ['Supported: timer', 'Session-Expires: 1800;refresher=uac'];
    const granted = [{ where: { header: 'Session-Expires' } as const, regexp: '1800;refresher=uac' }];
    const scenario = scenarioOf(
      send(request('INVITE', { cseq: 1, headers, body: audio() })),
      receive(100, undefined, optional),
      expectInResponse(200, granted, { route: true }),
      send(inDialog('ACK', { cseq: 1, branch: 'ack' })),
      send(inDialog('UPDATE', { cseq: 2, headers }), { again: 500 }),
      expectInResponse(200, granted),
      ...hangUp(3),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });
});

const moved = (...users: string[]) => [
  send(
    respond('302 Moved Temporarily', {
      to: 'invite',
      contact: users
        .map((user, index) => `<sip:${user}@[local_ip]:[local_port]>;q=0.${9 - index}`)
        .join(', '),
    }),
    { again: 500 },
  ),
  receiveRequest('ACK'),
];

const calledAs = (user: string) =>
  expectInRequest('INVITE', [{ where: 'msg', regexp: `^INVITE sip:${user}@` }], {
    as: 'invite',
    route: true,
  });

describe.skipIf(!hasSipp())('redirected by SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it('[RFC3261-8.1.3.4] 302: it tries one contact after the other', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ...moved('first', 'second'),
      calledAs('first'),
      ...refuse('486 Busy Here'),
      calledAs('second'),
      send(respond('200 OK', { to: 'invite', body: audio() }), { again: 500 }),
      receiveRequest('ACK'),
      ...hangUpAsCalled(7),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`, { redirects: 5 });
    const tried = [await call.next('session.redirected'), await call.next('session.redirected')];
    expect(tried.map(({ to }) => /sip:(\w+)@/u.exec(to)?.[1])).toEqual(['first', 'second']);
    await call.accepted();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-8.1.3.4] 302 where nobody wants to follow: the call is over', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(called, ...moved('first'), pause(300));
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    expect(await call.ended()).toMatchObject({ by: 'refused', response: { status: 302 } });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-8.1.3.4] redirected in a circle: nobody is tried twice', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ...moved('first'),
      calledAs('first'),
      ...moved('second'),
      calledAs('second'),
      ...moved('first'),
      pause(300),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`, { redirects: 10 });
    expect(await call.ended()).toMatchObject({ by: 'refused', response: { status: 302 } });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-8.1.3.4] redirected for ever: as often as was permitted', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ...moved('first'),
      calledAs('first'),
      ...moved('second'),
      calledAs('second'),
      ...moved('third'),
      pause(300),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`, { redirects: 2 });
    expect(await call.ended()).toMatchObject({ by: 'refused', response: { status: 302 } });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-21.3.3] it redirects SIPp', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(request('INVITE', { cseq: 1, body: audio() })),
      receive(100, undefined, optional),
      expectInResponse(302, [{ where: { header: 'Contact' }, regexp: 'sip:elsewhere@192.0.2.1' }]),
      ackOfRefusal,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call } = await subject.incoming();
    call.refuse(302, [['Contact', '<sip:elsewhere@192.0.2.1>']]);
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });
});
