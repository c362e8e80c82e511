// oxlint-disable-next-line import/no-unassigned-import -- a polyfill that @peculiar/x509 needs before it is loaded
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const DAY = 24 * 60 * 60_000;

export type SigningKey = { certificate: string; key: string };

/** A key of an identity provider with the certificate that vouches for itself. PEM. */
export async function signingKey({ bits = 2048, daysLeft = 30 } = {}): Promise<SigningKey> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: bits,
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const until = Date.now() + daysLeft * DAY;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=identity provider',
    notBefore: new Date(until - 60 * DAY),
    notAfter: new Date(until),
    keys,
    signingAlgorithm: algorithm,
  });
  const exported = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: certificate.toString('pem'),
    key: x509.PemConverter.encode(exported, 'PRIVATE KEY'),
  };
}
