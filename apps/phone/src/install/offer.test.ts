import { expect, it } from 'vitest';
import { installableBy } from './offer.ts';

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

it.each([
  [false, chrome, false, 'menu'],
  [true, chrome, false, 'offered'],
  [true, chrome, true, 'installed'],
  [false, safari, false, 'safari'],
  [false, firefox, false, 'firefox'],
] as const)('[D2] offered %s, in %s, standalone %s: %s', (offered, agent, standalone, by) => {
  expect(installableBy(offered, agent, standalone)).toBe(by);
});
