import { describe, expect, it } from 'vitest';
import { DatagramKeepAlive } from './datagram-keep-alive.ts';

const options = { everyMs: 25_000, forgetMs: 3_600_000, peers: 2 };
const register = Buffer.from('REGISTER sip:pbx.example SIP/2.0\r\n');
const [a, b, c] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => ({ address, port: 5060 })) as [
  { address: string; port: number },
  { address: string; port: number },
  { address: string; port: number },
];

describe('keep-alive over UDP', () => {
  it('[RFC5626-3.5] begins where we register, and nowhere else', () => {
    const keepAlive = new DatagramKeepAlive(options);
    expect(keepAlive.sent(a, Buffer.from('INVITE sip:b SIP/2.0\r\n'), 0)).toBe(false);
    expect(keepAlive.sent(a, Buffer.from('REG'), 0)).toBe(false);
    expect(keepAlive.deadline()).toBeUndefined();
    expect(keepAlive.sent(a, register, 0)).toBe(true);
    expect(keepAlive.deadline()).toBe(25_000);
  });

  it('pings each registrar at its interval until no registration has been sent for long', () => {
    const keepAlive = new DatagramKeepAlive({ ...options, forgetMs: 60_000 });
    keepAlive.sent(a, register, 0);
    keepAlive.sent(b, register, 10_000);
    keepAlive.sent(b, register, 50_000);
    const pinged: string[] = [];
    for (let at = keepAlive.deadline(); at !== undefined; at = keepAlive.deadline()) {
      for (const { address } of keepAlive.due(at)) pinged.push(`${at} ${address}`);
    }
    expect(pinged).toEqual([
      `25000 ${a.address}`,
      `35000 ${b.address}`,
      `50000 ${a.address}`,
      `60000 ${b.address}`,
      `85000 ${b.address}`,
    ]);
  });

  it('is bounded', () => {
    const keepAlive = new DatagramKeepAlive(options);
    expect([a, b, c].map((place) => keepAlive.sent(place, register, 0))).toEqual([true, true, false]);
  });
});
