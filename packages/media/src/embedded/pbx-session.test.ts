import { describe, expect, it } from 'vitest';
import { PbxSession } from './pbx-session.ts';

const session = (): PbxSession =>
  new PbxSession({ codecs: ['G722', 'PCMA', 'PCMU'], address: '192.0.2.10', port: 20_000, sessionId: '77' });

const pbx = (formats: string, ...lines: string[]): string =>
  [
    'v=0',
    'o=pbx 1 1 IN IP4 192.0.2.20',
    's=-',
    'c=IN IP4 192.0.2.20',
    't=0 0',
    `m=audio 4000 RTP/AVP ${formats}`,
    ...lines,
    '',
  ].join('\r\n');
const EVENT_96 = 'a=rtpmap:96 telephone-event/8000';
const mediaLine = (sdp: string): string | undefined => /^m=.*$/m.exec(sdp)?.[0].trim();
const version = (sdp: string): string | undefined => /^o=- 77 (\d+)/m.exec(sdp)?.[1];

const settled = (): PbxSession => {
  const subject = session();
  subject.createOffer('sendrecv', undefined);
  subject.acceptAnswer(pbx('8 0 96', EVENT_96));
  return subject;
};

describe('PbxSession', () => {
  it('[RFC3264-8] raises the version with each description that differs, and only then', () => {
    const subject = session();
    expect(version(subject.createOffer('sendrecv', undefined))).toBe('1');
    expect(version(subject.createOffer('sendrecv', undefined))).toBe('1');
    expect(version(subject.createOffer('sendonly', undefined))).toBe('2');
    const { text } = subject.answerOffer(pbx('8', 'a=sendonly'), 'sendrecv', undefined);
    expect(version(text)).toBe('3');
    expect(version(subject.answerOffer(pbx('8', 'a=sendonly'), 'sendrecv', undefined).text)).toBe('3');
  });

  it('puts the codec in use in front of the wished one, and offers the others behind', () => {
    const subject = session();
    expect(mediaLine(subject.createOffer('sendrecv', 'PCMU'))).toBe('m=audio 20000 RTP/AVP 0 9 8 101');
    subject.acceptAnswer(pbx('8'));
    expect(mediaLine(subject.createOffer('sendrecv', 'PCMU'))).toBe('m=audio 20000 RTP/AVP 8 9 0 101');
  });

  it('[RFC3264-8.3.2] keeps to the payload types that the session already uses', () => {
    const subject = session();
    subject.answerOffer(pbx('98 96', 'a=rtpmap:98 PCMA/8000', EVENT_96), 'sendrecv', undefined);
    expect(mediaLine(subject.createOffer('sendonly', undefined))).toBe('m=audio 20000 RTP/AVP 98 9 0 96');
  });

  it('keeps what stands where a later exchange fails', () => {
    const subject = session();
    subject.createOffer('sendrecv', undefined);
    subject.acceptAnswer(pbx('8 101', 'a=rtpmap:101 telephone-event/8000'));
    const { agreed } = subject;
    subject.createOffer('sendonly', undefined);
    expect(() => subject.acceptAnswer(pbx('18'))).toThrow(
      expect.objectContaining({ code: 'no_common_codec' }),
    );
    expect(() => subject.answerOffer('nonsense', 'sendrecv', undefined)).toThrow(
      expect.objectContaining({ code: 'bad_sdp' }),
    );
    expect(subject.agreed).toBe(agreed);
    expect(subject.codecName).toBe('PCMA');
  });

  it('takes the answer of a provisional response, and the one of the final response after it', () => {
    const subject = session();
    subject.createOffer('sendrecv', undefined);
    subject.acceptAnswer(pbx('8'));
    subject.acceptAnswer(pbx('0'));
    expect(subject.codecName).toBe('PCMU');
  });

  it('refuses an answer to nothing, and a host name for the media address', () => {
    expect(() => session().acceptAnswer(pbx('8'))).toThrow(expect.objectContaining({ code: 'bad_sdp' }));
    const named = pbx('8').replace('c=IN IP4 192.0.2.20', 'c=IN IP4 pbx.example');
    expect(() => session().answerOffer(named, 'sendrecv', undefined)).toThrow(
      expect.objectContaining({ code: 'bad_sdp' }),
    );
  });

  describe('classify', () => {
    it('knows voice and events by our own numbers, and nothing else', () => {
      const subject = settled();
      expect(subject.classify(8)).toBe('voice');
      expect(subject.classify(101)).toBe('event');
      expect(subject.classify(96)).toBeUndefined();
      expect(subject.classify(13)).toBeUndefined();
      expect(session().classify(8)).toBeUndefined();
    });

    it('[RFC3264-5.1] changes with the PBX to another agreed codec, but not for a stray packet', () => {
      const subject = settled();
      expect([0, 0, 8, 0, 0].map((payloadType) => subject.classify(payloadType))).toEqual([
        undefined,
        undefined,
        'voice',
        undefined,
        undefined,
      ]);
      expect(subject.classify(0)).toBe('switched');
      expect(subject.codecName).toBe('PCMU');
      expect(subject.classify(0)).toBe('voice');
    });
  });
});
