import { isIPv4, isIPv6 } from 'node:net';
import type { Flow, Target, Transport } from '@offhook/sip';
import type { FloodVerdict } from './flood-guard.ts';
import type { SocketLimit } from './limits.ts';

export interface Place {
  /** Numeric; an IPv6 address without its brackets. */
  readonly address: string;
  readonly port: number;
}

/** What a socket tells. Nothing of it comes from inside a call of `send`. */
export interface SocketListener {
  received(flow: Flow, bytes: Uint8Array): void;
  /** What was to be sent there is lost; `text` says why in words for the person who has to mend it. */
  failed(target: Target, text: string): void;
  /** A connection is gone, or what comes back over a flow of UDP does not reach us any more. */
  closed(flow: Flow): void;
  /** What may be done with something from a source that is no SIP, such as a ping; it counts as a message. */
  judge(address: string): FloodVerdict;
  /** A Binding request was answered. */
  answeredStun(): void;
  /** Something has met a bound. */
  limited(limit: SocketLimit): void;
  /** Whether a source may connect at all; asked before any octet is read. */
  admits(address: string): boolean;
  /** Somebody connected and never became a peer: bad certificate, no TLS, no WebSocket. */
  rejected(peer: { readonly transport: Transport; readonly remote: string; readonly text: string }): void;
}

/** A bound socket of one transport with all its connections, behind one face. */
export interface SipSocket {
  readonly transport: Transport;
  readonly local: Place;
  /** Connections that stand or are being made; always 0 for UDP. */
  readonly connections: number;
  /** Sends, over the connection that stands where there is one. Failures come as `failed`, later. */
  send(target: Target, bytes: Uint8Array): void;
  /** Closes a connection after what was written to it has left. */
  end(flow: Flow): void;
  /** Closes the socket and every connection of it, without a word to the listener. */
  close(): Promise<void>;
}

/** IPv4 that comes in through a dual-stack IPv6 socket, as IPv4 (RFC 4291 section 2.5.5.2). */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : '';
  return isIPv4(mapped) ? mapped : address;
}

/** Whether a socket bound to `local` can exchange anything with `remote`. */
export function reaches(local: string, remote: string): boolean {
  return local === '::' || isIPv6(local) === isIPv6(remote);
}

/** `192.0.2.1:5060` or `[2001:db8::1]:5060`: for people. */
export function placeText({ address, port }: Place): string {
  return `${address.includes(':') ? `[${address}]` : address}:${String(port)}`;
}
