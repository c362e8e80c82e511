import { describe, expect, it } from 'vitest';
import { encodeFrame, eventInvokeId } from '../framing/frames.ts';
import { answerCall, connection, device, frame, Lab } from '../link/lab.test-support.ts';
import { toDeviceId, toMonitorCrossRefId } from '../values/identifiers.ts';

const monitor = toMonitorCrossRefId('7');
const established = {
  name: 'EstablishedEvent',
  monitorCrossRefID: monitor,
  establishedConnection: connection,
} as const;

function readyLab(options: ConstructorParameters<typeof Lab>[0] = {}): Lab {
  const lab = new Lab({ heartbeatMs: 0, ...options });
  lab.becomeReady();
  return lab;
}

const seen = (lab: Lab): string[] =>
  lab.effects.flatMap(({ kind }) => (kind === 'event' || kind === 'answer' ? [kind] : []));

describe('starting', () => {
  it('[ECMA-354] starts a session of 600 s, registers, and is ready', () => {
    const lab = new Lab();
    expect(lab.sent).toMatchObject([
      {
        invokeId: 1,
        message: {
          name: 'StartApplicationSession',
          applicationInfo: { applicationID: 'test' },
          protocolVersions: ['http://www.ecma-international.org/standards/ecma-323/csta/ed4'],
          requestedSessionDuration: 600,
        },
      },
    ]);
    lab.becomeReady();
    expect(lab.sentNames).toEqual(['StartApplicationSession', 'SystemRegister']);
    expect(lab.statuses).toEqual([{ name: 'connecting' }, { name: 'ready', sessionId: 's1', edition: 4 }]);
  });

  it('[ECMA-354] the edition that the server chooses is written from then on', () => {
    const lab = new Lab();
    const actualProtocolVersion = 'http://www.ecma-international.org/standards/ecma-323/csta/ed3';
    lab.say(1, { name: 'StartApplicationSessionPosResponse', sessionID: 's', actualProtocolVersion });
    lab.say(2, { name: 'SystemRegisterResponse' });
    expect(lab.status).toMatchObject({ name: 'ready', edition: 3 });
  });

  it('is ready also with a system that does not register', () => {
    const lab = new Lab();
    lab.say(1, { name: 'StartApplicationSessionPosResponse', sessionID: 's' });
    lab.say(2, { name: 'CSTAErrorCode', error: { code: 'operation.serviceNotSupported', detail: '' } });
    expect(lab.status).toMatchObject({ name: 'ready' });
    const late = new Lab();
    late.say(1, { name: 'StartApplicationSessionPosResponse', sessionID: 's' });
    late.advance(5_000);
    expect(late.status).toMatchObject({ name: 'ready' });
    expect([lab.notes, late.notes]).toEqual([['not_registered CSTAErrorCode'], ['not_registered no answer']]);
  });

  it('[ECMA-354] a refusal is told in the words of the server, and tried again later', () => {
    const lab = new Lab();
    const errorCode = { definedError: 'serverResourcesBusy' };
    lab.say(1, { name: 'StartApplicationSessionNegResponse', errorCode });
    expect(lab.status).toEqual({
      name: 'down',
      code: 'session_refused',
      text: 'serverResourcesBusy',
      retryAt: 750,
    });
    lab.advance(750);
    expect(lab.sentNames).toEqual(['StartApplicationSession', 'StartApplicationSession']);
  });

  it.each([
    ['no answer', (lab: Lab) => lab.advance(5_000), 'session_start_time'],
    [
      'an answer to something else',
      (lab: Lab) => lab.say(1, { name: 'AnswerCallResponse' }),
      'session_refused',
    ],
    [
      'an answer that cannot be read',
      (lab: Lab) => lab.receive(encodeFrame(1, new TextEncoder().encode('<a'))),
      'session_refused',
    ],
    ['a closed link', (lab: Lab) => lab.cut(), 'closed'],
  ])('%s to the start ends the attempt', (_what, happen, code) => {
    const lab = new Lab();
    happen(lab);
    lab.settle();
    expect(lab.status).toMatchObject({ name: 'down', code });
  });

  it('a link that does not open in time is given up', () => {
    const lab = new Lab();
    lab.isReachable = false;
    lab.cut();
    lab.advance(750 + 10_000);
    expect(lab.status).toMatchObject({ name: 'down', code: 'unreachable' });
  });

  it('waits twice as long after each failure, to a minute, with jitter', () => {
    const lab = new Lab({ random: () => 0 });
    lab.isReachable = false;
    lab.cut();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const { status } = lab;
      if (status?.name !== 'down') throw new Error(status?.name);
      waits.push(status.retryAt - lab.now);
      lab.advance(status.retryAt - lab.now);
      lab.client.handle({ kind: 'closed', text: 'refused' }, lab.now);
      lab.settle();
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('a session that has proved itself begins again with the shortest wait', () => {
    const lab = new Lab();
    lab.cut();
    lab.advance(750);
    lab.becomeReady();
    lab.advance(29_000);
    lab.cut();
    expect(lab.status).toMatchObject({ retryAt: lab.now + 1_500 });
    lab.advance(1_500);
    lab.becomeReady();
    lab.advance(30_000);
    lab.cut();
    expect(lab.status).toMatchObject({ retryAt: lab.now + 750 });
  });
});

describe('requests', () => {
  it('[ECMA-269] each gets its own answer, in whatever order they come', () => {
    const lab = readyLab();
    lab.request(10, answerCall);
    lab.request(11, { name: 'GetDoNotDisturb', device });
    expect(lab.sent.slice(2).map(({ invokeId }) => invokeId)).toEqual([3, 4]);
    lab.say(4, { name: 'GetDoNotDisturbResponse', doNotDisturbOn: true });
    lab.say(3, { name: 'AnswerCallResponse' });
    expect(lab.outcomes).toEqual({
      10: { ok: true, response: { name: 'AnswerCallResponse' } },
      11: { ok: true, response: { name: 'GetDoNotDisturbResponse', doNotDisturbOn: true } },
    });
  });

  it('[ECMA-269] an answer may come before the event that it causes, or after', () => {
    const before = readyLab();
    before.request(1, answerCall);
    before.say(3, { name: 'AnswerCallResponse' });
    before.say(eventInvokeId, established);
    const after = readyLab();
    after.request(1, answerCall);
    after.say(eventInvokeId, established);
    after.say(3, { name: 'AnswerCallResponse' });
    expect([seen(before), seen(after)]).toEqual([
      ['answer', 'event'],
      ['event', 'answer'],
    ]);
    expect(after.outcomes[1]).toMatchObject({ ok: true });
  });

  it('an event is an event, whatever its invoke id', () => {
    const lab = readyLab();
    lab.request(1, answerCall);
    lab.say(3, established);
    expect(lab.effects.filter(({ kind }) => kind === 'event')).toHaveLength(1);
    expect(lab.outcomes).toEqual({});
  });

  it('[ECMA-269-12.2.14] a refusal has a closed code', () => {
    const lab = readyLab();
    lab.request(1, answerCall);
    const error = { code: 'stateIncompatibility.noCallToAnswer', detail: 'noCallToAnswer' } as const;
    lab.say(3, { name: 'CSTAErrorCode', error });
    expect(lab.outcomes[1]).toEqual({ ok: false, failure: { code: 'refused', error } });
  });

  it('no answer in time fails it, and what comes late or twice finds nothing', () => {
    const lab = readyLab();
    lab.request(1, answerCall, 4_000);
    lab.advance(3_999);
    expect(lab.outcomes).toEqual({});
    lab.advance(1);
    expect(lab.outcomes[1]).toEqual({ ok: false, failure: { code: 'timeout' } });
    lab.say(3, { name: 'AnswerCallResponse' });
    lab.request(2, answerCall);
    lab.say(4, { name: 'AnswerCallResponse' });
    lab.say(4, { name: 'AnswerCallResponse' });
    expect(lab.notes).toEqual(['stray_answer AnswerCallResponse', 'stray_answer AnswerCallResponse']);
    expect(lab.effects.filter(({ kind }) => kind === 'answer')).toHaveLength(2);
  });

  it.each([
    ['another service’s', frame(3, { name: 'HoldCallResponse' })],
    ['one without what it needs', encodeFrame(3, new TextEncoder().encode('<MakeCallResponse/>'))],
    ['one that nobody knows', encodeFrame(3, new TextEncoder().encode('<MoonResponse/>'))],
    ['one that is no XML', encodeFrame(3, new TextEncoder().encode('<<<'))],
  ])('a wrong answer fails it: %s', (_what, octets) => {
    const lab = readyLab();
    lab.request(1, answerCall);
    lab.receive(octets);
    lab.settle();
    expect(lab.outcomes[1]).toEqual({ ok: false, failure: { code: 'wrong_answer' } });
    expect(lab.status).toMatchObject({ name: 'ready' });
  });

  it('limits: open_requests bound how many wait at a time', () => {
    const lab = readyLab({ openRequests: 2 });
    for (const key of [1, 2, 3]) lab.request(key, answerCall);
    expect(lab.outcomes).toEqual({ 3: { ok: false, failure: { code: 'too_many_requests' } } });
    expect(lab.limits).toEqual(['open_requests']);
  });

  it('limits: frame_size: what does not fit is not sent', () => {
    const lab = readyLab();
    lab.request(1, {
      ...answerCall,
      callToBeAnswered: { ...connection, deviceID: toDeviceId('1'.repeat(70_000)) },
    });
    expect(lab.outcomes[1]).toEqual({ ok: false, failure: { code: 'too_large' } });
    expect(lab.limits).toEqual(['frame_size']);
    expect(lab.client.deadline()).toBe(400_000);
  });

  it('all fail when the link goes, and none is sent without one', () => {
    const lab = readyLab();
    lab.request(1, answerCall);
    lab.request(2, answerCall);
    lab.cut();
    lab.request(3, answerCall);
    expect(lab.outcomes).toEqual({
      1: { ok: false, failure: { code: 'link_lost' } },
      2: { ok: false, failure: { code: 'link_lost' } },
      3: { ok: false, failure: { code: 'not_ready' } },
    });
  });
});

describe('what the server does', () => {
  it('its SystemStatus is answered and told', () => {
    const lab = readyLab();
    lab.say(41, { name: 'SystemStatus', systemStatus: 'overloadImminent' });
    lab.say(42, { name: 'RequestSystemStatus' });
    lab.say(eventInvokeId, { name: 'SystemStatus', systemStatus: 'normal' });
    expect(lab.sent.slice(2)).toEqual([
      { invokeId: 41, message: { name: 'SystemStatusResponse' } },
      { invokeId: 42, message: { name: 'RequestSystemStatusResponse', systemStatus: 'normal' } },
    ]);
    expect(lab.effects.filter(({ kind }) => kind === 'system_status')).toEqual([
      { kind: 'system_status', status: 'overloadImminent' },
      { kind: 'system_status', status: 'normal' },
    ]);
  });

  it('[ECMA-269-15] a monitor that it stops is an event', () => {
    const lab = readyLab();
    lab.say(5, { name: 'MonitorStop', monitorCrossRefID: monitor });
    expect(lab.sent.at(-1)).toEqual({ invokeId: 5, message: { name: 'MonitorStopResponse' } });
    expect(lab.effects.findLast(({ kind }) => kind === 'event')).toMatchObject({
      kind: 'event',
      event: { name: 'MonitorStop' },
    });
  });

  it('what a client does not serve is refused, what nobody knows is passed over', () => {
    const lab = readyLab();
    lab.say(5, answerCall);
    lab.receive(encodeFrame(6, new TextEncoder().encode('<RouteRequest/>')));
    lab.receive(encodeFrame(7, new TextEncoder().encode('<MonitorStop/>')));
    lab.receive(encodeFrame(eventInvokeId, new TextEncoder().encode('<PresenceStateEvent/>')));
    lab.receive(encodeFrame(eventInvokeId, new TextEncoder().encode('<PresenceState/>')));
    lab.say(8, { name: 'StopApplicationSession', sessionID: 's1' });
    expect(
      lab.sent.slice(2).map(({ invokeId, message }) => [invokeId, 'error' in message && message.error.code]),
    ).toEqual([
      [5, 'operation.serviceNotSupported'],
      [6, 'operation.serviceNotSupported'],
      [7, 'operation.invalidParameterValue'],
    ]);
    expect(lab.status).toMatchObject({ name: 'ready' });
  });

  it('[ECMA-354] a session that it ends is begun anew', () => {
    const lab = readyLab();
    const sessionTermReason = { definedTermReason: 'serverShutdown' };
    lab.say(eventInvokeId, { name: 'ApplicationSessionTerminated', sessionTermReason });
    expect(lab.status).toMatchObject({ name: 'down', code: 'session_ended', text: 'serverShutdown' });
    lab.advance(750);
    expect(lab.sentNames.at(-1)).toBe('StartApplicationSession');
  });

  it('[ECMA-323-J] after a wrong frame the link is closed, and nothing behind it is heard', () => {
    const lab = readyLab();
    lab.request(1, answerCall);
    lab.receive(
      Buffer.concat([
        frame(eventInvokeId, established),
        Buffer.from('HTTP/1.1 '),
        frame(3, { name: 'AnswerCallResponse' }),
      ]),
    );
    lab.settle();
    expect(lab.status).toMatchObject({ name: 'down', code: 'wrong_frame' });
    expect(lab.outcomes[1]).toEqual({ ok: false, failure: { code: 'link_lost' } });
    expect(lab.effects.filter(({ kind }) => kind === 'event')).toHaveLength(1);
  });

  it('limits: frame_size closes a link whose frames are too long', () => {
    const lab = readyLab({ frameOctets: 1_000 });
    lab.receive(encodeFrame(eventInvokeId, new Uint8Array(1_000)));
    lab.settle();
    expect(lab.status).toMatchObject({ name: 'down', code: 'wrong_frame' });
    expect(lab.limits).toEqual(['frame_size']);
  });

  it('a link that ends inside a message is told so', () => {
    const lab = readyLab();
    lab.receive(frame(eventInvokeId, established).subarray(0, 20));
    lab.cut();
    expect(lab.status).toMatchObject({ code: 'closed', text: 'The link ended inside a message' });
  });
});

describe('staying alive', () => {
  it('[ECMA-354] renews when a third is left, for as long as it lasts', () => {
    const lab = new Lab({ heartbeatMs: 0 }, {});
    lab.advance(3 * 3_600_000);
    expect(lab.statuses.map(({ name }) => name)).toEqual(['connecting', 'ready']);
    expect(lab.sentNames.filter((name) => name === 'ResetApplicationSessionTimer')).toHaveLength(27);
  });

  it('[ECMA-354] a renewal without answer is tried again until the session ends', () => {
    const lab = readyLab();
    lab.advance(599_999);
    expect(lab.status).toMatchObject({ name: 'ready' });
    expect(lab.sentNames.filter((name) => name === 'ResetApplicationSessionTimer')).toHaveLength(40);
    lab.advance(1);
    expect(lab.status).toMatchObject({ name: 'down', code: 'session_expired' });
  });

  it('[ECMA-354] a renewal that is refused ends the session', () => {
    const lab = readyLab();
    lab.advance(400_000);
    lab.say(3, { name: 'ResetApplicationSessionTimerNegResponse' });
    expect(lab.status).toMatchObject({ name: 'down', code: 'session_expired' });
  });

  it('sends SystemStatus, as often as the server wants it', () => {
    const lab = new Lab({}, { heartbeatSeconds: 10 });
    lab.advance(80_000);
    expect(lab.sentNames.filter((name) => name === 'SystemStatus')).toHaveLength(10);
    expect(lab.status).toMatchObject({ name: 'ready' });
  });

  it('limits: silence_time: a server that says nothing after a heartbeat is left', () => {
    const lab = new Lab();
    lab.becomeReady();
    lab.request(1, answerCall, 60_000);
    lab.advance(30_000 + 4_999);
    expect(lab.status).toMatchObject({ name: 'ready' });
    lab.advance(1);
    expect(lab.status).toMatchObject({ name: 'down', code: 'silent' });
    expect(lab.limits).toEqual(['silence_time']);
    expect(lab.outcomes[1]).toEqual({ ok: false, failure: { code: 'link_lost' } });
  });

  it('a server that does not answer SystemStatus but speaks is alive', () => {
    const lab = new Lab();
    lab.becomeReady();
    for (let beat = 0; beat < 5; beat += 1) {
      lab.advance(31_000);
      lab.say(eventInvokeId, established);
      lab.advance(4_000);
    }
    expect(lab.status).toMatchObject({ name: 'ready' });
  });
});

describe('stopping', () => {
  it('[ECMA-354] ends the session in order, and does not come back', () => {
    const lab = new Lab({}, {});
    lab.request(1, { name: 'SnapshotDevice', snapshotObject: device });
    lab.client.handle({ kind: 'stop' }, lab.now);
    lab.client.handle({ kind: 'stop' }, lab.now);
    lab.settle();
    expect(lab.outcomes[1]).toEqual({ ok: false, failure: { code: 'link_lost' } });
    expect(lab.sentNames.at(-1)).toBe('StopApplicationSession');
    expect(lab.serverEffects.at(-1)).toEqual({ kind: 'ended', code: 'stopped' });
    expect(lab.status).toEqual({ name: 'stopped' });
    expect(lab.isLinked).toBe(false);
    expect(lab.client.deadline()).toBeUndefined();
    lab.client.handle({ kind: 'start' }, lab.now);
    expect(lab.client.poll()).toBeUndefined();
  });

  it('does not wait for ever', () => {
    const lab = readyLab();
    lab.client.handle({ kind: 'stop' }, lab.now);
    lab.advance(5_000);
    expect(lab.status).toEqual({ name: 'stopped' });
  });

  it.each([
    ['before it is linked', (lab: Lab) => lab.cut()],
    ['while it starts', () => undefined],
  ])('%s there is nothing to be said', (_when, happen) => {
    const lab = new Lab();
    happen(lab);
    lab.client.handle({ kind: 'stop' }, lab.now);
    lab.settle();
    expect(lab.status).toEqual({ name: 'stopped' });
    expect(lab.sentNames).toEqual(['StartApplicationSession']);
    expect(lab.isLinked).toBe(false);
  });
});
