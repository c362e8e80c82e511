import type {
  EndpointCounts,
  EndpointEvent,
  EndpointLimit,
  EndpointOptions,
  Millis,
  SipEndpointApi,
  Transport,
} from '@offhook/sip';
import type { Dns } from './dns.ts';
import type { FloodLimits } from './flood-guard.ts';
import type { SocketLimit } from './limits.ts';

/**
 * Drives a pure endpoint with real sockets, the monotonic clock and DNS.
 */
export interface NodeEndpointOptions {
  readonly product: string;
  /** Sockets to open, the preferred first. */
  readonly listen: readonly ListenOptions[];
  /** For `tls` and `wss`. */
  readonly tls?: TlsOptions;
  /** For `ws` and `wss`. */
  readonly ws?: WebSocketOptions;
  readonly limits?: EndpointOptions['limits'];
  readonly timers?: EndpointOptions['timers'];
  readonly unsolicited?: EndpointOptions['unsolicited'];
  readonly streams?: StreamOptions;
  readonly keepAlive?: KeepAliveOptions;
  /** What one source may send; `false` lets everything in. */
  readonly flood?: Partial<FloodLimits> | false;
  /** Where names are looked up; else the system's DNS and hosts file. */
  readonly dns?: Dns;
  /**
   * Called for each event, in order, never re-entrantly: events raised inside are delivered after it returns. What it throws is the
   * process's to catch (`uncaughtException`); the events behind are delivered all the same.
   */
  readonly onEvent: (event: EndpointEvent) => void;
  /** Every message in or out, for trace views and debug logs. */
  readonly onTrace?: (trace: SipTrace) => void;
  /** Somebody connected and never became a peer (bad client certificate, plain SIP on the TLS port, …), in words. */
  readonly onRejected?: (rejected: RejectedPeer) => void;
}

export interface ListenOptions {
  readonly transport: Transport;
  /** Numeric; `0.0.0.0` or `::` (which is both families) for all of the machine's. */
  readonly address: string;
  /** 0 takes a free one; see {@link NodeEndpoint.bound}. */
  readonly port: number;
  /** `false`: connections of this transport are only made from here, none is taken; not for UDP. */
  readonly accept?: boolean;
}

/** Certificates and keys as PEM text. */
export interface TlsOptions {
  /** Ours, with its chain: shown as a server, and as a client where a server asks. Needed to listen. */
  readonly certificate?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** CAs to trust in the place of the system's, e.g. the company's own; a self-signed certificate is its own CA. */
  readonly ca?: readonly string[];
  /** Whether clients are asked for a certificate; `none` where nothing is said. */
  readonly clientCertificate?: 'none' | 'optional' | 'required';
  /** Let `*.example.com` stand for one label, which RFC 5922 forbids. */
  readonly allowWildcards?: boolean;
}

export interface WebSocketOptions {
  /** Path of the URL that is dialled, e.g. `/ws`; a SIP URI has no place for it. Any path is served. */
  readonly path?: string;
}

/** Bounds of each stream transport that is listened on; beside each what it is where nothing is said. */
export interface StreamOptions {
  /** Made from here and taken in, with those in a handshake; 2,000. */
  readonly connections?: number;
  /** Taken in of one address; 500. */
  readonly connectionsPerSource?: number;
  /** Octets that may wait for a peer that does not read; 1 MiB. */
  readonly queuedBytes?: number;
  /** For so long, at least, what waits for a peer may stay where it is; 30 s. */
  readonly queuedTime?: Millis;
  /** From dialling to the end of every handshake; 4 s. */
  readonly connectTimeout?: Millis;
  /** For each handshake (TLS, WebSocket) of somebody who has connected; 10 s. */
  readonly handshakeTimeout?: Millis;
  /** A connection without a single octet for so long is closed; 65 minutes. */
  readonly idle?: Millis;
}

export interface KeepAliveOptions {
  /** Between CRLF pings on connections that we have dialled (RFC 5626 section 4.4.1); 110 s, 0 for none. */
  readonly streams?: Millis;
  /**
   * Whether a connection fails when no pong comes within 10 s: always, or only of peers that have answered a ping on it
   * before (the default, for PBXs that know nothing of RFC 5626). So it is with flows over UDP and STUN. WebSocket
   * pongs are always expected.
   */
  readonly expectPong?: 'always' | 'once_seen';
  /**
   * Pings to registrars over UDP, where a NAT stands between; none where nothing is said. A number is the time between
   * CRLFs.
   */
  readonly datagrams?: Millis | DatagramPingOptions;
}

export interface DatagramPingOptions {
  /** Between pings, of which 80–100 % are drawn; 29,000 is what RFC 5626 section 4.4.2 wants. */
  readonly every: Millis;
  /**
   * `stun` (RFC 5626 section 4.4.2) is only for registrars that are known to answer it. Where none of the answers comes,
   * or where they show that the NAT has moved us, the lines that are registered over this flow register anew.
   */
  readonly method: 'crlf' | 'stun';
  /** Of a STUN request: the wait before its first repetition, doubled with each; 500 (RFC 8489 section 6.2.1). */
  readonly retransmit?: Millis;
}

export interface SipTrace {
  readonly direction: 'in' | 'out';
  readonly transport: Transport;
  readonly remote: string;
  readonly bytes: Uint8Array;
}

export interface RejectedPeer {
  readonly transport: Transport;
  readonly remote: string;
  readonly text: string;
}

export interface NodeEndpointCounts extends EndpointCounts {
  readonly connections: number;
  /** Since the start. */
  readonly rejectedConnections: number;
  /** STUN Binding requests of peers that were answered. */
  readonly stunAnswered: number;
  /** Flows over UDP to registrars that have failed: no answer to STUN, an error, or another address of ours in it. */
  readonly flowsFailed: number;
  /** Since the start, how often each bound of the sockets, sources and names was met. */
  readonly limits: Readonly<Record<SocketLimit | EndpointLimit, number>>;
}

export interface NodeEndpoint {
  /**
   * Runs commands with the time of now and carries out their effects before it returns. The function is synchronous: after an `await` in it
   * the time is not now any more. After `close` nothing comes of it.
   * `const session = sip.run((endpoint, now) => endpoint.invite(params, now))`.
   */
  run<R>(commands: (endpoint: SipEndpointApi, now: Millis) => R): R;
  /** One for each of `listen`, in its order. */
  readonly bound: readonly {
    readonly transport: Transport;
    readonly address: string;
    readonly port: number;
  }[];
  counts(): NodeEndpointCounts;
  /** Stops reading, closes every socket and timer. Does not end sessions: do that first. */
  close(): Promise<void>;
}
