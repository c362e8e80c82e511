import { expect, test } from 'vitest';
import { tenantFile } from '../testing/cloud.ts';
import { TenantFile } from './schema.ts';

const problems = (file: unknown) =>
  TenantFile.safeParse(file).error?.issues.map((issue) => issue.message) ?? [];

test('the example is understood and defaults are filled in', () => {
  const file = TenantFile.parse(tenantFile('acme'));
  expect(file.connectors[0]?.pbx).toMatchObject({ registerExpires: 600, ringSeconds: 120 });
  expect(file.users[0]).toMatchObject({ role: 'user', email: 'anna@acme.example' });
});

test('what cannot be applied is said before anything is', () => {
  const [anna] = tenantFile('acme').users;
  const [office] = tenantFile('acme').connectors;
  expect(problems(tenantFile('acme', { users: [anna, anna] }))).toContain(
    'two users have the same e-mail address',
  );
  expect(problems(tenantFile('acme', { connectors: [office, office] }))).toContain(
    'two connectors have the same name',
  );
  const other = { ...anna, email: 'other@acme.example' };
  expect(problems(tenantFile('acme', { users: [anna, other] }))).toContain('two lines have the same number');
  expect(problems(tenantFile('acme', { connectors: [] }))).toContain('the file has no connector “Office”');
  expect(problems({ ...tenantFile('acme'), usres: [] })).toHaveLength(1);
});
