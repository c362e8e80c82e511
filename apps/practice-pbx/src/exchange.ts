import { randomBytes, randomInt } from 'node:crypto';
import type { EndpointEvent } from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';
import type { NodeEndpoint } from '@offhook/sip-node';
import { Directory } from './config/directory.ts';
import type { PbxSettings } from './config/environment.ts';
import type { BindingView } from './http/views.ts';
import { metricsText } from './metrics.ts';
import { RegistrationDesk } from './registrar/registration-desk.ts';
import { CallViews } from './sip/call-views.ts';
import type { CallLog, CallView } from './sip/call-views.ts';
import { CallerIdentity } from './sip/caller-identity.ts';
import { attempt } from './sip/commands.ts';
import { Notifiers } from './sip/notifiers.ts';
import { Switchboard } from './sip/switchboard.ts';
import { callId } from './switch/api.ts';
import type { CallSnapshot, SwitchApi, SwitchEvent } from './switch/api.ts';
import { Switch } from './switch/switch.ts';
import { TraceBook } from './trace/trace-book.ts';
import type { VoiceApplication } from './voice/application.ts';
import type { Pacer } from './voice/pacer.ts';
import { RtpPorts } from './voice/ports.ts';
import { loadRecordings } from './voice/recordings.ts';
import { VoiceRoom } from './voice/voice-room.ts';

export interface ExchangeOptions {
  readonly settings: PbxSettings;
  readonly pacer: Pacer;
  /** Answers `500`; where there is none, that number does not answer. */
  readonly voicemail?: VoiceApplication | undefined;
  readonly onChange: () => void;
  readonly log: (event: CallLog) => void;
}

const EXPIRY_CHECK_MS = 1000;
/** Time for the last BYEs and CANCELs to be answered. */
const FAREWELL_MS = 300;
const ALLOWED = 'INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, UPDATE, REFER, SUBSCRIBE';

/** The SIP side of the PBX: its sockets, registrar and calls. Knows no page and no desk phone. */
export class Exchange {
  readonly directory: Directory;
  readonly trace = new TraceBook();
  readonly ports: RtpPorts;
  /** UDP and TCP. */
  readonly bound: { readonly address: string; readonly port: number };
  readonly #sip: NodeEndpoint;
  readonly #desk: RegistrationDesk;
  readonly #core: Switch;
  readonly #switchboard: Switchboard;
  readonly #notifiers: Notifiers;
  readonly #views: CallViews;
  readonly #voice: VoiceRoom;
  readonly #listeners = new Set<(event: SwitchEvent) => void>();
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
    this.directory = new Directory(config, randomBytes(16).toString('hex'));
    this.ports = new RtpPorts(settings.address, this.bound.address, settings.rtpPorts);
    this.#desk = new RegistrationDesk(this.directory, config, randomBytes);
    this.#core = new Switch({
      directory: this.directory,
      codes: config.featureCodes,
      countryCode: config.countryCode,
      placesOf: (device, now) => this.#desk.places(device, now),
      newCallId: () => callId(randomBytes(16).toString('hex')),
      newRoom: () => String(randomInt(10_000, 100_000)),
      maxCalls: config.limits.calls,
      parkMs: config.parkSeconds * 1000,
      hasVoicemail: options.voicemail !== undefined,
    });
    const identity = new CallerIdentity(this.directory, config, randomBytes);
    this.#switchboard = new Switchboard({
      sip,
      core: this.#core,
      voice: () => this.#voice,
      identity,
      host: this.host,
      loopKey: randomBytes(16).toString('hex'),
      after: (delay, run) => {
        const timer = setTimeout(run, Math.ceil(delay));
        return { [Symbol.dispose]: () => clearTimeout(timer) };
      },
      onEvent: (event) => this.#tell(event),
      onChange: () => {
        this.#notifiers.changed();
        onChange();
      },
    });
    this.#voice = new VoiceRoom({
      ports: this.ports,
      pacer: options.pacer,
      recordings: loadRecordings(),
      voicemail: options.voicemail,
      wallClock: () => Date.now(),
      events: {
        onPlayed: (leg) => this.#switchboard.give({ kind: 'played', leg }),
        onDigits: (leg, digits) => this.#switchboard.give({ kind: 'digits', leg, digits }),
        onSilent: (leg) => this.#switchboard.give({ kind: 'silent', leg }),
      },
    });
    this.#notifiers = new Notifiers({
      sip,
      core: this.#core,
      dialogs: this.#switchboard.dialogs,
      directory: this.directory,
      identity,
      host: this.host,
    });
    this.#views = new CallViews(this.#core, () => Date.now(), options.log);
    this.#expiry = setInterval(() => {
      if (sip.run((_, now) => this.#desk.expire(now))) this.#switchboard.give({ kind: 'registrations' });
    }, EXPIRY_CHECK_MS);
  }

  /** Commands, snapshots and events, for the CSTA server, the page and the voicemail. */
  get api(): SwitchApi {
    const core = this.#core;
    return {
      execute: (command) => this.#switchboard.execute(command),
      devices: () => core.devices(),
      device: (id) => core.device(id),
      calls: () => core.calls(),
      call: (id) => core.call(id),
      features: (device) => core.features(device),
      callBacks: () => core.callBacks(),
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
      },
    };
  }

  /** `127.0.0.1:5070`, for addresses. */
  get host(): string {
    const { address, port } = this.bound;
    return `${address.includes(':') ? `[${address}]` : address}:${port}`;
  }

  get calls(): readonly CallView[] {
    return this.#views.all;
  }

  /** Where a number is registered. */
  bindings(number: string): readonly BindingView[] {
    return this.#sip.run((_, now) =>
      this.#desk.bindings(number, now).map(({ contact, flow, expiresAt }) => ({
        contact: contact.uri,
        transport: flow.transport,
        remote: `${flow.address}:${flow.port}`,
        expiresInSeconds: Math.max(0, Math.round((expiresAt - now) / 1000)),
      })),
    );
  }

  /** In the text format of Prometheus. */
  get metrics(): string {
    const { calls, total } = this.#core.counts;
    return metricsText({
      calls,
      callsTotal: total,
      bindings: this.directory.extensions.reduce((sum, { number }) => sum + this.bindings(number).length, 0),
      rtpPorts: this.ports.size,
      sip: this.#sip.counts(),
    });
  }

  /** Ends every call. */
  clear(): void {
    this.#switchboard.give({ kind: 'clear' });
  }

  async close(): Promise<void> {
    clearInterval(this.#expiry);
    this.clear();
    if (this.#sip.counts().sessions > 0) await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    this.#switchboard.close();
    this.#voice.dispose();
    await this.#sip.close();
  }

  #tell(event: SwitchEvent): void {
    this.#views.heard(event);
    if ('call' in event) this.#linkLegs(event.call);
    for (const listener of this.#listeners) listener(event);
  }

  /** The trace learns which SIP dialogs carry a call. */
  #linkLegs({ id, calling, called }: CallSnapshot): void {
    const call = [...this.#core.inside].find((each) => each.id === id);
    const legs = [...(call?.connections ?? [])].flatMap(({ leg, ringing }) => [...ringing, leg ?? []].flat());
    for (const leg of legs) {
      const sip = this.#switchboard.dialogs.of(leg.id)?.callId;
      if (sip !== undefined) this.trace.link({ sip, call: id, from: calling, to: called, at: Date.now() });
    }
  }

  #event(event: EndpointEvent, onChange: () => void): void {
    if (event.type === 'request') this.#answer(event, onChange);
    else if (event.type === 'notifier.wanted' || event.type === 'notifier.ended')
      this.#notifiers.handle(event);
    else this.#switchboard.handle(event);
  }

  #answer(event: Extract<EndpointEvent, { type: 'request' }>, onChange: () => void): void {
    const { requestId, request, flow } = event;
    if (request.method === 'SUBSCRIBE') {
      this.#notifiers.subscribe(event);
      return;
    }
    attempt(this.#sip, (endpoint, now) => {
      if (request.method === 'REGISTER') {
        const { status, headers } = this.#desk.register(request, flow, now);
        endpoint.respond(requestId, status, now, { headers });
      } else endpoint.respond(requestId, 405, now, { headers: [['Allow', ALLOWED]] });
    });
    if (request.method === 'REGISTER') this.#switchboard.give({ kind: 'registrations' });
    onChange();
  }
}
