import { isIP } from 'node:net';
import * as tls from 'node:tls';

/** Certificates and keys as PEM text. */
export interface TlsOptions {
  /** Ours, with its chain: shown as a server, and as a client where a server asks. Needed to listen. */
  readonly certificate?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** CAs to trust in the place of the system's; a self-signed certificate is its own CA. */
  readonly ca?: readonly string[];
  /** Of a server: whether clients have to show a certificate of one of these CAs; they need not where nothing is said. */
  readonly needsClientCertificate?: boolean;
  /** Of a client: the name that the certificate has to be for, where it is not the host's. */
  readonly serverName?: string;
}

/** What is older is broken (RFC 8996). */
const leastVersion = 'TLSv1.2';

/** Throws in words where a certificate cannot be read: when links are set up, and not when the first one is dialled. */
export function contextOf({ certificate, key, passphrase, ca }: TlsOptions): tls.SecureContext {
  try {
    return tls.createSecureContext({
      minVersion: leastVersion,
      ...(certificate !== undefined && { cert: certificate }),
      ...(key !== undefined && { key }),
      ...(passphrase !== undefined && { passphrase }),
      ...(ca !== undefined && { ca: [...ca] }),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `the TLS certificate, key or CA cannot be used (${why}): all have to be PEM, and the key the certificate's`,
      { cause },
    );
  }
}

export function dialTls(
  host: string,
  port: number,
  context: tls.SecureContext,
  options: TlsOptions,
): tls.TLSSocket {
  const wanted = options.serverName ?? host;
  return tls.connect({
    host,
    port,
    // A literal address is no server name (RFC 6066 section 3), but the certificate has to be for it.
    servername: isIP(wanted) === 0 ? wanted : '',
    secureContext: context,
    minVersion: leastVersion,
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(wanted, certificate),
  });
}

export function tlsServer(options: TlsOptions, handshakeTimeout: number): tls.Server {
  const { certificate, key, passphrase, ca, needsClientCertificate = false } = options;
  if (certificate === undefined || key === undefined) {
    throw new Error(
      'listening with TLS needs a certificate and its key: set `tls.certificate` and `tls.key`',
    );
  }
  contextOf(options);
  return tls.createServer({
    cert: certificate,
    key,
    ...(passphrase !== undefined && { passphrase }),
    ...(ca !== undefined && { ca: [...ca] }),
    minVersion: leastVersion,
    requestCert: needsClientCertificate,
    rejectUnauthorized: needsClientCertificate,
    handshakeTimeout,
    noDelay: true,
    keepAlive: true,
  });
}

const words: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it there',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: compare the clocks on both sides',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed: give it here as the CA to trust it',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate comes from a CA that is not known here: give that CA to trust it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate comes from a CA that is not known here: give that CA to trust it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate comes from a CA that is not known here: give that CA to trust it',
  // Another CA of the same name, as after a PBX has been installed anew.
  CERT_SIGNATURE_FAILURE:
    'its certificate comes from another CA of that name: give the one that has signed it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: give that name as the server name',
  ECONNREFUSED: 'nobody listens there: compare the port with the PBX',
  ENOTFOUND: 'the name is not known: compare it with the PBX, and the DNS here',
  EHOSTUNREACH: 'there is no way to it: ask for the network',
  ETIMEDOUT: 'it does not answer: ask for the network, and whether the PBX runs',
  ECONNRESET: 'it broke the link off',
};

/** What went wrong with a link, for the person who has to mend it. */
export function problemOf(peer: string, error: Error | undefined): string {
  if (error === undefined) return `${peer} closed the link`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return `${peer}: ${words[code] ?? (code === '' ? error.message : code)}`;
}
