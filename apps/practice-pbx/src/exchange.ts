import { randomBytes } from 'node:crypto';
import type { EndpointEvent } from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';
import type { NodeEndpoint } from '@offhook/sip-node';
import { CallerIdentity } from './calls/caller-identity.ts';
import { Switchboard } from './calls/switchboard.ts';
import type { CallLog, CallView } from './calls/switchboard.ts';
import { Directory } from './config/directory.ts';
import type { PbxSettings } from './config/environment.ts';
import type { ExtensionView } from './http/views.ts';
import { metricsText } from './metrics.ts';
import { RegistrationDesk } from './registrar/registration-desk.ts';
import { attempt } from './sip-commands.ts';
import { TraceRing } from './trace/trace-ring.ts';
import { RtpMediaRoom } from './voice/call-media.ts';
import type { Pacer } from './voice/pacer.ts';
import { RtpPorts } from './voice/ports.ts';
import { loadRecordings } from './voice/recordings.ts';

export interface ExchangeOptions {
  readonly settings: PbxSettings;
  readonly pacer: Pacer;
  readonly onChange: () => void;
  readonly log: (event: CallLog) => void;
}

const EXPIRY_CHECK_MS = 1000;
/** Time for the last BYEs and CANCELs to be answered. */
const FAREWELL_MS = 300;
const ALLOWED = 'INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, UPDATE';

/** The SIP side of the PBX: its sockets, registrar and calls. Knows no page and no desk phone. */
export class Exchange {
  readonly directory: Directory;
  readonly trace = new TraceRing();
  readonly ports: RtpPorts;
  /** UDP and TCP. */
  readonly bound: { readonly address: string; readonly port: number };
  readonly #sip: NodeEndpoint;
  readonly #desk: RegistrationDesk;
  readonly #switchboard: Switchboard;
  readonly #expiry: NodeJS.Timeout;

  /** Rejects with the system's error where a port is taken. */
  static async open(options: ExchangeOptions): Promise<Exchange> {
    const { address, sipPort } = options.settings;
    let exchange: Exchange | undefined;
    const sip = await openNodeEndpoint({
      product: 'Offhook practice PBX',
      listen: [
        { transport: 'udp', address, port: sipPort },
        { transport: 'tcp', address, port: sipPort },
      ],
      onEvent: (event) => {
        if (exchange !== undefined) exchange.#event(event, options.onChange);
      },
      onTrace: (message) => {
        exchange?.trace.add(message, Date.now());
        options.onChange();
      },
    });
    exchange = new Exchange(sip, options);
    return exchange;
  }

  private constructor(sip: NodeEndpoint, options: ExchangeOptions) {
    const { settings, onChange } = options;
    const config = settings.exchange;
    this.#sip = sip;
    this.bound = sip.bound[0] ?? { address: settings.address, port: settings.sipPort };
    this.directory = new Directory(config);
    this.ports = new RtpPorts(settings.address, this.bound.address, settings.rtpPorts);
    this.#desk = new RegistrationDesk(this.directory, config, randomBytes);
    this.#switchboard = new Switchboard({
      sip,
      media: new RtpMediaRoom(this.ports, options.pacer, loadRecordings()),
      directory: this.directory,
      identity: new CallerIdentity(this.directory, config, randomBytes),
      placesOf: (number) => sip.run((_, now) => this.#desk.places(number, now)),
      host: this.host,
      maxCalls: config.limits.calls,
      loopKey: randomBytes(16).toString('hex'),
      after: (delay, run) => {
        const timer = setTimeout(run, Math.ceil(delay));
        return { [Symbol.dispose]: () => clearTimeout(timer) };
      },
      wallClock: () => Date.now(),
      onChange,
      log: options.log,
    });
    this.#expiry = setInterval(() => {
      if (sip.run((_, now) => this.#desk.expire(now))) onChange();
    }, EXPIRY_CHECK_MS);
  }

  /** `127.0.0.1:5070`, for addresses. */
  get host(): string {
    const { address, port } = this.bound;
    return `${address.includes(':') ? `[${address}]` : address}:${port}`;
  }

  get calls(): readonly CallView[] {
    return this.#switchboard.views;
  }

  get extensions(): readonly ExtensionView[] {
    return this.#sip.run((_, now) =>
      this.directory.extensions.map(({ number, name }) => ({
        number,
        name,
        bindings: this.#desk.bindings(number, now).map(({ contact, flow, expiresAt }) => ({
          contact: contact.uri,
          transport: flow.transport,
          remote: `${flow.address}:${flow.port}`,
          expiresInSeconds: Math.max(0, Math.round((expiresAt - now) / 1000)),
        })),
      })),
    );
  }

  /** In the text format of Prometheus. */
  get metrics(): string {
    const { calls, total } = this.#switchboard.counts;
    return metricsText({
      calls,
      callsTotal: total,
      bindings: this.extensions.reduce((sum, { bindings }) => sum + bindings.length, 0),
      rtpPorts: this.ports.size,
      sip: this.#sip.counts(),
    });
  }

  /** Ends every call. */
  clear(): void {
    this.#switchboard.clear();
  }

  async close(): Promise<void> {
    clearInterval(this.#expiry);
    this.clear();
    if (this.#sip.counts().sessions > 0) await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    await this.#sip.close();
  }

  #event(event: EndpointEvent, onChange: () => void): void {
    if (event.type === 'request') this.#answer(event, onChange);
    else this.#switchboard.handle(event);
  }

  #answer(event: Extract<EndpointEvent, { type: 'request' }>, onChange: () => void): void {
    const { requestId, request, flow } = event;
    attempt(this.#sip, (endpoint, now) => {
      if (request.method === 'REGISTER') {
        const { status, headers } = this.#desk.register(request, flow, now);
        endpoint.respond(requestId, status, now, { headers });
      } else endpoint.respond(requestId, 405, now, { headers: [['Allow', ALLOWED]] });
    });
    onChange();
  }
}
