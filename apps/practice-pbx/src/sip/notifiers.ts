import { eventOf, formatDialogInfo, formatMessageSummary } from '@offhook/sip';
import type { Body, EndpointEvent, NotifierId } from '@offhook/sip';
import type { Directory } from '../config/directory.ts';
import type { ExtensionConfig } from '../config/exchange.ts';
import { deviceId } from '../switch/api.ts';
import type { Switch } from '../switch/switch.ts';
import type { CallerIdentity } from './caller-identity.ts';
import { attempt } from './commands.ts';
import type { SipCommands } from './commands.ts';
import { dialogEntries } from './dialog-documents.ts';
import type { LegDialogs } from './dialogs.ts';
import { addressOf, numberOf } from './numbers.ts';

type Package = 'dialog' | 'message-summary';

interface Watcher {
  readonly extension: ExtensionConfig;
  readonly event: Package;
  /** What was told last, without its version. */
  told: string | undefined;
  version: number;
}

const LONGEST_SECONDS = 3600;
const SHORTEST_SECONDS = 30;

/** Tells those who have subscribed to a number of its dialogs (RFC 4235) and of its mailbox (RFC 3842), when they change. */
export class Notifiers {
  readonly #sip: SipCommands;
  readonly #core: Switch;
  readonly #dialogs: LegDialogs;
  readonly #directory: Directory;
  readonly #identity: CallerIdentity;
  readonly #host: string;
  readonly #watchers = new Map<NotifierId, Watcher>();

  constructor(parts: {
    readonly sip: SipCommands;
    readonly core: Switch;
    readonly dialogs: LegDialogs;
    readonly directory: Directory;
    readonly identity: CallerIdentity;
    readonly host: string;
  }) {
    this.#sip = parts.sip;
    this.#core = parts.core;
    this.#dialogs = parts.dialogs;
    this.#directory = parts.directory;
    this.#identity = parts.identity;
    this.#host = parts.host;
  }

  /** A SUBSCRIBE: any extension may watch the dialogs of any other, and its own mailbox. */
  subscribe({ requestId, request }: Extract<EndpointEvent, { type: 'request' }>): void {
    const who = this.#sip.run((_, now) => this.#identity.identify(request, now));
    const event = packageOf(eventOf(request)?.package);
    const extension = this.#directory.device(numberOf(request.uri) ?? '')?.extension;
    attempt(this.#sip, (endpoint, now) => {
      if (who.kind === 'refused') endpoint.respond(requestId, who.status, now, { headers: who.headers });
      else if (event === undefined) {
        endpoint.respond(requestId, 489, now, { headers: [['Allow-Events', 'dialog, message-summary']] });
      } else if (extension === undefined) endpoint.respond(requestId, 404, now);
      else if (event === 'message-summary' && who.device.extension !== extension) {
        endpoint.respond(requestId, 403, now);
      } else {
        const notifier = endpoint.acceptSubscription(requestId, now, {
          expires: LONGEST_SECONDS,
          leastExpires: SHORTEST_SECONDS,
          contactUser: extension.number,
        });
        this.#watchers.set(notifier, { extension, event, told: undefined, version: 0 });
      }
    });
  }

  handle(event: Extract<EndpointEvent, { type: 'notifier.wanted' | 'notifier.ended' }>): void {
    if (event.type === 'notifier.ended') {
      this.#watchers.delete(event.notifier);
      return;
    }
    const watcher = this.#watchers.get(event.notifier);
    if (watcher === undefined) return;
    watcher.told = undefined;
    this.#tell(event.notifier, watcher);
  }

  /** Something has happened: whoever sees another state now is told. */
  changed(): void {
    for (const [notifier, watcher] of this.#watchers) this.#tell(notifier, watcher);
  }

  #tell(notifier: NotifierId, watcher: Watcher): void {
    const body = this.#document(watcher, 0);
    const text = Buffer.from(body.bytes).toString('latin1');
    if (text === watcher.told) return;
    watcher.told = text;
    const versioned = this.#document(watcher, watcher.version);
    watcher.version += 1;
    attempt(this.#sip, (endpoint, now) => endpoint.notify(notifier, versioned, now));
  }

  #document({ extension, event }: Watcher, version: number): Body {
    const account = addressOf(extension.number, this.#host);
    if (event === 'message-summary') {
      const { fresh = 0, old = 0 } = this.#core.features(deviceId(extension.number))?.messages ?? {};
      const voice = { new: fresh, old, newUrgent: 0, oldUrgent: 0 };
      return formatMessageSummary({ waiting: fresh > 0, account, counts: { voice } });
    }
    const devices = new Set([deviceId(extension.number)]);
    if (extension.line !== undefined) devices.add(deviceId(extension.line.number));
    const dialogs = dialogEntries(this.#core.inside, devices, this.#dialogs, this.#host);
    return formatDialogInfo({ version, state: 'full', entity: account, dialogs });
  }
}

function packageOf(name: string | undefined): Package | undefined {
  return name === 'dialog' || name === 'message-summary' ? name : undefined;
}
