import {
  Limits,
  type CallRecord,
  type connectorEvents,
  type Epoch,
  type EventData,
  type UserId,
} from '@offhook/contract';
import type { MediaEngine } from '@offhook/media';
import type { EndpointCounts, EndpointEvent, ServerRequestId, SipRequest } from '@offhook/sip';
import { CallBoard, type RecordKeeper } from './calls/board.ts';
import { CallControl } from './calls/control.ts';
import { displayText } from './calls/party.ts';
import { callHandlers } from './calls/handlers.ts';
import type { SipDriver } from './calls/live-call.ts';
import type { CallTimes } from './calls/model.ts';
import { ClientPresence } from './calls/presence.ts';
import { CallRequests } from './calls/requests.ts';
import type { Clock } from './clock.ts';
import { AttachedLines } from './lines/attached-lines.ts';
import { PbxLocator, type Lookup } from './lines/locator.ts';
import { Configuration } from './link/configuration.ts';
import { CloudLink, type LinkEventFromCloud } from './link/link.ts';
import { RecordSender } from './link/records.ts';
import type { Log } from './log.ts';
import { toldAbilities } from './platforms/abilities.ts';
import { createPlatform } from './platforms/create.ts';
import { CurrentPlatform } from './platforms/current.ts';
import type { Spool } from './spool/spool.ts';

export interface ConnectorOptions {
  readonly sip: SipDriver & { counts(): EndpointCounts };
  readonly engine: MediaEngine;
  readonly spool: Spool;
  readonly lookup: Lookup;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** A new id, of characters that the contract allows. */
  readonly newId: () => string;
  readonly times: CallTimes;
  readonly cloudUrl: string;
  readonly apiKey: string;
  readonly version: string;
  /** PEM: whom the control link over TLS trusts in the place of the system's CAs. */
  readonly ctiCa?: string | undefined;
  readonly log: Log;
  readonly onRecord?: (record: CallRecord) => void;
}

/** Milliseconds that BYE and the removal of the bindings get when the connector stops. */
const FAREWELL = 2_000;
/** Milliseconds in which changes are gathered before the cloud is told the numbers. */
const STATUS_DELAY = 100;
/** SIP methods with packages of their own (RFC 6665): we have none. */
const EVENT_METHODS = new Set(['NOTIFY', 'SUBSCRIBE', 'PUBLISH']);
const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, REFER, NOTIFY';

/** All parts of the connector, wired: cloud link, lines, calls, records. Sockets are opened and closed outside. */
export class Connector {
  readonly calls: CallControl;
  readonly board: CallBoard;
  readonly platform: CurrentPlatform;
  readonly lines: AttachedLines;
  readonly link: CloudLink;
  readonly #options: ConnectorOptions;
  readonly #presence = new ClientPresence();
  readonly #locator: PbxLocator;
  readonly #configuration: Configuration;
  readonly #sender: RecordSender;
  /** Users whose settings have changed while the cloud could not be told. */
  readonly #untoldSettings = new Set<UserId>();
  /** Of the control link, as it was told last; nothing before there is a configuration. */
  #control: EventData<typeof connectorEvents, 'platform.changed'> | undefined;
  #cancelStatus: (() => void) | undefined;
  #cancelHeartbeat: (() => void) | undefined;
  /** Called after each event of the SIP side; the shutdown waits with it. */
  #watch: (() => void) | undefined;

  constructor(options: ConnectorOptions) {
    this.#options = options;
    const { sip, engine, spool, lookup, clock, random, newId, log, version } = options;
    const epoch = newId() as Epoch;
    this.#locator = new PbxLocator({
      lookup,
      clock,
      log,
      onMoved: () => {
        this.lines.relocated();
      },
      onUnknown: () => {
        this.lines.unlocated();
      },
    });
    this.lines = new AttachedLines(
      {
        sip,
        clock,
        random,
        log,
        onChanged: (userId, line) => {
          this.link.publish({ name: 'line.changed', data: { userId, line } });
          this.platform.lineChanged(userId, line.state === 'registered');
          this.#statusSoon();
        },
      },
      this.#locator,
    );
    const records: RecordKeeper = {
      begin: (record) => {
        spool.begin(record);
      },
      forget: (recordId) => {
        spool.forget(recordId);
      },
      finish: async (record) => {
        options.onRecord?.(record);
        await spool.finish(record);
      },
    };
    this.board = new CallBoard({
      epoch,
      clock,
      newId,
      records,
      abilities: (userId) => this.platform.abilities(userId),
      publish: (event) => {
        this.link.publish(event);
        if (event.name === 'call.changed') this.#statusSoon();
        this.#watch?.();
      },
    });
    this.calls = new CallControl({
      sip,
      engine,
      lines: this.lines,
      presence: this.#presence,
      board: this.board,
      clock,
      times: options.times,
      newId,
      publish: (event) => {
        this.link.publish(event);
      },
      admit: (userId, situation) => this.platform.admit(userId, situation),
      onPbxLost: () => {
        this.lines.refreshSoon();
      },
      log,
    });
    this.platform = new CurrentPlatform(
      (kind, events) =>
        createPlatform(kind, {
          sip,
          clock,
          random,
          newId,
          log,
          lines: this.lines,
          isOwnLeg: (sipCallId) => this.calls.hasLeg(sipCallId),
          events,
          ...(options.ctiCa === undefined ? {} : { ctiCa: options.ctiCa }),
        }),
      {
        onDevices: (userId, report) => {
          this.board.reported(userId, report);
        },
        onSettings: (userId, settings) => {
          this.#settingsTold(userId);
          this.link.publish({ name: 'settings.changed', data: { userId, settings } });
          this.#tellAbilities(userId);
        },
        onAbilities: (userId) => {
          this.board.abilitiesChanged(userId);
          this.#tellAbilities(userId);
        },
        onLink: (state, reason) => {
          this.#control = { state, ...(reason === undefined ? {} : { reason: reason.slice(0, 300) }) };
          this.#tellControl();
          this.#statusSoon();
        },
      },
    );
    const requests = new CallRequests({
      control: this.calls,
      board: this.board,
      lines: this.lines,
      platform: this.platform,
      clock,
    });
    this.link = new CloudLink({
      cloudUrl: options.cloudUrl,
      apiKey: options.apiKey,
      version,
      epoch,
      clock,
      random,
      log,
      handlers: {
        ...callHandlers(requests),
        'settings.set': async ({ userId, change }) => {
          const settings = await this.platform.change(userId, change);
          this.board.abilitiesChanged(userId);
          return { settings };
        },
        'user.snapshot': ({ userId }) => {
          const line = this.lines.stateOf(userId);
          const settings = this.platform.settings(userId);
          return Promise.resolve({
            ...this.board.snapshot(userId),
            ...(line === undefined ? {} : { line }),
            ...(settings === undefined ? {} : { settings }),
            abilities: toldAbilities(this.platform.abilities(userId), settings),
          });
        },
      },
      onEvent: (event) => {
        this.#onCloudEvent(event);
      },
      onUp: ({ heartbeatSeconds }) => {
        this.#configuration.refresh();
        this.#tellControl();
        this.#tellActivities();
        this.#tellSettings();
        this.#sender.wake();
        this.#beat(heartbeatSeconds * 1000);
      },
      onUndelivered: (method) => {
        log.warn({ method }, 'the link broke before the answer could be sent');
        // A call that its client may not know of: whether the client is there is not known any more.
        this.calls.presenceChanged();
      },
      onDown: () => {
        this.#cancelHeartbeat?.();
        this.#configuration.pause();
        this.#sender.pause();
        this.#presence.linkLost(clock.now().at);
        this.calls.presenceChanged();
      },
    });
    const { link } = this;
    this.#configuration = new Configuration({
      link,
      clock,
      random,
      log,
      apply: (config) => {
        this.lines.apply(config);
        this.platform.apply(config);
        this.#statusSoon();
      },
    });
    this.#sender = new RecordSender({ link, spool, clock, random, log });
    spool.onRecord = () => {
      this.#sender.wake();
      this.#statusSoon();
    };
  }

  /** Call records at which the cloud fails; they wait in the spool. */
  get recordsAside(): number {
    return this.#sender.aside;
  }

  start(): void {
    this.link.start();
  }

  /** What is missing before the connector is of use; empty when it is ready. */
  missing(): string[] {
    const missing: string[] = [];
    if (!this.link.up) missing.push('not connected to the cloud');
    if (this.#configuration.revision === undefined) missing.push('no configuration yet');
    return missing;
  }

  /** Every event of the SIP endpoint. */
  onSip(event: EndpointEvent): void {
    if (this.platform.onSip(event)) return;
    switch (event.type) {
      case 'session.incoming':
      case 'session.progress':
      case 'session.accepted':
      case 'session.confirmed':
      case 'session.reoffer':
      case 'session.reoffer_result':
      case 'session.ended':
      case 'session.request':
        this.calls.onSip(event);
        break;
      case 'registration.changed':
        this.lines.onRegistration(event.registration, event.state);
        break;
      case 'referral.changed':
        this.calls.onReferral(event.referral, event.state);
        break;
      case 'request':
        this.#turnDown(event.requestId, event.request);
        break;
      // We subscribe to nothing, and of the OPTIONS in a call only the end of its session is of interest.
      case 'response':
      case 'session.early_confirmed':
      case 'session.redirected':
      case 'subscription.changed':
      case 'subscription.notified':
      case 'notifier.wanted':
      case 'notifier.ended':
        break;
    }
    this.#watch?.();
  }

  /** Takes no new call, and resolves when the running ones have ended or `signal` says that it is enough. */
  async drain(signal: AbortSignal): Promise<void> {
    this.calls.drain();
    this.#options.log.info({ calls: this.calls.count }, 'draining');
    await this.#until(() => this.calls.count === 0, signal);
  }

  /** Ends the calls, takes the bindings back, leaves the cloud. What does not answer in time is left. */
  async stop(): Promise<void> {
    const { clock, sip, log } = this.#options;
    this.calls.drain();
    log.info({ calls: this.calls.count }, 'stopping');
    this.calls.endAll();
    this.platform.stop();
    this.lines.unregisterAll();
    this.#locator.close();
    const enough = new AbortController();
    const cancel = clock.after(FAREWELL, () => {
      enough.abort();
    });
    // What is at the desk phones goes on without us, and is not waited for.
    const done = (): boolean =>
      this.board.ending === 0 && this.lines.leaving === 0 && sip.counts().sessions === 0;
    await this.#until(done, enough.signal);
    cancel();
    this.#cancelStatus?.();
    this.#cancelHeartbeat?.();
    this.#configuration.pause();
    this.#sender.pause();
    await this.link.stop();
  }

  async #until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    if (condition() || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#watch = () => {
        if (condition()) resolve();
      };
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    this.#watch = undefined;
  }

  #onCloudEvent(event: LinkEventFromCloud): void {
    switch (event.name) {
      case 'config.changed':
        this.#configuration.changed(event.data.revision);
        return;
      case 'drain.changed':
        this.calls.pause(event.data.draining);
        this.#options.log.info({ ...event.data, calls: this.calls.count }, 'new calls');
        this.#tellStatus();
        return;
      case 'clients.snapshot':
        this.#presence.page(event.data.clients, event.data.more, this.#options.clock.now().at);
        break;
      case 'client.joined':
        this.#presence.joined(event.data);
        break;
      case 'client.left':
        this.#presence.left(event.data, this.#options.clock.now().at);
        break;
    }
    this.calls.presenceChanged();
  }

  #tellControl(): void {
    if (this.#control !== undefined) this.link.publish({ name: 'platform.changed', data: this.#control });
  }

  #tellAbilities(userId: UserId): void {
    const abilities = toldAbilities(this.platform.abilities(userId), this.platform.settings(userId));
    this.link.publish({ name: 'abilities.changed', data: { userId, abilities } });
  }

  #settingsTold(userId: UserId): void {
    if (this.link.up) this.#untoldSettings.delete(userId);
    else this.#untoldSettings.add(userId);
  }

  /** For a cloud that has just welcomed us: settings that have changed meanwhile, and whoever wants not to be disturbed. */
  #tellSettings(): void {
    for (const userId of this.lines.userIds()) {
      const settings = this.platform.settings(userId);
      const matters = settings?.doNotDisturb === true || this.#untoldSettings.has(userId);
      if (settings !== undefined && matters) {
        this.link.publish({ name: 'settings.changed', data: { userId, settings } });
      }
    }
    this.#untoldSettings.clear();
  }

  /** For a cloud that has just welcomed us: who is not idle. */
  #tellActivities(): void {
    const all = this.board.activities();
    const size = Limits.activitiesPerPage;
    for (let from = 0; from === 0 || from < all.length; from += size) {
      const more = from + size < all.length;
      this.link.publish({
        name: 'activity.snapshot',
        data: { users: all.slice(from, from + size), more },
      });
    }
  }

  #turnDown(requestId: ServerRequestId, request: SipRequest): void {
    const eventPackage = EVENT_METHODS.has(request.method);
    this.#options.sip.run((endpoint, now) => {
      endpoint.respond(
        requestId,
        eventPackage ? 489 : 405,
        now,
        eventPackage ? {} : { headers: [['Allow', ALLOW]] },
      );
    });
  }

  #beat(interval: number): void {
    this.#cancelHeartbeat?.();
    this.#tellStatus();
    this.#cancelHeartbeat = this.#options.clock.after(interval, () => {
      this.#beat(interval);
    });
  }

  #statusSoon(): void {
    this.#cancelStatus ??= this.#options.clock.after(STATUS_DELAY, () => {
      this.#cancelStatus = undefined;
      this.#tellStatus();
    });
  }

  #tellStatus(): void {
    const { lines, registered } = this.lines.counts();
    const { reached, server, refused, reason } = this.lines.health();
    const { product } = this.platform;
    // A control link that is up speaks to the platform, too.
    const reaches = this.#control?.state === 'up' ? true : reached;
    this.link.publish({
      name: 'status',
      data: {
        lines,
        registered,
        calls: this.calls.count,
        spooledRecords: this.#options.spool.counts().waiting,
        refused,
        draining: this.calls.draining,
        ...(reason === undefined ? {} : { reason }),
        ...(reaches === undefined
          ? {}
          : {
              platform: {
                reached: reaches,
                ...(server === undefined ? {} : { sip: displayText(server).slice(0, 200) }),
                ...(product === undefined ? {} : { cti: displayText(product).slice(0, 200) }),
              },
            }),
      },
    });
  }
}
