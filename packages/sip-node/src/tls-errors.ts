/** What went wrong with TLS, in words for the person who has to mend it; OpenSSL's own code where there are none. */
export function tlsProblem(error: Error, peer: string): string {
  const code = codeOf(error);
  const words = wordsFor(code, error.message, peer);
  return words ?? `TLS with ${peer} failed (${code === '' ? error.message : code})`;
}

/** A write that was under way fails with EPROTO, and only its text has OpenSSL's reason. */
function codeOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = code === 'EPROTO' ? /SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1] : undefined;
  return reason === undefined ? code : `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
}

function wordsFor(code: string, message: string, peer: string): string | undefined {
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      // Ours, and already in words.
      return `${peer}: ${message}`;
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${peer} has expired: renew it there`;
    case 'CERT_NOT_YET_VALID':
      return `the certificate of ${peer} is not valid yet: compare the clocks on both sides`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `${peer} has a self-signed certificate: give that certificate here as the CA to trust it`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `the certificate of ${peer} comes from a CA that is not known here: give that CA's certificate to trust it`;
    case 'CERT_REVOKED':
      return `the certificate of ${peer} has been revoked`;
    case 'INVALID_PURPOSE':
      return `the certificate of ${peer} is not meant for this use (extended key usage)`;
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return `${peer} demands a client certificate: configure one here`;
    case 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE':
      return `${peer} showed no client certificate, which is required here`;
    case 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE':
    case 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE':
      return `${peer} broke off the TLS handshake: it may demand a client certificate, or no cipher is common`;
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
    case 'ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA':
      return `${peer} does not know the CA of our certificate`;
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
    case 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE':
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN':
    case 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN':
      return `${peer} does not accept our certificate`;
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED':
    case 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED':
      return `${peer} says that our certificate has expired`;
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
      return `no version of TLS is common with ${peer}: 1.2 is the least here`;
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_HTTP_REQUEST':
    case 'ERR_SSL_UNKNOWN_PROTOCOL':
      return `${peer} does not speak TLS: is this the port for plain SIP?`;
    case 'ECONNRESET':
      return message.includes('before secure TLS connection')
        ? `${peer} closed the connection during the TLS handshake`
        : `the connection was reset by ${peer}`;
    case 'ECONNREFUSED':
      return `nobody listens at ${peer} (ECONNREFUSED)`;
    case 'ERR_TLS_HANDSHAKE_TIMEOUT':
      return `${peer} did not finish the TLS handshake in time`;
    default:
      return undefined;
  }
}
