import type { Target, Transport } from '@offhook/sip';
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
  /** Anything that is no octet of SIP but shows that the peer lives. */
  ponged(): void;
  closed(reason: string | undefined): void;
}

export type MakeChannel = (listener: ChannelListener) => Channel;

/** Whoever listens for connections hands them in here. */
export interface Door {
  /** Asked before anything is read. */
  admits(address: string): boolean;
  /** A connection from outside on which nothing has to be negotiated any more. */
  accept(remote: Place, make: MakeChannel): void;
  rejected(remote: Place, text: string): void;
}

export interface Listening {
  readonly local: Place;
  close(): Promise<void>;
}

/** How a transport's connections are made. */
export interface Carrier {
  readonly transport: Exclude<Transport, 'udp'>;
  /** Rejects with the system's error (`EADDRINUSE`, …) where it cannot listen. */
  listen(place: Place, door: Door): Promise<Listening>;
  dial(target: Target, listener: ChannelListener): Channel;
}
