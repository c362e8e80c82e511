import type { SipTrace } from '@offhook/sip-node';
import { describe, expect, it } from 'vitest';
import { TraceRing } from './trace-ring.ts';

function trace(text: string, transport: 'udp' | 'tcp' = 'udp'): SipTrace {
  return { direction: 'in', transport, remote: '192.0.2.1:5060', bytes: new TextEncoder().encode(text) };
}

describe('the trace', () => {
  it('keeps the last messages, with numbers that go on', () => {
    const ring = new TraceRing(3);
    for (let number = 1; number <= 10; number += 1)
      ring.add(trace(`OPTIONS sip:${number} SIP/2.0\r\n\r\n`), 5);
    expect(ring.since(0).map((entry) => entry.number)).toEqual([8, 9, 10]);
    expect(ring.since(9).map((entry) => entry.line)).toEqual(['OPTIONS sip:10 SIP/2.0']);
  });

  it('shows line and Call-ID, in its short form too', () => {
    const ring = new TraceRing();
    ring.add(trace('SIP/2.0 180 Ringing\r\nTo: <sip:a@b>\r\ni: 42@host\r\n\r\n'), 7);
    expect(ring.since(0)[0]).toMatchObject({ line: 'SIP/2.0 180 Ringing', callId: '42@host', at: 7 });
  });

  it('leaves out what proves a password', () => {
    const ring = new TraceRing();
    ring.add(
      trace('REGISTER sip:b SIP/2.0\r\nAuthorization: Digest nonce="n", response="c0ffee"\r\n\r\n'),
      0,
    );
    expect(ring.since(0)[0]?.text).not.toContain('c0ffee');
    expect(ring.since(0)[0]?.text).toContain('nonce="n"');
  });

  it('passes over keep-alives', () => {
    const ring = new TraceRing();
    ring.add(trace('\r\n\r\n'), 0);
    expect(ring.since(0)).toEqual([]);
  });

  it('[RFC3261-18.3] tells the messages in one piece of a stream apart', () => {
    const ring = new TraceRing();
    const body = 'v=0\r\n\r\nACK';
    const invite = `INVITE sip:a SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    ring.add(trace(`ACK sip:a SIP/2.0\r\nl: 0\r\n\r\n\r\n\r\n${invite}BYE sip:a SIP`, 'tcp'), 0);
    expect(ring.since(0).map((entry) => entry.line)).toEqual([
      'ACK sip:a SIP/2.0',
      'INVITE sip:a SIP/2.0',
      'BYE sip:a SIP',
    ]);
  });

  it('octets that are no text are kept and do no harm', () => {
    const ring = new TraceRing();
    ring.add({ ...trace('', 'tcp'), bytes: Uint8Array.of(0xff, 0xfe, 0x00, 0x41) }, 0);
    expect(ring.since(0)).toHaveLength(1);
  });
});
