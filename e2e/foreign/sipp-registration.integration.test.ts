import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { counted, hasSipp, type Sipp } from './sipp.ts';
import { expectInRequest, pause, receiveRequest, respond, scenarioOf, send, times } from './sipp-words.ts';
import { fastTimers, Subject } from './subject.ts';

const registering = receiveRequest('REGISTER', 'register');
const asked = (expires: number) =>
  expectInRequest('REGISTER', [{ where: { header: 'Expires' }, regexp: `^ ?${expires}$` }]);
const granted = (seconds: number) =>
  send(respond('200 OK', { contact: `<sip:subject@[remote_ip]:[remote_port]>;expires=${seconds}` }));
const tooBrief = (least: number) =>
  send(respond('423 Interval Too Brief', { headers: [`Min-Expires: ${least}`] }));

function register(subject: Subject, sipp: Sipp) {
  const aor = `sip:subject@${sipp.place}`;
  return subject.register({ registrar: `sip:${sipp.place}`, aor, password: 'secret', expires: 60 });
}

describe.skipIf(!hasSipp())('registers at SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it.each(['udp', 'tcp'] as const)('[RFC3665-2.1] over %s, refreshes and goes', async (transport) => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(asked(60), granted(1), asked(60), granted(60), asked(0), granted(0));
    await using sipp = await sippAgainst(subject, scenario, { transport });
    const registrar = `sip:${sipp.place};transport=${transport}`;
    const aor = `sip:subject@${sipp.place}`;
    const registration = subject.register({ registrar, aor, password: 'secret', expires: 60 });
    await subject.registration('registered');
    await subject.registration('registered');
    await subject.unregister(registration);
    await sipp.done;
    const registers = subject.messages('out', 'REGISTER');
    expect(registers.map((text) => /^CSeq: (\d+)/mu.exec(text)?.[1])).toEqual(['1', '2', '3']);
    expect(new Set(registers.map((text) => /^Call-ID: (.*)/mu.exec(text)?.[1])).size).toBe(1);
    subject.settle();
  });

  it('[RFC3261-17.1.2] the registrar is deaf at first: the REGISTER comes again', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(...times(4, registering), granted(60), asked(0), granted(0));
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const registration = register(subject, sipp);
    await subject.registration('registered');
    await subject.unregister(registration);
    await sipp.done;
    expect(subject.messages('out', 'REGISTER').length).toBeGreaterThanOrEqual(5);
    subject.settle();
  });

  it('[RFC3261-10.2.8] 423: it asks for as long as the registrar wants', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(asked(60), tooBrief(300), asked(300), granted(300), asked(0), granted(0));
    await using sipp = await sippAgainst(subject, scenario);
    const registration = register(subject, sipp);
    await subject.registration('registered');
    await subject.unregister(registration);
    await sipp.done;
    expect(subject.messages('out', 'REGISTER')).toHaveLength(3);
    subject.settle();
  });

  it('[RFC3261-10.2.8] 423 for more each time: it gives up for now', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      asked(60),
      tooBrief(300),
      asked(300),
      tooBrief(600),
      asked(600),
      tooBrief(1_200),
      pause(200),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const registration = register(subject, sipp);
    const { why } = await subject.registration('failed');
    expect(why).toMatchObject({ kind: 'response', status: 423 });
    await sipp.done;
    await subject.unregister(registration);
    subject.settle();
  });

  it.each([
    { kind: 'a new nonce each time', more: '', attempts: 2 },
    { kind: 'stale each time', more: ', stale=true', attempts: 4 },
  ])('[RFC3261-22.2] a loop of challenges, $kind: it gives up for a while', async ({ more, attempts }) => {
    await using subject = await Subject.open();
    const challenge = (round: number) =>
      `WWW-Authenticate: Digest realm="sipp", nonce="n[call_number]r${round}", algorithm=MD5, qop="auth"${more}`;
    const round = (_: unknown, index: number) => [
      registering,
      send(respond('401 Unauthorized', { headers: [challenge(index)] })),
    ];
    const scenario = scenarioOf(...Array.from({ length: attempts }, round).flat(), pause(300));
    await using sipp = await sippAgainst(subject, scenario);
    const registration = register(subject, sipp);
    const { why, retryAt } = await subject.registration('failed');
    expect(why).toMatchObject({ kind: 'response', status: 401 });
    // Who asks fast locks the account.
    expect(retryAt - performance.now()).toBeGreaterThan(20_000);
    await sipp.done;
    await subject.unregister(registration);
    subject.settle();
  });

  it('[RFC3261-20.33] 503 with Retry-After: it comes again then, and not before', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      registering,
      send(respond('503 Service Unavailable', { headers: ['Retry-After: 3'] })),
      registering,
      granted(60),
      asked(0),
      granted(0),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const began = performance.now();
    const registration = register(subject, sipp);
    expect((await subject.registration('failed')).why).toMatchObject({ status: 503 });
    await subject.registration('registered');
    expect(performance.now() - began).toBeGreaterThanOrEqual(3_000);
    await subject.unregister(registration);
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-10.2] nobody answers: it says so and comes again', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(registering, pause(2_700));
    await using sipp = await sippAgainst(subject, scenario);
    const registration = register(subject, sipp);
    expect((await subject.registration('failed')).why).toEqual({ kind: 'timeout' });
    await subject.unregister(registration);
    expect(counted(await sipp.done, 'REGISTER_Retrans')).toBeGreaterThanOrEqual(5);
    subject.settle();
  });
});
