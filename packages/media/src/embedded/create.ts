import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  MediaError,
  type BridgeOptions,
  type Bridge,
  type EngineCapabilities,
  type EngineCounts,
  type MediaEngine,
} from '../engine.ts';
import { EMBEDDED_CODECS, EmbeddedBridge, type BridgeOwner } from './bridge.ts';
import { BrowserPort } from './browser-port.ts';
import { ownAddresses, reachableAddresses } from './candidates.ts';
import { DEFAULT_LIMITS, type EmbeddedEngineOptions, type EngineContext, type EngineLog } from './options.ts';
import { sameHostAs } from '../rtp/source-latch.ts';
import { PortPool } from './port-pool.ts';

/** Fine enough for packets of 20 ms. */
const TICK_MS = 10;
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
  const announced = options.announcedAddresses ?? [];
  const name = announced.find((address) => isIP(address) === 0);
  if (name !== undefined) {
    throw new MediaError('engine', `Browsers need numeric addresses; ${name} is none`);
  }
  const ports = new PortPool(pbxAddress, options.pbxPortRange, random);
  const browserPort = await BrowserPort.open(options.browserUdpPort, browserAddress);
  const addresses =
    browserAddress === undefined
      ? announced.length > 0
        ? [...new Set([...announced, '127.0.0.1'])]
        : reachableAddresses(networkInterfaces())
      : [...new Set([...announced, browserAddress])];
  const { port } = browserPort;
  const context: EngineContext = {
    log,
    random,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    now: options.now ?? (() => performance.now()),
    wallClock: options.wallClock ?? (() => performance.timeOrigin + performance.now()),
    browserEndpoints: addresses.map((address) => ({ address, port })),
    browserPort,
    pbxAddress,
    sameHost: sameHostAs(ownAddresses(networkInterfaces())),
  };
  log.info(
    { browserUdpPort: port, addresses, pbxAddress, pbxPortRange: options.pbxPortRange },
    'media engine ready',
  );
  return new Engine(context, ports);
}

class Engine implements EmbeddedEngine {
  readonly capabilities: EngineCapabilities = {
    name: 'embedded',
    codecs: EMBEDDED_CODECS,
    transcodes: false,
  };
  readonly #context: EngineContext;
  readonly #ports: PortPool;
  readonly #bridges = new Set<EmbeddedBridge>();
  readonly #endings = new Set<Promise<void>>();
  readonly #owner: BridgeOwner;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(context: EngineContext, ports: PortPool) {
    this.#context = context;
    this.#ports = ports;
    this.#owner = {
      context,
      ports,
      ending: (work) => this.#awaitEnding(work),
      onClosed: (bridge) => this.#forget(bridge),
    };
  }

  get browserUdpPort(): number {
    return this.#context.browserPort.port;
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
    await this.#context.browserPort.close();
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
