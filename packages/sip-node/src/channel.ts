import type { Target, Transport } from '@offhook/sip';
import type { SocketLimit } from './limits.ts';
import type { Place } from './transport.ts';

/** One connection as its transport makes it: a TCP or TLS socket, a WebSocket. */
export interface Channel {
  /** Octets given to `send` that the system has not taken yet. */
  readonly queuedBytes: number;
  /** Only after `opened`. */
  send(bytes: Uint8Array): void;
  ping(): void;
  /** Closes after what was sent has left. */
  end(): void;
  /** Closes now. */
  destroy(): void;
}

/** What a channel tells; `closed` once and last, with a reason where it was no orderly end. */
export interface ChannelListener {
  opened(): void;
  received(bytes: Uint8Array): void;
  /** The peer wants to know whether we live; `answer` tells it so. */
  pinged(answer: () => void): void;
  /** An answer to a ping of ours. */
  ponged(): void;
  /** The peer has met a bound of the transport itself; `closed` follows. */
  limited(limit: SocketLimit): void;
  closed(reason: string | undefined): void;
}

export type MakeChannel = (listener: ChannelListener) => Channel;

/** Whoever listens for connections hands them in here. */
export interface Door {
  /**
   * A connection from outside, before anything of it is read: `undefined` turns it away; else what to call when its socket
   * is closed.
   */
  enter(address: string): (() => void) | undefined;
  /** A connection from outside on which nothing has to be negotiated any more. */
  accept(remote: Place, make: MakeChannel): void;
  /** @param limit where it has met a bound */
  rejected(remote: Place, text: string, limit?: SocketLimit): void;
}

export interface Listening {
  readonly local: Place;
  close(): Promise<void>;
}

/** How a transport's connections are made. */
export interface Carrier {
  readonly transport: Exclude<Transport, 'udp'>;
  /**
   * Rejects with the system's error (`EADDRINUSE`, …) where it cannot listen.
   *
   * @param handshakeMs for each handshake from its first packet; who needs longer is turned away
   */
  listen(place: Place, door: Door, handshakeMs: number): Promise<Listening>;
  dial(target: Target, listener: ChannelListener): Channel;
}
