/**
 * What a peer can make grow in this package, or make last, is bounded; each bound has a name here, and is counted each
 * time that something is refused, ended, dropped or forgotten because of it. The numbers are in {@link NodeEndpointOptions}
 * or beside the code that keeps the bound.
 */
export const socketLimits = [
  /** A connection was not taken, or not made: there are too many of its transport. */
  'connections',
  /** A connection was not taken: its source has too many. */
  'connections_per_source',
  /** A connection was not taken: its source floods and is not listened to. */
  'connections_of_flooders',
  /** A connection that we have dialled did not open in time. */
  'connect_time',
  /** A peer that has connected did not finish its TLS or WebSocket handshake in time. */
  'handshake_time',
  /** A WebSocket handshake had too many headers. */
  'handshake_bytes',
  /** A peer has connected and never said anything. */
  'first_octet_time',
  /** A connection was used by nobody for too long. */
  'idle_time',
  /** A ping was not answered in time. */
  'pong_time',
  /** A WebSocket message was too large, or in too many pieces. */
  'message_bytes',
  /** Too many octets waited for a peer that does not read, or not fast enough. */
  'queued_bytes',
  /** Octets waited too long for such a peer. */
  'queued_time',
  /** A datagram was not sent: too many octets wait for the system to take them. */
  'datagram_queue',
  /** Messages of a source that floods, whose new requests are answered 503. */
  'flood_refused',
  /** Messages of a source that goes on flooding, which are not heard. */
  'flood_dropped',
  /** A source whose rate was forgotten because of too many others. */
  'flood_sources',
  /** A name whose targets were forgotten because of too many others. */
  'names',
  /** A name was not looked up: too many look-ups are under way. */
  'lookups',
  /** A name had more records or targets than are used. */
  'targets_per_name',
  /** A registrar over UDP is not pinged: there are too many. */
  'keep_alive_peers',
] as const;

export type SocketLimit = (typeof socketLimits)[number];

/** How often each bound was met since the start. */
export class LimitCounts {
  readonly #counts = Object.fromEntries(socketLimits.map((limit) => [limit, 0])) as Record<
    SocketLimit,
    number
  >;

  count(limit: SocketLimit, times = 1): void {
    this.#counts[limit] += times;
  }

  get all(): Readonly<Record<SocketLimit, number>> {
    return { ...this.#counts };
  }
}
