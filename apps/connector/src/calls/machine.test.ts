import { describe, expect, test } from 'vitest';
import { id } from '../testing/ids.ts';
import { anna, at, otherTab, Scene, sdp } from '../testing/scene.ts';
import { viewOfLeg } from '../testing/views.ts';
import { deadline } from './machine.ts';
import type { ClientRequest } from './model.ts';

const ended = { by: 'remote' } as const;
const answer = (leg: string): ClientRequest => ({ method: 'answer', legId: id.leg(leg), offer: 'offer' });
const attach = (leg: string): ClientRequest => ({ method: 'attach', legId: id.leg(leg), offer: 'offer' });

describe('an outgoing call', () => {
  test('opens the caller’s voice first, answers the request, then offers and invites', () => {
    const scene = Scene.placed();
    expect(scene.kinds).toEqual(['media.open_browser_leg']);
    expect(viewOfLeg(scene.call)).toBeUndefined();
    scene.feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' });
    expect(scene.kinds).toEqual(['reply', 'media.create_pbx_offer']);
    expect(scene.effect('reply')?.media).toEqual({ legId: 'leg-1', sdp: 'browser answer' });
    expect(scene.view.state).toEqual({ name: 'calling' });
    expect(scene.view.position).toEqual({ at: 'client', clientId: anna });
    scene.feed({ kind: 'media.pbx_description', description: 'our offer' });
    expect(scene.effects).toEqual([{ kind: 'sip.invite', offer: 'our offer' }]);
  });

  test('rings at 180 and talks at 200', () => {
    const scene = Scene.calling().feed({ kind: 'sip.progress', status: 180, answer: undefined });
    expect(scene.view.state).toEqual({ name: 'ringing' });
    scene.time = 5_000;
    scene.feed({ kind: 'sip.accepted', answer: sdp(), needsAnswer: false });
    expect(scene.view.state).toEqual({
      name: 'connected',
      answeredAt: at(5_000).instant,
      heldByRemote: false,
    });
    expect(scene.kinds).toEqual(['media.accept_pbx_answer']);
  });

  test('takes early media from a 183 and shows it as ringing; a bare 183 says nothing', () => {
    const scene = Scene.calling().feed({ kind: 'sip.progress', status: 183, answer: undefined });
    expect(scene.view.state.name).toBe('calling');
    scene.feed({ kind: 'sip.progress', status: 183, answer: sdp() });
    expect(scene.view.state.name).toBe('ringing');
    expect(scene.kinds).toEqual(['media.accept_pbx_answer']);
  });

  test('[RFC3261-13.2.1] a 200 without any answer is ended with BYE as media_failed', () => {
    const scene = Scene.calling().feed({ kind: 'sip.accepted', answer: undefined, needsAnswer: false });
    expect(scene.kinds).toEqual(['sip.end', 'media.close']);
    expect(scene.cause).toBe('media_failed');
  });

  test('[RFC3261-13.2.1] a 200 without an answer after one in a 183 is connected', () => {
    const scene = Scene.calling()
      .feed({ kind: 'sip.progress', status: 183, answer: sdp() })
      .feed({ kind: 'sip.accepted', answer: undefined, needsAnswer: false });
    expect(scene.view.state.name).toBe('connected');
  });

  test('whose browser offer is refused never comes into being', () => {
    const scene = Scene.placed().feed({
      kind: 'media.browser_refused',
      legId: id.leg('leg-1'),
      why: { code: 'codec_unsupported', text: 'none' },
    });
    expect(scene.effect('refuse')).toMatchObject({ requestId: 1, code: 'codec_unsupported' });
    expect(scene.phase).toBe('abandoned');
    expect(viewOfLeg(scene.call)).toBeUndefined();
  });

  test('whose voice takes too long to be made never comes into being', () => {
    const scene = Scene.placed().pass(10_000);
    expect(scene.effect('refuse')).toMatchObject({ requestId: 1, code: 'media_failed' });
    expect(scene.phase).toBe('abandoned');
  });

  test('is cancelled by hanging up, also before its INVITE is out', () => {
    const early = Scene.placed().feed({
      kind: 'media.browser_answer',
      legId: id.leg('leg-1'),
      answer: 'browser answer',
    });
    for (const scene of [early, Scene.calling()]) {
      scene.ask('hangUp');
      expect(scene.kinds).toEqual(['sip.end', 'reply', 'media.close']);
      expect(scene.cause).toBe('cancelled');
    }
  });

  test('has no voice towards the PBX: ended as media_failed', () => {
    const scene = Scene.placed()
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' })
      .feed({ kind: 'media.pbx_refused', why: { code: 'media_failed', text: 'no port' } });
    expect(scene.cause).toBe('media_failed');
  });

  test('whose answer the engine cannot read is ended with BYE as media_failed', () => {
    const scene = Scene.connected().feed({
      kind: 'media.pbx_answer_refused',
      why: { code: 'media_failed', text: 'what' },
    });
    expect(scene.kinds).toContain('sip.end');
    expect(scene.cause).toBe('media_failed');
  });
});

describe('an incoming call', () => {
  test('rings: every client may answer and reject', () => {
    const scene = Scene.ringing();
    expect(scene.kinds).toEqual(['sip.ring']);
    expect(scene.view.permitted).toEqual({ owner: ['answer', 'reject'], others: ['answer', 'reject'] });
    expect(scene.view.position).toEqual({ at: 'nowhere' });
  });

  test('is answered: PBX side first, then the browser, then 200', () => {
    const scene = Scene.ringing().request(anna, answer('leg-1'));
    expect(scene.effects).toEqual([{ kind: 'media.answer_pbx_offer', offer: sdp(), direction: 'sendrecv' }]);
    scene.feed({ kind: 'media.pbx_description', description: 'our answer' });
    expect(scene.kinds).toEqual(['media.open_browser_leg']);
    scene.feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' });
    expect(scene.effects).toEqual([
      { kind: 'sip.accept', description: 'our answer' },
      { kind: 'reply', requestId: 101, media: { legId: 'leg-1', sdp: 'browser answer' } },
    ]);
    expect(scene.view.state.name).toBe('connected');
  });

  test('[RFC3261-13.2.1] without an offer: ours goes with the 200, the answer comes with the ACK', () => {
    const delayed = Scene.ringing('delayed');
    delayed.request(anna, answer('leg-1'));
    expect(delayed.kinds).toEqual(['media.create_pbx_offer']);
    delayed
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' });
    expect(delayed.effect('sip.accept')).toEqual({ kind: 'sip.accept', description: 'our offer' });
    delayed.feed({ kind: 'sip.confirmed', answer: sdp() });
    expect(delayed.kinds).toEqual(['media.accept_pbx_answer']);
  });

  test('two clients answer at once: the first wins, the second learns it', () => {
    const scene = Scene.ringing().request(anna, answer('leg-1')).request(otherTab, answer('leg-2'));
    expect(scene.effects).toEqual([{ kind: 'refuse', requestId: 102, code: 'call_already_answered' }]);
    scene
      .feed({ kind: 'media.pbx_description', description: 'our answer' })
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' });
    expect(scene.view.position).toEqual({ at: 'client', clientId: anna });
    scene.request(otherTab, answer('leg-2'));
    expect(scene.effect('refuse')?.code).toBe('call_already_answered');
    scene.request(otherTab, { method: 'reject' });
    expect(scene.effect('refuse')?.code).toBe('call_already_answered');
  });

  test('CANCEL crosses the answer that is being made: the call is over', () => {
    const scene = Scene.ringing().request(anna, answer('leg-1'));
    scene.feed({ kind: 'sip.ended', end: { by: 'remote', reason: 'SIP;cause=200' } });
    expect(scene.cause).toBe('answered_elsewhere');
    scene.feed({ kind: 'media.pbx_description', description: 'late' });
    expect(scene.effects).toEqual([]);
  });

  test('the client that answers shares no codec: it is told, and the call rings on for the others', () => {
    const scene = Scene.ringing()
      .request(anna, answer('leg-1'))
      .feed({ kind: 'media.pbx_description', description: 'our answer' })
      .feed({
        kind: 'media.browser_refused',
        legId: id.leg('leg-1'),
        why: { code: 'codec_unsupported', text: 'none' },
      });
    expect(scene.kinds).toEqual(['media.close', 'refuse']);
    expect(scene.view.state.name).toBe('ringing');
    expect(scene.view.position).toEqual({ at: 'nowhere' });
    scene.request(otherTab, answer('leg-2'));
    expect(scene.kinds).toEqual(['media.answer_pbx_offer']);
  });

  test('the only window answers, fails and is gone: nobody is left to hear it ring', () => {
    const scene = Scene.ringing()
      .request(anna, answer('leg-1'))
      .feed({ kind: 'audience', present: false })
      .pass(10_000);
    expect(scene.effect('refuse')?.code).toBe('media_failed');
    expect(scene.phase).toBe('ringing');
    expect(deadline(scene.call)).toBe(15_000);
    scene.pass(5_000);
    expect(scene.cause).toBe('unreachable');
  });

  test('the PBX’s offer has nothing for us: 488', () => {
    const scene = Scene.ringing()
      .request(anna, answer('leg-1'))
      .feed({ kind: 'media.pbx_refused', why: { code: 'codec_unsupported', text: 'none' } });
    expect(scene.effect('sip.refuse')?.status).toBe(488);
    expect(scene.effect('refuse')?.code).toBe('codec_unsupported');
    expect(scene.cause).toBe('media_failed');
  });

  test('is declined with 603', () => {
    const scene = Scene.ringing().request(otherTab, { method: 'reject' });
    expect(scene.effect('sip.refuse')?.status).toBe(603);
    expect(scene.cause).toBe('declined');
  });

  test('rings no longer than its time: 480, no_answer', () => {
    const scene = Scene.ringing();
    expect(deadline(scene.call)).toBe(120_000);
    scene.pass(119_999);
    expect(scene.phase).toBe('ringing');
    scene.pass(1);
    expect(scene.effect('sip.refuse')?.status).toBe(480);
    expect(scene.cause).toBe('no_answer');
  });

  test('is answered while the caller holds: shown as held by the other side from the start', () => {
    const scene = Scene.ringing(sdp('sendonly')).request(anna, answer('leg-1'));
    expect(scene.effect('media.answer_pbx_offer')?.direction).toBe('recvonly');
    scene
      .feed({ kind: 'media.pbx_description', description: 'our answer' })
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' });
    expect(scene.view.state).toMatchObject({ name: 'connected', heldByRemote: true });
  });
});

describe('hold and retrieve', () => {
  test('hold silences at once, offers sendonly, and is told when the PBX has agreed', () => {
    const scene = Scene.connected().ask('hold');
    expect(scene.effects).toEqual([
      { kind: 'media.set_flow', flow: 'hold' },
      { kind: 'media.create_pbx_offer', direction: 'sendonly' },
    ]);
    expect(scene.view.state.name).toBe('connected');
    expect(scene.view.permitted.owner).not.toContain('hold');
    scene.feed({ kind: 'media.pbx_description', description: 'our offer' });
    expect(scene.kinds).toEqual(['sip.reoffer']);
    scene.feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp('recvonly'), status: 200 });
    expect(scene.kinds).toEqual(['media.accept_pbx_answer', 'media.set_flow', 'reply']);
    expect(scene.view.state.name).toBe('held');
    expect(scene.view.permitted.owner).toEqual(['hangUp', 'retrieve', 'attach']);
  });

  test('retrieve offers sendrecv and lets the voice pass when the PBX has agreed', () => {
    const scene = Scene.held().ask('retrieve');
    expect(scene.effects).toEqual([{ kind: 'media.create_pbx_offer', direction: 'sendrecv' }]);
    scene
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp(), status: 200 });
    expect(scene.effect('media.set_flow')?.flow).toBe('pass');
    expect(scene.view.state.name).toBe('connected');
  });

  test('[RFC3261-14.1] a refused re-INVITE leaves the call as it was, with a clear error', () => {
    const scene = Scene.connected()
      .ask('hold')
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'sip.reoffer_result', ok: false, answer: undefined, status: 488 });
    expect(scene.effects).toEqual([
      { kind: 'media.set_flow', flow: 'pass' },
      {
        kind: 'refuse',
        requestId: 101,
        code: 'hold_refused',
        message: 'The telephone system did not put the call on hold: it answered 488.',
      },
    ]);
    expect(scene.view.state.name).toBe('connected');
    expect(scene.view.permitted.owner).toContain('hold');
  });

  test.each([408, 481])('[RFC5057-5.1] a re-INVITE answered %i waits for the end of the call', (status) => {
    const scene = Scene.connected()
      .ask('hold')
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'sip.reoffer_result', ok: false, answer: undefined, status });
    expect(scene.effects).toEqual([]);
    scene.feed({ kind: 'sip.ended', end: { by: 'remote', reason: 'SIP;cause=481' } });
    expect(scene.cause).toBe('failed');
  });

  test('[RFC3261-14.1] hold before the ACK waits for it', () => {
    const scene = Scene.answered().ask('hold');
    expect(scene.kinds).toEqual(['media.set_flow']);
    scene.feed({ kind: 'sip.confirmed', answer: undefined });
    expect(scene.kinds).toEqual(['media.create_pbx_offer']);
  });

  test('hold while the PBX’s own offer is being answered waits for that', () => {
    const scene = Scene.connected()
      .feed({ kind: 'sip.reoffer', offer: sdp('sendonly') })
      .ask('hold');
    expect(scene.kinds).toEqual(['media.set_flow']);
    scene.feed({ kind: 'media.pbx_description', description: 'our answer' });
    expect(scene.kinds).toEqual(['sip.accept_offer', 'media.create_pbx_offer']);
  });

  test('[RFC3261-14.2] an offer of the PBX while ours is under way is answered 491', () => {
    const scene = Scene.connected()
      .ask('hold')
      .feed({ kind: 'sip.reoffer', offer: sdp('sendonly') });
    expect(scene.effects).toEqual([{ kind: 'sip.refuse_offer', status: 491 }]);
    expect(scene.view.state).toMatchObject({ name: 'connected', heldByRemote: false });
  });

  test('BYE crosses hold: the call is completed', () => {
    const scene = Scene.connected()
      .ask('hold')
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'sip.ended', end: ended })
      .feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp(), status: 200 });
    expect(scene.cause).toBe('completed');
    expect(scene.effects).toEqual([]);
  });

  test('a second hold while one is under way is not permitted', () => {
    const scene = Scene.connected().ask('hold').ask('hold');
    expect(scene.effect('refuse')?.code).toBe('call_not_permitted');
  });

  test('the engine cannot make the offer: the voice passes again and the client learns why', () => {
    const scene = Scene.connected()
      .ask('hold')
      .feed({ kind: 'media.pbx_refused', why: { code: 'media_failed', text: 'no port' } });
    expect(scene.effects).toEqual([
      { kind: 'media.set_flow', flow: 'pass' },
      { kind: 'refuse', requestId: 101, code: 'media_failed', message: 'no port' },
    ]);
    expect(scene.view.permitted.owner).toContain('hold');
  });
});

describe('the PBX changes the session', () => {
  test('sendonly holds us and sendrecv takes it back', () => {
    const scene = Scene.connected().feed({ kind: 'sip.reoffer', offer: sdp('sendonly') });
    expect(scene.effect('media.answer_pbx_offer')?.direction).toBe('recvonly');
    scene.feed({ kind: 'media.pbx_description', description: 'our answer' });
    expect(scene.effects).toEqual([{ kind: 'sip.accept_offer', description: 'our answer' }]);
    expect(scene.view.state).toMatchObject({ name: 'connected', heldByRemote: true });
    scene
      .feed({ kind: 'sip.reoffer', offer: sdp('sendrecv') })
      .feed({ kind: 'media.pbx_description', description: 'our answer' });
    expect(scene.view.state).toMatchObject({ name: 'connected', heldByRemote: false });
  });

  test('holding us while we hold shows after our retrieve', () => {
    const scene = Scene.held().feed({ kind: 'sip.reoffer', offer: sdp('sendonly') });
    expect(scene.effect('media.answer_pbx_offer')?.direction).toBe('inactive');
    scene.feed({ kind: 'media.pbx_description', description: 'our answer' });
    expect(scene.view.state.name).toBe('held');
    scene
      .ask('retrieve')
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp('sendonly'), status: 200 });
    expect(scene.view.state).toMatchObject({ name: 'connected', heldByRemote: true });
  });

  test('[RFC3261-14.2] an offer that we cannot take is answered 488 and the call stands', () => {
    const scene = Scene.connected()
      .feed({ kind: 'sip.reoffer', offer: sdp() })
      .feed({ kind: 'media.pbx_refused', why: { code: 'codec_unsupported', text: 'none' } });
    expect(scene.effects).toEqual([{ kind: 'sip.refuse_offer', status: 488 }]);
    expect(scene.view.state.name).toBe('connected');
  });

  test('without an offer: ours goes with the 200, the ACK brings the answer', () => {
    const scene = Scene.connected().feed({ kind: 'sip.reoffer', offer: undefined });
    expect(scene.effects).toEqual([{ kind: 'media.create_pbx_offer', direction: 'sendrecv' }]);
    scene.feed({ kind: 'media.pbx_description', description: 'our offer' });
    expect(scene.kinds).toEqual(['sip.accept_offer']);
    scene.feed({ kind: 'sip.confirmed', answer: sdp('sendonly') });
    expect(scene.kinds).toEqual(['media.accept_pbx_answer']);
    expect(scene.view.state).toMatchObject({ name: 'connected', heldByRemote: true });
  });

  test('another codec asks the owner for a new voice path', () => {
    const scene = Scene.connected().feed({ kind: 'media.codec_mismatch' });
    expect(scene.effects).toEqual([{ kind: 'reattach', clientId: anna, reason: 'codec_changed' }]);
    scene.feed({ kind: 'media.codec_mismatch' });
    expect(scene.effects).toEqual([]);
  });
});

describe('the owner’s voice', () => {
  test('a reload attaches again with the same client id; the call stays', () => {
    const scene = Scene.connected()
      .feed({ kind: 'owner', presence: 'absent' })
      .feed({ kind: 'media.browser', legId: id.leg('leg-1'), state: 'failed' });
    expect(scene.view.media).toBe('interrupted');
    scene.time = 2_000;
    scene.feed({ kind: 'owner', presence: 'present' }).request(anna, attach('leg-2'));
    expect(scene.kinds).toEqual(['media.open_browser_leg']);
    scene.feed({ kind: 'media.browser_answer', legId: id.leg('leg-2'), answer: 'new answer' });
    expect(scene.effect('reply')?.media).toEqual({ legId: 'leg-2', sdp: 'new answer' });
    expect(scene.view).toMatchObject({ media: 'connecting', position: { at: 'client', clientId: anna } });
    scene.feed({ kind: 'media.browser', legId: id.leg('leg-1'), state: 'failed' });
    expect(scene.view.media).toBe('connecting');
    scene.feed({ kind: 'media.browser', legId: id.leg('leg-2'), state: 'connected' });
    expect(scene.view.media).toBe('flowing');
  });

  test('a leg that failed asks its owner for a new one', () => {
    const scene = Scene.connected().feed({
      kind: 'media.browser',
      legId: id.leg('leg-1'),
      state: 'failed',
    });
    expect(scene.effects).toEqual([{ kind: 'reattach', clientId: anna, reason: 'media_lost' }]);
  });

  test('[A6] another client may bring a call to itself whose voice flows and whose owner is there', () => {
    const scene = Scene.connected();
    expect(scene.view.permitted.others).toEqual(['pull']);
    scene
      .request(otherTab, attach('leg-2'))
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-2'), answer: 'new answer' });
    expect(scene.view.position).toEqual({ at: 'client', clientId: otherTab });
  });

  test('another client may not take a call that nobody has answered while its owner is there', () => {
    const scene = Scene.calling().request(otherTab, attach('leg-2'));
    expect(scene.effect('refuse')?.code).toBe('call_not_permitted');
  });

  test.each(['interrupted', 'failed'] as const)(
    'another client may take a call whose voice is %s',
    (state) => {
      const scene = Scene.connected()
        .feed({ kind: 'media.browser', legId: id.leg('leg-1'), state })
        .request(otherTab, attach('leg-2'))
        .feed({ kind: 'media.browser_answer', legId: id.leg('leg-2'), answer: 'new answer' });
      expect(scene.view.position).toEqual({ at: 'client', clientId: otherTab });
    },
  );

  test('another client may take a call whose owner has left', () => {
    const scene = Scene.connected().feed({ kind: 'owner', presence: 'absent' });
    expect(scene.view.permitted.others).toEqual(['pull', 'attach']);
  });

  test('an attach that is refused leaves owner and voice as they were', () => {
    const scene = Scene.connected()
      .request(anna, attach('leg-2'))
      .feed({
        kind: 'media.browser_refused',
        legId: id.leg('leg-2'),
        why: { code: 'bad_request', text: 'what' },
      });
    expect(scene.effect('refuse')?.code).toBe('bad_request');
    expect(scene.view).toMatchObject({ position: { at: 'client', clientId: anna }, media: 'flowing' });
  });

  test('an attach that is overtaken by a newer one is told so', () => {
    const scene = Scene.connected().request(anna, attach('leg-2')).request(anna, attach('leg-3'));
    expect(scene.effect('refuse')).toMatchObject({ requestId: 101, code: 'conflict' });
    scene.feed({ kind: 'media.browser_answer', legId: id.leg('leg-2'), answer: 'late' });
    expect(scene.effects).toEqual([]);
  });

  test('candidates reach the leg that they belong to, and no other', () => {
    const candidate = { method: 'candidate', candidate: 'candidate:1', mid: '0' } as const;
    const scene = Scene.connected().request(anna, { ...candidate, legId: id.leg('leg-1') });
    expect(scene.kinds).toEqual(['media.candidate', 'reply']);
    scene.request(anna, { ...candidate, legId: id.leg('leg-0') });
    expect(scene.kinds).toEqual(['reply']);
    scene.request(otherTab, { ...candidate, legId: id.leg('leg-1') });
    expect(scene.kinds).toEqual(['reply']);
  });

  test('mute stays with the call over a reload', () => {
    const scene = Scene.connected()
      .request(anna, { method: 'mute', muted: true })
      .request(anna, attach('leg-2'))
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-2'), answer: 'new answer' });
    expect(scene.view.muted).toBe(true);
  });

  test('digits go to the PBX; a call without telephone-event says so', () => {
    const scene = Scene.connected().request(anna, { method: 'dtmf', digits: '42#' });
    expect(scene.effects).toEqual([{ kind: 'media.dtmf', requestId: 101, digits: '42#' }]);
    scene.feed({ kind: 'media.dtmf_refused', requestId: 101 });
    expect(scene.effect('refuse')).toMatchObject({ requestId: 101, code: 'dtmf_unsupported' });
  });
});

describe('an engine that never answers', () => {
  const late = 'The voice connection took too long to be set up.';

  test('with the offer of an INVITE: the call is ended as media_failed', () => {
    const scene = Scene.placed().feed({
      kind: 'media.browser_answer',
      legId: id.leg('leg-1'),
      answer: 'browser answer',
    });
    expect(deadline(scene.call)).toBe(10_000);
    scene.pass(9_999);
    expect(scene.phase).toBe('calling');
    scene.pass(1);
    expect(scene.kinds).toEqual(['media.give_up', 'sip.end', 'media.close']);
    expect(scene.cause).toBe('media_failed');
  });

  test('has no say any more when the INVITE is out', () => {
    const scene = Scene.calling();
    expect(deadline(scene.call)).toBeUndefined();
    scene.feed({ kind: 'sip.progress', status: 183, answer: undefined });
    expect(deadline(scene.call)).toBeUndefined();
  });

  test('with the offer of a hold: the voice passes again, and the client learns why', () => {
    const scene = Scene.connected().ask('hold').pass(10_000);
    expect(scene.effects).toEqual([
      { kind: 'media.give_up', side: 'pbx' },
      { kind: 'media.set_flow', flow: 'pass' },
      { kind: 'refuse', requestId: 101, code: 'media_failed', message: late },
    ]);
    expect(scene.view.state.name).toBe('connected');
    expect(scene.view.permitted.owner).toContain('hold');
    expect(deadline(scene.call)).toBeUndefined();
  });

  test('[RFC3261-14.2] with the answer to a re-INVITE: 488, and the hold that waited goes on', () => {
    const scene = Scene.connected()
      .feed({ kind: 'sip.reoffer', offer: sdp('sendonly') })
      .ask('hold')
      .pass(10_000);
    expect(scene.effects).toEqual([
      { kind: 'media.give_up', side: 'pbx' },
      { kind: 'sip.refuse_offer', status: 488 },
      { kind: 'media.create_pbx_offer', direction: 'sendonly' },
    ]);
    expect(deadline(scene.call)).toBe(20_000);
  });

  test('with a new voice path: the client learns why, and the call stays as it was', () => {
    const scene = Scene.connected().request(anna, attach('leg-2')).pass(10_000);
    expect(scene.effects).toEqual([
      { kind: 'media.give_up', side: 'browser' },
      { kind: 'refuse', requestId: 101, code: 'media_failed', message: late },
    ]);
    expect(scene.view).toMatchObject({ position: { at: 'client', clientId: anna }, media: 'flowing' });
    expect(deadline(scene.call)).toBeUndefined();
  });
});

/** Voice and client are gone. */
const lost = (): Scene =>
  Scene.connected()
    .feed({ kind: 'media.browser', legId: id.leg('leg-1'), state: 'interrupted' })
    .feed({ kind: 'owner', presence: 'absent' });

describe('an orphan', () => {
  test('is ended with BYE after its time', () => {
    const scene = lost();
    expect(deadline(scene.call)).toBe(60_000);
    scene.pass(59_999);
    expect(scene.phase).toBe('talking');
    scene.pass(1);
    expect(scene.kinds).toEqual(['sip.end', 'media.close']);
    expect(scene.cause).toBe('client_lost');
  });

  test('is none while its voice flows, though the client’s socket is gone', () => {
    const scene = Scene.connected().feed({ kind: 'owner', presence: 'absent' });
    expect(deadline(scene.call)).toBeUndefined();
  });

  test('is none while its client is connected, though its voice is not', () => {
    const scene = Scene.connected().feed({
      kind: 'media.browser',
      legId: id.leg('leg-1'),
      state: 'interrupted',
    });
    expect(deadline(scene.call)).toBeUndefined();
  });

  test('is none any more when client or voice comes back, and starts anew later', () => {
    const scene = lost();
    scene.time = 30_000;
    scene.feed({ kind: 'media.browser', legId: id.leg('leg-1'), state: 'connected' });
    expect(deadline(scene.call)).toBeUndefined();
    scene.time = 40_000;
    scene.feed({ kind: 'media.browser', legId: id.leg('leg-1'), state: 'interrupted' });
    expect(deadline(scene.call)).toBe(100_000);
  });

  test('is kept much longer while the cloud cannot be asked for its client', () => {
    const scene = lost().feed({ kind: 'owner', presence: 'unknown' });
    expect(deadline(scene.call)).toBe(600_000);
  });

  test('is not kept that long when its voice never flowed: its client may not know of it', () => {
    const scene = Scene.placed()
      .feed({ kind: 'media.browser_answer', legId: id.leg('leg-1'), answer: 'browser answer' })
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'owner', presence: 'unknown' });
    expect(deadline(scene.call)).toBe(60_000);
  });

  test('the loss of the uplink alone changes nothing', () => {
    const scene = Scene.connected().feed({ kind: 'owner', presence: 'unknown' });
    expect(deadline(scene.call)).toBeUndefined();
    expect(scene.view.permitted.others).toEqual(['pull']);
  });
});

const silent = { kind: 'media.pbx', state: 'silent' } as const;
const flowing = { kind: 'media.pbx', state: 'flowing' } as const;

describe('a PBX that falls silent', () => {
  test('[RFC5057-5.1] is asked for the call at once, and every 15 s while the silence lasts', () => {
    const scene = Scene.connected().feed(flowing).feed(silent);
    expect(scene.effects).toEqual([{ kind: 'sip.probe' }]);
    expect(scene.pass(14_999).effects).toEqual([]);
    expect(scene.pass(1).effects).toEqual([{ kind: 'sip.probe' }]);
    expect(deadline(scene.call)).toBe(30_000);
    expect(scene.pass(15_000).effects).toEqual([{ kind: 'sip.probe' }]);
    expect(scene.view.state.name).toBe('connected');
    scene.feed(flowing);
    expect(deadline(scene.call)).toBeUndefined();
    expect(scene.pass(60_000).effects).toEqual([]);
  });

  test('is not asked before its first packet, nor while it rings', () => {
    expect(deadline(Scene.connected().call)).toBeUndefined();
    const scene = Scene.calling().feed({ kind: 'sip.progress', status: 183, answer: sdp() });
    expect(scene.feed(flowing).feed(silent).effects).toEqual([]);
    expect(deadline(scene.call)).toBeUndefined();
    scene.feed({ kind: 'sip.accepted', answer: undefined, needsAnswer: false });
    expect(deadline(scene.call)).toBe(15_000);
  });

  test('is right to while we hold; silent still some time after the retrieve, it is asked', () => {
    const scene = Scene.held().feed(flowing).feed(silent);
    expect(scene.effects).toEqual([]);
    expect(deadline(scene.call)).toBeUndefined();
    scene.time = 40_000;
    scene
      .ask('retrieve')
      .feed({ kind: 'media.pbx_description', description: 'our offer' })
      .feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp(), status: 200 });
    expect(scene.kinds).not.toContain('sip.probe');
    expect(scene.pass(15_000).kinds).toEqual(['sip.probe']);
  });

  test('is right to when it holds us, and is asked no more when a hold comes into the silence', () => {
    const scene = Scene.connected().feed(flowing).feed(silent);
    scene
      .feed({ kind: 'sip.reoffer', offer: sdp('sendonly') })
      .feed({ kind: 'media.pbx_description', description: 'our answer' });
    expect(deadline(scene.call)).toBeUndefined();
    expect(scene.feed(flowing).feed(silent).effects).toEqual([]);
  });

  test('is asked without a word to the client whose new voice path is being made', () => {
    const scene = Scene.connected().feed(flowing).feed(silent);
    scene.time = 10_000;
    scene.request(anna, attach('leg-2')).pass(5_000);
    expect(scene.effects).toEqual([{ kind: 'sip.probe' }]);
    expect(scene.call.opening).toBeDefined();
  });

  test('ends with its call', () => {
    const scene = Scene.connected().feed(flowing).feed(silent);
    scene.feed({ kind: 'sip.ended', end: { by: 'timeout', which: 'transaction' } });
    expect(scene.cause).toBe('pbx_unreachable');
    expect(scene.call.probeAt).toBeUndefined();
  });
});

describe('the end', () => {
  test('hanging up a held call is completed, with the time of its answer', () => {
    const scene = Scene.held();
    scene.time = 9_000;
    scene.ask('hangUp');
    expect(scene.view.state).toEqual({
      name: 'ended',
      answeredAt: at(0).instant,
      endedAt: at(9_000).instant,
      cause: 'completed',
    });
    expect(scene.view.permitted).toEqual({ owner: [], others: [] });
  });

  test('nothing is permitted after it', () => {
    const scene = Scene.connected().ask('hangUp').ask('hangUp');
    expect(scene.effects).toEqual([{ kind: 'refuse', requestId: 102, code: 'call_not_found' }]);
  });

  test('a connector that goes out of service ends its calls', () => {
    expect(Scene.connected().feed({ kind: 'shutdown' }).kinds).toEqual(['sip.end', 'media.close']);
    const ringing = Scene.ringing().feed({ kind: 'shutdown' });
    expect(ringing.effect('sip.refuse')?.status).toBe(480);
    expect(ringing.cause).toBe('connector_lost');
  });

  test('the owner of a call may hang it up, another client may not', () => {
    const scene = Scene.connected().request(otherTab, { method: 'hangUp' });
    expect(scene.effect('refuse')?.code).toBe('call_not_permitted');
  });
});
