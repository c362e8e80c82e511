import type { Hindrance } from '@offhook/contract';
import type { ReferralOutcome, ReferralState, SessionId } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { Scene, sdp } from '../testing/scene.ts';
import { deadline } from './machine.ts';
import { legFactOf } from './view.ts';

const carla = { kind: 'uri', uri: 'sip:203@pbx.example' } as const;
const BYE = { by: 'remote' } as const;
const referral = (scene: Scene, state: ReferralState): Scene => scene.feed({ kind: 'sip.referral', state });
const reported = (status: number, reason = ''): ReferralState => ({
  name: 'ended',
  outcome: { kind: 'reported', status, reason },
});
const accepted: ReferralState = { name: 'accepted', reports: true };
const refer = (scene: Scene): Scene => scene.feed({ kind: 'leg.refer', requestId: 7, target: carla });
const servicesOf = (scene: Scene) => legFactOf(scene.call, undefined)?.services.owner;

const ended = (status: number): ReferralOutcome => ({ kind: 'reported', status, reason: 'Why' });

describe('a transfer by REFER [RFC5589-6.1]', () => {
  test('is sent inside the dialog, and only hanging up is left meanwhile', () => {
    const scene = refer(Scene.connected());
    expect(scene.effects).toEqual([{ kind: 'sip.refer', target: carla }]);
    expect(servicesOf(scene)).not.toContain('hold');
    expect(servicesOf(scene)).toContain('hangUp');
  });

  test('that is reported as done is answered; the leg ends as transferred with the other side’s BYE', () => {
    const scene = refer(Scene.connected());
    referral(referral(scene, accepted), { name: 'progress', status: 180, reason: 'Ringing' });
    expect(scene.kinds).toEqual([]);
    referral(scene, reported(200));
    expect(scene.effects).toEqual([{ kind: 'reply', requestId: 7 }]);
    scene.feed({ kind: 'sip.ended', end: BYE });
    expect(scene.cause).toBe('transferred');
  });

  test('ends with our BYE where the other side sends none in time', () => {
    const scene = referral(referral(refer(Scene.connected()), accepted), reported(200));
    expect(deadline(scene.call)).toBe(2_000);
    scene.pass(2_000);
    expect(scene.kinds).toEqual(['sip.end', 'media.close']);
    expect(scene.cause).toBe('transferred');
  });

  test('[RFC4488-4] without reports is done with its 2xx', () => {
    const scene = referral(refer(Scene.connected()), { name: 'accepted', reports: false });
    expect(scene.effects).toEqual([{ kind: 'reply', requestId: 7 }]);
    expect(scene.pass(2_000).cause).toBe('transferred');
  });

  test('that is accepted and then hung up by the other side was carried out', () => {
    const scene = referral(refer(Scene.connected()), accepted).feed({ kind: 'sip.ended', end: BYE });
    expect(scene.effects).toContainEqual({ kind: 'reply', requestId: 7 });
    expect(scene.cause).toBe('transferred');
  });

  test('whose REFER crosses the other side’s BYE is a call that was hung up', () => {
    const scene = refer(Scene.connected()).feed({ kind: 'sip.ended', end: BYE });
    expect(scene.cause).toBe('completed');
  });

  test('may still be hung up', () => {
    const scene = referral(refer(Scene.connected()), accepted).ask('hangUp');
    expect(scene.kinds).toEqual(['sip.end', 'reply', 'media.close']);
    expect(scene.cause).toBe('completed');
  });

  const response = {
    kind: 'response',
    status: 403,
    reason: 'Forbidden',
    headers: [],
    body: new Uint8Array(),
  } as const;
  const refused = (status: number): ReferralOutcome => ({
    kind: 'refused',
    response: { ...response, status },
  });
  test.each<[ReferralOutcome, string, Hindrance | undefined]>([
    [{ kind: 'refused', response }, '403 Forbidden', 'not_permitted'],
    [refused(404), '404', 'unknown_number'],
    [refused(500), '500', undefined],
    [{ kind: 'reported', status: 486, reason: 'Busy Here' }, '486 Busy Here', 'busy'],
    [ended(404), '404 Why', 'unknown_number'],
    [ended(408), '408 Why', 'no_answer'],
    [ended(480), '480 Why', 'unreachable'],
    [ended(603), '603 Why', 'rejected'],
    [ended(503), '503 Why', 'unreachable'],
    [ended(488), '488 Why', undefined],
    [{ kind: 'unreported' }, 'did not say', undefined],
    [{ kind: 'timeout' }, 'did not answer', undefined],
    [{ kind: 'transport', text: 'no route' }, 'cannot be reached', undefined],
  ])(
    '[RFC3515-2.4.5] that comes to %j leaves everything as before, with words',
    (outcome, words, hindrance) => {
      const scene = referral(referral(refer(Scene.connected()), accepted), { name: 'ended', outcome });
      expect(scene.effects).toEqual([
        {
          kind: 'refuse',
          requestId: 7,
          code: 'transfer_failed',
          message: expect.stringContaining(words) as string,
          ...(hindrance === undefined ? {} : { hindrance }),
        },
      ]);
      expect(servicesOf(scene)).toContain('hold');
      expect(scene.ask('hold').kinds).toContain('media.create_pbx_offer');
    },
  );

  test.each([405, 501])('[RFC3515-2.4.2] that is answered %i is nothing that this PBX offers', (status) => {
    const outcome: ReferralOutcome = { kind: 'refused', response: { ...response, status } };
    const scene = referral(refer(Scene.connected()), { name: 'ended', outcome });
    expect(scene.effects).toEqual([{ kind: 'refuse', requestId: 7, code: 'feature_unsupported' }]);
  });

  test('is given up after a minute; a report that comes later still counts', () => {
    const scene = referral(refer(Scene.connected()), accepted).pass(60_000);
    expect(scene.effect('refuse')).toMatchObject({ requestId: 7, code: 'transfer_failed' });
    expect(servicesOf(scene)).toContain('hold');
    referral(scene, reported(200));
    expect(scene.kinds).toEqual([]);
    expect(scene.pass(2_000).cause).toBe('transferred');
  });

  test('waits for a hold that is under way', () => {
    const scene = refer(Scene.connected().ask('hold'));
    expect(scene.kinds).toEqual([]);
    scene.feed({ kind: 'media.pbx_description', description: 'our offer' });
    scene.feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp('recvonly'), status: 200 });
    expect(scene.kinds).toEqual(['media.accept_pbx_answer', 'media.set_flow', 'reply', 'sip.refer']);
  });

  test('that has waited too long for something else is refused and was never sent', () => {
    const scene = refer(Scene.connected().ask('hold'));
    scene.feed({ kind: 'media.pbx_description', description: 'our offer' }).pass(60_000);
    expect(scene.effect('refuse')).toMatchObject({ requestId: 7, code: 'transfer_failed' });
    scene.feed({ kind: 'sip.reoffer_result', ok: true, answer: sdp('recvonly'), status: 200 });
    expect(scene.kinds).not.toContain('sip.refer');
  });

  test('[RFC3261-14.2] lets a re-INVITE of the PBX be answered meanwhile', () => {
    const scene = referral(refer(Scene.connected()), accepted)
      .feed({ kind: 'sip.reoffer', offer: sdp('sendonly') })
      .feed({ kind: 'media.pbx_description', description: 'our answer' });
    expect(scene.kinds).toEqual(['sip.accept_offer']);
    referral(scene, reported(200));
    expect(scene.kinds).toEqual(['reply']);
  });

  test('is refused while another one is under way, and for a call that is not answered', () => {
    for (const scene of [refer(Scene.connected()), Scene.calling(), Scene.ringing()]) {
      scene.feed({ kind: 'leg.refer', requestId: 8, target: carla });
      expect(scene.effects).toEqual([{ kind: 'refuse', requestId: 8, code: 'call_not_permitted' }]);
    }
  });

  test('a report about nothing changes nothing', () => {
    const scene = referral(Scene.connected(), reported(200));
    expect(scene.kinds).toEqual([]);
    expect(deadline(scene.call)).toBeUndefined();
  });
});

describe('a leg whose place another one is transferred into [RFC5589-7]', () => {
  const place = { kind: 'replaces', session: 3 as SessionId } as const;

  test('is named in the other leg’s REFER', () => {
    const scene = Scene.held().feed({ kind: 'leg.refer', requestId: 7, target: place });
    expect(scene.effects).toEqual([{ kind: 'sip.refer', target: place }]);
  });

  test('ends as transferred with the BYE that comes before the report or after it', () => {
    const early = Scene.connected().feed({ kind: 'leg.yield', state: 'offered' });
    expect(early.feed({ kind: 'sip.ended', end: BYE }).cause).toBe('transferred');
    const late = Scene.connected()
      .feed({ kind: 'leg.yield', state: 'offered' })
      .feed({ kind: 'leg.yield', state: 'taken' });
    expect(late.feed({ kind: 'sip.ended', end: BYE }).cause).toBe('transferred');
  });

  test('is left by us where no BYE comes', () => {
    const scene = Scene.connected().feed({ kind: 'leg.yield', state: 'taken' }).pass(2_000);
    expect(scene.kinds).toContain('sip.end');
    expect(scene.cause).toBe('transferred');
  });

  test('goes on as before when the transfer has failed', () => {
    const scene = Scene.connected()
      .feed({ kind: 'leg.yield', state: 'offered' })
      .feed({ kind: 'leg.yield', state: 'kept' });
    expect(servicesOf(scene)).toContain('hold');
    expect(scene.feed({ kind: 'sip.ended', end: BYE }).cause).toBe('completed');
  });
});

const redirect = (scene: Scene): Scene =>
  scene.feed({ kind: 'leg.redirect', requestId: 9, uri: 'sip:204@pbx.example' });

describe('a ringing call that is sent elsewhere', () => {
  test('[RFC3261-8.1.3.4] is answered 302 and ends as deflected', () => {
    const scene = redirect(Scene.ringing());
    expect(scene.effects).toEqual([
      { kind: 'sip.redirect', uri: 'sip:204@pbx.example' },
      { kind: 'reply', requestId: 9 },
      { kind: 'media.close' },
    ]);
    expect(scene.cause).toBe('deflected');
  });

  test('is not when somebody has answered it meanwhile, or the caller has gone', () => {
    expect(redirect(Scene.answered()).effect('refuse')?.code).toBe('call_already_answered');
    const gone = Scene.ringing().feed({ kind: 'sip.ended', end: BYE });
    expect(redirect(gone).effect('refuse')?.code).toBe('call_not_permitted');
  });
});
