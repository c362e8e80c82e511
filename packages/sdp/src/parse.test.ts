import { describe, expect, it } from 'vitest';
import { isSdpFault, parseSdp, SdpLimits, serialiseSdp } from './index.ts';

const minimal = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 't=0 0'];
const parse = (...lines: string[]) => parseSdp([...minimal, ...lines].join('\r\n'));

describe('parseSdp', () => {
  it('[RFC8866-5] reads the levels apart', () => {
    const description = parse(
      'a=group:BUNDLE 0',
      'm=audio 49170/2 RTP/AVP 0 8',
      'i=voice',
      'c=IN IP4 192.0.2.2',
      'b=AS:64',
      'a=sendonly',
      'a=rtpmap:0 PCMU/8000',
    );
    expect(description).toMatchObject({
      origin: { username: '-', sessionId: '1', sessionVersion: '1', address: '192.0.2.1' },
      attributes: [{ name: 'group', value: 'BUNDLE 0' }],
      media: [
        {
          kind: 'audio',
          port: 49_170,
          portCount: 2,
          protocol: 'RTP/AVP',
          formats: ['0', '8'],
          connection: 'IN IP4 192.0.2.2',
          otherLines: ['i=voice', 'b=AS:64'],
          attributes: [{ name: 'sendonly' }, { name: 'rtpmap', value: '0 PCMU/8000' }],
        },
      ],
    });
  });

  it('[RFC8866-5] serialises lines in the order of the grammar, whatever order they came in', () => {
    const description = parse('b=CT:1', 'k=clear:x', 'c=IN IP4 192.0.2.9', 'e=a@b.example', 'r=7d 1h', 'a=x');
    if (isSdpFault(description)) throw new Error(description.text);
    expect(serialiseSdp(description).split('\r\n').slice(3)).toEqual([
      'e=a@b.example',
      'c=IN IP4 192.0.2.9',
      'b=CT:1',
      't=0 0',
      'r=7d 1h',
      'k=clear:x',
      'a=x',
      '',
    ]);
  });

  it('[RFC8866-5] keeps the address type of an origin with a host name', () => {
    const text = 'v=0\r\no=a b 1 2 IN IP6 host.example\r\ns=-\r\nt=0 0\r\n';
    const description = parseSdp(text);
    if (isSdpFault(description)) throw new Error(description.text);
    expect(description.origin).toMatchObject({ username: 'a b', addressType: 'IP6' });
    expect(serialiseSdp(description)).toBe(text);
  });

  it('takes bare line feeds, empty lines at the end, and lines that devices leave out', () => {
    const description = parseSdp('v=0\no=- 1 1 IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 8\n\n\n');
    expect(description).toMatchObject({ sessionName: '-', timing: [], media: [{ port: 4000 }] });
  });

  it.each([
    ['an empty text', ''],
    ['no version', 'o=- 1 1 IN IP4 192.0.2.1'],
    ['another version', 'v=1\r\no=- 1 1 IN IP4 192.0.2.1'],
    ['no origin', 'v=0\r\ns=-\r\nt=0 0'],
    ['a short origin', 'v=0\r\no=- 1 IN IP4 192.0.2.1\r\ns=-'],
    ['an origin of another network', 'v=0\r\no=- 1 1 ATM NSAP 47\r\ns=-'],
    ['two origins', 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\no=- 1 1 IN IP4 192.0.2.1'],
    ['a line without =', [...minimal, 'hello'].join('\r\n')],
    ['an empty line in the middle', [...minimal, '', 'a=x'].join('\r\n')],
    ['a zero octet', [...minimal, 'a=x\0y'].join('\r\n')],
    ['a media line without protocol', [...minimal, 'm=audio 4000'].join('\r\n')],
    ['a port that is no number', [...minimal, 'm=audio x RTP/AVP 0'].join('\r\n')],
    ['a port above 65535', [...minimal, 'm=audio 65536 RTP/AVP 0'].join('\r\n')],
    ['too many characters', `${minimal.join('\r\n')}\r\na=${'x'.repeat(SdpLimits.characters)}`],
    ['too many lines', [...minimal, ...Array.from({ length: SdpLimits.lines }, () => 'a=x')].join('\n')],
    [
      'too many media lines',
      [...minimal, ...Array.from({ length: SdpLimits.media + 1 }, () => 'm=audio 9 RTP/AVP 0')].join('\n'),
    ],
    ['too many formats', [...minimal, `m=audio 9 RTP/AVP ${'0 '.repeat(200)}`].join('\n')],
  ])('gives a fault for %s', (_, text) => {
    expect(parseSdp(text)).toMatchObject({ kind: 'sdp_fault' });
  });

  it('gives a value, never an exception, for whatever is cut off or altered', () => {
    const text = [...minimal, 'c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 0 101', 'a=rtpmap:101 x/1'].join(
      '\r\n',
    );
    for (let cut = 0; cut < text.length; cut += 1) {
      for (const replacement of ['', '=', '\0', ' ', '\n', '9']) {
        const result = parseSdp(text.slice(0, cut) + replacement + text.slice(cut + 1));
        const again = isSdpFault(result) ? undefined : parseSdp(serialiseSdp(result));
        expect(again !== undefined && isSdpFault(again)).toBe(false);
      }
    }
  });
});
