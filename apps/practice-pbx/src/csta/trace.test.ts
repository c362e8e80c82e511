import { encodeMessage } from '@offhook/csta';
import { describe, expect, it } from 'vitest';
import { CstaTraceRing, messageName } from './trace.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the trace of CSTA messages', () => {
  it('shows invoke id, name and call, side by side with SIP', () => {
    const ring = new CstaTraceRing();
    const document = octets(
      '<?xml version="1.0"?><c:AnswerCall xmlns:c="x"><c:callID>c0ffee</c:callID></c:AnswerCall>',
    );
    ring.add({ direction: 'in', invokeId: 12, document }, '192.0.2.1:4711', 5);
    expect(ring.since(0)).toMatchObject([
      {
        number: 1,
        at: 5,
        direction: 'in',
        transport: 'csta',
        remote: '192.0.2.1:4711',
        line: '0012 AnswerCall',
        callId: 'c0ffee',
      },
    ]);
  });

  it('leaves out passwords, also one that is cut off', () => {
    const ring = new CstaTraceRing();
    const document = encodeMessage({
      name: 'StartApplicationSession',
      applicationInfo: { applicationID: 'phone', applicationSpecificInfo: { user: 'u', password: 's3cret' } },
    });
    ring.add({ direction: 'in', invokeId: 1, document }, '', 0);
    ring.add({ direction: 'in', invokeId: 1, document: octets('<a><scx:password kind="x">s3cr') }, '', 0);
    const texts = ring.since(0).map(({ text }) => text);
    expect(texts.join('')).not.toContain('s3cr');
    expect(texts[0]).toContain('<user>u</user>');
  });

  it('keeps the last, with numbers that go on, and cuts what is long', () => {
    const ring = new CstaTraceRing(3);
    for (let id = 1; id <= 10; id += 1) {
      ring.add({ direction: 'out', invokeId: id, document: octets(`<a>${'b'.repeat(20_000)}</a>`) }, '', 0);
    }
    expect(ring.since(0).map(({ number }) => number)).toEqual([8, 9, 10]);
    expect(ring.since(9)).toHaveLength(1);
    expect(ring.since(9)[0]?.text).toHaveLength(8192);
  });

  it('octets that are no message are shown as they begin', () => {
    const ring = new CstaTraceRing();
    ring.add({ direction: 'out', invokeId: 0, document: Uint8Array.of(0xff, 0) }, '', 0);
    expect(ring.since(0)[0]?.line.startsWith('0000 ')).toBe(true);
    expect(messageName('')).toBeUndefined();
    expect(messageName('<!-- a --> <b/>')).toBe('b');
  });
});
