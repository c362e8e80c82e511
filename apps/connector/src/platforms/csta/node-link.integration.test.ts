// oxlint-disable-next-line import/no-unassigned-import -- a polyfill that @peculiar/x509 needs before it is loaded
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { listenCsta, type CstaListener } from '@offhook/csta-node';
import * as x509 from '@peculiar/x509';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CtiLink } from './link.ts';
import { nodeLinks } from './node-link.ts';

x509.cryptoProvider.set(webcrypto);
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60_000;

/** A company's own CA, and what it has signed for 127.0.0.1; PEM. */
async function company(): Promise<{ ca: string; certificate: string; key: string }> {
  const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const [caKeys, keys] = [await makeKeys(), await makeKeys()];
  const dates = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    serialNumber: '01',
    name: 'CN=Company CA',
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    ...dates,
    serialNumber: '02',
    subject: 'CN=cti',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  return { ca: ca.toString('pem'), certificate: certificate.toString('pem'), key };
}

describe('the control link over TLS', () => {
  let server: CstaListener;
  let ca: string;
  const links: CtiLink[] = [];

  beforeEach(async () => {
    const { ca: signer, certificate, key } = await company();
    ca = signer;
    server = await listenCsta({
      address: '127.0.0.1',
      port: 0,
      tls: { certificate, key },
      onStarted: () => {},
      onRequest: () => {},
      onEnded: () => {},
    });
  });

  afterEach(async () => {
    for (const link of links.splice(0)) await link.stop();
    await server.close();
  });

  /** What becomes of a link that trusts this CA. */
  function outcome(trusted: string | undefined): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    links.push(
      nodeLinks(trusted)({
        host: '127.0.0.1',
        port: server.port,
        transport: 'tls',
        user: undefined,
        password: undefined,
        onStatus: (status) => {
          if (status.name === 'ready') resolve('ready');
          else if ('text' in status && status.text !== undefined) resolve(status.text);
        },
        onEvent: () => {},
        onNote: () => {},
      }),
    );
    return promise;
  }

  it('takes a server whose certificate the company has signed itself', async () => {
    expect(await outcome(ca)).toBe('ready');
  });

  it('takes none that is signed by nobody who is trusted, and says so', async () => {
    expect(await outcome(undefined)).toContain('comes from a CA that is not known here');
    const other = await company();
    expect(await outcome(other.ca)).toContain('comes from another CA of that name');
  });
});
