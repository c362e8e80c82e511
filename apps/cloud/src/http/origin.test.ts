import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { isOriginAllowed } from './origin.ts';

const request = (method: string, headers: Record<string, string>) =>
  ({ method, headers: { host: 'phone.example.com', ...headers } }) as unknown as IncomingMessage;

const ours = { origin: 'https://phone.example.com' };
const theirs = { origin: 'https://evil.example' };
const upgrade = { upgrade: 'websocket' };

test('a page of ours may do everything', () => {
  for (const publicOrigin of [undefined, 'https://phone.example.com']) {
    expect(isOriginAllowed(request('POST', ours), publicOrigin)).toBe(true);
    expect(isOriginAllowed(request('DELETE', ours), publicOrigin)).toBe(true);
    expect(isOriginAllowed(request('GET', { ...ours, ...upgrade }), publicOrigin)).toBe(true);
  }
});

test('a page of somebody else’s may neither change anything nor open a socket', () => {
  for (const publicOrigin of [undefined, 'https://phone.example.com']) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(isOriginAllowed(request(method, theirs), publicOrigin)).toBe(false);
    }
    expect(isOriginAllowed(request('GET', { ...theirs, ...upgrade }), publicOrigin)).toBe(false);
    expect(isOriginAllowed(request('POST', { origin: 'null' }), publicOrigin)).toBe(false);
    expect(isOriginAllowed(request('POST', { 'sec-fetch-site': 'cross-site' }), publicOrigin)).toBe(false);
  }
});

test('with a public address the host that was asked does not count', () => {
  const rebound = request('POST', { host: 'evil.example', origin: 'https://evil.example' });
  expect(isOriginAllowed(rebound, 'https://phone.example.com')).toBe(false);
});

test('reading, and programs without an origin, are let through', () => {
  expect(isOriginAllowed(request('GET', theirs), undefined)).toBe(true);
  expect(isOriginAllowed(request('POST', {}), undefined)).toBe(true);
});
