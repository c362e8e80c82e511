import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { initialState } from '../state/state.ts';
import { anna, callOf } from '../testing/fake-world.ts';
import { bundleOf } from './bundle.ts';
import { createLogBook, LOG_EVENTS } from './log-book.ts';
import { redact, redactText, withoutNames } from './redact.ts';

/* [D9] Nothing secret leaves the device in a log. */

/** Mulberry32: the same values for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function makers(random: () => number) {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const some = (from: string, length: number) => Array.from({ length }, () => pick(from.split(''))).join('');
  const digits = (length: number) => some('123456789', length);
  const token = () => `${some(alphabet, 30)}7aB`;
  const secrets = [
    token,
    () => `+49 89 ${digits(3)}-${digits(5)}`,
    () => digits(4 + Math.floor(random() * 10)),
    () => `${some('abcdef', 6)}@${some('abcdef', 6)}.example`,
    () => `10.${Math.floor(random() * 256)}.3.${Math.floor(random() * 256)}`,
    () => `fe80::${some('abcdef0123', 4)}:${some('abcdef0123', 4)}`,
  ] as const;
  const around = [
    (secret: string) => secret,
    (secret: string) => `Error: call to ${secret} failed`,
    (secret: string) => `https://x.example/a?token=${secret}`,
    (secret: string) => `Bearer ${secret}`,
    (secret: string) => `v=0\r\nc=IN IP4 ${secret}\r\na=ice-pwd:${secret}`,
    (secret: string) => `a=candidate:1 1 udp 1 ${secret} 5000 typ host`,
    (secret: string) => `{"password":"${secret}"}`,
  ] as const;
  const nest = [
    (value: string) => ({ thrown: value }),
    (value: string) => ({ problem: { deep: [value, { cause: value }] } }),
    (value: string) => ({ [value]: 'as a key' }),
    (value: string) => ({ callId: value }),
    (value: string) => ({ digits: value, remote: { number: value } }),
  ] as const;
  return { pick, secret: () => pick(secrets)(), wrap: (one: string) => pick(nest)(pick(around)(one)) };
}

describe('[D9] redaction', () => {
  it('no secret passes, wherever it stands (2,000 seeded cases)', () => {
    const { secret, wrap } = makers(seeded(20_261_124));
    const leaks: string[] = [];
    for (let at = 0; at < 2_000; at += 1) {
      const one = secret();
      const fields = wrap(one);
      const written = JSON.stringify(redact(fields));
      const bare = one.replaceAll(/[^A-Za-z0-9]/gu, '');
      if (written.includes(one) || written.replaceAll(/[^A-Za-z0-9]/gu, '').includes(bare)) {
        leaks.push(`${one} in ${JSON.stringify(fields)}: ${written}`);
      }
    }
    expect(leaks).toEqual([]);
  });

  it('numbers keep their last two digits, ids their beginning, measures all', () => {
    expect(redactText('to +49 89 636-480018')).toBe('to …18');
    expect(redact({ callId: 'call_AbCdEfGhIjKlMnOp', delay: 12_345, number: '102' })).toEqual({
      callId: 'call_AbC…',
      delay: 12_345,
      number: '…02',
    });
  });

  it('words of ours stay readable', () => {
    expect(redact({ reason: 'session_expired', state: 'connecting', attempt: 3 })).toEqual({
      reason: 'session_expired',
      state: 'connecting',
      attempt: 3,
    });
  });

  it('names that the window knows go, in whatever part and case', () => {
    expect(withoutNames('BEN Carter was called by carter, not Carterson', ['Ben Carter'])).toBe(
      '••• was called by •••, not Carterson',
    );
  });
});

describe('[D9] the log book', () => {
  it('keeps the last events alone, and hands on what it was given', () => {
    const onward: string[] = [];
    const book = createLogBook(new FakeClock(), (_level, event) => onward.push(event), 3);
    for (const event of ['a', 'b', 'c', 'd']) book.log('info', event, { to: '+4989123456' });
    expect(onward).toEqual(['a', 'b', 'c', 'd']);
    expect(book.entries().map(({ event }) => event)).toEqual(['b', 'c', 'd']);
    expect(JSON.stringify(book.entries())).not.toContain('4989');
  });

  it('a bundle is within its bound and has no name, number or address of anybody', () => {
    const book = createLogBook(new FakeClock(), () => undefined);
    for (let at = 0; at < LOG_EVENTS; at += 1) {
      book.log('warn', 'call.place_failed', { thrown: `Ben Carter ${'word '.repeat(50)}` });
    }
    const call = { ...callOf(), rev: 1, wasHere: true };
    const text = bundleOf({
      agent: 'phone 0.1.0 (Chrome 156)',
      at: 1_700_000_000_000,
      entries: book.entries(),
      checks: [],
      state: { ...initialState, session: { name: 'signedIn', me: anna }, calls: [call] },
    });
    expect(text.length).toBeLessThanOrEqual(40_000);
    expect(JSON.parse(text)).toMatchObject({ kind: 'offhook-log', agent: 'phone 0.1.0 (Chrome 156)' });
    expect(text).not.toMatch(/ben|carter|anna|berger|demo\.example|Demo AG/iu);
  });

  it('a bundle stays JSON, however a company is called', () => {
    const me = { ...anna, tenantName: 'Studio 54 null true events' };
    const state = { ...initialState, session: { name: 'signedIn', me } as const, clockOffsetMs: 54 };
    const text = bundleOf({ agent: 'phone', at: 1_700_000_000_000, entries: [], checks: [], state });
    expect(JSON.parse(text)).toMatchObject({ clockOffsetMs: 54, events: [] });
  });
});
