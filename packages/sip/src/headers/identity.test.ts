import { expect, test } from 'vitest';
import { withFields } from './fields.test-support.ts';
import { assertedIdentities, formatIdentity, preferredIdentities } from './identity.ts';
import { formatPrivacy, parsePrivacy, privacyOf } from './privacy.ts';

test('[RFC3325-9.1] one sip or sips and one tel identity, in one field or in two', () => {
  const sip = { uri: 'sip:fluffy@cisco.example', displayName: 'Cullen, "J"', kind: 'sip' };
  const tel = { uri: 'tel:+14085264000', kind: 'tel' };
  const sipText = '"Cullen, \\"J\\"" <sip:fluffy@cisco.example>';
  expect(assertedIdentities(withFields(['P-Asserted-Identity', `${sipText}, tel:+14085264000`]))).toEqual([
    sip,
    tel,
  ]);
  expect(
    assertedIdentities(
      withFields(['P-Asserted-Identity', '<tel:+14085264000>'], ['P-Asserted-Identity', sipText]),
    ),
  ).toEqual([tel, sip]);
  expect(assertedIdentities(withFields())).toEqual([]);
  expect(formatIdentity({ uri: sip.uri, displayName: sip.displayName })).toBe(sipText);
});

test('[RFC3325-9.1] what cannot be read, other schemes and a second of a kind are left out', () => {
  const values = 'nonsense, <mailto:a@b>, <sip:first@b>, <sips:second@b>, <tel:1>, <tel:2>, <sip:third@b>';
  expect(assertedIdentities(withFields(['P-Asserted-Identity', values])).map(({ uri }) => uri)).toEqual([
    'sip:first@b',
    'tel:1',
  ]);
});

test('[RFC3325-9.2] P-Preferred-Identity is read likewise, and is no asserted one', () => {
  const message = withFields(['P-Preferred-Identity', '<sip:a@b>']);
  expect(preferredIdentities(message)).toEqual([{ uri: 'sip:a@b', kind: 'sip' }]);
  expect(assertedIdentities(message)).toEqual([]);
});

test('[RFC3323-4.2] Privacy, with id of RFC 3325 and history of RFC 7044', () => {
  expect([...privacyOf(withFields(['Privacy', 'ID; critical ;new'], ['Privacy', 'history,user']))]).toEqual([
    'user',
    'id',
    'history',
    'critical',
  ]);
  expect(privacyOf(withFields()).size).toBe(0);
  expect(formatPrivacy(new Set(['critical', 'id']))).toBe('id;critical');
  expect(parsePrivacy(formatPrivacy(new Set(['none'])))).toEqual(new Set(['none']));
});
