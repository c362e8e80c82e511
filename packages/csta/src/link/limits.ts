/**
 * What a peer can make grow or last is bounded; each bound has a name here, and is told as an effect each time that something is refused
 * or ended because of it. Those of the sockets are in `@offhook/csta-node`.
 */
export const linkLimits = [
  /** A message would not fit, or did not: an answer was refused, an event not sent, a link closed. */
  'frame_size',
  /** A request was not sent: too many wait for their answers. */
  'open_requests',
  /** A request was refused: its owner has too many to answer. */
  'unanswered_requests',
  /** Who has connected did not start a session in time. */
  'session_start_time',
  /** A link was closed: nothing was heard after a heartbeat. */
  'silence_time',
] as const;

export type LinkLimit = (typeof linkLimits)[number];

/** Of a clock that only goes forward. */
export type Millis = number;
