import { describe, expect, it } from 'vitest';
import { findPart } from './multipart.ts';

const type = 'multipart/mixed;boundary="unique boundary-1"';

function find(body: string, contentType = type): string | undefined {
  const found = findPart(new TextEncoder().encode(body), contentType, 'application/sdp');
  return found === undefined ? undefined : new TextDecoder().decode(found);
}

const sdpPart =
  '--unique boundary-1\r\nContent-Type: application/SDP; charset=ISO-10646\r\n\r\nv=0\r\nüs=-\r\n\r\n';
const isupPart = '--unique boundary-1\r\nContent-Type: application/ISUP\r\nX: y\r\n\r\n89 8b\r\n';
const end = '--unique boundary-1--\r\n';

describe('multipart bodies', () => {
  it('[RFC2046-5.1.1] the wanted part is found at any place, byte for byte, without the line break before the delimiter', () => {
    expect(find(sdpPart + isupPart + end)).toBe('v=0\r\nüs=-\r\n');
    expect(find(`preamble\r\n${isupPart}${sdpPart}${end}epilogue`)).toBe('v=0\r\nüs=-\r\n');
  });

  it('[RFC5621-3] the boundary may be a token, and the name of the header compact', () => {
    const body = '--b\r\nc: application/sdp\r\n\r\nv=0\r\n--b--';
    expect(find(body, 'multipart/alternative; boundary=b')).toBe('v=0');
  });

  it.each([
    ['no such part', isupPart + end, type],
    ['no end', sdpPart, type],
    ['no boundary parameter', sdpPart + end, 'multipart/mixed'],
    [
      'an encoding that is not read',
      sdpPart.replace('\r\n\r\n', '\r\nContent-Transfer-Encoding: base64\r\n\r\n') + end,
      type,
    ],
    ['too many parts before it', isupPart.repeat(16) + sdpPart + end, type],
  ])('%s gives nothing', (_name, body, contentType) => {
    expect(find(body, contentType)).toBeUndefined();
  });
});
