import { isIP } from 'node:net';
import * as tls from 'node:tls';
import type { Target } from '@offhook/sip';
import type { TlsOptions } from './api.ts';
import type { Carrier, Door } from './channel.ts';
import { listenOn, remoteOf } from './listening.ts';
import { socketChannel } from './socket-channel.ts';
import { identityProblem } from './tls-identity.ts';
import { tlsProblem } from './tls-errors.ts';
import { placeText, type Place } from './transport.ts';

/** RFC 3261 section 26.2 asks for TLS 1.0; what is older than 1.2 is broken (RFC 8996). */
const LEAST_VERSION = 'TLSv1.2';

/** SIP over TLS (RFC 3261 section 26.2). */
export function tlsCarrier(options: TlsOptions): Carrier {
  // What cannot be read is said when sockets are opened, and not when the first call is made.
  contextOf(options);
  return {
    transport: 'tls',
    listen(place, door, handshakeMs) {
      const server = tls.createServer({
        ...serverOptions(options, handshakeMs),
        noDelay: true,
        keepAlive: true,
      });
      server.on('secureConnection', (socket) => {
        const remote = admittedClient(socket, options, door);
        if (remote === undefined) return;
        door.accept(remote, (listener) =>
          socketChannel(socket, 'open already', listener, (error) => tlsProblem(error, placeText(remote))),
        );
      });
      tellRejected(server, door);
      return listenOn(server, place, door);
    },
    dial(target, listener) {
      const explain = (error: Error): string => tlsProblem(error, peerText(target));
      return socketChannel(connectTls(target, options), 'secureConnect', listener, explain);
    },
  };
}

/** For `tls.createServer` and `https.createServer`. Throws in words where there is no certificate or it cannot be read. */
export function serverOptions(options: TlsOptions, handshakeMs: number): tls.TlsOptions {
  const { certificate, key, clientCertificate = 'none' } = options;
  if (certificate === undefined || key === undefined) {
    throw new Error(
      'listening with TLS needs a certificate and its key: set `tls.certificate` and `tls.key`',
    );
  }
  contextOf(options);
  return {
    ...credentialsOf(options),
    minVersion: LEAST_VERSION,
    requestCert: clientCertificate !== 'none',
    rejectUnauthorized: clientCertificate === 'required',
    handshakeTimeout: handshakeMs,
  };
}

/** Why clients of a TLS server never became peers, in words. */
export function tellRejected(server: tls.Server, door: Door): void {
  server.on('tlsClientError', (error, socket) => {
    const remote = remoteOf(socket) ?? { address: '', port: 0 };
    const { authorizationError } = socket;
    const cause = authorizationError ? withCode(authorizationError) : error;
    const isLate = 'code' in error && error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT';
    door.rejected(remote, tlsProblem(cause, placeText(remote)), isLate ? 'handshake_time' : undefined);
    // Node tells that the time is over, and leaves the socket as it is.
    socket.destroy();
  });
}

/**
 * The place of a client whose certificate is good, or who needs none. A certificate that was shown and is bad is refused
 * also where none is required: whoever shows one wants it to be believed.
 */
export function admittedClient(socket: tls.TLSSocket, options: TlsOptions, door: Door): Place | undefined {
  const remote = remoteOf(socket);
  const { clientCertificate = 'none' } = options;
  const isShown = Object.keys(socket.getPeerCertificate()).length > 0;
  if (remote !== undefined && (clientCertificate === 'none' || socket.authorized || !isShown)) return remote;
  if (remote !== undefined) {
    door.rejected(remote, tlsProblem(withCode(socket.authorizationError), placeText(remote)));
  }
  socket.destroy();
  return undefined;
}

/** Dials; the certificate is checked by RFC 5922 before `secureConnect`, and an own CA takes the place of the system's. */
export function connectTls(target: Target, options: TlsOptions, alpn?: readonly string[]): tls.TLSSocket {
  const { address, port, serverName } = target;
  const wanted = serverName ?? address;
  return tls.connect({
    host: address,
    port,
    // A literal address is no server name (RFC 6066 section 3).
    servername: isIP(wanted) === 0 ? wanted : '',
    secureContext: contextOf(options),
    minVersion: LEAST_VERSION,
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
    checkServerIdentity: (_host, certificate) => {
      const problem = identityProblem(wanted, certificate, { wildcards: options.allowWildcards ?? false });
      if (problem === undefined) return undefined;
      return Object.assign(new Error(problem), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    },
  });
}

export const peerText = (target: Target): string =>
  target.serverName === undefined ? placeText(target) : `${target.serverName} (${placeText(target)})`;

const contexts = new WeakMap<TlsOptions, tls.SecureContext>();

/** Read once: thousands of connections share it. Throws in words where something cannot be read. */
export function contextOf(options: TlsOptions): tls.SecureContext {
  const known = contexts.get(options);
  if (known !== undefined) return known;
  let context: tls.SecureContext;
  try {
    context = tls.createSecureContext({ ...credentialsOf(options), minVersion: LEAST_VERSION });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `the TLS certificate, key or CA cannot be used (${why}): all have to be PEM, and the key the certificate's`,
      {
        cause,
      },
    );
  }
  contexts.set(options, context);
  return context;
}

const credentialsOf = ({ certificate, key, passphrase, ca }: TlsOptions): tls.SecureContextOptions => ({
  ...(certificate !== undefined && { cert: certificate }),
  ...(key !== undefined && { key }),
  ...(passphrase !== undefined && { passphrase }),
  ...(ca !== undefined && { ca: [...ca] }),
});

/** Node tells the outcome of a check as an error's code only. */
function withCode(problem: Error | string): Error {
  if (problem instanceof Error && 'code' in problem) return problem;
  const code = problem instanceof Error ? problem.message : problem;
  return Object.assign(new Error(code), { code });
}
