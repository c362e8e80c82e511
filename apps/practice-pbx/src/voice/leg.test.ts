import { buildRtp, buildTelephoneEvent, parseRtp, toneSamples } from '@offhook/audio';
import { audioCapabilities } from '@offhook/sdp';
import type { Direction, NegotiatedAudio } from '@offhook/sdp';
import { describe, expect, it } from 'vitest';
import { Party } from './party.ts';
import { readBody } from './negotiation.ts';
import { VoiceLeg } from './leg.ts';

const phone = { address: '192.0.2.1', port: 4000 };
const stranger = { address: '192.0.2.66', port: 4000 };

/** What we agree with a device at {@link phone}. */
function agreed(codec: 'G722' | 'PCMA', direction: Direction = 'sendrecv'): NegotiatedAudio {
  const offer = readBody(
    new Party({ ...phone, sessionId: '1' }).offer(audioCapabilities([codec]), direction),
  );
  if ('kind' in offer) throw new Error('no offer');
  const us = new Party({ address: '192.0.2.9', port: 6000, sessionId: '2' });
  const answer = us.answer(offer, audioCapabilities([codec]));
  if (answer === undefined) throw new Error('no agreement');
  return answer.voice;
}

function rtp(
  payloadType: number,
  sequenceNumber: number,
  payload: Uint8Array = new Uint8Array(160),
): Uint8Array {
  return buildRtp({ payloadType, marker: false, sequenceNumber, timestamp: 0, ssrc: 5, payload });
}

function legWith(voice: NegotiatedAudio): VoiceLeg {
  const leg = new VoiceLeg({ ssrc: 1, sequenceNumber: 1, timestamp: 1 });
  leg.agree(voice);
  return leg;
}

describe('receiving', () => {
  it('takes what was negotiated and nothing else', () => {
    const leg = legWith(agreed('PCMA'));
    expect(leg.receive(rtp(8, 1), phone, 0)).toMatchObject({ kind: 'voice', codec: 'PCMA' });
    expect(leg.receive(rtp(9, 2), phone, 0)).toBeUndefined();
    expect(leg.receive(Uint8Array.of(1, 2, 3), phone, 0)).toBeUndefined();
    expect(
      new VoiceLeg({ ssrc: 1, sequenceNumber: 1, timestamp: 1 }).receive(rtp(8, 1), phone, 0),
    ).toBeUndefined();
  });

  it('gives each key once', () => {
    const leg = legWith(agreed('PCMA'));
    const heard = [false, false, true].map((end, index) => {
      const payload = buildTelephoneEvent({ event: 5, end, volume: 10, duration: 160 });
      return leg.receive(rtp(101, index, payload), phone, 0);
    });
    expect(heard.map((received) => received?.kind === 'event' && received.pressed)).toEqual(['5', '', '']);
  });

  it('listens to the described sender; a stranger only until that one is heard', () => {
    const leg = legWith(agreed('PCMA'));
    expect(leg.receive(rtp(8, 1), stranger, 0)).toBeDefined();
    expect(leg.receive(rtp(8, 2), phone, 0)).toBeDefined();
    expect(leg.receive(rtp(8, 3), stranger, 0)).toBeUndefined();
  });
});

describe('sending', () => {
  it('passes on with this side’s payload type, and not what this side does not speak', () => {
    const leg = legWith(agreed('PCMA'));
    const packet = parseRtp(rtp(96, 1));
    if (packet === undefined) throw new Error('no packet');
    const out = leg.relay({ kind: 'voice', codec: 'PCMA', packet }, 0);
    expect(out && parseRtp(out)?.payloadType).toBe(8);
    expect(leg.relay({ kind: 'voice', codec: 'G722', packet }, 0)).toBeUndefined();
  });

  it.each([
    ['G722', 16_000],
    ['PCMA', 8000],
  ] as const)('plays 20 ms of %s as 160 octets', (codec, rate) => {
    const leg = legWith(agreed(codec));
    expect(leg.sampleRate).toBe(rate);
    const out = leg.play({ next: (count) => toneSamples(rate, [440], count / rate) }, 0);
    expect(out && parseRtp(out)?.payload).toHaveLength(160);
    expect(leg.play({ next: () => undefined }, 20)).toBeUndefined();
  });

  it('[RFC3264-5.1] is silent towards a side that does not want to hear', () => {
    const leg = legWith(agreed('PCMA', 'sendonly'));
    expect(leg.destination).toBeUndefined();
    expect(leg.play({ next: (count) => new Int16Array(count) }, 0)).toBeUndefined();
  });
});
