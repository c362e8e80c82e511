import type { EndReason, ReferralOutcome, ReferralState, SipResponse } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { Scene, sdp } from '../testing/scene.ts';
import { deadline } from './machine.ts';
import { legFactOf } from './view.ts';

const ROOM = 'sip:90042@pbx.example';
const BYE = { by: 'remote' } as const;
const why = { code: 'codec_unsupported', text: 'none' } as const;
const response = (status: number, reason: string): SipResponse => ({
  kind: 'response',
  status,
  reason,
  headers: [],
  body: new Uint8Array(),
});
const notFound: EndReason = { by: 'refused', response: response(404, 'Not Found') };
const meet = (scene: Scene): Scene => scene.feed({ kind: 'leg.meet', requestId: 7, uri: ROOM });
const described = (scene: Scene): Scene =>
  scene.feed({ kind: 'media.pbx_description', description: 'our description' });
const entering = (): Scene => described(meet(Scene.connected()));
const gathering = (scene = entering()): Scene =>
  scene.feed({ kind: 'next.accepted', answer: sdp(), needsAnswer: false });
const referral = (scene: Scene, state: ReferralState): Scene => scene.feed({ kind: 'sip.referral', state });
const accepted: ReferralState = { name: 'accepted', reports: true };
const reported = (status: number): ReferralState => ({
  name: 'ended',
  outcome: { kind: 'reported', status, reason: 'Why' },
});
const inRoom = (): Scene => referral(referral(gathering(), accepted), reported(200));
const factOf = (scene: Scene) => legFactOf(scene.call, undefined);
const refused = (words: string, hindrance?: string) => ({
  kind: 'refuse',
  requestId: 7,
  code: 'conference_failed',
  message: expect.stringContaining(words) as string,
  ...(hindrance === undefined ? {} : { hindrance }),
});

describe('meeting the other side in a conference room', () => {
  test('first our own leg goes there, with the voice path that it has; only hanging up is left meanwhile', () => {
    const scene = meet(Scene.connected());
    expect(scene.effects).toEqual([{ kind: 'media.create_pbx_offer', direction: 'sendrecv' }]);
    described(scene);
    expect(scene.effects).toEqual([{ kind: 'next.invite', offer: 'our description', uri: ROOM }]);
    expect(factOf(scene)?.services.owner).not.toContain('hold');
    expect(factOf(scene)?.services.owner).toContain('hangUp');
  });

  test('[RFC4579-5.5] then the other side is referred there in the session that was left', () => {
    expect(gathering().effects).toEqual([
      { kind: 'next.keep' },
      { kind: 'media.accept_pbx_answer', answer: sdp() },
      { kind: 'old.refer', uri: ROOM },
    ]);
  });

  test('when they are there it is answered, and they are shown as a member', () => {
    const scene = inRoom();
    expect(scene.effects).toEqual([{ kind: 'old.leave' }, { kind: 'reply', requestId: 7 }]);
    expect(factOf(scene)).toMatchObject({ remote: { number: '600' }, members: [{ number: '600' }] });
    expect(factOf(scene)?.services.owner).toContain('hold');
    scene.feed({ kind: 'leg.joined', member: { number: '201' } });
    expect(factOf(scene)?.members).toEqual([{ number: '600' }, { number: '201' }]);
  });

  test('the answer may come early, in a provisional response', () => {
    const scene = entering().feed({ kind: 'next.progress', status: 183, answer: sdp() });
    expect(scene.kinds).toEqual([]);
    scene.feed({ kind: 'next.accepted', answer: undefined, needsAnswer: false });
    expect(scene.kinds).toContain('old.refer');
  });

  test('[RFC4488-4] a REFER without reports is done with its 2xx', () => {
    const scene = referral(gathering(), { name: 'accepted', reports: false });
    expect(scene.kinds).toEqual(['old.leave', 'reply']);
  });

  test('who hangs up after accepting the REFER has followed', () => {
    const scene = referral(gathering(), accepted).feed({ kind: 'old.ended', end: BYE });
    expect(scene.kinds).toEqual(['old.leave', 'reply']);
  });

  test('what the room says of itself is no other side', () => {
    const room = { kind: 'party', remote: { number: '90042', name: 'Conference' } } as const;
    expect(factOf(gathering().feed(room))?.remote).toEqual({ number: '600' });
    expect(factOf(inRoom().feed(room))?.remote).toEqual({ number: '600' });
  });

  test('whoever takes the place of the room is no member, and no conference', () => {
    const scene = inRoom().feed({ kind: 'next.offered', offer: sdp(), remote: { number: '203' } });
    expect(factOf(described(scene))).toMatchObject({ remote: { number: '203' } });
    expect(factOf(scene)).not.toHaveProperty('members');
  });

  test('the room that ends the call ends it', () => {
    expect(inRoom().feed({ kind: 'sip.ended', end: BYE }).cause).toBe('completed');
  });
});

describe('a room that we do not come into leaves the call as it was', () => {
  test('refused', () => {
    const scene = entering().feed({ kind: 'next.ended', end: notFound });
    expect(scene.effects).toEqual([refused('404 Not Found', 'unknown_number')]);
    expect(scene.ask('hold').kinds).toContain('media.create_pbx_offer');
  });

  test('not answered in time: the INVITE is cancelled', () => {
    const scene = entering();
    expect(deadline(scene.call)).toBe(3_000);
    expect(scene.pass(3_000).effects).toEqual([{ kind: 'next.end' }, refused('in time', 'no_answer')]);
    expect(scene.feed({ kind: 'next.accepted', answer: sdp(), needsAnswer: false }).kinds).toEqual([
      'next.end',
    ]);
  });

  test('answered without a description', () => {
    const scene = entering().feed({ kind: 'next.accepted', answer: undefined, needsAnswer: false });
    expect(scene.effects).toEqual([{ kind: 'next.end' }, refused('no description')]);
  });

  test('answered while the other side changes the call: that comes first', () => {
    const scene = gathering(entering().feed({ kind: 'sip.reoffer', offer: sdp('sendonly') }));
    expect(scene.effects).toEqual([{ kind: 'next.end' }, refused('changed the call')]);
    expect(described(scene).kinds).toEqual(['sip.accept_offer']);
  });

  test('the engine cannot describe us, or takes too long', () => {
    const scene = meet(Scene.connected()).feed({ kind: 'media.pbx_refused', why });
    expect(scene.effects).toEqual([refused('voice connection')]);
    expect(meet(Scene.connected()).pass(3_000).effects).toEqual([
      { kind: 'media.give_up', side: 'pbx' },
      refused('not free in time'),
    ]);
  });

  test('the other side hangs up meanwhile: the call is over', () => {
    const scene = entering().feed({ kind: 'sip.ended', end: BYE });
    expect(scene.cause).toBe('completed');
  });
});

describe('a room into which the other side does not follow is left again', () => {
  const back = ['next.back', 'refuse', 'media.create_pbx_offer'];

  test.each<[ReferralOutcome, string, string | undefined]>([
    [{ kind: 'reported', status: 486, reason: 'Busy Here' }, '486', 'busy'],
    [{ kind: 'refused', response: response(603, 'Decline') }, '603', 'not_permitted'],
    [{ kind: 'unreported' }, 'did not say', undefined],
    [{ kind: 'timeout' }, 'did not answer', undefined],
  ])('%j', (outcome, words, hindrance) => {
    const scene = referral(gathering(), { name: 'ended', outcome });
    expect(scene.kinds).toEqual(back);
    expect(scene.effect('refuse')).toEqual(refused(words, hindrance));
    // The engine had turned to the room: the PBX is told where we are.
    expect(described(scene).kinds).toEqual(['sip.reoffer']);
    scene.feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp(), status: 200 });
    expect(scene.kinds).toEqual(['media.accept_pbx_answer', 'media.set_flow']);
    expect(factOf(scene)).not.toHaveProperty('members');
    expect(factOf(scene)?.services.owner).toContain('hold');
  });

  test.each([405, 501])('[RFC3515-2.4.2] %i: this PBX knows no REFER', (status) => {
    const outcome: ReferralOutcome = { kind: 'refused', response: response(status, '') };
    const scene = referral(gathering(), { name: 'ended', outcome });
    expect(scene.effect('refuse')).toEqual({ kind: 'refuse', requestId: 7, code: 'feature_unsupported' });
  });

  test('in time; a report that comes later still counts', () => {
    const scene = referral(gathering(), accepted).pass(3_000);
    expect(scene.kinds).toEqual(back);
    referral(described(scene), reported(200));
    expect(scene.pass(2_000).cause).toBe('transferred');
  });

  test('the room hangs up', () => {
    const scene = gathering().feed({ kind: 'sip.ended', end: BYE });
    expect(scene.kinds).toEqual(back);
    expect(scene.phase).toBe('talking');
  });

  test('the engine makes nothing of the room’s answer', () => {
    expect(gathering().feed({ kind: 'media.pbx_answer_refused', why }).kinds).toEqual(back);
  });

  test('while the engine answers the room: it is not wanted any more', () => {
    const scene = gathering().feed({ kind: 'sip.reoffer', offer: sdp() });
    expect(referral(scene, reported(486)).kinds).toEqual(['media.give_up', ...back]);
  });

  test('who hangs up before accepting the REFER has left for good', () => {
    const scene = gathering().feed({ kind: 'old.ended', end: BYE });
    expect(scene.kinds).toEqual(['sip.end', 'media.close']);
    expect(scene.cause).toBe('completed');
  });

  test('the user hangs up', () => {
    const scene = gathering().ask('hangUp');
    expect(scene.kinds).toEqual(['sip.end', 'reply', 'media.close']);
  });
});

describe('no room is entered', () => {
  const refusal = [{ kind: 'refuse', requestId: 7, code: 'call_not_permitted' }];
  test.each<[string, () => Scene]>([
    ['before the call is answered', () => Scene.calling()],
    ['on hold', () => Scene.held()],
    ['while the call is being held', () => Scene.connected().ask('hold')],
    ['twice', () => entering()],
    ['from a room', () => inRoom()],
    [
      'while the other side is sent elsewhere',
      () => Scene.connected().feed({ kind: 'leg.refer', requestId: 6, target: { kind: 'uri', uri: ROOM } }),
    ],
    [
      'in the place that another takes',
      () => Scene.connected().feed({ kind: 'leg.yield', state: 'offered' }),
    ],
  ])('%s', (_when, scene) => {
    expect(meet(scene()).effects).toEqual(refusal);
  });

  test('and while one is, the other side is not followed elsewhere, nor replaced or sent away', () => {
    for (const scene of [entering(), gathering()]) {
      expect(scene.feed({ kind: 'sip.referred', remote: { number: '203' } }).effects).toEqual([
        { kind: 'sip.refuse_refer', status: 491 },
      ]);
      expect(scene.feed({ kind: 'next.offered', offer: sdp(), remote: { number: '203' } }).effects).toEqual([
        { kind: 'next.refuse', status: 491 },
      ]);
      scene.feed({ kind: 'leg.refer', requestId: 8, target: { kind: 'uri', uri: ROOM } });
      expect(scene.effects).toEqual([{ kind: 'refuse', requestId: 8, code: 'call_not_permitted' }]);
    }
  });

  test('and nobody joins a call that is in none', () => {
    const scene = Scene.connected().feed({ kind: 'leg.joined', member: { number: '201' } });
    expect(factOf(scene)).not.toHaveProperty('members');
  });
});
