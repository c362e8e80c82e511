import type { SsoInputReason } from '@offhook/contract';
import { beforeAll, expect, test } from 'vitest';
import { signingKey, type SigningKey } from '../testing/certificates.ts';
import { idpMetadata } from '../testing/saml-idp.ts';
import { inspectCertificate, readCertificate } from './certificates.ts';
import { readIdpMetadata } from './metadata.ts';

let key: SigningKey;
beforeAll(async () => {
  key = await signingKey();
});
const metadata = () =>
  idpMetadata('https://idp.example/a&b', 'https://idp.example/sso?x=1&y=2', [key.certificate]);

test('entity id, address and certificates are read from metadata', () => {
  expect(readIdpMetadata(metadata())).toEqual({
    entityId: 'https://idp.example/a&b',
    signOnUrl: 'https://idp.example/sso?x=1&y=2',
    certificates: [readCertificate(key.certificate)],
  });
});

const list = (inner: string) =>
  `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${inner}</md:EntitiesDescriptor>`;

test('metadata of one identity provider within a list of entities is read, of two it is not', () => {
  const entity = metadata().replace(/<\?xml.*?\?>/u, '');
  expect(readIdpMetadata(list(entity))).toMatchObject({ entityId: 'https://idp.example/a&b' });
  expect(readIdpMetadata(list(entity + entity))).toBe('metadata_many_providers');
});

test.each<[string, (text: string) => string, SsoInputReason]>([
  ['no XML', () => 'hello', 'metadata_unreadable'],
  [
    'a DOCTYPE with an entity',
    (text) => text.replace('<!--', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><!--'),
    'metadata_unreadable',
  ],
  ['an unfinished comment', (text) => text.replace('-->', ''), 'metadata_unreadable'],
  [
    'a service provider’s',
    (text) => text.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'),
    'metadata_no_provider',
  ],
  ['no entity id', (text) => text.replace('entityID', 'id'), 'entity_id_missing'],
  ['no redirect binding', (text) => text.replace('HTTP-Redirect', 'SOAP'), 'sign_on_url_missing'],
  ['no certificate', (text) => text.replace('use="signing"', 'use="encryption"'), 'certificates_missing'],
  [
    'a broken certificate',
    (text) => text.replace(/<ds:X509Certificate>.{9}/u, '<ds:X509Certificate>!'),
    'certificate_unreadable',
  ],
  ['SAML 1.1', (text) => text.replace('SAML:2.0:protocol', 'SAML:1.1:protocol'), 'metadata_no_saml2'],
  ['too much', (text) => text + ' '.repeat(300_000), 'metadata_unreadable'],
])('%s is refused with a reason', (_words, change, reason) => {
  expect(readIdpMetadata(change(metadata()))).toBe(reason);
});

test('certificates are read with and without their frame, and say until when they are good', () => {
  const bare = key.certificate.replaceAll(/-----[A-Z ]+-----|\s/gu, '');
  const pem = readCertificate(bare) ?? '';
  expect(pem).toBe(readCertificate(key.certificate));
  expect(readCertificate('MIIB')).toBeUndefined();
  expect(readCertificate('-----BEGIN PRIVATE KEY-----')).toBeUndefined();
  const { fingerprint, expiresAt, state } = inspectCertificate(pem, Date.now());
  expect(fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u);
  expect(state).toBe('usable');
  expect(inspectCertificate(pem, expiresAt).state).toBe('expired');
});
