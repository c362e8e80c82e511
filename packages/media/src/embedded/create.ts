import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { IceUdpMuxListener } from 'node-datachannel';
import {
  MediaError,
  type BridgeOptions,
  type Bridge,
  type EngineCapabilities,
  type EngineCounts,
  type MediaEngine,
} from '../engine.ts';
import { EMBEDDED_CODECS, EmbeddedBridge, type BridgeOwner } from './bridge.ts';
import { reachableAddresses } from './candidates.ts';
import { DEFAULT_LIMITS, type EmbeddedEngineOptions, type EngineContext, type EngineLog } from './options.ts';
import { PortPool } from './port-pool.ts';

/** Fine enough for packets of 20 ms. */
const TICK_MS = 10;
/** A free port found can be taken by another program before it is ours. */
const FREE_PORT_TRIES = 5;
/** So long `close` waits for peer connections. */
const CLOSE_WITHIN_MS = 5000;

const SILENT_LOG: EngineLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export interface EmbeddedEngine extends MediaEngine {
  /** The UDP port of all browsers. */
  readonly browserUdpPort: number;
}

/**
 * The media engine inside this process: DTLS-SRTP by libdatachannel over one UDP port, plain RTP over `node:dgram`. It passes
 * G.722 and G.711 on as they are. Rejects with `MediaError` `engine` where the port is taken or an address is wrong.
 */
export async function createEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const { pbxAddress, browserAddress, log = SILENT_LOG, random = Math.random } = options;
  if (isIP(pbxAddress) === 0 || pbxAddress === '0.0.0.0' || pbxAddress === '::') {
    throw new MediaError(
      'engine',
      `The RTP address ${pbxAddress} is not one numeric address of this machine`,
    );
  }
  const ports = new PortPool(pbxAddress, options.pbxPortRange, random);
  const listener = await listen(options.browserUdpPort, browserAddress);
  const announced = options.announcedAddresses ?? [];
  const addresses =
    browserAddress === undefined
      ? announced.length > 0
        ? [...new Set([...announced, '127.0.0.1'])]
        : reachableAddresses(networkInterfaces())
      : [...new Set([...announced, browserAddress])];
  const port = listener.port();
  const context: EngineContext = {
    log,
    random,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    now: options.now ?? (() => performance.now()),
    wallClock: options.wallClock ?? (() => performance.timeOrigin + performance.now()),
    browserEndpoints: addresses.map((address) => ({ address, port })),
    browserUdpPort: port,
    browserAddress,
    pbxAddress,
  };
  log.info(
    { browserUdpPort: port, addresses, pbxAddress, pbxPortRange: options.pbxPortRange },
    'media engine ready',
  );
  return new Engine(context, ports, () => listener.stop());
}

class Engine implements EmbeddedEngine {
  readonly capabilities: EngineCapabilities = {
    name: 'embedded',
    codecs: EMBEDDED_CODECS,
    transcodes: false,
  };
  readonly #context: EngineContext;
  readonly #ports: PortPool;
  readonly #stopListening: () => void;
  readonly #bridges = new Set<EmbeddedBridge>();
  readonly #endings = new Set<Promise<void>>();
  readonly #owner: BridgeOwner;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(context: EngineContext, ports: PortPool, stopListening: () => void) {
    this.#context = context;
    this.#ports = ports;
    this.#stopListening = stopListening;
    this.#owner = {
      context,
      ports,
      ending: (work) => this.#awaitEnding(work),
      onClosed: (bridge) => this.#forget(bridge),
    };
  }

  get browserUdpPort(): number {
    return this.#context.browserUdpPort;
  }

  openBridge(options: BridgeOptions): Bridge {
    if (this.#closing !== undefined) throw new MediaError('closed', 'The media engine is closed');
    if (this.#bridges.size >= this.#context.limits.bridges) {
      throw new MediaError('capacity', `The media engine carries its limit of ${this.#bridges.size} calls`);
    }
    const bridge = new EmbeddedBridge(this.#owner, options);
    this.#bridges.add(bridge);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    return bridge;
  }

  counts(): EngineCounts {
    const bridges = [...this.#bridges];
    return {
      bridges: bridges.length,
      browserLegs: bridges.filter((bridge) => bridge.hasBrowserLeg).length,
      pbxLegs: bridges.filter((bridge) => bridge.hasPbxLeg).length,
      pbxPorts: this.#ports.held,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const bridge of this.#bridges) bridge.close();
    const patience = new AbortController();
    const timeout = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CLOSE_WITHIN_MS);
      patience.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    await Promise.race([Promise.all(this.#endings), timeout]);
    patience.abort();
    this.#stopListening();
  }

  #tick(): void {
    const now = this.#context.now();
    for (const bridge of this.#bridges) bridge.tick(now);
  }

  #forget(bridge: EmbeddedBridge): void {
    this.#bridges.delete(bridge);
    if (this.#bridges.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #awaitEnding(work: Promise<void>): void {
    this.#endings.add(work);
    void work.finally(() => this.#endings.delete(work));
  }
}

/** Holds the port for as long as the engine lives, so that no call has to open it. */
async function listen(wanted: number, address: string | undefined): Promise<IceUdpMuxListener> {
  for (let tries = 1; ; tries += 1) {
    try {
      const port = await probe(wanted, address);
      return address === undefined ? new IceUdpMuxListener(port) : new IceUdpMuxListener(port, address);
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
