import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecretBox } from '../../secrets/secret-box.ts';
import { deviceOf, withAccount } from './device-cookie.ts';

const box = createSecretBox([randomBytes(32)]);

test('a device is known at the accounts that it was signed in to, and keeps its name', () => {
  const first = withAccount(box, undefined, 'Anna@acme.example');
  const both = withAccount(box, first, 'ben@acme.example');
  const device = deviceOf(box, both, 'anna@acme.example');
  expect(device).toMatch(/^[\w-]{16}$/u);
  expect(device).toBe(deviceOf(box, first, 'anna@acme.example'));
  expect(deviceOf(box, both, 'ben@acme.example')).not.toBe(device);
  expect(deviceOf(box, both, 'carla@acme.example')).toBeUndefined();
  expect(deviceOf(box, withAccount(box, both, 'anna@acme.example'), 'anna@acme.example')).toBe(device);
});

test('five accounts at most, the latest; a foreign or broken cookie is none', () => {
  let cookie: string | undefined;
  for (let user = 0; user < 7; user += 1) cookie = withAccount(box, cookie, `u${user}@acme.example`);
  expect(deviceOf(box, cookie, 'u1@acme.example')).toBeUndefined();
  expect(deviceOf(box, cookie, 'u6@acme.example')).toBeDefined();
  const foreign = withAccount(createSecretBox([randomBytes(32)]), undefined, 'u6@acme.example');
  for (const wrong of [foreign, 'x', `${cookie ?? ''}x`, 'y'.repeat(5_000)]) {
    expect(deviceOf(box, wrong, 'u6@acme.example')).toBeUndefined();
  }
});
