/** Bounds that every border applies to what a peer sends. Reaching one is a clear answer and a metric. */
export const Limits = {
  /** Bytes of one WebSocket frame, either direction, either socket. */
  frameBytes: 256 * 1024,
  /** Characters of one session description. A browser's audio offer is about 3,000. */
  sdpChars: 32 * 1024,
  /** Characters of one ICE candidate line. */
  candidateChars: 1024,
  /** Requests that may wait for an answer on one socket. */
  openRequests: 64,
  /** Sockets that one user may hold at a time. */
  socketsPerUser: 16,
  /** Simultaneous calls of one user. */
  callsPerUser: 8,
  /** Characters of a dialled number or name. */
  targetChars: 128,
  /** Digits in one DTMF request. */
  dtmfDigits: 32,
  /** Lines in one page of a connector's configuration. */
  configLinesPerPage: 500,
  /** Call records in one `records.append`. */
  recordsPerAppend: 100,
  /** Members of a conference that are listed. */
  conferenceMembers: 64,
  /** Colleagues whose presence one client may watch. */
  watchedUsers: 1000,
  /** People whom one person may star. */
  favourites: 200,
  /** Users in one page of what the connector says of the lines' activity. */
  activitiesPerPage: 500,
  /** Characters of a search text. */
  searchChars: 100,
} as const;

/** Seconds between heartbeats of both sockets; a socket that is silent for twice as long is closed. */
export const HEARTBEAT_SECONDS = 15;
