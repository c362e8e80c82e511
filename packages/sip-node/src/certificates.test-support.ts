// oxlint-disable-next-line import/no-unassigned-import -- a polyfill that @peculiar/x509 needs before it is loaded
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 60 * 60_000;

export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

interface Subject {
  readonly commonName?: string;
  /** `dns:pbx.example`, `url:sip:example.com`, `ip:127.0.0.1`. */
  readonly names?: readonly `${'dns' | 'url' | 'ip'}:${string}`[];
  /** Days from now. */
  readonly valid?: readonly [from: number, to: number];
}

/** A certificate authority that lives as long as a test file. */
export class TestCa {
  readonly certificate: string;
  readonly #own: x509.X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  #serial = 1;

  private constructor(own: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#own = own;
    this.#keys = keys;
    this.certificate = own.toString('pem');
  }

  static async create(name: string): Promise<TestCa> {
    const keys = await newKeys();
    const own = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + DAY_MS),
      keys,
      signingAlgorithm: algorithm,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new TestCa(own, keys);
  }

  async issue({ commonName, names = [], valid = [-1, 1] }: Subject): Promise<Issued> {
    const keys = await newKeys();
    this.#serial += 1;
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: this.#serial.toString(16).padStart(2, '0'),
      subject: commonName === undefined ? '' : `CN=${commonName}`,
      issuer: this.#own.subject,
      notBefore: new Date(Date.now() + valid[0] * DAY_MS),
      notAfter: new Date(Date.now() + valid[1] * DAY_MS),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: alternativeNames(names),
    });
    return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
  }
}

/** A certificate that vouches for itself, as PBXs have them out of the box. */
export async function selfSigned({ commonName = 'pbx', names = [] }: Subject): Promise<Issued> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${commonName}`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    keys,
    signingAlgorithm: algorithm,
    extensions: alternativeNames(names),
  });
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

function alternativeNames(names: NonNullable<Subject['names']>): x509.Extension[] {
  if (names.length === 0) return [];
  const entries = names.map((name) => {
    const colon = name.indexOf(':');
    return { type: name.slice(0, colon) as 'dns' | 'url' | 'ip', value: name.slice(colon + 1) };
  });
  return [new x509.SubjectAlternativeNameExtension(entries)];
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return x509.PemConverter.encode(der, 'PRIVATE KEY');
}
