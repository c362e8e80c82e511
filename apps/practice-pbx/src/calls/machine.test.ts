import { parseSdp, readAudio } from '@offhook/sdp';
import type { AudioMedia } from '@offhook/sdp';
import type { Body } from '@offhook/sip';
import { describe, expect, it } from 'vitest';
import { CallMachine } from './machine.ts';
import type { CallEffect, CallInput, Destination, RingingPlace } from './types.ts';
import { ANSWERED_ELSEWHERE } from './types.ts';

const G722 = '9 G722';
const PCMA = '8 PCMA';
const PCMU = '0 PCMU';
const EVENT = '101 telephone-event';

function sdp(formats: readonly string[], options: { direction?: string; port?: number } = {}): Body {
  const types = formats.map((format) => format.split(' ')[0] ?? '');
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 192.0.2.9',
    's=-',
    'c=IN IP4 192.0.2.9',
    't=0 0',
    `m=audio ${options.port ?? 4000} RTP/AVP ${types.join(' ')}`,
    ...formats.map((format) => `a=rtpmap:${format}/8000`),
    `a=${options.direction ?? 'sendrecv'}`,
  ];
  return { contentType: 'application/sdp', bytes: new TextEncoder().encode(`${lines.join('\r\n')}\r\n`) };
}

function audioOf(body: Body | undefined): AudioMedia {
  const description = parseSdp(new TextDecoder().decode(body?.bytes));
  const audio = 'kind' in description ? undefined : readAudio(description);
  if (audio === undefined) throw new Error('no audio in the description');
  return audio;
}

function place(port: number): RingingPlace {
  return {
    uri: `sip:200@192.0.2.1:${port}`,
    target: { transport: 'udp', address: '192.0.2.1', port },
  };
}

const voices = {
  caller: { sessionId: '1', address: '192.0.2.100', port: 30_000 },
  callee: { sessionId: '2', address: '192.0.2.100', port: 30_002 },
};

class Rig {
  readonly machine: CallMachine;
  now = 0;
  effects: readonly CallEffect[];

  constructor(destination: Destination, offer: Body | undefined) {
    this.machine = new CallMachine({ destination, offer, voices }, 0);
    this.effects = this.machine.takeEffects();
  }

  give(input: CallInput): this {
    this.machine.handle(input, this.now);
    this.effects = this.machine.takeEffects();
    return this;
  }

  of<K extends CallEffect['kind']>(kind: K): readonly Extract<CallEffect, { kind: K }>[] {
    return this.effects.filter((effect): effect is Extract<CallEffect, { kind: K }> => effect.kind === kind);
  }

  get kinds(): readonly string[] {
    return this.effects.map((effect) => effect.kind);
  }

  heard(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.of('hear').map(({ side, heard }) => [side, heard]));
  }
}

function toExtension(places: number, offer: Body | 'delayed' = sdp([G722, PCMA, EVENT])): Rig {
  const destination: Destination = {
    kind: 'extension',
    places: Array.from({ length: places }, (_, index) => place(5060 + index)),
    ringTime: 30_000,
  };
  return new Rig(destination, offer === 'delayed' ? undefined : offer);
}

function serve(offer: Body | undefined): Rig {
  return new Rig({ kind: 'service', service: 'announcement' }, offer);
}

function version(body: Body | undefined): number {
  return Number(/^o=- \d+ (\d+)/m.exec(new TextDecoder().decode(body?.bytes))?.[1]);
}

function talking(): Rig {
  return toExtension(1).give({ kind: 'accepted', fork: 0, body: sdp([PCMA, EVENT]) });
}

describe('ringing', () => {
  it('[RFC3261-16.6] rings every binding at once, with our own address and the caller’s payload types', () => {
    const rig = toExtension(2, sdp([G722, PCMA, '96 telephone-event', '18 G729']));
    const invites = rig.of('invite');
    expect(invites.map((invite) => invite.place.target.port)).toEqual([5060, 5061]);
    const audio = audioOf(invites[0]?.offer);
    expect([audio.address, audio.port]).toEqual(['192.0.2.100', 30_002]);
    expect(audio.codecs.map((codec) => codec.name)).toEqual(['G722', 'PCMA']);
    expect(audio.telephoneEvents.map((event) => event.payloadType)).toEqual([96]);
  });

  it('tells the caller of the first device that rings, once', () => {
    const rig = toExtension(2);
    expect(rig.give({ kind: 'progress', fork: 1, status: 180 }).kinds).toEqual(['ring']);
    expect(rig.give({ kind: 'progress', fork: 0, status: 180 }).kinds).toEqual([]);
  });

  it('[RFC3326-2] the first answer wins; the others are cancelled as completed elsewhere', () => {
    const rig = toExtension(3).give({ kind: 'accepted', fork: 1, body: sdp([PCMA, EVENT]) });
    expect(rig.of('end')).toEqual([
      { kind: 'end', leg: 0, reason: ANSWERED_ELSEWHERE },
      { kind: 'end', leg: 2, reason: ANSWERED_ELSEWHERE },
    ]);
    expect(rig.machine.stateName).toBe('talking');
  });

  it('[RFC3264-6] the caller is answered with the codec and events that the callee chose', () => {
    const [accept] = talking().of('accept');
    const audio = audioOf(accept?.body);
    expect([audio.address, audio.port]).toEqual(['192.0.2.100', 30_000]);
    expect(audio.codecs.map((codec) => codec.name)).toEqual(['PCMA']);
    expect(audio.telephoneEvents).toHaveLength(1);
    expect(talking().heard()).toEqual({ caller: 'other', callee: 'other' });
  });

  it('telephone-event is left out for the caller where the callee has none', () => {
    const rig = toExtension(1).give({ kind: 'accepted', fork: 0, body: sdp([PCMA]) });
    expect(audioOf(rig.of('accept')[0]?.body).telephoneEvents).toEqual([]);
  });

  it('after the ring time the devices are cancelled and the caller gets 480', () => {
    const rig = toExtension(2);
    expect(rig.machine.deadline()).toBe(30_000);
    rig.now = 29_999;
    expect(rig.give({ kind: 'tick' }).kinds).toEqual([]);
    rig.now = 30_000;
    rig.give({ kind: 'tick' });
    expect(rig.kinds).toEqual(['end', 'end', 'refuse', 'over']);
    expect(rig.of('refuse')[0]?.status).toBe(480);
  });

  it('the caller’s CANCEL cancels every device, with its reason', () => {
    const rig = toExtension(2).give({ kind: 'ended', leg: 'caller', reason: 'SIP;cause=487' });
    expect(rig.of('end').map(({ leg, reason }) => [leg, reason])).toEqual([
      [0, 'SIP;cause=487'],
      [1, 'SIP;cause=487'],
    ]);
    expect(rig.kinds.at(-1)).toBe('over');
    expect(rig.kinds).not.toContain('refuse');
  });

  it.each([
    ['one busy, one absent', [486, 408], 486],
    ['absent, then busy', [503, 486], 486],
    ['none reachable', [503, 408], 480],
    ['a device’s trouble is not the caller’s', [404, 500], 480],
    ['no common codec', [488, 480], 488],
  ])('[RFC3261-16.7] %s', (_, statuses, told) => {
    const rig = toExtension(statuses.length);
    for (const [fork, status] of statuses.entries()) rig.give({ kind: 'failed', fork, status });
    expect(rig.of('refuse').map(({ status }) => status)).toEqual([told]);
    expect(rig.machine.stateName).toBe('over');
  });

  it('one busy device leaves the others ringing', () => {
    const rig = toExtension(2).give({ kind: 'failed', fork: 0, status: 486 });
    expect(rig.kinds).toEqual([]);
    expect(rig.machine.stateName).toBe('ringing');
  });

  it('[RFC3261-16.7] 603 from one device stops all', () => {
    const rig = toExtension(3).give({ kind: 'failed', fork: 1, status: 603 });
    expect(rig.of('end').map(({ leg }) => leg)).toEqual([0, 2]);
    expect(rig.of('refuse')[0]?.status).toBe(603);
  });

  it('a device whose answer cannot be used is hung up; the others ring on and may still answer', () => {
    const rig = toExtension(2).give({ kind: 'accepted', fork: 0, body: sdp(['18 G729']) });
    expect(rig.effects).toEqual([{ kind: 'end', leg: 0, reason: undefined }]);
    rig.give({ kind: 'accepted', fork: 1, body: sdp([G722, EVENT]) });
    expect(audioOf(rig.of('accept')[0]?.body).codecs.map((codec) => codec.name)).toEqual(['G722']);
  });

  it('what comes from a fork that is no longer ringing changes nothing', () => {
    const rig = toExtension(2).give({ kind: 'failed', fork: 0, status: 486 });
    rig.give({ kind: 'accepted', fork: 0, body: sdp([PCMA]) });
    expect(rig.kinds).toEqual([]);
    rig.give({ kind: 'progress', fork: 0, status: 180 });
    expect(rig.kinds).toEqual([]);
  });

  it('the number that nobody answers rings and gives up', () => {
    const rig = new Rig({ kind: 'nobody', ringTime: 5000 }, sdp([PCMA]));
    expect(rig.kinds).toEqual(['ring']);
    rig.now = 5000;
    expect(rig.give({ kind: 'tick' }).of('refuse')[0]?.status).toBe(480);
  });
});

describe('offers that cannot be taken', () => {
  it.each([
    ['[RFC3264-6] no codec of ours', sdp(['18 G729']), 488],
    ['[RFC3264-6] a line that is switched off', sdp([PCMA], { port: 0 }), 488],
    ['nonsense', { contentType: 'application/sdp', bytes: new TextEncoder().encode('hello') }, 400],
    ['[RFC3261-21.4.13] another type', { contentType: 'text/plain', bytes: new Uint8Array(0) }, 415],
  ])('%s', (_, offer, status) => {
    const rig = toExtension(1, offer);
    expect(rig.effects).toEqual([{ kind: 'refuse', status }, { kind: 'over' }]);
  });
});

describe('a delayed offer', () => {
  it('[RFC3264-4] the callee gets our offer, the caller the callee’s codec, and talks after the ACK', () => {
    const rig = toExtension(1, 'delayed');
    const offered = audioOf(rig.of('invite')[0]?.offer);
    expect(offered.codecs.map((codec) => codec.name)).toEqual(['G722', 'PCMA', 'PCMU']);
    rig.give({ kind: 'accepted', fork: 0, body: sdp([PCMU, EVENT]) });
    expect(audioOf(rig.of('accept')[0]?.body).codecs.map((codec) => codec.name)).toEqual(['PCMU']);
    expect(rig.heard()).toEqual({ callee: 'other' });
    rig.give({ kind: 'confirmed', leg: 'caller', body: sdp([PCMU, EVENT]) });
    expect(rig.heard()).toEqual({ caller: 'other' });
  });

  it('[RFC3261-13.3.1.4] an ACK without an answer ends the call', () => {
    const rig = toExtension(1, 'delayed').give({ kind: 'accepted', fork: 0, body: sdp([PCMU]) });
    rig.give({ kind: 'confirmed', leg: 'caller', body: undefined });
    expect(rig.of('end').map(({ leg }) => leg)).toEqual(['caller', 0]);
  });
});

describe('talking', () => {
  it.each([
    ['caller', 0],
    [0, 'caller'],
  ] as const)('the BYE of %s ends the other side', (ended, told) => {
    const rig = talking().give({ kind: 'ended', leg: ended, reason: undefined });
    expect(rig.effects).toEqual([{ kind: 'end', leg: told, reason: undefined }, { kind: 'over' }]);
  });

  it.each(['sendonly', 'inactive'])(
    '[RFC3264-8.4] hold with %s is answered here, and the other side hears music',
    (direction) => {
      const rig = talking().give({
        kind: 'offered',
        leg: 'caller',
        offer: sdp([PCMA, EVENT], { direction }),
      });
      const audio = audioOf(rig.of('accept_offer')[0]?.body);
      expect(audio.direction).toBe(direction === 'sendonly' ? 'recvonly' : 'inactive');
      expect(rig.heard()).toEqual({ caller: 'nothing', callee: 'music' });
      expect(rig.machine.holding).toEqual(['caller']);
      expect(rig.kinds).not.toContain('reoffer');
    },
  );

  it('the old hold with the address 0.0.0.0 is a hold', () => {
    const offer = sdp([PCMA, EVENT]);
    const text = new TextDecoder().decode(offer.bytes).replace('c=IN IP4 192.0.2.9', 'c=IN IP4 0.0.0.0');
    const rig = talking().give({
      kind: 'offered',
      leg: 0,
      offer: { ...offer, bytes: new TextEncoder().encode(text) },
    });
    expect(rig.heard()).toEqual({ caller: 'music', callee: 'nothing' });
  });

  it('retrieve connects both again', () => {
    const rig = talking();
    rig.give({ kind: 'offered', leg: 0, offer: sdp([PCMA, EVENT], { direction: 'sendonly' }) });
    expect(rig.heard()).toEqual({ caller: 'music', callee: 'nothing' });
    rig.give({ kind: 'offered', leg: 0, offer: sdp([PCMA, EVENT]) });
    expect(rig.heard()).toEqual({ caller: 'other', callee: 'other' });
    expect(rig.machine.holding).toEqual([]);
  });

  it('where both hold, nobody hears anything', () => {
    const rig = talking();
    rig.give({ kind: 'offered', leg: 0, offer: sdp([PCMA], { direction: 'sendonly' }) });
    rig.give({ kind: 'offered', leg: 'caller', offer: sdp([PCMA], { direction: 'sendonly' }) });
    expect(rig.heard()).toEqual({ caller: 'nothing' });
    expect(rig.machine.holding).toEqual(['caller', 'callee']);
  });

  it('[RFC3264-8] the version of our description grows', () => {
    const rig = talking();
    const first = version(rig.of('accept')[0]?.body);
    rig.give({ kind: 'offered', leg: 'caller', offer: sdp([PCMA], { direction: 'sendonly' }) });
    expect(version(rig.of('accept_offer')[0]?.body)).toBeGreaterThan(first);
  });

  it('[RFC3264-8.3.2] an offer without the codec in use is passed on, and answered as the other side answers', () => {
    const rig = talking().give({ kind: 'offered', leg: 'caller', offer: sdp([PCMU, EVENT]) });
    expect(rig.kinds).toEqual(['reoffer']);
    const [reoffer] = rig.of('reoffer');
    expect(reoffer?.leg).toBe(0);
    expect(audioOf(reoffer?.offer).codecs.map((codec) => codec.name)).toEqual(['PCMU']);
    rig.give({ kind: 'offer_result', leg: 0, result: { ok: true, answer: sdp([PCMU, EVENT]) } });
    const [answer] = rig.of('accept_offer');
    expect(answer?.leg).toBe('caller');
    expect(audioOf(answer?.body).codecs.map((codec) => codec.name)).toEqual(['PCMU']);
  });

  it('[RFC3261-14.2] what the other side refuses is refused with 488, and the call goes on', () => {
    const rig = talking().give({ kind: 'offered', leg: 'caller', offer: sdp([PCMU]) });
    rig.give({ kind: 'offer_result', leg: 0, result: { ok: false, status: 488 } });
    expect(rig.effects).toEqual([{ kind: 'refuse_offer', leg: 'caller', status: 488 }]);
    expect(rig.machine.stateName).toBe('talking');
  });

  it('[RFC3261-14.2] an offer while another is passed on is refused with 491', () => {
    const rig = talking().give({ kind: 'offered', leg: 'caller', offer: sdp([PCMU]) });
    rig.give({ kind: 'offered', leg: 0, offer: sdp([PCMA], { direction: 'sendonly' }) });
    expect(rig.effects).toEqual([{ kind: 'refuse_offer', leg: 0, status: 491 }]);
  });

  it('[RFC3261-14.2] a re-INVITE without an offer gets ours, and its answer comes with the ACK', () => {
    const rig = talking().give({ kind: 'offered', leg: 'caller', offer: undefined });
    expect(audioOf(rig.of('accept_offer')[0]?.body).codecs.map((codec) => codec.name)).toEqual(['PCMA']);
    rig.give({ kind: 'confirmed', leg: 'caller', body: sdp([PCMA], { direction: 'sendonly' }) });
    expect(rig.heard()).toEqual({ caller: 'nothing', callee: 'music' });
  });

  it('the ACK of an ordinary answer changes nothing', () => {
    const rig = talking().give({ kind: 'confirmed', leg: 'caller', body: undefined });
    expect(rig.effects).toEqual([]);
  });

  it('[RFC5057-5.1] a silent side that does not know the call any more ends it', () => {
    const rig = talking().give({ kind: 'silent', side: 'callee' });
    expect(rig.effects).toEqual([{ kind: 'probe', leg: 0 }]);
    expect(rig.give({ kind: 'probed', leg: 0, alive: true }).effects).toEqual([]);
    expect(rig.give({ kind: 'probed', leg: 0, alive: false }).of('end')).toHaveLength(2);
  });

  it('after the end nothing has an effect', () => {
    const rig = talking().give({ kind: 'clear' });
    expect(rig.kinds).toEqual(['end', 'end', 'over']);
    expect(rig.give({ kind: 'ended', leg: 0, reason: undefined }).effects).toEqual([]);
    expect(rig.machine.deadline()).toBeUndefined();
  });
});

describe('services', () => {
  it('answers at once with one codec of the offer, and speaks after the ACK', () => {
    const rig = serve(sdp([PCMU, G722, EVENT]));
    const audio = audioOf(rig.of('accept')[0]?.body);
    expect(audio.codecs.map((codec) => codec.name)).toEqual(['PCMU']);
    expect(audio.telephoneEvents).toHaveLength(1);
    expect(rig.heard()).toEqual({});
    expect(rig.give({ kind: 'confirmed', leg: 'caller', body: undefined }).heard()).toEqual({
      caller: 'announcement',
    });
  });

  it('hangs up when the announcement is over', () => {
    const rig = serve(sdp([PCMA])).give({ kind: 'confirmed', leg: 'caller', body: undefined });
    expect(rig.give({ kind: 'played' }).effects).toEqual([
      { kind: 'end', leg: 'caller', reason: undefined },
      { kind: 'over' },
    ]);
  });

  it('a caller who holds hears nothing, and goes on after retrieving', () => {
    const rig = serve(sdp([PCMA])).give({ kind: 'confirmed', leg: 'caller', body: undefined });
    rig.give({ kind: 'offered', leg: 'caller', offer: sdp([PCMA], { direction: 'sendonly' }) });
    expect(rig.heard()).toEqual({ caller: 'nothing' });
    rig.give({ kind: 'offered', leg: 'caller', offer: sdp([PCMA]) });
    expect(rig.heard()).toEqual({ caller: 'announcement' });
  });

  it('[RFC3264-4] a delayed offer is served too', () => {
    const rig = serve(undefined);
    expect(audioOf(rig.of('accept')[0]?.body).codecs).toHaveLength(3);
    rig.give({ kind: 'confirmed', leg: 'caller', body: sdp([PCMA]) });
    expect(rig.heard()).toEqual({ caller: 'announcement' });
  });
});
