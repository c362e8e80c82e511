import { header } from '@offhook/sip';
import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { counted, hasSipp } from './sipp.ts';
import {
  audio,
  beCalledAndAnswer,
  beHungUp,
  hangUpAsCalled,
  pause,
  receiveRequest,
  respond,
  scenarioOf,
  send,
  times,
} from './sipp-words.ts';
import { fastTimers, Subject } from './subject.ts';

const called = receiveRequest('INVITE', 'invite', { route: true });
const ring = send(respond('180 Ringing', { to: 'invite' }));
const accept = send(respond('200 OK', { to: 'invite', body: audio() }));
const credentials = { username: 'subject', password: 'secret' };

describe.skipIf(!hasSipp())('calls SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it.each(['udp', 'tcp'] as const)('[RFC3665-3.1] calls over %s, talks and hangs up', async (transport) => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(called, ring, accept, receiveRequest('ACK'), ...beHungUp);
    await using sipp = await sippAgainst(subject, scenario, { transport });
    const call = await subject.call(`sip:sipp@${sipp.place};transport=${transport}`);
    expect((await call.next('session.progress')).response.status).toBe(180);
    await call.accepted();
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    expect(subject.settle()).toMatchObject({ malformed: 0, stray: 0 });
  });

  it('[RFC3261-17.1.1.2] SIPp does not hear the first INVITEs: they come again', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(
      ...times(4, called),
      ring,
      accept,
      receiveRequest('ACK'),
      ...hangUpAsCalled(7),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-17.1.1.2] nobody answers: timer B ends it after 64·T1', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(called, pause(2_700));
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    expect(await call.ended()).toEqual({ by: 'timeout', which: 'transaction' });
    expect(counted(await sipp.done, 'INVITE_Retrans')).toBeGreaterThanOrEqual(5);
    subject.settle();
  });

  it('[RFC3261-13.2.2.4] ACKs are lost: each 200 that comes again is acknowledged, with the same ACK', async () => {
    await using subject = await Subject.open();
    const again = [accept, receiveRequest('ACK')];
    const scenario = scenarioOf(called, ring, ...again, ...again, ...again, ...beHungUp);
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    const acks = await subject.said('ACK', 3);
    expect(new Set(acks).size).toBe(1);
    expect(call.has('session.accepted')).toBe(false);
    call.hangUp();
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-17.1.1.2] refusals that come again are acknowledged and end nothing twice', async () => {
    await using subject = await Subject.open();
    const refuse = [send(respond('486 Busy Here', { to: 'invite' })), receiveRequest('ACK')];
    const scenario = scenarioOf(called, ...refuse, ...refuse, ...refuse);
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    expect(await call.ended()).toMatchObject({ by: 'refused', response: { status: 486 } });
    await sipp.done;
    expect(call.has('session.ended')).toBe(false);
    subject.settle();
  });

  it('[RFC3261-17.1.2] the 200 to its BYE is lost: the BYE comes again', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(
      ...beCalledAndAnswer,
      ...times(4, receiveRequest('BYE')),
      send(respond('200 OK', { tag: false })),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-13.2.1] calls without an offer: the ACK brings the answer to that of the 200', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(...beCalledAndAnswer, ...hangUpAsCalled(7));
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`, { delayedOffer: true });
    expect((await call.accepted()).needsAnswer).toBe(true);
    await call.ended();
    const [invite = ''] = subject.messages('out', 'INVITE');
    const [ack = ''] = subject.messages('out', 'ACK');
    expect([invite.includes('m=audio'), ack.includes('m=audio')]).toEqual([false, true]);
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-22.2] challenged once, it shows its credentials', async () => {
    await using subject = await Subject.open();
    const challenge =
      'Proxy-Authenticate: Digest realm="sipp", nonce="[call_number]first", algorithm=MD5, qop="auth"';
    const scenario = scenarioOf(
      called,
      send(respond('407 Proxy Authentication Required', { to: 'invite', headers: [challenge] })),
      receiveRequest('ACK'),
      ...beCalledAndAnswer,
      ...hangUpAsCalled(7),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`, { credentials });
    await call.accepted();
    expect(subject.messages('out', 'INVITE').at(-1)).toMatch(
      /^Proxy-Authorization: Digest username="subject"/mu,
    );
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it.each([
    { kind: 'a new nonce each time', more: '', attempts: 2 },
    { kind: 'stale each time', more: ', stale=true', attempts: 2 },
  ])('[RFC3261-22.3] a loop of challenges, $kind: it gives up', async ({ more, attempts }) => {
    await using subject = await Subject.open();
    const challenge = (round: number) =>
      `WWW-Authenticate: Digest realm="sipp", nonce="n[call_number]r${round}", algorithm=MD5, qop="auth"${more}`;
    const round = (_: unknown, index: number) => [
      called,
      send(respond('401 Unauthorized', { to: 'invite', headers: [challenge(index)] })),
      receiveRequest('ACK'),
    ];
    // One more INVITE would not be expected, and fail.
    const scenario = scenarioOf(...Array.from({ length: attempts }, round).flat(), pause(300));
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`, { credentials });
    expect(await call.ended()).toMatchObject({ by: 'refused', response: { status: 401 } });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-22.1] challenged by whom it has no credentials for, it shows none', async () => {
    await using subject = await Subject.open();
    const challenge = 'WWW-Authenticate: Digest realm="elsewhere", nonce="1", algorithm=MD5, qop="auth"';
    const scenario = scenarioOf(
      called,
      send(respond('401 Unauthorized', { to: 'invite', headers: [challenge] })),
      receiveRequest('ACK'),
      pause(300),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    expect(await call.ended()).toMatchObject({ by: 'refused', response: { status: 401 } });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-21.5.4] 503 with Retry-After ends the call, and tells when to come again', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      send(respond('503 Service Unavailable', { to: 'invite', headers: ['Retry-After: 7'] })),
      receiveRequest('ACK'),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    const end = await call.ended();
    if (end.by !== 'refused') {
      throw new Error(`Ended otherwise: ${JSON.stringify(end)}`);
    }
    expect([end.response.status, header(end.response, 'retry-after')]).toEqual([503, '7']);
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-18.1.2] responses that belong to nothing, or cannot be read, change nothing', async () => {
    await using subject = await Subject.open();
    const strange = respond('486 Busy Here', { to: 'invite' });
    const scenario = scenarioOf(
      called,
      send(
        strange.replace('Via:[$inviteVia]', 'Via: SIP/2.0/UDP [remote_ip]:[remote_port];branch=z9hG4bKother'),
      ),
      send(strange.replace('CSeq:[$inviteCSeq]', 'CSeq: 1 BYE')),
      send(strange.replace('CSeq:[$inviteCSeq]', 'CSeq: INVITE')),
      send(strange.replace('Content-Length: 0', 'Content-Length: 99')),
      accept,
      receiveRequest('ACK'),
      ...hangUpAsCalled(7),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    expect(subject.settle()).toMatchObject({ malformed: 2, stray: 2 });
  });

  it('[RFC3261-13.2.2.1] two phones ring, one after the other, and the second picks up', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ring,
      send(respond('183 Session Progress', { to: 'invite', tag: 'second[pid]', body: audio() })),
      send(respond('200 OK', { to: 'invite', tag: 'second[pid]', body: audio() })),
      receiveRequest('ACK'),
      receiveRequest('BYE'),
      send(respond('200 OK', { tag: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.next('session.progress');
    expect((await call.next('session.progress')).body).toBeDefined();
    await call.accepted();
    expect(subject.counts()).toMatchObject({ sessions: 1, dialogs: 1 });
    call.hangUp();
    await call.ended();
    expect(subject.messages('out', 'BYE')[0]).toMatch(/^To: .*tag=second/mu);
    await sipp.done;
    subject.settle();
  });
});
