import type { VoiceCodecName } from '@offhook/audio';
import {
  answerDirection,
  attribute,
  attributeValue,
  attributeValues,
  BROWSER_RTP,
  connectionOf,
  formatAttributes,
  inheritedValue,
  isSdpFault,
  parseSdp,
  readAudio,
  rejectedLine,
  serialiseSdp,
  sends,
  type AudioFormat,
  type Attribute,
  type Direction,
  type MediaDescription,
  type SessionDescription,
} from '@offhook/sdp';
import { MediaError } from '../engine.ts';
import type { Endpoint } from '../rtp/source-latch.ts';
import { hostCandidates } from './candidates.ts';

/** What an answer needs of a browser's offer. */
export interface BrowserOffer {
  readonly description: SessionDescription;
  /** Place of the audio line. */
  readonly index: number;
  readonly mid: string;
  readonly codecs: readonly AudioFormat[];
  readonly telephoneEvents: readonly AudioFormat[];
  /** As the browser sees itself. */
  readonly direction: Direction;
  readonly ice: { readonly ufrag: string; readonly password: string };
  readonly fingerprint: string;
  readonly setup: string;
  /** Attribute values, without `candidate:`. */
  readonly candidates: readonly string[];
}

/** The formats of one browser leg: the browser's own numbers. */
export interface BrowserFormats {
  readonly codec: AudioFormat & { readonly name: VoiceCodecName };
  readonly telephoneEvent: AudioFormat | undefined;
}

/** Our transport, as the peer connection describes it. */
export interface LocalTransport {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: string;
  readonly setup: string;
}

/** Throws `bad_sdp` where it is no offer of audio over DTLS-SRTP. */
export function readBrowserOffer(text: string): BrowserOffer {
  const description = parseSdp(text);
  if (isSdpFault(description))
    throw new MediaError('bad_sdp', `The browser's offer is no SDP: ${description.text}`);
  const audio = readAudio(description, BROWSER_RTP);
  const media = audio && description.media[audio.index];
  if (audio === undefined || media === undefined) {
    throw new MediaError('bad_sdp', 'The browser offers no audio over DTLS-SRTP');
  }
  const ufrag = inheritedValue(description, media, 'ice-ufrag');
  const password = inheritedValue(description, media, 'ice-pwd');
  const fingerprint = inheritedValue(description, media, 'fingerprint');
  const setup = inheritedValue(description, media, 'setup') ?? 'actpass';
  // RFC 8839 section 5.4 and RFC 8122 section 5 give these bounds.
  const sound =
    /^[A-Za-z0-9+/]{4,256}$/.test(ufrag ?? '') &&
    /^[A-Za-z0-9+/]{22,256}$/.test(password ?? '') &&
    /^[a-z0-9-]{3,12} [0-9A-F]{2}(:[0-9A-F]{2}){15,63}$/i.test(fingerprint ?? '') &&
    /^(actpass|active|passive)$/.test(setup);
  if (!sound || ufrag === undefined || password === undefined || fingerprint === undefined) {
    throw new MediaError('bad_sdp', "The browser's offer lacks ICE credentials or a DTLS fingerprint");
  }
  if (!audio.rtcpMux) throw new MediaError('bad_sdp', "The browser's offer lacks rtcp-mux");
  const mid = attributeValue(media, 'mid') ?? '0';
  if (!/^[\w!#$%&'*+.^`{|}~-]{1,32}$/.test(mid))
    throw new MediaError('bad_sdp', 'The offer has a malformed mid');
  return {
    description,
    index: audio.index,
    mid,
    codecs: audio.codecs,
    telephoneEvents: audio.telephoneEvents,
    direction: audio.direction,
    ice: { ufrag, password },
    fingerprint,
    setup,
    candidates: attributeValues(media, 'candidate'),
  };
}

/** Picks one codec of the wanted ones, in their order; throws `no_common_codec`. */
export function chooseFormats(offer: BrowserOffer, wanted: readonly VoiceCodecName[]): BrowserFormats {
  for (const name of wanted) {
    const codec = offer.codecs.find((format) => format.name === name && format.clockRate === 8000);
    if (codec === undefined) continue;
    const telephoneEvent = offer.telephoneEvents.find((event) => event.clockRate === codec.clockRate);
    return { codec: { ...codec, name }, telephoneEvent };
  }
  throw new MediaError('no_common_codec', `The browser offers none of ${wanted.join(', ')}`);
}

/** The offer reduced to what a peer connection has to know: one codec, no candidates, no header extensions. */
export function reducedOffer(offer: BrowserOffer, formats: BrowserFormats): string {
  return serialiseSdp(
    session(
      [
        audioLine(9, '0.0.0.0', formats, [
          attribute('mid', offer.mid),
          attribute(offer.direction),
          ...transportAttributes({ ...offer.ice, fingerprint: offer.fingerprint, setup: offer.setup }),
        ]),
      ],
      offer.mid,
    ),
  );
}

/** Our transport out of the peer connection's description. */
export function readLocalTransport(sdp: string): LocalTransport {
  const description = parseSdp(sdp);
  const media = isSdpFault(description) ? undefined : description.media[0];
  if (isSdpFault(description) || media === undefined) throw new MediaError('engine', 'No local description');
  const value = (name: string): string => inheritedValue(description, media, name) ?? '';
  return {
    ufrag: value('ice-ufrag'),
    password: value('ice-pwd'),
    fingerprint: value('fingerprint'),
    setup: value('setup'),
  };
}

/** Our side of a browser leg. */
export interface BrowserAnswer {
  readonly formats: BrowserFormats;
  readonly transport: LocalTransport;
  readonly endpoints: readonly Endpoint[];
  readonly ssrc: number;
  readonly cname: string;
}

/** The answer: each media line in its place, all but the audio line rejected, all candidates in it. */
export function browserAnswer(offer: BrowserOffer, answer: BrowserAnswer): string {
  const direction = answerDirection(offer.direction, 'sendrecv');
  const [first] = answer.endpoints;
  const attributes: Attribute[] = [
    attribute('mid', offer.mid),
    attribute(direction),
    ...transportAttributes(answer.transport),
    attribute('ptime', 20),
    ...(sends(direction)
      ? [
          attribute('msid', 'offhook voice'),
          attribute('ssrc', `${answer.ssrc} cname:${answer.cname}`),
          attribute('ssrc', `${answer.ssrc} msid:offhook voice`),
        ]
      : []),
    ...hostCandidates(answer.endpoints).map((candidate) => attribute('candidate', candidate)),
    attribute('end-of-candidates'),
  ];
  const media = offer.description.media.map((line, index) =>
    index === offer.index
      ? audioLine(first?.port ?? 9, first?.address ?? '0.0.0.0', answer.formats, attributes)
      : { ...rejectedLine(line), attributes: rejectedMid(line) },
  );
  return serialiseSdp(session(media, offer.mid));
}

function session(media: readonly MediaDescription[], mid: string): SessionDescription {
  return {
    version: 0,
    origin: { username: '-', sessionId: '1', sessionVersion: '1', address: '127.0.0.1' },
    sessionName: '-',
    attributes: [attribute('group', `BUNDLE ${mid}`), attribute('msid-semantic', ' WMS *')],
    otherLines: [],
    timing: ['t=0 0'],
    media,
  };
}

function audioLine(
  port: number,
  address: string,
  formats: BrowserFormats,
  attributes: readonly Attribute[],
): MediaDescription {
  const { codec, telephoneEvent } = formats;
  const listed = telephoneEvent === undefined ? [codec] : [codec, telephoneEvent];
  return {
    kind: 'audio',
    port,
    protocol: 'UDP/TLS/RTP/SAVPF',
    formats: listed.map((format) => `${format.payloadType}`),
    connection: connectionOf(address),
    attributes: [attribute('rtcp-mux'), ...listed.flatMap(formatAttributes), ...attributes],
    otherLines: [],
  };
}

function transportAttributes(transport: LocalTransport): readonly Attribute[] {
  return [
    attribute('ice-ufrag', transport.ufrag),
    attribute('ice-pwd', transport.password),
    attribute('fingerprint', transport.fingerprint),
    attribute('setup', transport.setup),
  ];
}

function rejectedMid(line: MediaDescription): readonly Attribute[] {
  const mid = attributeValue(line, 'mid');
  return mid === undefined ? [attribute('inactive')] : [attribute('mid', mid), attribute('inactive')];
}
