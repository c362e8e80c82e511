import { expect, test } from 'vitest';
import { createOutbound, isPublicAddress } from './outbound.ts';

test.each([
  '10.1.2.3',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '::1',
  '::',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  'fe80::1',
  'fd00::1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  'localhost',
])('%s is not reached', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '2a00:1450:4001:80b::200e'])('%s is', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  'http://idp.example.com/',
  'https://127.0.0.1/',
  'https://0x7f.1/',
  'https://2130706433/',
  'https://[::ffff:10.0.0.1]/',
  'https://localhost/',
  'http://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  'https://user:password@idp.example.com/',
])('%s is refused before anything is sent', async (url) => {
  const outbound = createOutbound({ allowPrivate: false });
  expect(outbound.refusalOf(url)).toBeDefined();
  await expect(outbound.fetch(url, {})).rejects.toThrow(outbound.refusalOf(url) ?? 'none');
});

test('a name that resolves to a private address is refused when it is resolved', async () => {
  const outbound = createOutbound({ allowPrivate: false });
  expect(outbound.refusalOf('https://localhost.localdomain/')).toBeUndefined();
  await expect(outbound.fetch('https://localhost.localdomain/', {})).rejects.toThrow(
    /private network|ENOTFOUND|EAI_AGAIN/u,
  );
});

test('where private networks are allowed, loopback may do without TLS and others may not', () => {
  const outbound = createOutbound({ allowPrivate: true });
  expect(outbound.refusalOf('http://127.0.0.1:8080/')).toBeUndefined();
  expect(outbound.refusalOf('https://10.0.0.5/')).toBeUndefined();
  expect(outbound.refusalOf('http://10.0.0.5/')).toBeDefined();
});
