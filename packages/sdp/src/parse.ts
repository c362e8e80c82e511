import type { Attribute, MediaDescription, Origin, SdpFault, SessionDescription } from './types.ts';

/** Bounds of the parser. A browser's audio offer has about 3,000 characters in 50 lines. */
export const SdpLimits = {
  characters: 64 * 1024,
  lines: 2000,
  media: 64,
  formatsPerMedia: 128,
} as const;

/** What is read so far of one level: the session, or one media line. */
interface Level {
  connection: string | undefined;
  readonly attributes: Attribute[];
  readonly otherLines: string[];
}

interface MediaLevel extends Level {
  readonly line: MediaLine;
}

type MediaLine = Pick<MediaDescription, 'kind' | 'port' | 'portCount' | 'protocol' | 'formats'>;

/**
 * Reads a session description. Strict where a wrong reading would send voice to the wrong place (version, origin,
 * media lines), lenient where devices are (line ends, order within a level, absent `s=` and `t=`).
 */
export function parseSdp(text: string): SessionDescription | SdpFault {
  if (text.length > SdpLimits.characters) return fault('longer than the limit');
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length > SdpLimits.lines) return fault('more lines than the limit');
  if (lines[0]?.trimEnd() !== 'v=0') return fault('does not begin with v=0');

  let origin: Origin | undefined;
  let sessionName: string | undefined;
  const timing: string[] = [];
  const session: Level = { connection: undefined, attributes: [], otherLines: [] };
  const media: MediaLevel[] = [];

  for (const line of lines.slice(1)) {
    if (!/^[a-zA-Z]=/.test(line) || line.includes('\0')) return fault(`no SDP line: ${excerpt(line)}`);
    const value = line.slice(2);
    const level = media.at(-1) ?? session;
    const inSession = media.length === 0;
    switch (line.charAt(0)) {
      case 'm': {
        const parsed = parseMediaLine(value);
        if (parsed === undefined) return fault(`malformed m= line: ${excerpt(line)}`);
        if (media.length === SdpLimits.media) return fault('more media lines than the limit');
        media.push({ line: parsed, connection: undefined, attributes: [], otherLines: [] });
        break;
      }
      case 'o': {
        if (!inSession || origin !== undefined) return fault('o= line in the wrong place');
        origin = parseOrigin(value);
        if (origin === undefined) return fault(`malformed o= line: ${excerpt(line)}`);
        break;
      }
      case 'c': {
        // Further ones of a media line are multicast groups (RFC 8866 section 5.7).
        if (level.connection === undefined) level.connection = value.trim();
        else level.otherLines.push(line);
        break;
      }
      case 'a': {
        level.attributes.push(parseAttribute(value));
        break;
      }
      case 's': {
        if (!inSession || sessionName !== undefined) return fault('s= line in the wrong place');
        sessionName = value;
        break;
      }
      case 't':
      case 'r':
      case 'z': {
        if (inSession) timing.push(line);
        else level.otherLines.push(line);
        break;
      }
      case 'v':
        return fault('a second v= line');
      default:
        level.otherLines.push(line);
    }
  }

  if (origin === undefined) return fault('no o= line');
  return {
    version: 0,
    origin,
    sessionName: sessionName ?? '-',
    ...(session.connection === undefined ? {} : { connection: session.connection }),
    attributes: session.attributes,
    otherLines: session.otherLines,
    timing,
    media: media.map(({ line, connection, attributes, otherLines }) => ({
      ...line,
      ...(connection === undefined ? {} : { connection }),
      attributes,
      otherLines,
    })),
  };
}

function parseAttribute(text: string): Attribute {
  const colon = text.indexOf(':');
  return colon < 0 ? { name: text.trimEnd() } : { name: text.slice(0, colon), value: text.slice(colon + 1) };
}

/** The user name is the rest in front, because some devices put spaces into it. */
function parseOrigin(value: string): Origin | undefined {
  const fields = value.trim().split(/ +/);
  const tail = fields.splice(-5);
  const [sessionId, sessionVersion, network, type, address] = tail;
  if (sessionId === undefined || sessionVersion === undefined || address === undefined) return undefined;
  if (network !== 'IN' || (type !== 'IP4' && type !== 'IP6') || fields.length === 0) return undefined;
  const told: Origin = { username: fields.join(' '), sessionId, sessionVersion, address };
  return type === impliedAddressType(address) ? told : { ...told, addressType: type };
}

export function impliedAddressType(address: string): 'IP4' | 'IP6' {
  return address.includes(':') ? 'IP6' : 'IP4';
}

function parseMediaLine(value: string): MediaLine | undefined {
  const [kind, portText, protocol, ...formats] = value.trim().split(/ +/);
  if (kind === undefined || portText === undefined || protocol === undefined) return undefined;
  const match = /^(\d{1,5})(?:\/(\d{1,5}))?$/.exec(portText);
  if (match === null || formats.length > SdpLimits.formatsPerMedia) return undefined;
  const port = Number(match[1]);
  if (port > 65_535) return undefined;
  const counted = match[2] === undefined ? {} : { portCount: Number(match[2]) };
  return { kind, port, ...counted, protocol, formats };
}

function fault(text: string): SdpFault {
  return { kind: 'sdp_fault', text };
}

function excerpt(line: string): string {
  return JSON.stringify(line.slice(0, 60));
}
