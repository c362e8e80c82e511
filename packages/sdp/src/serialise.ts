import { impliedAddressType } from './parse.ts';
import type { MediaDescription, SessionDescription } from './types.ts';

/** Lines of RFC 8866 section 5 that stand before `c=`, and after it before `a=`. */
const BEFORE_CONNECTION = 'iuep';

/** The text of a session description, in the order of RFC 8866 section 5, with CRLF line ends. */
export function serialiseSdp(description: SessionDescription): string {
  const { origin } = description;
  const type = origin.addressType ?? impliedAddressType(origin.address);
  const lines = [
    'v=0',
    `o=${origin.username} ${origin.sessionId} ${origin.sessionVersion} IN ${type} ${origin.address}`,
    `s=${description.sessionName}`,
    ...levelLines(description, description.timing.length === 0 ? ['t=0 0'] : description.timing),
  ];
  for (const media of description.media) lines.push(mediaLine(media), ...levelLines(media, []));
  return `${lines.join('\r\n')}\r\n`;
}

function mediaLine(media: MediaDescription): string {
  const port = media.portCount === undefined ? `${media.port}` : `${media.port}/${media.portCount}`;
  return `m=${[media.kind, port, media.protocol, ...media.formats].join(' ')}`;
}

function levelLines(level: SessionDescription | MediaDescription, timing: readonly string[]): string[] {
  const early = level.otherLines.filter((line) => BEFORE_CONNECTION.includes(line.charAt(0)));
  const bandwidth = level.otherLines.filter((line) => 'bc'.includes(line.charAt(0)));
  const late = level.otherLines.filter((line) => !early.includes(line) && !bandwidth.includes(line));
  return [
    ...early,
    ...(level.connection === undefined ? [] : [`c=${level.connection}`]),
    ...bandwidth,
    ...timing,
    ...late,
    ...level.attributes.map(({ name, value }) => (value === undefined ? `a=${name}` : `a=${name}:${value}`)),
  ];
}
