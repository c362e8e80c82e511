import { expect, test } from 'vitest';
import { returnPath, withParameter } from './return-path.ts';

test.each(['/', '/admin/users?page=2', '/phone#call', '/a/../b'])('%s is a page of ours', (path) => {
  expect(returnPath(path, '/else')).toBe(
    new URL(path, 'https://x.example').href.slice('https://x.example'.length),
  );
});

test.each([
  undefined,
  '',
  'admin',
  '//evil.example',
  '/\\evil.example',
  '/x\\..\\\\evil.example',
  '/..//evil.example',
  '/.//evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/a\r\nSet-Cookie: x=y',
  '/api/sso/x/start',
  `/${'a'.repeat(600)}`,
])('%s is not', (path) => {
  expect(returnPath(path, '/else')).toBe('/else');
});

test('a parameter is added to what is there', () => {
  expect(withParameter('/admin/users?page=2#top', 'sso_error', 'cancelled')).toBe(
    '/admin/users?page=2&sso_error=cancelled#top',
  );
});
