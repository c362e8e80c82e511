import { expect, test } from 'vitest';
import { withFields } from './fields.test-support.ts';
import {
  formatSessionExpires,
  minSe,
  parseMinSe,
  parseSessionExpires,
  sessionExpires,
} from './session-timer.ts';

test.each([
  ['1800', { seconds: 1800 }],
  ['4000;refresher=uac', { seconds: 4000, refresher: 'uac' }],
  ['90 ; Refresher = UAS;x', { seconds: 90, refresher: 'uas' }],
  ['4294967295', { seconds: 4_294_967_295 }],
])('[RFC4028-4] Session-Expires %j', (text, expected) => {
  expect(parseSessionExpires(text)).toEqual(expected);
  expect(parseSessionExpires(formatSessionExpires(parseSessionExpires(text) ?? { seconds: 0 }))).toEqual(
    expected,
  );
});

test.each([
  '',
  'soon',
  '-1',
  '1.5',
  '4294967296',
  '1800;refresher',
  '1800;refresher=both',
  '1800;refresher=uac;refresher=uas',
  '1800, 90',
])('[RFC4028-4] Session-Expires %j is none', (text) => {
  expect(parseSessionExpires(text)).toBeUndefined();
});

test('[RFC4028-4] the header may be compact, and stands once', () => {
  expect(sessionExpires(withFields(['x', '1800;refresher=uas']))).toEqual({
    seconds: 1800,
    refresher: 'uas',
  });
  expect(sessionExpires(withFields())).toBeUndefined();
  expect(sessionExpires(withFields(['x', 'soon']))).toBe('malformed');
  expect(sessionExpires(withFields(['x', '90'], ['Session-Expires', '90']))).toBe('malformed');
});

test('[RFC4028-5] Min-SE', () => {
  expect(parseMinSe('3600;x=y')).toBe(3_600);
  expect([parseMinSe(''), parseMinSe('4294967296'), parseMinSe('90;;')]).toEqual(Array(3).fill(undefined));
  expect(minSe(withFields(['Min-SE', '120']))).toBe(120);
  expect(minSe(withFields())).toBeUndefined();
  expect(minSe(withFields(['Min-SE', 'x']))).toBe('malformed');
  expect(minSe(withFields(['Min-SE', '90'], ['Min-SE', '90']))).toBe('malformed');
});
