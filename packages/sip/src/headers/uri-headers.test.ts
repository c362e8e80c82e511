import { expect, test } from 'vitest';
import { escapeUriHeader, splitUriHeaders, unescapeUriHeader, withUriHeaders } from './uri-headers.ts';

test('[RFC3261-19.1.1] reserved characters of a URI header are escaped, and come back', () => {
  const text = '425928@phone.example.com;to-tag=7743;from-tag=6472 "ü" <>&?=%';
  const escaped = escapeUriHeader(text);
  expect(escaped).toMatch(/^[A-Za-z0-9%\-_.!~*'()]+$/);
  expect(unescapeUriHeader(escaped)).toBe(text);
});

test('a lone surrogate cannot make the escaping throw', () => {
  expect(unescapeUriHeader(escapeUriHeader('\ud800'))).toBe('\ufffd');
});

test.each(['a%0D%0AVia:%20x', '%00', '%7f', '%ff', 'a%0ab'])(
  'no header line hides in the escapes of %j',
  (text) => {
    expect(unescapeUriHeader(text)).toBeUndefined();
    expect(splitUriHeaders(`sip:a@b?subject=${text}`)).toBeUndefined();
  },
);

test('[RFC3261-19.1.1] a URI and its headers are taken apart and put together', () => {
  expect(splitUriHeaders('sip:a@b;transport=tcp?Subject=a%20b&f=x&flag=')).toEqual({
    uri: 'sip:a@b;transport=tcp',
    headers: [
      ['subject', 'a b'],
      ['from', 'x'],
      ['flag', ''],
    ],
  });
  expect(splitUriHeaders('tel:+49891234')).toEqual({ uri: 'tel:+49891234', headers: [] });
  expect(splitUriHeaders('nonsense')).toBeUndefined();
  expect(withUriHeaders('sip:a@b?old=1', [['Subject', 'a b']])).toBe('sip:a@b?Subject=a%20b');
  expect(withUriHeaders('sip:a@b', [])).toBe('sip:a@b');
});

const headersOf = (count: number) => Array.from({ length: count }, (_, at) => `h${at}=1`).join('&');

test('more headers than anybody needs are refused', () => {
  expect(splitUriHeaders(`sip:a@b?${headersOf(16)}`)?.headers).toHaveLength(16);
  expect(splitUriHeaders(`sip:a@b?${headersOf(17)}`)).toBeUndefined();
});
