import {
  orderCodecs,
  type PeerHandlers,
  type Peers,
  type PeerState,
  type VoiceSource,
} from '@offhook/phone-core';
import { BrowserMicrophone } from './microphones.ts';
import { BrowserMix } from './mixers.ts';
import { readStats } from './voice-stats.ts';

export const browserPeers: Peers = {
  open(source, handlers) {
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    const listeners = new AbortController();
    const transceiver = addAudio(connection, source);
    preferTelephoneCodecs(transceiver);
    listen(connection, handlers, listeners.signal);
    return {
      async createOffer() {
        await connection.setLocalDescription(await connection.createOffer());
        return connection.localDescription?.sdp ?? '';
      },
      async acceptAnswer(sdp) {
        await connection.setRemoteDescription({ type: 'answer', sdp });
      },
      async replaceSource(next) {
        await transceiver.sender.replaceTrack(trackOf(next)?.track ?? null);
      },
      async stats() {
        try {
          return readStats(await connection.getStats(), connection);
        } catch {
          // Closed meanwhile.
          return undefined;
        }
      },
      close() {
        listeners.abort();
        connection.close();
      },
    };
  },
};

function addAudio(connection: RTCPeerConnection, source: VoiceSource | undefined): RTCRtpTransceiver {
  const sent = trackOf(source);
  if (sent === undefined) return connection.addTransceiver('audio', { direction: 'recvonly' });
  return connection.addTransceiver(sent.track, { direction: 'sendrecv', streams: [sent.stream] });
}

function trackOf(
  source: VoiceSource | undefined,
): { track: MediaStreamTrack; stream: MediaStream } | undefined {
  return source instanceof BrowserMicrophone || source instanceof BrowserMix ? source : undefined;
}

/** Older browsers cannot be told: their own order then has all of these too. */
function preferTelephoneCodecs(transceiver: RTCRtpTransceiver): void {
  if (typeof transceiver.setCodecPreferences !== 'function') return;
  const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  const ordered = orderCodecs(codecs);
  if (ordered.length > 0) transceiver.setCodecPreferences(ordered);
}

function listen(connection: RTCPeerConnection, handlers: PeerHandlers, signal: AbortSignal): void {
  const tellState = () => {
    const state = peerState(connection);
    if (state !== undefined) handlers.onState(state);
  };
  connection.addEventListener('connectionstatechange', tellState, { signal });
  connection.addEventListener('iceconnectionstatechange', tellState, { signal });
  connection.addEventListener(
    'icecandidate',
    ({ candidate }) => {
      // An empty line ends the list; TCP leads nowhere, the connector listens on UDP.
      if (candidate === null || candidate.candidate === '' || candidate.protocol === 'tcp') return;
      handlers.onCandidate({ candidate: candidate.candidate, mid: candidate.sdpMid ?? '0' });
    },
    { signal },
  );
  connection.addEventListener(
    'track',
    ({ streams, track }) => handlers.onRemoteAudio(streams[0] ?? new MediaStream([track])),
    { signal },
  );
}

function peerState(connection: RTCPeerConnection): PeerState | undefined {
  // Firefox before 113 has no `connectionState`.
  const whole = connection.connectionState as RTCPeerConnectionState | undefined;
  switch (whole ?? connection.iceConnectionState) {
    case 'connected':
    case 'completed':
      return 'connected';
    case 'disconnected':
      return 'disconnected';
    case 'failed':
      return 'failed';
    case 'closed':
      return undefined;
    case 'new':
    case 'checking':
    case 'connecting':
      return 'connecting';
  }
}
