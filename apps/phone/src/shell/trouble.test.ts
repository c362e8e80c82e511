import { expect, it } from 'vitest';
import { NOW, online } from '../gallery/builders.ts';
import { lineWords, troubleOf } from './trouble.ts';

it.each([
  [{}, 'none', 'line.online'],
  [{ connector: 'offline' }, 'connector_offline', 'line.offline'],
  [{ connector: 'none' }, 'connector_none', 'line.offline'],
  [{ connector: 'unknown' }, 'none', 'line.connecting'],
  [{ line: undefined }, 'no_line', 'line.unavailable'],
  [{ line: { number: '101', state: 'failed' } }, 'line_failed', 'line.unavailable'],
  [{ line: { number: '101', state: 'registering' } }, 'none', 'line.registering'],
] as const)('online with %j: %s, %s', (part, trouble, words) => {
  const state = online(part);
  expect(troubleOf(state)).toBe(trouble);
  expect(lineWords(state).key).toBe(words);
});

it.each([
  [{ name: 'connecting', attempt: 0 }, 'line.connecting'],
  [{ name: 'connecting', attempt: 2 }, 'line.reconnecting'],
  [{ name: 'waiting', attempt: 1, retryAt: NOW }, 'line.reconnecting'],
  [{ name: 'stopped', reason: 'replaced' }, 'line.offline'],
] as const)('connection %j says %s, whatever was known of the line', (connection, words) => {
  expect(lineWords(online({ connection })).key).toBe(words);
});
