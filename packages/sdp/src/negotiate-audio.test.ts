import { describe, expect, it } from 'vitest';
import {
  audioCapabilities,
  holdsOther,
  isSdpFault,
  negotiateAudio,
  offerAudio,
  parseSdp,
  readAudio,
  serialiseSdp,
  settleAudio,
  type LocalAudio,
  type SessionDescription,
} from './index.ts';

const capabilities = audioCapabilities(['G722', 'PCMA', 'PCMU']);
const local: LocalAudio = {
  sessionId: '77',
  sessionVersion: 1,
  address: '192.0.2.10',
  port: 20_000,
  direction: 'sendrecv',
};

function sdp(...media: string[]): SessionDescription {
  const head = ['v=0', 'o=pbx 5 5 IN IP4 192.0.2.20', 's=-', 'c=IN IP4 192.0.2.20', 't=0 0'];
  const description = parseSdp([...head, ...media].join('\r\n'));
  if (isSdpFault(description)) throw new Error(description.text);
  return description;
}

function answerTo(offer: SessionDescription, side: Partial<LocalAudio> = {}) {
  const answer = negotiateAudio(offer, capabilities, { ...local, ...side });
  if (answer.kind !== 'answer') throw new Error(answer.reason);
  return answer;
}
const mediaLines = (description: SessionDescription): string[] =>
  serialiseSdp(description)
    .split('\r\n')
    .filter((line) => line.startsWith('m='));

describe('offerAudio', () => {
  it('[RFC3264-5.1] lists codecs by preference, with telephone-event', () => {
    expect(serialiseSdp(offerAudio(capabilities, local)).split('\r\n')).toEqual([
      'v=0',
      'o=- 77 1 IN IP4 192.0.2.10',
      's=-',
      'c=IN IP4 192.0.2.10',
      't=0 0',
      'm=audio 20000 RTP/AVP 9 8 0 101',
      'a=rtpmap:9 G722/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      'a=sendrecv',
      '',
    ]);
  });

  it('[RFC8866-5.2] says IP6 for an IPv6 address', () => {
    expect(serialiseSdp(offerAudio(capabilities, { ...local, address: '2001:db8::1' }))).toContain(
      'c=IN IP6 2001:db8::1',
    );
  });
});

describe('negotiateAudio', () => {
  it('[RFC3264-6.1] takes the first codec of the offer that we have, with its number, and maps telephone-event', () => {
    const offer = sdp('m=audio 4000 RTP/AVP 18 8 0 96', 'a=rtpmap:96 telephone-event/8000');
    const { description, audio } = answerTo(offer);
    expect(mediaLines(description)).toEqual(['m=audio 20000 RTP/AVP 8 96']);
    expect(audio).toMatchObject({
      codec: { name: 'PCMA', payloadType: 8, receivePayloadType: 8 },
      telephoneEvent: { sendPayloadType: 96, receivePayloadType: 96 },
      remote: { address: '192.0.2.20', port: 4000, rtcpPort: 4001 },
    });
  });

  it('[RFC3264-6.1] uses the dynamic number of the offer for a codec that has a static one', () => {
    const { description, audio } = answerTo(sdp('m=audio 4000 RTP/AVP 99', 'a=rtpmap:99 pcma/8000/1'));
    expect(mediaLines(description)).toEqual(['m=audio 20000 RTP/AVP 99']);
    expect(audio.codec).toMatchObject({ name: 'PCMA', payloadType: 99 });
  });

  it('prefers the codec that the browser already speaks', () => {
    const offer = sdp('m=audio 4000 RTP/AVP 8 9');
    expect(answerTo(offer, { preferredCodec: 'G722' }).audio.codec.name).toBe('G722');
    expect(answerTo(offer, { preferredCodec: 'PCMU' }).audio.codec.name).toBe('PCMA');
  });

  it('[RFC4733-2.1] does not pair a telephone-event of another clock', () => {
    const offer = sdp('m=audio 4000 RTP/AVP 8 110', 'a=rtpmap:110 telephone-event/48000');
    const { description, audio } = answerTo(offer);
    expect(audio.telephoneEvent).toBeUndefined();
    expect(mediaLines(description)).toEqual(['m=audio 20000 RTP/AVP 8']);
  });

  it('[RFC3264-6] answers each media line in its place and rejects what it does not take with port 0', () => {
    const offer = sdp(
      'm=video 6000 RTP/AVP 31',
      'm=audio 4000 RTP/SAVP 8',
      'm=audio 4002 RTP/AVP 8',
      'm=audio 4004 RTP/AVP 8',
    );
    expect(mediaLines(answerTo(offer).description)).toEqual([
      'm=video 0 RTP/AVP 31',
      'm=audio 0 RTP/SAVP 8',
      'm=audio 20000 RTP/AVP 8',
      'm=audio 0 RTP/AVP 8',
    ]);
  });

  it.each([
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'sendrecv', 'sendonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['sendrecv', 'sendonly', 'sendonly'],
    ['sendonly', 'sendonly', 'inactive'],
    ['sendrecv', 'inactive', 'inactive'],
  ] as const)('[RFC3264-6.1] offered %s, wanted %s: answers %s', (offered, wanted, expected) => {
    const { description, audio } = answerTo(sdp('m=audio 4000 RTP/AVP 8', `a=${offered}`), {
      direction: wanted,
    });
    expect(audio.direction).toBe(expected);
    expect(readAudio(description)?.direction).toBe(expected);
  });

  it('[RFC3264-8.4] reads hold by 0.0.0.0 as not receiving, and answers recvonly', () => {
    const offer = sdp('m=audio 4000 RTP/AVP 8', 'c=IN IP4 0.0.0.0');
    expect(holdsOther(offer)).toBe(true);
    expect(answerTo(offer).audio).toMatchObject({ direction: 'recvonly', remote: { direction: 'sendonly' } });
  });

  it('[RFC8866-6.7] takes the direction of the session where the media line has none', () => {
    expect(holdsOther(sdp('a=sendonly', 'm=audio 4000 RTP/AVP 8'))).toBe(true);
    expect(holdsOther(sdp('a=sendonly', 'm=audio 4000 RTP/AVP 8', 'a=sendrecv'))).toBe(false);
  });

  it('[RFC3605-2.1] reads another RTCP port, and [RFC5761-5.1.1] answers rtcp-mux where it is offered', () => {
    expect(readAudio(sdp('m=audio 4000 RTP/AVP 8', 'a=rtcp:5005 IN IP4 192.0.2.20'))?.rtcpPort).toBe(5005);
    const { description, audio } = answerTo(sdp('m=audio 4000 RTP/AVP 8', 'a=rtcp-mux'));
    expect(audio).toMatchObject({ rtcpMux: true, remote: { rtcpPort: 4000 } });
    expect(serialiseSdp(description)).toContain('a=rtcp-mux');
    expect(serialiseSdp(answerTo(sdp('m=audio 4000 RTP/AVP 8')).description)).not.toContain('rtcp-mux');
  });

  it.each([
    ['no_audio', 'm=video 6000 RTP/AVP 31'],
    ['no_audio', 'm=audio 0 RTP/AVP 8'],
    ['no_audio', 'm=audio 4000 RTP/SAVP 8'],
    ['no_common_codec', 'm=audio 4000 RTP/AVP 18 4'],
    ['no_common_codec', 'm=audio 4000 RTP/AVP 96'],
  ])('rejects with %s: %s', (reason, media) => {
    expect(negotiateAudio(sdp(media), capabilities, local)).toEqual({ kind: 'rejected', reason });
  });
});

describe('settleAudio', () => {
  const offer = offerAudio(capabilities, local);

  it('[RFC3264-7] sends with the numbers of the answer and receives with those of the offer', () => {
    const answer = sdp(
      'm=audio 4000 RTP/AVP 98 97',
      'a=rtpmap:98 PCMA/8000',
      'a=rtpmap:97 telephone-event/8000',
    );
    expect(settleAudio(offer, answer)).toMatchObject({
      kind: 'settled',
      audio: {
        codec: { name: 'PCMA', payloadType: 98, receivePayloadType: 8 },
        telephoneEvent: { sendPayloadType: 97, receivePayloadType: 101 },
        direction: 'sendrecv',
      },
    });
  });

  it('[RFC3264-7] keeps all codecs of the answer: the other side may change between them', () => {
    expect(settleAudio(offer, sdp('m=audio 4000 RTP/AVP 0 8'))).toMatchObject({
      audio: { codec: { name: 'PCMU' }, codecs: [{ name: 'PCMU' }, { name: 'PCMA' }] },
    });
  });

  it('[RFC3264-8.4] our sendonly, their recvonly: hold of ours, and not of theirs', () => {
    const answer = sdp('m=audio 4000 RTP/AVP 8', 'a=recvonly');
    const held = offerAudio(capabilities, { ...local, direction: 'sendonly' });
    expect(settleAudio(held, answer)).toMatchObject({ audio: { direction: 'sendonly' } });
    expect(holdsOther(answer)).toBe(false);
  });

  it.each([
    ['no_audio', 'm=audio 0 RTP/AVP 8'],
    ['no_common_codec', 'm=audio 4000 RTP/AVP 18'],
  ])('rejects with %s: %s', (reason, media) => {
    expect(settleAudio(offer, sdp(media))).toEqual({ kind: 'rejected', reason });
  });
});
