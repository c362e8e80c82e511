import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { addressOf, parseProxies } from './addresses.ts';

const request = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

test('without proxies the header is not believed', () => {
  const isProxy = parseProxies(undefined);
  expect(addressOf(request('203.0.113.5', '10.9.9.9'), isProxy)).toBe('203.0.113.5');
});

test('behind proxies the last address that is none of them counts, whatever the sender put before it', () => {
  const isProxy = parseProxies('127.0.0.1, 10.0.0.0/8, fd00::/8');
  const forged = '1.1.1.1, 203.0.113.5, 10.1.2.3';
  expect(addressOf(request('127.0.0.1', forged), isProxy)).toBe('203.0.113.5');
  expect(addressOf(request('::ffff:127.0.0.1', forged), isProxy)).toBe('203.0.113.5');
  expect(addressOf(request('fd00::1', '2001:db8::7'), isProxy)).toBe('2001:db8::7');
  expect(addressOf(request('127.0.0.1'), isProxy)).toBe('127.0.0.1');
  expect(addressOf(request('203.0.113.9', forged), isProxy)).toBe('203.0.113.9');
});

test.each(['proxy', '10.0.0.0/33', '10.0.0/8', '::1/129', '10.0.0.0/x'])(
  '“%s” is refused in words',
  (list) => {
    expect(() => parseProxies(list)).toThrow(/neither an address nor a network/u);
  },
);
