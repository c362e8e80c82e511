import { BROWSER_RTP, isSdpFault, parseSdp, readAudio } from '@offhook/sdp';
import { describe, expect, it } from 'vitest';
import {
  browserAnswer,
  chooseFormats,
  readBrowserOffer,
  readLocalTransport,
  reducedOffer,
} from './browser-sdp.ts';

const FINGERPRINT = `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`;
const SESSION = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE v a',
  'a=extmap-allow-mixed',
];
const TRANSPORT = [
  'a=ice-ufrag:j85G',
  'a=ice-pwd:Eo1mM46S2zOrqhzDrmZAbH3+',
  `a=fingerprint:${FINGERPRINT}`,
  'a=setup:actpass',
  'a=rtcp-mux',
];
const AUDIO = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126',
  'c=IN IP4 0.0.0.0',
  'a=mid:a',
  ...TRANSPORT,
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=sendrecv',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=rtpmap:63 red/48000/2',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'a=candidate:1 1 udp 2113937151 192.0.2.1 56403 typ host',
];
const VIDEO = [
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'c=IN IP4 0.0.0.0',
  'a=mid:v',
  ...TRANSPORT,
  'a=rtpmap:96 VP8/90000',
];
const text = (...lines: string[]): string => `${lines.join('\r\n')}\r\n`;
const offer = readBrowserOffer(text(...SESSION, ...AUDIO));

describe('readBrowserOffer', () => {
  it('finds codecs, transport and candidates', () => {
    expect(offer).toMatchObject({
      mid: 'a',
      direction: 'sendrecv',
      ice: { ufrag: 'j85G' },
      setup: 'actpass',
      candidates: ['1 1 udp 2113937151 192.0.2.1 56403 typ host'],
    });
  });

  it('[RFC8122-5] takes transport attributes of the session for all media', () => {
    const audio = AUDIO.filter((line) => !TRANSPORT.includes(line));
    expect(
      readBrowserOffer(text(...SESSION, ...TRANSPORT.slice(0, 4), ...audio, 'a=rtcp-mux')).fingerprint,
    ).toBe(FINGERPRINT);
  });

  it.each([
    ['no SDP', 'hello'],
    ['no audio', text(...SESSION, ...VIDEO)],
    ['rejected audio', text(...SESSION, ...AUDIO).replace('m=audio 9 ', 'm=audio 0 ')],
    ['plain RTP', text(...SESSION, ...AUDIO).replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['no ICE password', text(...SESSION, ...AUDIO.filter((line) => !line.startsWith('a=ice-pwd')))],
    ['a short ICE password', text(...SESSION, ...AUDIO).replace(/ice-pwd:.*/, 'ice-pwd:short')],
    ['no fingerprint', text(...SESSION, ...AUDIO.filter((line) => !line.startsWith('a=fingerprint')))],
    ['a malformed fingerprint', text(...SESSION, ...AUDIO).replace(/sha-256 .*/, 'sha-256 XY')],
    ['an unknown setup', text(...SESSION, ...AUDIO).replace('setup:actpass', 'setup:holdconn')],
    ['no rtcp-mux', text(...SESSION, ...AUDIO.filter((line) => line !== 'a=rtcp-mux'))],
    ['a malformed mid', text(...SESSION, ...AUDIO).replace('mid:a', 'mid:a b')],
  ])('refuses %s with bad_sdp', (_, sdp) => {
    expect(() => readBrowserOffer(sdp)).toThrow(expect.objectContaining({ code: 'bad_sdp' }));
  });
});

describe('chooseFormats', () => {
  it('[RFC4733-2.1] takes the first wanted codec that is offered, and the telephone-event of its clock', () => {
    expect(chooseFormats(offer, ['PCMA', 'G722'])).toMatchObject({
      codec: { name: 'PCMA', payloadType: 8 },
      telephoneEvent: { payloadType: 126 },
    });
  });

  it('refuses what is not offered with no_common_codec', () => {
    const onlyOpus = readBrowserOffer(
      text(...SESSION, ...AUDIO).replace('SAVPF 111 63 9 0 8 13', 'SAVPF 111'),
    );
    expect(() => chooseFormats(onlyOpus, ['G722', 'PCMA', 'PCMU'])).toThrow(
      expect.objectContaining({ code: 'no_common_codec' }),
    );
  });
});

describe('reducedOffer', () => {
  it('leaves one codec, telephone-event and the transport: no candidate, no header extension, no feedback', () => {
    const reduced = reducedOffer(offer, chooseFormats(offer, ['G722']));
    expect(reduced.split('\r\n').slice(6)).toEqual([
      'm=audio 9 UDP/TLS/RTP/SAVPF 9 126',
      'c=IN IP4 0.0.0.0',
      'a=rtcp-mux',
      'a=rtpmap:9 G722/8000',
      'a=rtpmap:126 telephone-event/8000',
      'a=mid:a',
      'a=sendrecv',
      'a=ice-ufrag:j85G',
      'a=ice-pwd:Eo1mM46S2zOrqhzDrmZAbH3+',
      `a=fingerprint:${FINGERPRINT}`,
      'a=setup:actpass',
      '',
    ]);
  });
});

describe('browserAnswer', () => {
  const transport = { ufrag: 'ours', password: 'x'.repeat(22), fingerprint: FINGERPRINT, setup: 'active' };
  const endpoints = [
    { address: '192.0.2.2', port: 4000 },
    { address: '127.0.0.1', port: 4000 },
  ];
  const answerTo = (sdp: string): string => {
    const read = readBrowserOffer(sdp);
    const formats = chooseFormats(read, ['G722']);
    return browserAnswer(read, { formats, transport, endpoints, ssrc: 7, cname: 'c' });
  };

  it('[RFC3264-6] answers each media line in its place, and bundles the one that it takes', () => {
    const answer = answerTo(text(...SESSION, ...VIDEO, ...AUDIO));
    expect(answer.split('\r\n').filter((line) => /^m=|^a=group|^a=mid/.test(line))).toEqual([
      'a=group:BUNDLE a',
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'a=mid:v',
      'm=audio 4000 UDP/TLS/RTP/SAVPF 9 126',
      'a=mid:a',
    ]);
  });

  it('[RFC8839-5.1] lists all candidates, and says that there are no more', () => {
    const lines = answerTo(text(...SESSION, ...AUDIO)).split('\r\n');
    expect(lines.filter((line) => line.startsWith('a=candidate'))).toHaveLength(2);
    expect(lines).toContain('a=end-of-candidates');
    expect(lines).toContain('a=setup:active');
  });

  it.each([
    ['sendrecv', 'sendrecv', true],
    ['recvonly', 'sendonly', true],
    ['sendonly', 'recvonly', false],
    ['inactive', 'inactive', false],
  ])('[RFC3264-6.1] offered %s: answers %s', (offered, answered, sending) => {
    const answer = answerTo(text(...SESSION, ...AUDIO).replace('a=sendrecv', `a=${offered}`));
    const description = parseSdp(answer);
    expect(isSdpFault(description) ? undefined : readAudio(description, BROWSER_RTP)?.direction).toBe(
      answered,
    );
    expect(answer.includes('a=ssrc:7 cname:c')).toBe(sending);
  });

  it('reads its own transport back', () => {
    expect(readLocalTransport(answerTo(text(...SESSION, ...AUDIO)))).toEqual(transport);
  });
});
