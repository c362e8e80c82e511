import { noActivity, type KnownCall } from '@offhook/phone-core';
import { describe, expect, it } from 'vitest';
import { call, ended, online, people, states } from '../gallery/builders.ts';
import { ringingCall, talkingCall, whatSounds } from './what-sounds.ts';

const incoming = (id = 'in') => call(states.ringing, { id, direction: 'incoming', remote: people.carla });
const sounds = (...calls: KnownCall[]) => whatSounds(online({ calls }));

describe('what sounds', () => {
  it('an incoming call rings; while one is talking it only knocks', () => {
    expect(sounds(incoming())).toBe('ring');
    expect(sounds(incoming(), call(states.held))).toBe('ring');
    expect(sounds(call(states.connected), incoming())).toBe('waiting');
    expect(sounds(call(states.connected, { position: 'desk_phone' }), incoming())).toBe('waiting');
  });

  it('ringing stops with the click on Answer or Reject, before anybody has confirmed it', () => {
    const one = incoming();
    for (const pending of ['answer', 'reject', 'deflect', 'toVoicemail', 'answerAtDesk'] as const) {
      const state = online({ calls: [one], activities: { [one.callId]: { ...noActivity, pending } } });
      expect(whatSounds(state)).toBeUndefined();
    }
  });

  it('[A10] a call that rings at the desk phone alone is silent here', () => {
    const atDesk = call(states.ringing, { direction: 'incoming', rings: ['desk_phone'] });
    expect(sounds(atDesk)).toBeUndefined();
  });

  it('ringing stops when another window or device has the call', () => {
    expect(
      sounds(call(states.connected, { direction: 'incoming', position: 'other_client' })),
    ).toBeUndefined();
    expect(sounds(call(ended('answered_elsewhere'), { direction: 'incoming' }))).toBeUndefined();
  });

  it('an outgoing call gives ring-back when the other side rings, and the busy tone', () => {
    expect(sounds(call(states.calling))).toBeUndefined();
    expect(sounds(call(states.ringing))).toBe('ringback');
    expect(sounds(call(ended('busy')))).toBe('busy');
    expect(sounds({ ...call(ended('busy')), wasHere: false })).toBeUndefined();
    expect(sounds(call(ended('rejected')))).toBeUndefined();
    expect(sounds(call(states.ringing, { position: 'other_client' }))).toBeUndefined();
  });

  it('talking is quiet', () => {
    expect(sounds(call(states.connected))).toBeUndefined();
  });
});

it('the window’s title speaks of the ringing call first, then of the one that is held here', () => {
  const state = online({ calls: [call(states.held), incoming()] });
  expect(ringingCall(state)?.callId).toBe('in');
  expect(talkingCall(state)?.callId).toBe('call-1');
  expect(
    talkingCall(online({ calls: [call(states.connected, { position: 'other_client' })] })),
  ).toBeUndefined();
});
