import type { CstaMessage, SystemStatusValue, WireStyle } from '@offhook/csta';
import { encodeFrame, encodeMessage, fitsFrame } from '@offhook/csta';
import { listenCsta } from '@offhook/csta-node';
import type { CstaListener, CstaServerLink, CstaTrace } from '@offhook/csta-node';
import type { SwitchApi } from '../switch/api.ts';
import type { TraceEntry } from '../trace/trace-ring.ts';
import type { FeatureNumbers } from './context.ts';
import { CstaDesk } from './desk.ts';
import type {
  ApplicationView,
  Credentials,
  DeskEffect,
  DeskInput,
  LinkId,
  MonitorLimits,
} from './desk-api.ts';
import { FaultRules } from './faults/plan.ts';
import { cstaMetricsText } from './metrics.ts';
import type { CstaPlatform, Personality } from './personalities/personality.ts';
import { CstaTraceRing, messageName } from './trace.ts';

export interface CstaServerSettings {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly api: SwitchApi;
  readonly personality: Personality;
  readonly numbers: FeatureNumbers;
  readonly credentials?: Credentials | undefined;
  readonly applications: number;
  readonly monitors: MonitorLimits;
  /** Something that the page shows is another now. */
  readonly onChange: () => void;
}

/** What the page shows of the CSTA server. */
export interface CstaView {
  readonly platform: CstaPlatform;
  readonly address: string;
  readonly port: number;
  readonly applications: readonly (ApplicationView & { readonly remote: string })[];
}

/** Some more, so that an application that comes back is not refused for the links that are about to be closed. */
const SPARE_LINKS = 10;

/** The CSTA server of the practice PBX on real sockets: {@link CstaDesk} with `@offhook/csta-node` and a clock. */
export class CstaServer {
  /** What shall go wrong. */
  readonly faults = new FaultRules();
  readonly #trace = new CstaTraceRing();
  readonly #settings: CstaServerSettings;
  readonly #desk: CstaDesk;
  readonly #subscription: Disposable;
  readonly #links = new Map<LinkId, CstaServerLink>();
  #listener: CstaListener | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  /** Rejects with the system's error where the port is taken. */
  static async open(settings: CstaServerSettings): Promise<CstaServer> {
    const server = new CstaServer(settings);
    try {
      await server.#listen();
    } catch (error) {
      server.#subscription[Symbol.dispose]();
      throw error;
    }
    return server;
  }

  private constructor(settings: CstaServerSettings) {
    this.#settings = settings;
    this.#desk = new CstaDesk({ ...settings, faults: this.faults });
    this.#subscription = settings.api.subscribe((event) => this.#give({ kind: 'switch', event }));
  }

  get view(): CstaView {
    const { personality, address } = this.#settings;
    return {
      platform: personality.platform,
      address: this.#listener?.address ?? address,
      port: this.port,
      applications: this.#desk.applications.map((application) => ({
        ...application,
        remote: this.#links.get(application.link)?.remote ?? '',
      })),
    };
  }

  /** In the text format of Prometheus. */
  get metrics(): string {
    const { applications } = this.#desk;
    const monitors = applications.reduce((sum, application) => sum + application.monitors, 0);
    return cstaMetricsText({
      applications: applications.length,
      monitors,
      limits: this.#listener?.limits ?? {},
    });
  }

  get applications(): CstaView['applications'] {
    return this.view.applications;
  }

  get port(): number {
    return this.#listener?.port ?? this.#settings.port;
  }

  /** The last messages after this number. */
  trace(since: number): readonly TraceEntry[] {
    return this.#trace.since(since);
  }

  /** Breaks every link without a word. */
  cut(): void {
    for (const link of this.#listener?.links ?? []) link.cut();
  }

  /** Leaves every link open and sends nothing over it any more. */
  silence(): void {
    for (const link of this.#listener?.links ?? []) link.mute();
  }

  /** Tells every registered application how the system fares. */
  setStatus(status: SystemStatusValue): void {
    for (const link of this.#listener?.links ?? []) link.setStatus(status);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#subscription[Symbol.dispose]();
    await this.#listener?.close();
    clearTimeout(this.#timer);
  }

  async #listen(): Promise<void> {
    const { address, port, personality, applications } = this.#settings;
    const { editions, isMisspelt, sessionSeconds, heartbeatSeconds } = personality;
    this.#listener = await listenCsta({
      address,
      port,
      links: applications + SPARE_LINKS,
      session: {
        editions,
        isMisspelt,
        sessionSeconds,
        heartbeatSeconds,
        admit: (applicant) => this.#desk.admit(applicant),
      },
      onStarted: (link, applicant) => {
        this.#links.set(link.id, link);
        this.#give({ kind: 'started', link: link.id, applicant });
      },
      onRequest: (link, invokeId, request) =>
        this.#give({ kind: 'request', link: link.id, invokeId, request }),
      onEnded: (link) => {
        this.#give({ kind: 'ended', link: link.id });
        this.#links.delete(link.id);
      },
      onTrace: (link, trace) => this.#seen(link, trace),
    });
  }

  #seen(link: CstaServerLink, trace: CstaTrace): void {
    this.#trace.add(trace, link.remote, Date.now());
    const name = messageName(new TextDecoder().decode(trace.document));
    if (name !== undefined) {
      // It may be the first that is heard of the link.
      if (!this.#links.has(link.id)) this.#links.set(link.id, link);
      const { direction, invokeId } = trace;
      this.#give({ kind: 'seen', link: link.id, direction, invokeId, name });
    }
    this.#settings.onChange();
  }

  #give(input: DeskInput): void {
    this.#desk.handle(input, performance.now());
    this.#run();
  }

  #run(): void {
    // A link that is written to shows what goes by: that comes behind.
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let effect = this.#desk.poll(); effect !== undefined; effect = this.#desk.poll()) {
      this.#carryOut(effect);
    }
    this.#isRunning = false;
    clearTimeout(this.#timer);
    const at = this.#desk.deadline();
    if (at === undefined) return;
    this.#timer = setTimeout(
      () => this.#give({ kind: 'tick' }),
      Math.max(0, Math.ceil(at - performance.now())),
    );
  }

  #carryOut(effect: DeskEffect): void {
    const link = this.#links.get(effect.link);
    if (link === undefined) return;
    switch (effect.kind) {
      case 'answer':
        link.answer(effect.invokeId, effect.response);
        return;
      case 'refuse':
        link.refuse(effect.invokeId, effect.code);
        return;
      case 'abandon':
        link.abandon(effect.invokeId);
        return;
      case 'event':
        link.event(effect.event);
        return;
      case 'message':
        this.#sendRaw(link, effect.invokeId, frameOf(effect.invokeId, effect.message, link.style));
        return;
      case 'octets':
        this.#sendRaw(link, 0, effect.octets);
        return;
      case 'cut':
        link.cut();
        return;
      case 'mute':
        link.mute();
        return;
      default:
        effect satisfies never;
    }
  }

  /** Past the session, which would have shown it. */
  #sendRaw(link: CstaServerLink, invokeId: number, octets: Uint8Array): void {
    this.#trace.add({ direction: 'out', invokeId, document: octets.subarray(8) }, link.remote, Date.now());
    link.sendRaw(octets);
  }
}

function frameOf(invokeId: number, message: CstaMessage, style: WireStyle): Uint8Array {
  const document = encodeMessage(message, style);
  return fitsFrame(document) ? encodeFrame(invokeId, document) : new Uint8Array(0);
}
