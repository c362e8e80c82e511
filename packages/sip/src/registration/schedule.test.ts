import { describe, expect, it } from 'vitest';
import { parseMessage } from '../message/parse.ts';
import type { SipResponse } from '../message/types.ts';
import { backOff, grantedExpires, refreshDelay, retryDelay } from './schedule.ts';

function response(status: number, ...headers: string[]): SipResponse {
  const lines = [
    `SIP/2.0 ${status} Whatever`,
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx',
    'From: <sip:a@b>;tag=1',
    'To: <sip:a@b>;tag=2',
    'Call-ID: c',
    'CSeq: 1 REGISTER',
    ...headers,
  ];
  const message = parseMessage(new TextEncoder().encode([...lines, '', ''].join('\r\n')));
  if (message.kind !== 'response') throw new Error('no response');
  return message;
}

describe('the wait before the next attempt', () => {
  it('doubles up to its bound, and jitter takes up to half of it', () => {
    expect([1, 2, 3, 4].map((failures) => retryDelay(failures, undefined, 1))).toEqual([
      2_000, 4_000, 8_000, 16_000,
    ]);
    expect(retryDelay(3, undefined, 0)).toBe(4_000);
    expect(retryDelay(1_000, undefined, 1)).toBe(backOff.most);
  });

  it('is longer from the start where the registrar has refused the account', () => {
    expect(retryDelay(1, response(403), 1)).toBe(backOff.baseAfterRefusal);
    expect(retryDelay(1, response(500), 1)).toBe(backOff.base);
    expect(retryDelay(50, response(403), 1)).toBe(backOff.mostAfterRefusal);
  });

  it('[RFC3261-20.33] is not shorter than Retry-After, and does not believe a day', () => {
    expect(retryDelay(1, response(503, 'Retry-After: 90 (maintenance)'), 0)).toBe(90_000);
    expect(retryDelay(1, response(503, 'Retry-After: 90'), 1)).toBeCloseTo(99_000);
    expect(retryDelay(1, response(503, 'Retry-After: 1'), 1)).toBe(2_000);
    expect(retryDelay(1, response(503, 'Retry-After: 86400'), 0)).toBe(3_600_000);
  });
});

describe('the lifetime that was granted', () => {
  const ours = 'sip:alice@192.0.2.1:5060';

  it('[RFC3261-10.2.4] is the `expires` of our own contact among all that are bound', () => {
    const list = 'Contact: <sip:x@192.0.2.9>;expires=10, <sip:alice@192.0.2.1:5060>;expires=300';
    expect(grantedExpires(response(200, list, 'Expires: 60'), ours, 600)).toBe(300);
  });

  it('is the Expires header where the contact says none, and what was asked for where nothing does', () => {
    expect(grantedExpires(response(200, `Contact: <${ours}>`, 'Expires: 60'), ours, 600)).toBe(60);
    expect(grantedExpires(response(200, `Contact: <${ours}>`), ours, 600)).toBe(600);
    expect(grantedExpires(response(200), ours, 600)).toBe(600);
  });

  it('is taken from the only contact where the registrar rewrote it, and is none where others alone are bound', () => {
    const one = 'Contact: <sip:alice@203.0.113.9:40000>;expires=120';
    expect(grantedExpires(response(200, one), ours, 600)).toBe(120);
    const others = 'Contact: <sip:x@192.0.2.8>;expires=9, <sip:y@192.0.2.9>;expires=9';
    expect(grantedExpires(response(200, others), ours, 600)).toBe(0);
  });
});

describe('the refresh', () => {
  it('comes between 50 and 90 per cent of the lifetime', () => {
    expect(refreshDelay(600_000, 0)).toBe(300_000);
    expect(refreshDelay(600_000, 1)).toBe(540_000);
  });
});
