import type { EndReason, SipResponse } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { Scene, sdp } from '../testing/scene.ts';
import { deadline } from './machine.ts';
import { legFactOf } from './view.ts';

const BYE = { by: 'remote' } as const;
const carla = { number: '203', name: 'Carla' };
const response: SipResponse = {
  kind: 'response',
  status: 486,
  reason: 'Busy Here',
  headers: [],
  body: new Uint8Array(),
};
const busy: EndReason = { by: 'refused', response };
const why = { code: 'codec_unsupported', text: 'none' } as const;
const described = (scene: Scene): Scene =>
  scene.feed({ kind: 'media.pbx_description', description: 'our description' });
const offered = (scene: Scene): Scene => scene.feed({ kind: 'next.offered', offer: sdp(), remote: carla });
const referred = (scene: Scene): Scene => scene.feed({ kind: 'sip.referred', remote: carla });
const remoteOf = (scene: Scene) => legFactOf(scene.call, undefined)?.remote;

const inviting = (): Scene => described(referred(Scene.connected()));

describe('an INVITE that takes the place of the other side [RFC3891-3]', () => {
  test('is answered with the call’s own voice; the owner hears nothing of it', () => {
    const scene = offered(Scene.connected());
    expect(scene.effects).toEqual([{ kind: 'media.answer_pbx_offer', offer: sdp(), direction: 'sendrecv' }]);
    described(scene);
    expect(scene.effects).toEqual([{ kind: 'next.accept', description: 'our description' }]);
    expect(scene.view.state).toMatchObject({ name: 'connected', answeredAt: 1_000_000 });
    expect(remoteOf(scene)).toEqual(carla);
    expect(scene.view.media).toBe('flowing');
  });

  test('with another codec asks the owner for a new voice path', () => {
    const scene = described(offered(Scene.connected())).feed({ kind: 'media.codec_mismatch' });
    expect(scene.effect('reattach')).toMatchObject({ reason: 'codec_changed' });
  });

  test('of a call that we hold stays held, and can be retrieved after the ACK', () => {
    const scene = offered(Scene.held());
    expect(scene.effect('media.answer_pbx_offer')?.direction).toBe('sendonly');
    described(scene).ask('retrieve');
    expect(scene.kinds).toEqual([]);
    scene.feed({ kind: 'sip.confirmed', answer: undefined });
    expect(scene.kinds).toEqual(['media.create_pbx_offer']);
  });

  test('[RFC3261-13.2.1] without an offer gets ours with the 200; the answer comes with the ACK', () => {
    const scene = Scene.connected().feed({ kind: 'next.offered', offer: undefined, remote: carla });
    expect(scene.kinds).toEqual(['media.create_pbx_offer']);
    described(scene);
    expect(scene.kinds).toEqual(['next.accept']);
    scene.feed({ kind: 'sip.reoffer', offer: sdp() });
    expect(scene.effect('sip.refuse_offer')?.status).toBe(491);
    scene.feed({ kind: 'sip.confirmed', answer: sdp() });
    expect(scene.kinds).toEqual(['media.accept_pbx_answer']);
  });

  test('waits for a re-INVITE of ours that is under way', () => {
    const scene = described(Scene.connected().ask('hold'));
    expect(offered(scene).kinds).toEqual([]);
    scene.feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp('recvonly'), status: 200 });
    expect(scene.effect('media.answer_pbx_offer')?.direction).toBe('sendonly');
  });

  test('that the engine cannot answer is refused 488, and the call goes on', () => {
    const scene = offered(Scene.connected()).feed({ kind: 'media.pbx_refused', why });
    expect(scene.effects).toEqual([{ kind: 'next.refuse', status: 488 }]);
    expect(scene.phase).toBe('talking');
    expect(remoteOf(scene)).toEqual({ number: '600' });
  });

  test('that takes the engine too long is refused likewise', () => {
    const scene = offered(Scene.connected()).pass(10_000);
    expect(scene.effects).toEqual([
      { kind: 'media.give_up', side: 'pbx' },
      { kind: 'next.refuse', status: 488 },
    ]);
  });

  test('that is cancelled while the engine answers has the PBX told again what holds', () => {
    const scene = offered(Scene.connected()).feed({ kind: 'next.ended', end: BYE });
    expect(scene.kinds).toEqual(['media.give_up', 'media.create_pbx_offer']);
    described(scene);
    expect(scene.kinds).toEqual(['sip.reoffer']);
    scene.feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp(), status: 200 });
    expect(scene.kinds).toEqual(['media.accept_pbx_answer', 'media.set_flow']);
    expect(scene.view.permitted.owner).toContain('hold');
  });

  test('ends a transfer of ours that was under way with words', () => {
    const scene = Scene.connected().feed({
      kind: 'leg.refer',
      requestId: 7,
      target: { kind: 'uri', uri: 'sip:204@pbx.example' },
    });
    described(offered(scene));
    expect(scene.kinds).toEqual(['next.accept', 'refuse']);
    expect(scene.effect('refuse')).toMatchObject({ requestId: 7, code: 'transfer_failed' });
  });

  test('is refused for a call that is not answered, and while another one is under way', () => {
    expect(offered(Scene.ringing()).effects).toEqual([{ kind: 'next.refuse', status: 481 }]);
    expect(offered(offered(Scene.connected())).effects).toEqual([{ kind: 'next.refuse', status: 491 }]);
  });

  test('finds an end after sixteen times', () => {
    const scene = Scene.connected();
    for (let count = 0; count < 16; count += 1) {
      described(offered(scene));
      expect(scene.kinds).toEqual(['next.accept']);
      scene.feed({ kind: 'sip.confirmed', answer: undefined });
    }
    expect(offered(scene).effects).toEqual([{ kind: 'next.refuse', status: 486 }]);
  });
});

describe('a REFER from the other side [RFC5589-6.1]', () => {
  test('is accepted, and answered with an INVITE of ours', () => {
    const scene = referred(Scene.connected());
    expect(scene.kinds).toEqual(['sip.accept_refer', 'media.create_pbx_offer']);
    expect(described(scene).effects).toEqual([{ kind: 'next.invite', offer: 'our description' }]);
    expect(scene.view.permitted.owner).toContain('hangUp');
    expect(scene.view.permitted.owner).not.toContain('hold');
  });

  test('is told of the ringing; what comes before the 200 is not heard', () => {
    const scene = inviting().feed({ kind: 'next.progress', status: 183, answer: sdp() });
    expect(scene.effects).toEqual([{ kind: 'sip.report', status: 183 }]);
  });

  test('takes the call over when the new side answers', () => {
    const scene = inviting().feed({ kind: 'next.accepted', answer: sdp(), needsAnswer: false });
    expect(scene.effects).toEqual([
      { kind: 'next.take' },
      { kind: 'media.accept_pbx_answer', answer: sdp() },
      { kind: 'sip.report', status: 200 },
    ]);
    expect(remoteOf(scene)).toEqual(carla);
    expect(scene.view.permitted.owner).toContain('hold');
  });

  test('[RFC3262-5] takes the answer of a reliable response where the 200 has none', () => {
    const scene = inviting()
      .feed({ kind: 'next.progress', status: 183, answer: sdp('sendonly') })
      .feed({ kind: 'next.accepted', answer: undefined, needsAnswer: false });
    expect(scene.effect('media.accept_pbx_answer')?.answer).toBe(sdp('sendonly'));
    expect(scene.view.state).toMatchObject({ heldByRemote: true });
  });

  test('[RFC3515-2.4.5] whose INVITE fails is told so, and the call goes on', () => {
    const scene = inviting().feed({ kind: 'next.ended', end: busy });
    expect(scene.effects).toEqual([{ kind: 'sip.report', status: 486 }]);
    expect(scene.view.state.name).toBe('connected');
    expect(remoteOf(scene)).toEqual({ number: '600' });
    expect(scene.view.permitted.owner).toContain('hold');
  });

  test('whose new side answers without a description is told 500', () => {
    const scene = inviting().feed({ kind: 'next.accepted', answer: undefined, needsAnswer: false });
    expect(scene.effects).toEqual([{ kind: 'next.end' }, { kind: 'sip.report', status: 500 }]);
    expect(scene.phase).toBe('talking');
  });

  test('that hangs up at once leaves the call on its way to the new side', () => {
    const scene = inviting().feed({ kind: 'sip.ended', end: BYE });
    expect(scene.phase).toBe('talking');
    scene.feed({ kind: 'next.accepted', answer: sdp(), needsAnswer: false });
    expect(scene.kinds).toContain('next.take');
    expect(scene.view.state.name).toBe('connected');
  });

  test('that has hung up ends the call where the new side does not answer', () => {
    const scene = inviting().feed({ kind: 'sip.ended', end: BYE }).feed({ kind: 'next.ended', end: busy });
    expect(scene.kinds).toEqual(['sip.report', 'media.close']);
    expect(scene.cause).toBe('busy');
  });

  test('that hangs up before our offer is made changes nothing of that', () => {
    const scene = referred(Scene.connected()).feed({ kind: 'sip.ended', end: BYE });
    expect(described(scene).kinds).toEqual(['next.invite']);
  });

  test('has its own re-INVITE answered meanwhile; one without an offer has to come again', () => {
    const scene = inviting().feed({ kind: 'sip.reoffer', offer: sdp('sendonly') });
    expect(described(scene).kinds).toEqual(['sip.accept_offer']);
    scene.feed({ kind: 'sip.reoffer', offer: undefined });
    expect(scene.effect('sip.refuse_offer')?.status).toBe(491);
  });

  test('whose re-INVITE is still being answered when the new side answers has the new side told again', () => {
    const scene = inviting()
      .feed({ kind: 'sip.reoffer', offer: sdp('sendonly') })
      .feed({ kind: 'next.accepted', answer: sdp(), needsAnswer: false });
    expect(scene.kinds).toEqual([
      'media.give_up',
      'next.take',
      'media.accept_pbx_answer',
      'sip.report',
      'media.create_pbx_offer',
    ]);
    expect(described(scene).kinds).toEqual(['sip.reoffer']);
  });

  test('is told 488 where the engine makes no offer', () => {
    const scene = referred(Scene.connected()).feed({ kind: 'media.pbx_refused', why });
    expect(scene.effects).toEqual([{ kind: 'sip.report', status: 488 }]);
    expect(scene.phase).toBe('talking');
  });

  test('is refused while a hold, a transfer or another move is under way, and for a call not answered', () => {
    const refer = { kind: 'uri', uri: 'sip:204@pbx.example' } as const;
    for (const scene of [
      Scene.connected().ask('hold'),
      Scene.connected().feed({ kind: 'leg.refer', requestId: 7, target: refer }),
      inviting(),
    ]) {
      expect(referred(scene).effects).toEqual([{ kind: 'sip.refuse_refer', status: 491 }]);
    }
    expect(referred(Scene.ringing()).effects).toEqual([{ kind: 'sip.refuse_refer', status: 481 }]);
  });

  test('may be hung up by the user, who wants neither', () => {
    const scene = inviting().ask('hangUp');
    expect(scene.kinds).toEqual(['sip.end', 'reply', 'media.close']);
    expect(deadline(scene.call)).toBeUndefined();
  });

  test('an answer that comes after all is over is ended', () => {
    const scene = inviting().ask('hangUp').feed({ kind: 'next.accepted', answer: sdp(), needsAnswer: false });
    expect(scene.effects).toEqual([{ kind: 'next.end' }]);
  });
});

describe('who is at the other side', () => {
  test('is who the PBX says it is from now on', () => {
    const scene = Scene.connected().feed({ kind: 'party', remote: carla });
    expect(remoteOf(scene)).toEqual(carla);
  });

  test('[RFC3325-9.1] a response tells the name of the number that was dialled, and of no other', () => {
    const scene = Scene.connected();
    const { number } = remoteOf(scene) ?? { number: '' };
    scene.feed({ kind: 'called', remote: { number: '999', name: 'Somebody else' } });
    scene.feed({ kind: 'called', remote: { number } });
    expect(remoteOf(scene)).toEqual({ number });
    scene.feed({ kind: 'called', remote: { number, name: 'Echo' } });
    expect(remoteOf(scene)).toEqual({ number, name: 'Echo' });
  });

  test('[RFC3325-9.1] whoever is picked up by a code is called by what the PBX says, not by the code', () => {
    const scene = Scene.connected();
    scene.call = { ...scene.call, remote: { number: '*8101' } };
    scene.feed({ kind: 'called', remote: { number: '200' } });
    expect(remoteOf(scene)).toEqual({ number: '200' });
  });
});
