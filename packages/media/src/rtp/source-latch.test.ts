import { describe, expect, it } from 'vitest';
import { sameHostAs, SourceLatch } from './source-latch.ts';

const host = '192.0.2.20';
const at = (port: number, address = host) => ({ address, port });

function latch(): SourceLatch {
  const subject = new SourceLatch();
  subject.expect(at(4000));
  return subject;
}

describe('SourceLatch', () => {
  it('[RFC4961] sends to the negotiated port first, then to where packets come from', () => {
    const subject = latch();
    expect(subject.target).toEqual(at(4000));
    expect(subject.accept(at(4444), 0)).toBe(true);
    expect(subject.target).toEqual(at(4444));
  });

  it('takes nothing before an address is negotiated, and nothing from another host', () => {
    const subject = new SourceLatch();
    expect(subject.target).toBeUndefined();
    expect(subject.accept(at(4000), 0)).toBe(false);
    subject.expect(at(4000));
    expect(subject.accept(at(4000, '192.0.2.66'), 0)).toBe(false);
    expect(subject.target).toEqual(at(4000));
  });

  it('stays with a port that speaks, and follows the host to another once it is silent', () => {
    const subject = latch();
    subject.accept(at(4444), 0);
    expect(subject.accept(at(5555), 100)).toBe(false);
    subject.accept(at(4444), 400);
    expect(subject.accept(at(5555), 800)).toBe(false);
    expect(subject.accept(at(5555), 901)).toBe(true);
    expect(subject.target).toEqual(at(5555));
  });

  it('[RFC3264-8.3.1] forgets the latch with a new address, and keeps it where the same is said again', () => {
    const subject = latch();
    subject.accept(at(4444), 0);
    subject.expect(at(4000));
    expect(subject.target).toEqual(at(4444));
    subject.expect(at(4002));
    expect(subject.target).toEqual(at(4002));
    expect(subject.accept(at(4002), 1)).toBe(true);
  });

  it('takes a PBX on this machine from any address of the machine, and no other host', () => {
    const subject = new SourceLatch(sameHostAs(['192.0.2.2', 'FD00::2']));
    subject.expect(at(4000, '192.0.2.2'));
    expect(subject.accept(at(4000, '192.0.2.3'), 0)).toBe(false);
    expect(subject.accept(at(4000, '127.0.0.1'), 0)).toBe(true);
    expect(subject.target).toEqual(at(4000, '127.0.0.1'));
    subject.expect(at(4000, '192.0.2.3'));
    expect(subject.accept(at(4000, '127.0.0.1'), 0)).toBe(false);
  });

  it('knows one address in its different spellings', () => {
    const subject = new SourceLatch();
    subject.expect(at(4000, '2001:DB8::1'));
    expect(subject.accept(at(4000, '2001:db8::1%eth0'), 0)).toBe(true);
    subject.expect(at(4000));
    expect(subject.accept(at(4000, '::ffff:192.0.2.20'), 0)).toBe(true);
  });
});
