import { describe, expect, it } from 'vitest';
import { textOf } from '../simulation/world.test-support.ts';
import { formatSipfrag, parseSipfrag } from './sipfrag.ts';

const parse = (text: string, contentType = 'message/sipfrag;version=2.0') =>
  parseSipfrag({ contentType, bytes: new TextEncoder().encode(text) });

describe('message/sipfrag', () => {
  it('[RFC3420-2] begins with a status line; what follows is passed over', () => {
    expect(parse('SIP/2.0 100 Trying\r\n')).toEqual({ status: 100, reason: 'Trying' });
    expect(parse('SIP/2.0 100 Trying')).toEqual({ status: 100, reason: 'Trying' });
    expect(parse('SIP/2.0 603 Declined\r\nVia: x\r\n\r\nSIP/2.0 200 OK')).toEqual({
      status: 603,
      reason: 'Declined',
    });
    expect(parse('\r\nsip/2.0 200\n', 'Message/SipFrag')).toEqual({ status: 200, reason: '' });
    expect(parse('SIP/2.0 486 Besetzt hier – später\r\n')?.reason).toBe('Besetzt hier – später');
  });

  it.each([
    '',
    'INVITE sip:a@b SIP/2.0\r\n',
    'From: <sip:a@b>\r\n',
    'SIP/2.0 99 Low\r\n',
    'SIP/2.0 700 High\r\n',
    'SIP/2.0 2000 Long\r\n',
    'SIP/3.0 200 OK\r\n',
    `${' '.repeat(2_000)}SIP/2.0 200 OK\r\n`,
  ])('[RFC3515-2.4.5] without one it says nothing: %j', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('another type says nothing, and a long reason is cut', () => {
    expect(parse('SIP/2.0 200 OK', 'text/plain')).toBeUndefined();
    expect(parseSipfrag(undefined)).toBeUndefined();
    expect(parse(`SIP/2.0 200 ${'x'.repeat(100_000)}`)?.reason).toHaveLength(256);
  });

  it('no reason can begin a line of its own', () => {
    expect(textOf(formatSipfrag(180))).toBe('SIP/2.0 180 Ringing\r\n');
    expect(textOf(formatSipfrag(486, 'Busy\r\nContact: <sip:x@y>'))).toBe(
      'SIP/2.0 486 Busy Contact: <sip:x@y>\r\n',
    );
    expect(parseSipfrag(formatSipfrag(486, 'Busy\u0000Here'))).toEqual({ status: 486, reason: 'Busy Here' });
  });
});
