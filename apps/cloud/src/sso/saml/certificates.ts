import { X509Certificate } from 'node:crypto';

/** Keys below this are broken. */
const RSA_BITS = 2048;

/** A certificate as it is stored: PEM, whatever way it was typed in. @returns undefined where it is none */
export function readCertificate(text: string): string | undefined {
  const base64 = text.replaceAll(/-----(?:BEGIN|END) CERTIFICATE-----|\s+/gu, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/u.test(base64)) return undefined;
  try {
    return new X509Certificate(Buffer.from(base64, 'base64')).toString();
  } catch {
    return undefined;
  }
}

export type CertificateState = {
  /** SHA-256, colons between. */
  fingerprint: string;
  expiresAt: number;
  /** May it be used to check a signature now? */
  state: 'usable' | 'expired' | 'invalid';
};

/** The time of start is not looked at: it is the expiry that administrators renew for. */
export function inspectCertificate(pem: string, now: number): CertificateState {
  const certificate = new X509Certificate(pem);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const isStrong = asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS;
  const expiresAt = certificate.validToDate.getTime();
  return {
    fingerprint: certificate.fingerprint256,
    expiresAt,
    state: !isStrong ? 'invalid' : expiresAt <= now ? 'expired' : 'usable',
  };
}
