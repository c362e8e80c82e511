import { hasToken, parseContactList, parseReferTo } from '@offhook/sip';
import type {
  EndReason,
  EndpointEvent,
  Millis,
  OutgoingRequestId,
  SessionId,
  SipEndpointApi,
  SipMessage,
  SipResponse,
} from '@offhook/sip';
import type { SwitchCommand, SwitchEvent, SwitchOutcome } from '../switch/api.ts';
import type { LegId, SwitchEffect, SwitchInput } from '../switch/model.ts';
import type { Switch } from '../switch/switch.ts';
import type { VoiceRoom } from '../voice/voice-room.ts';
import type { CallerIdentity } from './caller-identity.ts';
import { attempt } from './commands.ts';
import type { SipCommands } from './commands.ts';
import { LegDialogs } from './dialogs.ts';
import { invite } from './invitation.ts';
import { assertedIdentity, numberOf } from './numbers.ts';
import { passOn } from './onward-calls.ts';
import { Referrals } from './referrals.ts';

export interface SwitchboardOptions {
  readonly sip: SipCommands;
  readonly core: Switch;
  readonly voice: () => VoiceRoom;
  readonly identity: CallerIdentity;
  /** Host, and port where it is not 5060, of our addresses: `127.0.0.1:5070`. */
  readonly host: string;
  /** Secret of this PBX: its calls are marked with it, and known when they come round. */
  readonly loopKey: string;
  /** One shot; disposing of it stops it. */
  readonly after: (delay: Millis, run: () => void) => Disposable;
  /** In order, and never while a command or an event is being carried out. */
  readonly onEvent: (event: SwitchEvent) => void;
  readonly onChange: () => void;
}

type IncomingEvent = Extract<EndpointEvent, { type: 'session.incoming' }>;

/**
 * Joins the SIP endpoint and the voice to the switch: events become inputs, effects become commands. Holds no rule of a call itself.
 */
export class Switchboard {
  readonly dialogs = new LegDialogs();
  readonly #options: SwitchboardOptions;
  readonly #legs = new Map<SessionId, LegId>();
  readonly #sessions = new Map<LegId, SessionId>();
  readonly #probes = new Map<OutgoingRequestId, LegId>();
  readonly #referrals: Referrals;
  #events: SwitchEvent[] = [];
  #timer: Disposable | undefined;

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.#referrals = new Referrals(options.sip);
  }

  execute(command: SwitchCommand): SwitchOutcome {
    const outcome = this.#options.sip.run((_, now) => this.#options.core.execute(command, now));
    this.#carryOut();
    return outcome;
  }

  give(input: SwitchInput): void {
    this.#options.sip.run((_, now) => this.#options.core.handle(input, now));
    this.#carryOut();
  }

  handle(event: EndpointEvent): void {
    switch (event.type) {
      case 'session.incoming':
        this.#incoming(event);
        break;
      case 'session.progress':
        this.#ofSession(event.session, (leg) => {
          this.#named(leg, event.session, event.response);
          return { kind: 'progress', leg, status: event.response.status, obeys: obeys(event.response) };
        });
        break;
      case 'session.accepted':
        this.#ofSession(event.session, (leg) => {
          this.#named(leg, event.session, event.response);
          return { kind: 'accepted', leg, body: event.body, obeys: obeys(event.response) };
        });
        break;
      case 'session.confirmed':
        this.#ofSession(event.session, (leg) => ({ kind: 'confirmed', leg, body: event.body }));
        break;
      case 'session.reoffer':
        this.#ofSession(event.session, (leg) => ({ kind: 'offered', leg, offer: event.offer }));
        break;
      case 'session.reoffer_result':
        this.#ofSession(event.session, (leg) => ({
          kind: 'offer_result',
          leg,
          ok: event.ok,
          answer: event.answer,
        }));
        break;
      case 'session.ended':
        this.#ofSession(event.session, (leg) => endedInput(leg, event.end));
        this.#legs.delete(event.session);
        break;
      case 'session.request':
        this.#request(event);
        break;
      case 'response':
        this.#probed(event);
        break;
      case 'request':
      case 'registration.changed':
      case 'session.early_confirmed':
      case 'session.redirected':
      case 'subscription.changed':
      case 'subscription.notified':
      case 'notifier.wanted':
      case 'notifier.ended':
      case 'referral.changed':
        break;
      default:
        event satisfies never;
    }
  }

  #incoming(event: IncomingEvent): void {
    const { session, request, flow, offer, replaces } = event;
    const { sip, identity, core, loopKey } = this.#options;
    const who = sip.run((_, now) => identity.identify(request, now));
    if (who.kind === 'refused') {
      attempt(sip, (endpoint, now) => endpoint.refuse(session, who.status, now, { headers: who.headers }));
      return;
    }
    const leg = core.newLegId();
    this.#legs.set(session, leg);
    this.#sessions.set(leg, session);
    this.dialogs.incoming(leg, session, request, performance.now());
    this.give({
      kind: 'incoming',
      leg,
      from: who.device.id,
      dialled: numberOf(request.uri),
      offer,
      source: flow,
      passOn: passOn(request, loopKey),
      replaces: replaces === undefined ? undefined : this.#legs.get(replaces),
      obeys: obeys(request),
    });
  }

  #named(leg: LegId, session: SessionId, response: SipResponse): void {
    this.dialogs.answered(leg, session, response, performance.now());
  }

  /** REFER; other requests inside a call are not for a practice PBX. */
  #request(event: Extract<EndpointEvent, { type: 'session.request' }>): void {
    const { sip } = this.#options;
    const leg = this.#legs.get(event.session);
    if (event.request.method !== 'REFER' || leg === undefined) {
      attempt(sip, (endpoint, now) => endpoint.respond(event.requestId, 501, now));
      return;
    }
    const target = parseReferTo(event.request);
    const replaces = target?.replaces;
    this.give({
      kind: 'refer',
      leg,
      refer: this.#referrals.add(event.requestId),
      to: target === undefined ? undefined : numberOf(target.uri),
      replaces: replaces === undefined ? undefined : (this.dialogs.find(replaces) ?? 'unknown'),
    });
  }

  #ofSession(session: SessionId, toInput: (leg: LegId) => SwitchInput): void {
    const leg = this.#legs.get(session);
    if (leg !== undefined) this.give(toInput(leg));
  }

  #carryOut(): void {
    for (const effect of this.#options.core.takeEffects()) this.#effect(effect);
    this.#arm();
    if (this.#events.length > 0) queueMicrotask(() => this.#tellEvents());
    this.#options.onChange();
  }

  #tellEvents(): void {
    const events = this.#events;
    this.#events = [];
    for (const event of events) this.#options.onEvent(event);
  }

  #effect(effect: SwitchEffect): void {
    const { voice, host } = this.#options;
    switch (effect.kind) {
      case 'open':
        voice().open(effect.leg, (opened) => this.give({ kind: 'opened', leg: effect.leg, voice: opened }));
        break;
      case 'invite':
        this.#invite(effect);
        break;
      case 'ring':
        this.#on(effect.leg, (endpoint, session, now) =>
          endpoint.ring(session, now, { headers: assertedIdentity(effect.peer, host) }),
        );
        break;
      case 'accept':
        this.#on(effect.leg, (endpoint, session, now) => {
          endpoint.accept(session, effect.body, now, {
            headers: assertedIdentity(effect.peer, host),
            ...(effect.focus !== undefined && { focus: effect.focus }),
          });
          this.dialogs.named(effect.leg, endpoint.dialogOf(session)?.localTag);
        });
        break;
      case 'refuse':
        this.#on(effect.leg, (endpoint, session, now) =>
          endpoint.refuse(session, effect.status, now, {
            headers: effect.status === 503 ? [['Retry-After', '10']] : [],
          }),
        );
        break;
      case 'end':
        this.#on(effect.leg, (endpoint, session, now) =>
          endpoint.end(
            session,
            now,
            effect.reason === undefined ? {} : { headers: [['Reason', effect.reason]] },
          ),
        );
        break;
      case 'reoffer':
        this.#on(effect.leg, (endpoint, session, now) =>
          endpoint.reoffer(session, effect.offer, now, { headers: assertedIdentity(effect.peer, host) }),
        );
        break;
      case 'accept_offer':
        this.#on(effect.leg, (endpoint, session, now) => endpoint.acceptOffer(session, effect.body, now));
        break;
      case 'refuse_offer':
        this.#on(effect.leg, (endpoint, session, now) => endpoint.refuseOffer(session, effect.status, now));
        break;
      case 'order':
        this.#on(effect.leg, (endpoint, session, now) =>
          endpoint.requestInSession(
            session,
            {
              method: 'NOTIFY',
              headers: [
                ['Event', effect.order],
                ['Subscription-State', 'active'],
              ],
            },
            now,
          ),
        );
        break;
      case 'probe':
        this.#on(effect.leg, (endpoint, session, now) => {
          this.#probes.set(endpoint.requestInSession(session, { method: 'OPTIONS' }, now), effect.leg);
        });
        break;
      case 'refuse_refer':
        this.#referrals.refuse(effect.refer, effect.status);
        break;
      case 'accept_refer':
        this.#referrals.accept(effect.refer);
        break;
      case 'report':
        this.#referrals.report(effect.refer, effect.status, effect.text);
        break;
      case 'agree':
        voice().agree(effect.leg, effect.voice);
        break;
      case 'hear':
        voice().hear(effect.leg, effect.heard);
        break;
      case 'press':
        voice().press(effect.leg, effect.digits);
        break;
      case 'close':
        voice().close(effect.leg);
        this.#sessions.delete(effect.leg);
        this.dialogs.forget(effect.leg);
        break;
      case 'event':
        this.#events.push(effect.event);
        break;
      default:
        effect satisfies never;
    }
  }

  #invite(effect: Extract<SwitchEffect, { kind: 'invite' }>): void {
    const { sip, host, after } = this.#options;
    const { leg } = effect;
    const isOut = attempt(sip, (endpoint, now) => {
      const session = endpoint.invite(invite(effect, host), now);
      this.#sessions.set(leg, session);
      this.#legs.set(session, leg);
    });
    // Not from inside the effects of another input.
    if (!isOut) after(0, () => this.give({ kind: 'failed', leg, status: 503, redirect: undefined }));
  }

  #probed(event: Extract<EndpointEvent, { type: 'response' }>): void {
    const leg = this.#probes.get(event.outgoing);
    this.#probes.delete(event.outgoing);
    if (leg === undefined) return;
    const { result } = event;
    // RFC 5057 section 5.1: 481 and 408 are about the dialog; any other answer shows that somebody is there.
    const alive =
      result.kind === 'response' && result.response.status !== 481 && result.response.status !== 408;
    this.give({ kind: 'probed', leg, alive });
  }

  #arm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const deadline = this.#options.core.deadline();
    if (deadline === undefined) return;
    const delay = this.#options.sip.run((_, now) => Math.max(0, deadline - now));
    this.#timer = this.#options.after(delay, () => this.give({ kind: 'tick' }));
  }

  #on(leg: LegId, command: (endpoint: SipEndpointApi, session: SessionId, now: Millis) => void): void {
    const session = this.#sessions.get(leg);
    if (session === undefined || !this.#legs.has(session)) return;
    attempt(this.#options.sip, (endpoint, now) => command(endpoint, session, now));
  }

  close(): void {
    this.#timer?.[Symbol.dispose]();
  }
}

/** A phone that answers, holds and retrieves when it is told so by NOTIFY. */
function obeys(message: SipMessage): boolean {
  return hasToken(message, 'allow-events', 'talk');
}

function endedInput(leg: LegId, end: EndReason): SwitchInput {
  switch (end.by) {
    case 'refused': {
      const { response } = end;
      return { kind: 'failed', leg, status: response.status, redirect: redirectOf(response) };
    }
    case 'timeout':
      return { kind: 'failed', leg, status: 408, redirect: undefined };
    case 'transport':
      return { kind: 'failed', leg, status: 503, redirect: undefined };
    case 'remote':
      return { kind: 'ended', leg, reason: end.reason };
    case 'local':
    case 'replaced':
      return { kind: 'ended', leg, reason: undefined };
    default:
      return end satisfies never;
  }
}

/** The number that a 3xx sends the call on to. */
function redirectOf(response: SipResponse): string | undefined {
  if (response.status < 300 || response.status > 399) return undefined;
  const list = parseContactList(response);
  const [first] = list?.kind === 'contacts' ? list.contacts : [];
  return first === undefined ? undefined : numberOf(first.uri);
}
