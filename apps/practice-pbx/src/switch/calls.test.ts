import { describe, expect, it } from 'vitest';
import { ANSWERED_ELSEWHERE } from './model.ts';
import { EVENT, G722, MUSIC, PCMA, PCMU, Rig, audioOf, legs, sdp } from './rig.test-support.ts';

describe('ringing', () => {
  it('[RFC3261-16.6] rings every binding at once, each from a port of its own, the caller’s codecs first', () => {
    const rig = new Rig();
    rig.register('102', 7000);
    rig.dial('201', '102', { offer: sdp([PCMA, G722, '96 telephone-event', '18 G729']) });
    const invites = rig.of('invite');
    expect(invites).toHaveLength(2);
    const audio = invites.map(({ offer }) => audioOf(offer));
    expect(audio[0]?.codecs.map(({ name }) => name)).toEqual(['PCMA', 'G722', 'PCMU']);
    expect(audio[0]?.telephoneEvents.map(({ payloadType }) => payloadType)).toEqual([96]);
    expect(audio[0]?.port).not.toBe(audio[1]?.port);
    expect(invites.map(({ branch }) => branch)).toEqual([0, 1]);
  });

  it('tells the caller of the first device that rings, once', () => {
    const rig = new Rig();
    rig.register('102', 7000);
    rig.dial('201', '102');
    const [first, second] = rig.of('invite').map(({ leg }) => leg);
    if (first === undefined || second === undefined) throw new Error('no forks');
    rig.ringing(second).ringing(first);
    expect(rig.of('ring')).toHaveLength(1);
  });

  it('[RFC3326-2] the first answer wins; the others are cancelled as completed elsewhere', () => {
    const rig = new Rig();
    rig.register('102', 7000);
    rig.dial('201', '102');
    const [first, second] = rig.of('invite').map(({ leg }) => leg);
    if (first === undefined || second === undefined) throw new Error('no forks');
    rig.give({ kind: 'accepted', leg: second, body: sdp(), obeys: false });
    expect(rig.of('end')).toEqual([{ kind: 'end', leg: first, reason: ANSWERED_ELSEWHERE }]);
    expect(rig.states()).toEqual({ 201: 'connected', 102: 'connected' });
  });

  it('[RFC3264-6] the caller is answered with the codec and events that the callee chose, and both are relayed', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102', { offer: sdp([G722, PCMA, EVENT]) });
    const callee = rig.answer('102', sdp([PCMA, EVENT]));
    const audio = audioOf(rig.accepted(caller)?.body);
    expect(audio.codecs.map(({ name }) => name)).toEqual(['PCMA']);
    expect(audio.telephoneEvents).toHaveLength(1);
    expect([rig.heard(caller), rig.heard(callee)]).toEqual([legs(callee), legs(caller)]);
  });

  it('[PBX-2] two sides without a common codec talk all the same: each leg has its own', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102', { offer: sdp([PCMU, EVENT]) });
    rig.answer('102', sdp([G722]));
    const audio = audioOf(rig.accepted(caller)?.body);
    expect(audio.codecs.map(({ name }) => name)).toEqual(['PCMU']);
    // The callee takes no events: keys have to come as tones.
    expect(audio.telephoneEvents).toEqual([]);
  });

  it('after the ring time the devices are cancelled and the caller gets 480', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102');
    const callee = rig.legTo('102');
    rig.wait(29_999);
    expect(rig.refused(caller)).toBeUndefined();
    rig.wait(1);
    expect(rig.ended(callee)).toBe(true);
    expect(rig.refused(caller)).toBe(480);
    expect(rig.core.calls()).toEqual([]);
  });

  it('a caller who gives up stops all, and the reason goes with it', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102');
    const callee = rig.legTo('102');
    rig.give({ kind: 'ended', leg: caller, reason: 'SIP;cause=487' });
    expect(rig.of('end')).toEqual([{ kind: 'end', leg: callee, reason: 'SIP;cause=487' }]);
    expect(rig.kinds).not.toContain('refuse');
    expect(rig.core.calls()).toEqual([]);
  });

  it.each([
    ['one busy, one absent', [486, 408], 486],
    ['absent, then busy', [503, 486], 486],
    ['none reachable', [503, 408], 480],
    ['a device’s trouble is not the caller’s', [404, 500], 480],
    ['no common codec', [488, 480], 488],
  ])('[RFC3261-16.7] %s', (_, statuses, told) => {
    const rig = new Rig();
    rig.register('102', 7000);
    const caller = rig.dial('201', '102');
    for (const [at, { leg }] of rig.of('invite').entries()) rig.refuse(leg, statuses[at] ?? 500);
    expect(rig.refused(caller)).toBe(told);
    expect(rig.core.calls()).toEqual([]);
  });

  it('[RFC3261-16.7] 603 from one device stops all', () => {
    const rig = new Rig();
    rig.register('102', 7000);
    const caller = rig.dial('201', '102');
    const [first, second] = rig.of('invite').map(({ leg }) => leg);
    if (first === undefined || second === undefined) throw new Error('no forks');
    rig.refuse(first, 603);
    expect(rig.ended(second)).toBe(true);
    expect(rig.refused(caller)).toBe(603);
  });

  it('a device whose answer cannot be used is hung up; the others ring on and may still answer', () => {
    const rig = new Rig();
    rig.register('102', 7000);
    const caller = rig.dial('201', '102');
    const [first, second] = rig.of('invite').map(({ leg }) => leg);
    if (first === undefined || second === undefined) throw new Error('no forks');
    rig.give({ kind: 'accepted', leg: first, body: sdp(['18 G729']), obeys: false });
    expect(rig.ended(first)).toBe(true);
    rig.give({ kind: 'accepted', leg: second, body: sdp(), obeys: false });
    expect(rig.accepted(caller)).toBeDefined();
  });

  it('what comes from a leg that is no longer ringing changes nothing', () => {
    const rig = new Rig();
    rig.register('102', 7000);
    rig.dial('201', '102');
    const [first] = rig.of('invite').map(({ leg }) => leg);
    if (first === undefined) throw new Error('no forks');
    rig.refuse(first, 486).take();
    rig.give({ kind: 'accepted', leg: first, body: sdp(), obeys: false }).ringing(first);
    expect(rig.kinds).toEqual([]);
  });

  it('the number that nobody answers rings and gives up', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '605');
    expect(rig.of('ring')).toHaveLength(1);
    rig.wait(5000);
    expect(rig.refused(caller)).toBe(480);
  });

  it.each([482, 483, 440])('[RFC5393-4.2] a call that may not go on is refused with %i', (status) => {
    const rig = new Rig();
    const caller = rig.dial('201', '102', { passOn: () => ({ kind: 'refuse', status }) });
    expect(rig.refused(caller)).toBe(status);
    expect(rig.of('invite')).toEqual([]);
  });

  it('[PBX-1] more calls than may be are refused with 503, but for an emergency', () => {
    const rig = new Rig({}, { maxCalls: 1 });
    rig.dial('201', '600');
    expect(rig.refused(rig.dial('102', '600'))).toBe(503);
    expect(rig.accepted(rig.dial('202', '112'))).toBeDefined();
  });

  it('no port for the caller is 503; none for a device is as if it could not be reached', () => {
    const rig = new Rig();
    const leg = rig.core.newLegId();
    rig.core.handle(
      {
        kind: 'incoming',
        leg,
        from:
          rig.core.devices()[0]?.id ??
          (() => {
            throw new Error('no device');
          })(),
        dialled: '102',
        offer: sdp(),
        source: { transport: 'udp', address: '192.0.2.1', port: 1 },
        passOn: () => ({ kind: 'refuse', status: 500 }),
        replaces: undefined,
        obeys: false,
      },
      0,
    );
    rig.core.handle({ kind: 'opened', leg, voice: undefined }, 0);
    expect(rig.core.takeEffects()).toContainEqual({ kind: 'refuse', leg, status: 503 });
    expect(rig.core.calls()).toEqual([]);
  });
});

describe('offers that cannot be taken', () => {
  it.each([
    ['[RFC3264-6] no codec of ours', sdp(['18 G729']), 488],
    ['[RFC3264-6] a line that is switched off', sdp([PCMA], { port: 0 }), 488],
    ['nonsense', { contentType: 'application/sdp', bytes: new TextEncoder().encode('hello') }, 400],
    ['[RFC3261-21.4.13] another type', { contentType: 'text/plain', bytes: new Uint8Array(0) }, 415],
  ])('%s', (_, offer, status) => {
    const rig = new Rig();
    const leg = rig.dial('201', '102', { offer });
    expect(rig.effects).toEqual([
      { kind: 'refuse', leg, status },
      { kind: 'close', leg },
    ]);
    expect(rig.core.calls()).toEqual([]);
  });
});

describe('a delayed offer', () => {
  it('[RFC3264-4] the callee gets our offer, the caller ours too, and talks after the ACK', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102', { offer: 'delayed' });
    const offered = audioOf(rig.of('invite')[0]?.offer);
    expect(offered.codecs.map(({ name }) => name)).toEqual(['G722', 'PCMA', 'PCMU']);
    const callee = rig.answer('102', sdp([PCMU, EVENT]));
    expect(rig.heard(caller)).toBeUndefined();
    rig.give({ kind: 'confirmed', leg: caller, body: sdp([PCMU, EVENT]) });
    expect(rig.heard(caller)).toEqual(legs(callee));
  });

  it('[RFC3261-13.3.1.4] an ACK without an answer ends the call', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102', { offer: 'delayed' });
    const callee = rig.answer('102');
    rig.give({ kind: 'confirmed', leg: caller, body: undefined });
    expect([rig.ended(caller), rig.ended(callee)]).toEqual([true, true]);
  });
});

describe('talking', () => {
  it.each(['caller', 'callee'] as const)('the BYE of the %s ends the other side', (side) => {
    const rig = new Rig();
    const call = rig.talk('201', '102');
    rig.take().bye(call[side]);
    const other = side === 'caller' ? call.callee : call.caller;
    expect(rig.effects).toEqual([
      { kind: 'close', leg: call[side] },
      { kind: 'end', leg: other, reason: undefined },
      { kind: 'close', leg: other },
    ]);
    expect(rig.core.calls()).toEqual([]);
  });

  it.each(['sendonly', 'inactive'])(
    '[RFC3264-8.4] hold with %s is answered here, and the other side hears music',
    (direction) => {
      const rig = new Rig();
      const { caller, callee } = rig.talk('201', '102');
      rig.take().give({ kind: 'offered', leg: caller, offer: sdp([PCMA, EVENT], { direction }) });
      const audio = audioOf(rig.of('accept_offer')[0]?.body);
      expect(audio.direction).toBe(direction === 'sendonly' ? 'recvonly' : 'inactive');
      expect([rig.heard(caller), rig.heard(callee)]).toEqual([{ kind: 'nothing' }, MUSIC]);
      expect(rig.states()).toEqual({ 201: 'held', 102: 'connected' });
      expect(rig.kinds).not.toContain('reoffer');
    },
  );

  it('[PBX-25] [RFC3264-8.4] a telephone that obeys is told that it is held, once, and that it is not any more', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102');
    const callee = rig.answer('102', sdp(), true);
    rig.give({ kind: 'confirmed', leg: caller, body: undefined }).take().hold(caller);
    const offers = () =>
      rig.of('reoffer').map(({ offer, leg, peer }) => [leg, audioOf(offer).direction, peer.number]);
    expect(offers()).toEqual([[callee, 'sendonly', '201']]);
    const answer = sdp([PCMA, EVENT], { direction: 'recvonly' });
    rig.give({ kind: 'offer_result', leg: callee, ok: true, answer }).hold(caller);
    expect(offers()).toHaveLength(1);

    // It holds as well, and goes on: it is held all the time.
    rig.take().hold(callee).give({ kind: 'offered', leg: callee, offer: sdp() });
    expect(rig.of('accept_offer').map(({ body }) => audioOf(body).direction)).toEqual([
      'inactive',
      'sendonly',
    ]);
    expect(rig.heard(callee)).toEqual(MUSIC);

    rig.take().give({ kind: 'offered', leg: caller, offer: sdp() });
    expect(offers()).toEqual([[callee, 'sendrecv', '201']]);
    rig.give({ kind: 'offer_result', leg: callee, ok: true, answer: sdp() });
    expect([rig.heard(caller), rig.heard(callee)]).toEqual([legs(callee), legs(caller)]);
  });

  it('[PBX-25] held and retrieved before it could be told, it is told the last', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102');
    const callee = rig.answer('102', sdp(), true);
    rig.give({ kind: 'confirmed', leg: caller, body: undefined }).hold(caller).take();
    rig.give({ kind: 'offered', leg: caller, offer: sdp() });
    expect(rig.of('reoffer')).toEqual([]);
    rig.give({ kind: 'offer_result', leg: callee, ok: true, answer: sdp([PCMA], { direction: 'recvonly' }) });
    expect(rig.of('reoffer').map(({ offer }) => audioOf(offer).direction)).toEqual(['sendrecv']);
  });

  it('the old hold with the address 0.0.0.0 is a hold', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    const text = new TextDecoder().decode(sdp().bytes).replace('c=IN IP4 192.0.2.9', 'c=IN IP4 0.0.0.0');
    rig.give({
      kind: 'offered',
      leg: callee,
      offer: { contentType: 'application/sdp', bytes: new TextEncoder().encode(text) },
    });
    expect(rig.heard(caller)).toEqual(MUSIC);
  });

  it('retrieve connects both again, and both changes are told', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    rig.hold(callee).take();
    rig.give({ kind: 'offered', leg: callee, offer: sdp() });
    expect([rig.heard(caller), rig.heard(callee)]).toEqual([legs(callee), legs(caller)]);
    expect(rig.story()).toEqual(['retrieved 102 normal']);
  });

  it('where both hold, nobody hears anything', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    rig.hold(callee).hold(caller);
    expect([rig.heard(caller), rig.heard(callee)]).toEqual([{ kind: 'nothing' }, { kind: 'nothing' }]);
  });

  it('[PBX-2] an offer without the codec in use is answered here, and the other side is left alone', () => {
    const rig = new Rig();
    const { caller } = rig.talk('201', '102');
    rig.take().give({ kind: 'offered', leg: caller, offer: sdp([PCMU, EVENT]) });
    expect(audioOf(rig.of('accept_offer')[0]?.body).codecs.map(({ name }) => name)).toEqual(['PCMU']);
    expect(rig.kinds).not.toContain('reoffer');
  });

  it('[RFC3261-14.2] an offer without a codec of ours is refused with 488, and the call goes on', () => {
    const rig = new Rig();
    const { caller } = rig.talk('201', '102');
    rig.take().give({ kind: 'offered', leg: caller, offer: sdp(['18 G729']) });
    expect(rig.effects).toEqual([{ kind: 'refuse_offer', leg: caller, status: 488 }]);
  });

  it('[RFC3261-14.2] a re-INVITE without an offer gets ours, and its answer comes with the ACK', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    rig.take().give({ kind: 'offered', leg: caller, offer: undefined });
    expect(audioOf(rig.of('accept_offer')[0]?.body).codecs[0]?.name).toBe('PCMA');
    rig.give({ kind: 'confirmed', leg: caller, body: sdp([PCMA], { direction: 'sendonly' }) });
    expect(rig.heard(callee)).toEqual(MUSIC);
  });

  it('[RFC5057-5.1] a silent side that does not know the call any more ends it', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    rig.take().give({ kind: 'silent', leg: callee });
    expect(rig.effects).toEqual([{ kind: 'probe', leg: callee }]);
    rig.give({ kind: 'probed', leg: callee, alive: true });
    expect(rig.states()).toEqual({ 201: 'connected', 102: 'connected' });
    rig.give({ kind: 'probed', leg: callee, alive: false });
    expect([rig.ended(caller), rig.ended(callee)]).toEqual([true, true]);
  });

  it('after the end nothing has an effect', () => {
    const rig = new Rig();
    const { caller } = rig.talk('201', '102');
    rig.give({ kind: 'clear' }).take().bye(caller);
    expect(rig.effects).toEqual([]);
    expect(rig.core.deadline()).toBeUndefined();
    expect(rig.core.calls()).toEqual([]);
  });

  it('nothing of calls that are over is left, however they ended', () => {
    const rig = new Rig();
    rig.register('102', 7000);
    rig.bye(rig.talk('201', '102').caller);
    rig.bye(rig.dial('201', '102'));
    rig.dial('201', '102');
    rig.wait(60_000);
    rig.dial('201', '999');
    expect(rig.core.counts).toMatchObject({ calls: 0, legs: 0 });
  });

  it('[ECMA-269-17] a call from 201 to 102 is told in this order', () => {
    const rig = new Rig();
    const { caller } = rig.talk('201', '102');
    rig.bye(caller);
    expect(rig.story()).toEqual([
      'serviceInitiated 201 newCall',
      'originated 201 newCall',
      'delivered 102 newCall',
      'established 102 newCall',
      'connectionCleared 201 normalClearing',
      'connectionCleared 102 normalClearing',
    ]);
  });
});

describe('services', () => {
  it('answer at once with one codec of the offer, and speak after the ACK', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '603', { offer: sdp([PCMU, G722, EVENT]) });
    expect(audioOf(rig.accepted(caller)?.body).codecs.map(({ name }) => name)).toEqual(['PCMU']);
    expect(rig.heard(caller)).toBeUndefined();
    rig.give({ kind: 'confirmed', leg: caller, body: undefined });
    expect(rig.heard(caller)).toEqual({ kind: 'sound', sound: 'announcement' });
    rig.take().give({ kind: 'played', leg: caller });
    expect(rig.ended(caller)).toBe(true);
    expect(rig.core.calls()).toEqual([]);
  });

  it('a caller who holds hears nothing, and goes on after retrieving', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '600');
    rig.give({ kind: 'confirmed', leg: caller, body: undefined }).hold(caller);
    expect(rig.heard(caller)).toEqual({ kind: 'nothing' });
    rig.give({ kind: 'offered', leg: caller, offer: sdp() });
    expect(rig.heard(caller)).toEqual({ kind: 'sound', sound: 'echo' });
  });

  it('[PBX-17] the own mailbox is listened to, in another a message is left', () => {
    const rig = new Rig();
    for (const [number, purpose, box] of [
      ['500', 'own', '201'],
      ['500102', 'leave', '102'],
    ] as const) {
      const caller = rig.dial('201', number);
      rig.give({ kind: 'confirmed', leg: caller, body: undefined });
      expect(rig.heard(caller)).toMatchObject({ kind: 'voicemail', box, purpose });
      rig.bye(caller);
    }
  });
});
