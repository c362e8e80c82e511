import { attributeValues } from './attributes.ts';
import type { Attribute, MediaDescription } from './types.ts';

/** One format of an audio media line. */
export interface AudioFormat {
  /** As in the description that it was read from: the number with which that side wants to receive it. */
  readonly payloadType: number;
  /** Encoding name in its usual spelling (`G722`, `PCMA`, `opus`, `telephone-event`); as it came where unknown. */
  readonly name: string;
  /** Hz of the RTP timestamps. */
  readonly clockRate: number;
  readonly channels: number;
  readonly parameters?: string;
}

/** RFC 3551 table 4: what a payload type means without an rtpmap. */
const STATIC_FORMATS: Readonly<
  Record<number, readonly [name: string, clockRate: number, channels?: number]>
> = {
  0: ['PCMU', 8000],
  3: ['GSM', 8000],
  4: ['G723', 8000],
  5: ['DVI4', 8000],
  6: ['DVI4', 16_000],
  7: ['LPC', 8000],
  8: ['PCMA', 8000],
  9: ['G722', 8000],
  10: ['L16', 44_100, 2],
  11: ['L16', 44_100],
  12: ['QCELP', 8000],
  13: ['CN', 8000],
  14: ['MPA', 90_000],
  15: ['G728', 8000],
  18: ['G729', 8000],
};

const USUAL_NAMES = ['PCMU', 'PCMA', 'G722', 'opus', 'telephone-event', 'CN', 'GSM', 'G723', 'G728', 'G729'];
const bySpelling = new Map(USUAL_NAMES.map((name) => [name.toLowerCase(), name]));

/** The formats of an audio line, in its order of preference. Formats that nothing explains are passed over. */
export function readAudioFormats(media: MediaDescription): readonly AudioFormat[] {
  const maps = byPayloadType(attributeValues(media, 'rtpmap'));
  const parameters = byPayloadType(attributeValues(media, 'fmtp'));
  const formats: AudioFormat[] = [];
  for (const text of media.formats) {
    const payloadType = /^\d{1,3}$/.test(text) ? Number(text) : 128;
    if (payloadType > 127 || formats.some((format) => format.payloadType === payloadType)) continue;
    const map = maps.get(payloadType);
    const meaning = map === undefined ? staticFormat(payloadType) : parseMap(map);
    if (meaning === undefined) continue;
    const told = parameters.get(payloadType);
    formats.push({ payloadType, ...meaning, ...(told === undefined ? {} : { parameters: told }) });
  }
  return formats;
}

/** The rtpmap and fmtp lines of a format. */
export function formatAttributes(format: AudioFormat): readonly Attribute[] {
  const channels = format.channels === 1 ? '' : `/${format.channels}`;
  const map = `${format.payloadType} ${format.name}/${format.clockRate}${channels}`;
  return [
    { name: 'rtpmap', value: map },
    ...(format.parameters === undefined
      ? []
      : [{ name: 'fmtp', value: `${format.payloadType} ${format.parameters}` }]),
  ];
}

/** Same encoding, clock and channels: the payload types may differ. */
export function sameCodec(a: AudioFormat, b: AudioFormat): boolean {
  return (
    a.name.toLowerCase() === b.name.toLowerCase() && a.clockRate === b.clockRate && a.channels === b.channels
  );
}

type Meaning = Pick<AudioFormat, 'name' | 'clockRate' | 'channels'>;

function staticFormat(payloadType: number): Meaning | undefined {
  const known = STATIC_FORMATS[payloadType];
  return known === undefined ? undefined : { name: known[0], clockRate: known[1], channels: known[2] ?? 1 };
}

function parseMap(text: string): Meaning | undefined {
  const match = /^([^\s/]{1,64})\/(\d{1,7})(?:\/(\d{1,3}))?\s*$/.exec(text);
  const [, name, clockRate, channels] = match ?? [];
  if (name === undefined || clockRate === undefined) return undefined;
  return {
    name: bySpelling.get(name.toLowerCase()) ?? name,
    clockRate: Number(clockRate),
    channels: channels === undefined ? 1 : Number(channels),
  };
}

function byPayloadType(values: readonly string[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const value of values) {
    const match = /^(\d{1,3}) +(.*)$/.exec(value);
    const number = match?.[1];
    if (number !== undefined && !found.has(Number(number))) found.set(Number(number), match?.[2] ?? '');
  }
  return found;
}
