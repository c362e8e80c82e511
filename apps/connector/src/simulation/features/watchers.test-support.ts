import {
  dialogInfoType,
  eventOf,
  formatDialogInfo,
  formatMessageSummary,
  parseSipUri,
  type DialogEntry,
  type NotifierId,
  type ServerRequestId,
  type SipEndpoint,
  type SipRequest,
} from '@offhook/sip';
import { DOMAIN } from '../office.test-support.ts';
import type { Extension, FakeCall, Switch } from './switch.test-support.ts';

const PACKAGES = ['dialog', 'message-summary'];

interface WatchersOptions {
  readonly switch: Switch;
  readonly hasPackages: boolean;
  readonly shown: (device: string) => string;
  readonly callIdOf: (call: FakeCall, device: string) => string | undefined;
  readonly run: (command: (endpoint: SipEndpoint, now: number) => void) => boolean;
}

/** Who has subscribed to the exchange's dialogs (RFC 4235) and mailboxes (RFC 3842), where it has these packages. */
export class Watchers {
  readonly #of: WatchersOptions;
  readonly #notifiers = new Map<
    NotifierId,
    { readonly name: string; readonly user: Extension; told: string }
  >();
  #version = 0;

  constructor(options: WatchersOptions) {
    this.#of = options;
  }

  changed(): void {
    for (const notifier of this.#notifiers.keys()) this.notify(notifier, false);
  }

  ended(notifier: NotifierId): void {
    this.#notifiers.delete(notifier);
  }

  forget(): void {
    this.#notifiers.clear();
  }

  onRequest(requestId: ServerRequestId, request: SipRequest): void {
    const name = eventOf(request)?.package ?? '';
    const number = parseSipUri(request.uri)?.user ?? '';
    const user = this.#of.switch.extensionOf(number);
    this.#of.run((endpoint, now) => {
      const isOffered = this.#of.hasPackages && PACKAGES.includes(name);
      if (request.method !== 'SUBSCRIBE' || user === undefined || !isOffered) {
        endpoint.respond(requestId, 489, now);
        return;
      }
      this.#notifiers.set(endpoint.acceptSubscription(requestId, now), { name, user, told: '' });
    });
  }

  notify(notifier: NotifierId, isWanted: boolean): void {
    const known = this.#notifiers.get(notifier);
    if (known === undefined) return;
    const dialogs = known.name === 'dialog' ? this.#dialogsOf(known.user) : [];
    const text = JSON.stringify(dialogs, (key, value: unknown) =>
      key === 'params' ? [...(value as Map<string, string>)] : value,
    );
    if (text === known.told && !isWanted) return;
    known.told = text;
    this.#version += 1;
    const body =
      known.name === 'dialog'
        ? formatDialogInfo({
            version: this.#version,
            state: 'full',
            entity: `sip:${known.user.main}@${DOMAIN}`,
            dialogs,
          })
        : formatMessageSummary({ waiting: false, counts: {} });
    const contentType = known.name === 'dialog' ? dialogInfoType : body.contentType;
    this.#of.run((endpoint, now) => endpoint.notify(notifier, { ...body, contentType }, now));
  }

  /** Of all devices of the number, as the exchange sees them. */
  #dialogsOf({ main, line, name }: Extension): DialogEntry[] {
    return [...this.#of.switch.calls.values()].flatMap((call) =>
      [main, line].flatMap((device) => {
        const state = call.parts.get(device);
        if (state === undefined || state === 'fail' || state === 'queued') return [];
        const callId = this.#of.callIdOf(call, device);
        const isCaller = call.calling === device;
        const others = [...call.parts].filter(([other]) => other !== device);
        const isAnswered =
          this.#of.switch.talked.get(call)?.has(device) === true ||
          others.some(([, other]) => other === 'connected' || other === 'hold');
        const isEarly = state === 'alerting' || !isAnswered;
        const params = new Map(state === 'hold' ? [['+sip.rendering', 'no']] : []);
        const remote =
          others.find(([, other]) => other !== 'alerting')?.[0] ?? (isCaller ? call.called : call.calling);
        return [
          {
            id: `${call.id.slice(-6)}-${device}`,
            callId: callId === undefined || callId === '' ? `${call.id}-${device}` : callId,
            localTag: 'exchange',
            remoteTag: device,
            direction: isCaller ? ('initiator' as const) : ('recipient' as const),
            state: isEarly ? ('early' as const) : ('confirmed' as const),
            local: {
              target: {
                uri: callId === undefined ? `sip:${device}@192.0.2.7` : `sip:line-${name}@192.0.2.2`,
                params,
              },
            },
            remote: { identity: { uri: `sip:${encodeURIComponent(this.#of.shown(remote))}@${DOMAIN}` } },
          },
        ];
      }),
    );
  }
}
