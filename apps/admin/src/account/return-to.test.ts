import { expect, it } from 'vitest';
import { returnTo } from './return-to.ts';

it.each([
  ['/admin/users?q=a', '/admin/users?q=a'],
  ['/account/security', '/account/security'],
  ['/account/sign-in', undefined],
  ['//evil.example/admin', undefined],
  ['https://evil.example', undefined],
  ['/administrators', undefined],
  ['/admin\\evil', undefined],
  ['/admin\n/evil', undefined],
  [undefined, undefined],
])('%s leads to %s', (wanted, to) => {
  expect(returnTo(wanted)).toBe(to);
});
