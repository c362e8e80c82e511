import { describe, expect, it } from 'vitest';
import type { CstaMessage, CstaRequest } from '../codec/messages.ts';
import { encodeFrame, eventInvokeId } from '../framing/frames.ts';
import type { Sent } from '../link/lab.test-support.ts';
import { answerCall, connection, device, Ear, frame } from '../link/lab.test-support.ts';
import { namespaceOf } from '../schema/namespaces.ts';
import { toMonitorCrossRefId } from '../values/identifiers.ts';
import type { CstaServerEffect, CstaServerOptions } from './api.ts';
import { CstaServerSession } from './session.ts';

/** A session whose client is the test. */
class Desk {
  now = 0;
  readonly session: CstaServerSession;
  readonly effects: CstaServerEffect[] = [];
  readonly sent: Sent[] = [];
  readonly #ear = new Ear();

  constructor(options: Partial<CstaServerOptions> = {}) {
    this.session = new CstaServerSession({ sessionId: 's1', ...options }, 0);
  }

  settle(): void {
    for (let effect = this.session.poll(); effect !== undefined; effect = this.session.poll()) {
      if (effect.kind === 'send') this.sent.push(...this.#ear.hear(effect.octets));
      else this.effects.push(effect);
    }
  }

  say(invokeId: number, message: CstaMessage): void {
    this.hear(frame(invokeId, message));
  }

  hear(octets: Uint8Array): void {
    this.session.handle({ kind: 'received', octets }, this.now);
    this.settle();
  }

  start(editions: readonly (2 | 3 | 4 | 5 | 6)[] = [4]): void {
    this.say(1, {
      name: 'StartApplicationSession',
      applicationInfo: { applicationID: 'phone', applicationSpecificInfo: { user: 'u', password: 'p' } },
      protocolVersions: editions.map(namespaceOf),
      requestedSessionDuration: 300,
    });
  }

  advance(duration: number): void {
    const until = this.now + duration;
    for (let at = this.session.deadline(); at !== undefined && at <= until; at = this.session.deadline()) {
      this.now = at;
      this.session.handle({ kind: 'tick' }, at);
      this.settle();
    }
    this.now = until;
  }

  get last(): CstaMessage | undefined {
    return this.sent.at(-1)?.message;
  }
}

const open = (options: Partial<CstaServerOptions> = {}): Desk => {
  const desk = new Desk(options);
  desk.start();
  return desk;
};
const register = { name: 'SystemRegister' } as const;
const messageWaiting = {
  name: 'MessageWaitingEvent',
  monitorCrossRefID: toMonitorCrossRefId('1'),
  targetDevice: { kind: 'device', id: device },
  messageWaitingOn: true,
} as const;

describe('admitting', () => {
  it('[ECMA-354] gives no more than it has, and says how often it wants to hear something', () => {
    const desk = open({ sessionSeconds: 120, heartbeatSeconds: 20 });
    expect(desk.last).toEqual({
      name: 'StartApplicationSessionPosResponse',
      sessionID: 's1',
      actualProtocolVersion: namespaceOf(4),
      actualSessionDuration: 120,
      actualHBT: 20,
    });
    expect(desk.effects).toEqual([
      { kind: 'started', applicant: { applicationId: 'phone', user: 'u', password: 'p' }, edition: 4 },
    ]);
    expect(open().last).toMatchObject({ actualSessionDuration: 300 });
  });

  it('[ECMA-354] the client’s first edition that it has', () => {
    const desk = new Desk({ editions: [3, 4] });
    desk.start([6, 4, 3]);
    expect(desk.last).toMatchObject({ actualProtocolVersion: namespaceOf(4) });
    const other = new Desk({ editions: [3] });
    other.start([6]);
    expect(other.last).toMatchObject({ errorCode: { definedError: 'requestedProtocolVersionNotSupported' } });
    expect(other.effects).toEqual([{ kind: 'disconnect' }, { kind: 'ended', code: 'session_refused' }]);
    const any = new Desk({ editions: [3, 5] });
    any.start([]);
    expect(any.last).toMatchObject({ actualProtocolVersion: namespaceOf(5) });
  });

  it('[ECMA-354] not everybody', () => {
    const desk = new Desk({
      admit: ({ password }) => (password === 'secret' ? 'admitted' : 'invalidApplicationInfo'),
    });
    desk.start();
    expect(desk.last).toMatchObject({ errorCode: { definedError: 'invalidApplicationInfo' } });
    expect(desk.session.event(messageWaiting)).toBe(false);
  });

  it('[ECMA-354] one session on a link', () => {
    const desk = open();
    desk.start();
    expect(desk.last).toMatchObject({ name: 'StartApplicationSessionNegResponse' });
    expect(desk.effects.filter(({ kind }) => kind === 'ended')).toEqual([]);
  });

  it('nothing before it', () => {
    const desk = new Desk();
    desk.say(1, answerCall);
    expect(desk.last).toMatchObject({ error: { code: 'stateIncompatibility.generic' } });
    expect(desk.session.event(messageWaiting)).toBe(false);
    expect(desk.effects.map(({ kind }) => kind)).toEqual(['note']);
  });

  it('limits: session_start_time: who does not start one has to go', () => {
    const desk = new Desk();
    desk.advance(30_000);
    expect(desk.effects).toEqual([
      { kind: 'limit', limit: 'session_start_time' },
      { kind: 'disconnect' },
      { kind: 'ended', code: 'session_start_time' },
    ]);
  });
});

describe('requests', () => {
  it('go to the owner, who answers in its own order', () => {
    const desk = open();
    desk.say(7, answerCall);
    desk.say(8, { name: 'GetDoNotDisturb', device });
    expect(desk.effects.slice(1)).toMatchObject([
      { kind: 'request', invokeId: 7, request: { name: 'AnswerCall', callToBeAnswered: connection } },
      { kind: 'request', invokeId: 8 },
    ]);
    expect(desk.session.refuse(8, 'operation.invalidDeviceID')).toBe(true);
    expect(desk.session.event(messageWaiting)).toBe(true);
    expect(desk.session.answer(7, { name: 'AnswerCallResponse' })).toBe(true);
    expect(desk.session.answer(7, { name: 'AnswerCallResponse' })).toBe(false);
    expect(desk.session.refuse(9, 'operation.generic')).toBe(false);
    desk.settle();
    expect(desk.sent.slice(1).map(({ invokeId, message }) => [invokeId, message.name])).toEqual([
      [8, 'CSTAErrorCode'],
      [eventInvokeId, 'MessageWaitingEvent'],
      [7, 'AnswerCallResponse'],
    ]);
  });

  it('limits: unanswered_requests bound what the owner has to do', () => {
    const desk = open({ unansweredRequests: 2 });
    for (const invokeId of [2, 3, 4]) desk.say(invokeId, answerCall);
    expect(desk.last).toMatchObject({
      error: { code: 'subscribedResourceAvailability.outstandingReqLimitExceeded' },
    });
    expect(desk.effects.at(-1)).toEqual({ kind: 'limit', limit: 'unanswered_requests' });
    desk.session.abandon(2);
    desk.say(5, answerCall);
    expect(desk.effects.at(-1)).toMatchObject({ kind: 'request', invokeId: 5 });
  });

  it('one invoke id is not open twice', () => {
    const desk = open();
    desk.say(2, answerCall);
    desk.say(2, answerCall);
    expect(desk.last).toMatchObject({ error: { code: 'operation.generic' } });
    expect(desk.effects.filter(({ kind }) => kind === 'request')).toHaveLength(1);
  });

  it('limits: frame_size: what is too long is refused, or not told', () => {
    const desk = open();
    desk.say(2, { name: 'SnapshotDevice', snapshotObject: device });
    const snapshotData = Array.from({ length: 2_000 }, () => ({ connectionIdentifier: connection }));
    desk.session.answer(2, { name: 'SnapshotDeviceResponse', snapshotData });
    desk.settle();
    expect(desk.last).toMatchObject({ error: { code: 'systemResourceAvailability.generic' } });
    expect(desk.effects.at(-1)).toEqual({ kind: 'limit', limit: 'frame_size' });
    const stringData = { string: 'x'.repeat(70_000) };
    expect(
      desk.session.event({
        name: 'HeldEvent',
        monitorCrossRefID: toMonitorCrossRefId('1'),
        heldConnection: connection,
        userData: stringData,
      }),
    ).toBe(false);
  });

  it.each<[string, CstaMessage | string, string | undefined]>([
    ['a service that nobody knows', '<RouteSelect/>', 'operation.serviceNotSupported'],
    ['a request without what it needs', '<MakeCall/>', 'operation.invalidParameterValue'],
    ['something that is no XML', '<', 'operation.invalidParameterValue'],
    ['an answer to nothing', { name: 'SystemStatusResponse' }, undefined],
    ['an event', messageWaiting, undefined],
  ])('%s does not end the session', (_what, message, code) => {
    const desk = open();
    desk.hear(
      typeof message === 'string' ? encodeFrame(5, new TextEncoder().encode(message)) : frame(5, message),
    );
    expect(desk.sent.slice(1).map((sent) => 'error' in sent.message && sent.message.error.code)).toEqual(
      code === undefined ? [] : [code],
    );
    desk.say(6, answerCall);
    expect(desk.effects.at(-1)).toMatchObject({ kind: 'request' });
  });

  it('a request with the invoke id of events cannot be answered', () => {
    const desk = open();
    desk.say(eventInvokeId, answerCall);
    desk.say(eventInvokeId, { name: 'SystemStatus', systemStatus: 'normal' });
    expect(desk.sent).toHaveLength(1);
    expect(desk.effects.map(({ kind }) => kind)).toEqual(['started', 'note', 'system_status']);
  });
});

describe('staying alive', () => {
  it.each<[CstaRequest, CstaMessage]>([
    [{ name: 'SystemStatus' }, { name: 'SystemStatusResponse' }],
    [register, { name: 'SystemRegisterResponse', sysStatRegisterID: 's1' }],
    [{ name: 'SystemRegisterCancel', sysStatRegisterID: 's1' }, { name: 'SystemRegisterCancelResponse' }],
    [{ name: 'RequestSystemStatus' }, { name: 'RequestSystemStatusResponse', systemStatus: 'normal' }],
  ])('$name is answered by the session itself', (request, answer) => {
    const desk = open();
    desk.say(9, request);
    expect(desk.sent.at(-1)).toEqual({ invokeId: 9, message: answer });
  });

  it('[ECMA-354] a session is renewed, by its own name', () => {
    const desk = open();
    desk.advance(290_000);
    desk.say(2, { name: 'ResetApplicationSessionTimer', sessionID: 'other' });
    expect(desk.last).toMatchObject({ errorCode: { definedError: 'invalidSessionID' } });
    desk.say(3, { name: 'ResetApplicationSessionTimer', sessionID: 's1', requestedSessionDuration: 600 });
    expect(desk.last).toMatchObject({ actualSessionDuration: 600 });
    desk.advance(604_999);
    expect(desk.effects.map(({ kind }) => kind)).toEqual(['started']);
    desk.advance(1);
    expect(desk.last).toMatchObject({
      name: 'ApplicationSessionTerminated',
      sessionTermReason: { definedTermReason: 'sessionExpired' },
    });
    expect(desk.effects.at(-1)).toEqual({ kind: 'ended', code: 'session_expired' });
  });

  it('limits: silence_time: a registered client that is silent after a heartbeat has to go', () => {
    const desk = open({ heartbeatSeconds: 20 });
    desk.say(2, register);
    desk.advance(20_000);
    expect(desk.sent.at(-1)).toEqual({
      invokeId: 1,
      message: { name: 'SystemStatus', systemStatus: 'normal' },
    });
    desk.say(1, { name: 'SystemStatusResponse' });
    desk.advance(20_000);
    desk.say(3, answerCall);
    desk.advance(30_000);
    expect(desk.effects.filter(({ kind }) => kind === 'ended')).toEqual([]);
    desk.advance(20_000);
    expect(desk.effects.slice(-3)).toEqual([
      { kind: 'limit', limit: 'silence_time' },
      { kind: 'disconnect' },
      { kind: 'ended', code: 'silent' },
    ]);
  });

  it('a change of its status is told at once, however often', () => {
    const desk = open({ heartbeatSeconds: 20 });
    desk.session.setStatus('disabled', 0);
    desk.settle();
    expect(desk.sent).toHaveLength(1);
    desk.say(2, register);
    for (let change = 0; change < 20_000; change += 1) desk.session.setStatus('overloadReached', 0);
    desk.settle();
    expect(
      desk.sent
        .slice(3)
        .map(({ invokeId }) => invokeId)
        .slice(0, 2),
    ).toEqual([eventInvokeId, eventInvokeId]);
    expect(desk.last).toEqual({ name: 'SystemStatus', systemStatus: 'overloadReached' });
  });
});

describe('the end', () => {
  it.each<[string, (desk: Desk) => void, string]>([
    [
      'the client stops',
      (desk) => desk.say(2, { name: 'StopApplicationSession', sessionID: 's1' }),
      'stopped',
    ],
    ['the owner terminates', (desk) => desk.session.terminate('maintenance'), 'terminated'],
    [
      '[ECMA-323-J] a wrong frame',
      (desk) => desk.hear(new TextEncoder().encode('GET / HTTP/1.1')),
      'wrong_frame',
    ],
    ['the link goes', (desk) => desk.session.handle({ kind: 'closed' }, 0), 'closed'],
  ])('%s', (_what, happen, code) => {
    const desk = open();
    desk.say(5, answerCall);
    happen(desk);
    desk.settle();
    expect(desk.effects.at(-1)).toEqual({ kind: 'ended', code });
    expect(desk.session.deadline()).toBeUndefined();
    const sent = desk.sent.length;
    expect(desk.session.answer(5, { name: 'AnswerCallResponse' })).toBe(false);
    expect(desk.session.event(messageWaiting)).toBe(false);
    desk.session.terminate('again');
    desk.session.setStatus('normal', 0);
    desk.say(6, answerCall);
    expect(desk.sent).toHaveLength(sent);
    expect(desk.effects.at(-1)).toEqual({ kind: 'ended', code });
  });

  it('[ECMA-354] nobody stops the session of another', () => {
    const desk = open();
    desk.say(2, { name: 'StopApplicationSession', sessionID: 's2' });
    expect(desk.last).toMatchObject({ name: 'StopApplicationSessionNegResponse' });
    expect(desk.session.event(messageWaiting)).toBe(true);
  });
});
