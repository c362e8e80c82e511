/* The words that every command, effect and event of an endpoint is made of. */

/** Milliseconds of a clock that only goes forward. Its origin means nothing. */
export type Millis = number;

export type Transport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** Where to send: for stream transports the driver uses an open connection to it or opens one. */
export interface Target {
  readonly transport: Transport;
  /** Numeric IPv4 or IPv6 (without brackets). */
  readonly address: string;
  readonly port: number;
  /** Name for certificate checks (RFC 5922), where the target came from a name. */
  readonly serverName?: string;
  /** Of a stream: this very connection and no other; when it is gone, the driver says `transport_error`. */
  readonly connectionId?: string;
}

/** Where something came from: answers to it go back the same way (RFC 3581, RFC 3261 section 18.2.2). */
export interface Flow extends Target {
  /** Our own side: what goes into Via and Contact. */
  readonly localAddress: string;
  readonly localPort: number;
}

declare const sessionBrand: unique symbol;
/** One INVITE session: from the INVITE, through its dialog, to the BYE. */
export type SessionId = number & { readonly [sessionBrand]: true };
declare const registrationBrand: unique symbol;
export type RegistrationId = number & { readonly [registrationBrand]: true };
declare const requestBrand: unique symbol;
/** One request from the other side that the application still has to answer. */
export type ServerRequestId = number & { readonly [requestBrand]: true };
declare const outgoingBrand: unique symbol;
/** One request of ours outside INVITE sessions and registrations. */
export type OutgoingRequestId = number & { readonly [outgoingBrand]: true };

export interface Body {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Realms that may ask for them; where nothing is said, the first that does. */
  readonly realms?: readonly string[];
}

/** Why a request of ours has no response. */
export type RequestFailure =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'transport'; readonly text: string };

/** Extra header fields of the application, in wire order; names in their usual spelling. */
export type ExtraHeaders = readonly (readonly [name: string, value: string])[];

/** Octets of randomness: `crypto.randomBytes` outside, a seeded generator in tests. */
export type RandomBytes = (length: number) => Uint8Array;
