import type { VoicePath, VoiceStats } from '@offhook/phone-core';

/** One entry of `getStats()`; the names are those of W3C webrtc-stats. Every browser leaves something out. */
type Entry = Readonly<Record<string, unknown>>;

const numberOf = (entry: Entry | undefined, key: string): number | undefined => {
  const value = entry?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

const textOf = (entry: Entry | undefined, key: string): string | undefined => {
  const value = entry?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const inMs = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1_000;

/** What phone-core wants to know of the statistics of one audio connection. */
export function readStats(report: Iterable<readonly [string, unknown]>, connection: object): VoiceStats {
  const entries = new Map<string, Entry>();
  for (const [id, entry] of report)
    if (typeof entry === 'object' && entry !== null) entries.set(id, entry as Entry);
  const find = (type: string): Entry | undefined =>
    [...entries.values()].find((one) => one['type'] === type && (one['kind'] ?? 'audio') === 'audio');
  const inbound = find('inbound-rtp');
  const outbound = find('outbound-rtp');
  const remoteInbound = find('remote-inbound-rtp');
  const pair = chosenPair(entries);
  const codec = entries.get(textOf(inbound, 'codecId') ?? textOf(outbound, 'codecId') ?? '');
  return {
    connection,
    // Of the voice packets where the other end reports; else of ICE's own checks.
    roundTripMs: inMs(numberOf(remoteInbound, 'roundTripTime') ?? numberOf(pair, 'currentRoundTripTime')),
    codec: textOf(codec, 'mimeType')?.replace(/^audio\//iu, ''),
    path: pathOf(entries, pair),
    received: inbound && receivedOf(inbound),
    sent: remoteInbound && {
      packets: numberOf(outbound, 'packetsSent'),
      lost: numberOf(remoteInbound, 'packetsLost'),
    },
    source: energyOf(find('media-source')),
  };
}

function receivedOf(inbound: Entry): VoiceStats['received'] {
  const concealed = numberOf(inbound, 'concealedSamples');
  return {
    packets: numberOf(inbound, 'packetsReceived'),
    lost: numberOf(inbound, 'packetsLost'),
    jitterMs: inMs(numberOf(inbound, 'jitter')),
    samples: numberOf(inbound, 'totalSamplesReceived'),
    concealed:
      concealed === undefined ? undefined : concealed - (numberOf(inbound, 'silentConcealedSamples') ?? 0),
    bufferSeconds: numberOf(inbound, 'jitterBufferDelay'),
    emitted: numberOf(inbound, 'jitterBufferEmittedCount'),
    energy: numberOf(inbound, 'totalAudioEnergy'),
    seconds: numberOf(inbound, 'totalSamplesDuration'),
  };
}

function energyOf(source: Entry | undefined): VoiceStats['source'] {
  return (
    source && {
      energy: numberOf(source, 'totalAudioEnergy'),
      seconds: numberOf(source, 'totalSamplesDuration'),
    }
  );
}

/** Firefox has no `transport` entry and marks the pair instead. */
function chosenPair(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  const all = [...entries.values()];
  const transport = all.find((one) => one['type'] === 'transport');
  const named = entries.get(textOf(transport, 'selectedCandidatePairId') ?? '');
  if (named !== undefined) return named;
  const pairs = all.filter((one) => one['type'] === 'candidate-pair' && one['state'] === 'succeeded');
  return pairs.find((one) => one['selected'] === true) ?? pairs.find((one) => one['nominated'] === true);
}

function pathOf(entries: ReadonlyMap<string, Entry>, pair: Entry | undefined): VoicePath | undefined {
  const local = entries.get(textOf(pair, 'localCandidateId') ?? '');
  const remote = entries.get(textOf(pair, 'remoteCandidateId') ?? '');
  if (local === undefined) return undefined;
  const network = textOf(local, 'networkType');
  const relayed = [local, remote].some((one) => textOf(one, 'candidateType') === 'relay');
  return {
    kind: relayed ? 'relayed' : 'direct',
    protocol: protocolOf(textOf(local, 'relayProtocol') ?? textOf(local, 'protocol')),
    network: network === 'unknown' ? undefined : network,
  };
}

function protocolOf(name: string | undefined): VoicePath['protocol'] {
  return name === 'tcp' || name === 'tls' ? name : 'udp';
}
