import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Audio, PeerConnection, type Track } from 'node-datachannel';
import { MediaError } from '../engine.ts';

/** A free port found can be taken by another program before it is ours. */
const FREE_PORT_TRIES = 5;
/** The port is given back within milliseconds; a second is the end of patience. */
const RELEASE_TRIES = 100;
const RELEASE_RETRY_MS = 10;

/**
 * Holds the one UDP port of all browsers from the engine's start to its end. libjuice opens a shared port with
 * the first peer connection on it and closes it with the last one; so a peer connection that never connects keeps it
 * open in between. (libdatachannel's `IceUdpMuxListener` would do so too, but does not give the port back.)
 */
export class BrowserPort {
  readonly port: number;
  readonly address: string | undefined;
  readonly #keeper: PeerConnection;
  readonly #track: Track;
  readonly #ended = Promise.withResolvers<void>();

  /** `wanted` 0 takes a free port. Rejects with `engine` where it cannot be had. */
  static async open(wanted: number, address: string | undefined): Promise<BrowserPort> {
    for (let tries = 1; ; tries += 1) {
      try {
        // Asked of the system first: libdatachannel answers a taken port by aborting the process.
        return new BrowserPort(await probe(wanted, address), address);
      } catch (cause) {
        if (wanted !== 0 || tries === FREE_PORT_TRIES) {
          const at = `${address ?? '*'}:${wanted}`;
          throw new MediaError('engine', `The media port ${at} (UDP) cannot be opened: ${String(cause)}`, {
            cause,
          });
        }
      }
    }
  }

  private constructor(port: number, address: string | undefined) {
    this.port = port;
    this.address = address;
    this.#keeper = new PeerConnection('keeper', portConfiguration(this));
    this.#keeper.onStateChange((state) => {
      if (state === 'closed') this.#ended.resolve();
    });
    const audio = new Audio('0', 'Inactive');
    audio.addAudioCodec(0, 'PCMU/8000');
    this.#track = this.#keeper.addTrack(audio);
    // Without a listener the track would never let go of the event loop.
    this.#track.onClosed(() => undefined);
    this.#keeper.setLocalDescription('offer');
  }

  /** Once the last peer connection on it is closed. Resolves when the port is free. */
  async close(): Promise<void> {
    this.#track.close();
    this.#keeper.close();
    await this.#ended.promise;
    // libjuice closes the socket in a thread of its own.
    for (let tries = 0; tries < RELEASE_TRIES; tries += 1) {
      try {
        await probe(this.port, this.address);
        return;
      } catch {
        await delay(RELEASE_RETRY_MS);
      }
    }
  }
}

/** How a peer connection comes to share the port. */
export function portConfiguration({ port, address }: Pick<BrowserPort, 'port' | 'address'>) {
  return {
    iceServers: [],
    enableIceUdpMux: true,
    portRangeBegin: port,
    portRangeEnd: port,
    ...(address === undefined ? {} : { bindAddress: address }),
  };
}

/** The port itself, or a free one for 0; rejects where it is taken, with the system's reason. */
async function probe(port: number, address: string | undefined): Promise<number> {
  const socket = createSocket(isIPv6(address ?? '') ? 'udp6' : 'udp4');
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
    return socket.address().port;
  } finally {
    await new Promise<void>((resolve) => socket.close(resolve));
  }
}
