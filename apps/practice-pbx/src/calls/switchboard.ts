import type {
  EndReason,
  EndpointEvent,
  ExtraHeaders,
  Millis,
  OutgoingRequestId,
  SessionId,
  SipEndpointApi,
} from '@offhook/sip';
import type { Directory } from '../config/directory.ts';
import type { CallMedia, MediaRoom } from '../voice/call-media.ts';
import { attempt } from '../sip-commands.ts';
import type { SipCommands } from '../sip-commands.ts';
import type { CallerIdentity } from './caller-identity.ts';
import { CallMachine } from './machine.ts';
import { addressOf, assertedIdentity, numberOf } from './numbers.ts';
import { passOn } from './onward-calls.ts';
import type { OnwardCalls } from './onward-calls.ts';
import { route } from './routing.ts';
import type { CallEffect, CallInput, Destination, Leg, Person, RingingPlace, Side } from './types.ts';

export interface SwitchboardOptions {
  readonly sip: SipCommands;
  readonly media: MediaRoom;
  readonly directory: Directory;
  readonly identity: CallerIdentity;
  readonly placesOf: (number: string) => readonly RingingPlace[];
  /** Host, and port where it is not 5060, of our addresses: `127.0.0.1:5070`. */
  readonly host: string;
  readonly maxCalls: number;
  /** Secret of this PBX: its calls are marked with it, and known when they come round. */
  readonly loopKey: string;
  /** One shot; disposing of it stops it. */
  readonly after: (delay: Millis, run: () => void) => Disposable;
  /** Milliseconds since 1970, for people. */
  readonly wallClock: () => number;
  readonly onChange: () => void;
  readonly log: (event: CallLog) => void;
}

/** One line per step of a call's life. */
export interface CallLog {
  readonly event: 'call.started' | 'call.answered' | 'call.ended' | 'call.refused';
  readonly callId: string;
  readonly from?: string;
  readonly to?: string | undefined;
  readonly status?: number;
}

/** A call as the page and the API show it. */
export interface CallView {
  /** The Call-ID of the caller's session. */
  readonly id: string;
  readonly from: Person;
  readonly to: Person;
  readonly state: 'ringing' | 'talking' | 'service';
  /** Which sides hold. */
  readonly holding: readonly Side[];
  readonly codec: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
}

type IncomingEvent = Extract<EndpointEvent, { type: 'session.incoming' }>;

interface Call {
  readonly id: string;
  readonly caller: Person;
  readonly callee: Person;
  readonly machine: CallMachine;
  readonly media: CallMedia;
  readonly onward: OnwardCalls;
  readonly sessions: Map<Leg, SessionId>;
  readonly startedAt: number;
  answeredAt: number | undefined;
  timer: Disposable | undefined;
}

/** A call that may be made: who calls whom, and what goes on with it. */
interface AdmittedCall {
  readonly event: IncomingEvent;
  readonly caller: Person;
  readonly callee: Person;
  readonly destination: Destination;
  readonly onward: OnwardCalls;
}

/**
 * Joins the SIP endpoint, the media and the calls' machines: events become inputs, effects become commands. Holds no
 * rule of a call itself.
 */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #calls = new Set<Call>();
  /** Every session that has not ended, also of calls that are over. */
  readonly #sessions = new Map<SessionId, { readonly call: Call; readonly leg: Leg }>();
  /** Callers that wait for their media's ports. */
  readonly #opening = new Set<SessionId>();
  readonly #probes = new Map<OutgoingRequestId, { readonly call: Call; readonly leg: Leg }>();
  #total = 0;

  constructor(options: SwitchboardOptions) {
    this.#options = options;
  }

  get views(): readonly CallView[] {
    return [...this.#calls].flatMap((call) => {
      const state = call.machine.stateName;
      if (state === 'over') return [];
      return [
        {
          id: call.id,
          from: call.caller,
          to: call.callee,
          state,
          holding: call.machine.holding,
          codec: call.machine.codec ?? null,
          startedAt: call.startedAt,
          answeredAt: call.answeredAt ?? null,
        },
      ];
    });
  }

  /** Calls now, and since the start. */
  get counts(): { readonly calls: number; readonly total: number } {
    return { calls: this.#calls.size, total: this.#total };
  }

  /** Ends every call. */
  clear(): void {
    for (const call of this.#calls) this.#input(call, { kind: 'clear' });
  }

  handle(event: EndpointEvent): void {
    switch (event.type) {
      case 'session.incoming':
        this.#incoming(event);
        break;
      case 'session.progress':
        this.#forSession(event.session, (leg) =>
          leg === 'caller' ? undefined : { kind: 'progress', fork: leg, status: event.response.status },
        );
        break;
      case 'session.accepted':
        this.#forSession(event.session, (leg) =>
          leg === 'caller' ? undefined : { kind: 'accepted', fork: leg, body: event.body },
        );
        break;
      case 'session.confirmed':
        this.#forSession(event.session, (leg) => ({ kind: 'confirmed', leg, body: event.body }));
        break;
      case 'session.reoffer':
        this.#forSession(event.session, (leg) => ({ kind: 'offered', leg, offer: event.offer }));
        break;
      case 'session.reoffer_result':
        this.#forSession(event.session, (leg) => ({
          kind: 'offer_result',
          leg,
          result: event.ok ? { ok: true, answer: event.answer } : { ok: false, status: event.status ?? 488 },
        }));
        break;
      case 'session.ended':
        this.#opening.delete(event.session);
        this.#forSession(event.session, (leg, call) => endedInput(leg, call, event.end));
        this.#sessions.delete(event.session);
        break;
      case 'session.request':
        // Transfer and the like are not for a practice PBX.
        this.#command((endpoint, now) => endpoint.respond(event.requestId, 501, now));
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
    const { session, request, info } = event;
    const identity = this.#options.sip.run((_, now) => this.#options.identity.identify(request, now));
    if (identity.kind === 'refused') {
      this.#refuse(session, identity.status, identity.headers);
      return;
    }
    const number = numberOf(request.uri);
    const way = route(number, this.#options.directory, this.#options.placesOf);
    const described = { callId: info.callId, from: identity.person.number, to: number };
    if (way.kind === 'refuse') {
      this.#options.log({ event: 'call.refused', ...described, status: way.status });
      this.#refuse(session, way.status, []);
      return;
    }
    const onward = passOn(request, way.destination, this.#options.loopKey);
    if ('refuse' in onward) {
      this.#options.log({ event: 'call.refused', ...described, status: onward.refuse });
      this.#refuse(session, onward.refuse, []);
      return;
    }
    if (this.#calls.size + this.#opening.size >= this.#options.maxCalls) {
      this.#options.log({ event: 'call.refused', ...described, status: 503 });
      this.#refuse(session, 503, [['Retry-After', '10']]);
      return;
    }
    this.#options.log({ event: 'call.started', ...described });
    this.#open({ event, onward, caller: identity.person, callee: way.person, destination: way.destination });
  }

  #open(admitted: AdmittedCall): void {
    const { session } = admitted.event;
    const { destination } = admitted;
    this.#opening.add(session);
    let call: Call | undefined;
    const input = (given: CallInput): void => {
      if (call !== undefined) this.#input(call, given);
    };
    this.#options.media.open(
      destination.kind === 'service' ? 'service' : 'bridge',
      {
        onPlayed: () => input({ kind: 'played' }),
        onSilent: (side) => input({ kind: 'silent', side }),
      },
      (media) => {
        const isWanted = this.#opening.delete(session);
        if (media === undefined) {
          if (isWanted) this.#refuse(session, 503, [['Retry-After', '10']]);
          return;
        }
        if (isWanted) call = this.#begin(admitted, media);
        else media.close();
      },
    );
  }

  #begin({ event, caller, callee, destination, onward }: AdmittedCall, media: CallMedia): Call {
    const machine = this.#options.sip.run(
      (_, now) => new CallMachine({ destination, offer: event.offer, voices: media.voices }, now),
    );
    const call: Call = {
      id: event.info.callId,
      caller,
      callee,
      machine,
      media,
      onward,
      sessions: new Map([['caller', event.session]]),
      startedAt: this.#options.wallClock(),
      answeredAt: undefined,
      timer: undefined,
    };
    this.#total += 1;
    this.#calls.add(call);
    this.#sessions.set(event.session, { call, leg: 'caller' });
    this.#carryOut(call);
    return call;
  }

  #forSession(session: SessionId, toInput: (leg: Leg, call: Call) => CallInput | undefined): void {
    const place = this.#sessions.get(session);
    const input = place && toInput(place.leg, place.call);
    if (place !== undefined && input !== undefined) this.#input(place.call, input);
  }

  #input(call: Call, input: CallInput): void {
    this.#options.sip.run((_, now) => call.machine.handle(input, now));
    this.#carryOut(call);
  }

  #carryOut(call: Call): void {
    for (const effect of call.machine.takeEffects()) this.#effect(call, effect);
    this.#arm(call);
    this.#options.onChange();
  }

  #effect(call: Call, effect: CallEffect): void {
    switch (effect.kind) {
      case 'ring':
        this.#onLeg(call, 'caller', (endpoint, session, now) =>
          endpoint.ring(session, now, { headers: assertedIdentity(call.callee, this.#options.host) }),
        );
        break;
      case 'invite':
        this.#invite(call, effect);
        break;
      case 'accept':
        call.answeredAt = this.#options.wallClock();
        this.#options.log({ event: 'call.answered', callId: call.id });
        this.#onLeg(call, 'caller', (endpoint, session, now) =>
          endpoint.accept(session, effect.body, now, {
            headers: assertedIdentity(call.callee, this.#options.host),
          }),
        );
        break;
      case 'refuse':
        this.#onLeg(call, 'caller', (endpoint, session, now) => endpoint.refuse(session, effect.status, now));
        break;
      case 'end':
        this.#onLeg(call, effect.leg, (endpoint, session, now) =>
          endpoint.end(
            session,
            now,
            effect.reason === undefined ? {} : { headers: [['Reason', effect.reason]] },
          ),
        );
        break;
      case 'reoffer':
        this.#onLeg(call, effect.leg, (endpoint, session, now) =>
          endpoint.reoffer(session, effect.offer, now),
        );
        break;
      case 'accept_offer':
        this.#onLeg(call, effect.leg, (endpoint, session, now) =>
          endpoint.acceptOffer(session, effect.body, now),
        );
        break;
      case 'refuse_offer':
        this.#onLeg(call, effect.leg, (endpoint, session, now) =>
          endpoint.refuseOffer(session, effect.status, now),
        );
        break;
      case 'probe':
        this.#onLeg(call, effect.leg, (endpoint, session, now) => {
          const request = endpoint.requestInSession(session, { method: 'OPTIONS' }, now);
          this.#probes.set(request, { call, leg: effect.leg });
        });
        break;
      case 'agree':
        call.media.agree(effect.side, effect.voice);
        break;
      case 'hear':
        call.media.hear(effect.side, effect.heard);
        break;
      case 'over':
        this.#options.log({ event: 'call.ended', callId: call.id });
        this.#calls.delete(call);
        call.media.close();
        break;
      default:
        effect satisfies never;
    }
  }

  #invite(call: Call, effect: Extract<CallEffect, { kind: 'invite' }>): void {
    const { number, name } = call.caller;
    const { maxForwards, breadthOf, headers } = call.onward;
    const maxBreadth = breadthOf(effect.fork);
    const invited = this.#command((endpoint, now) => {
      const session = endpoint.invite(
        {
          to: effect.place.uri,
          target: effect.place.target,
          from: addressOf(number, this.#options.host),
          ...(name !== undefined && { fromName: name }),
          contactUser: number,
          offer: effect.offer,
          maxForwards,
          ...(maxBreadth !== undefined && { maxBreadth }),
          headers: [...assertedIdentity(call.caller, this.#options.host), ...headers],
        },
        now,
      );
      call.sessions.set(effect.fork, session);
      this.#sessions.set(session, { call, leg: effect.fork });
    });
    if (invited) return;
    // Not from inside the effects of another input.
    this.#options.after(0, () => this.#input(call, { kind: 'failed', fork: effect.fork, status: 503 }));
  }

  #probed(event: Extract<EndpointEvent, { type: 'response' }>): void {
    const probe = this.#probes.get(event.outgoing);
    this.#probes.delete(event.outgoing);
    if (probe === undefined) return;
    const { result } = event;
    // RFC 5057 section 5.1: 481 and 408 are about the dialog; any other answer shows that somebody is there.
    const alive =
      result.kind === 'response' && result.response.status !== 481 && result.response.status !== 408;
    this.#input(probe.call, { kind: 'probed', leg: probe.leg, alive });
  }

  #arm(call: Call): void {
    call.timer?.[Symbol.dispose]();
    call.timer = undefined;
    const deadline = call.machine.deadline();
    if (deadline === undefined) return;
    const delay = this.#options.sip.run((_, now) => Math.max(0, deadline - now));
    call.timer = this.#options.after(delay, () => this.#input(call, { kind: 'tick' }));
  }

  #refuse(session: SessionId, status: number, headers: ExtraHeaders): void {
    this.#command((endpoint, now) => endpoint.refuse(session, status, now, { headers }));
  }

  #onLeg(
    call: Call,
    leg: Leg,
    command: (endpoint: SipEndpointApi, session: SessionId, now: Millis) => void,
  ): void {
    const session = call.sessions.get(leg);
    if (session === undefined || !this.#sessions.has(session)) return;
    this.#command((endpoint, now) => command(endpoint, session, now));
  }

  #command(command: (endpoint: SipEndpointApi, now: Millis) => void): boolean {
    return attempt(this.#options.sip, command);
  }
}

function endedInput(leg: Leg, call: Call, end: EndReason): CallInput {
  if (leg !== 'caller' && call.machine.stateName === 'ringing') {
    return { kind: 'failed', fork: leg, status: failureStatus(end) };
  }
  return { kind: 'ended', leg, reason: end.by === 'remote' ? end.reason : undefined };
}

function failureStatus(end: EndReason): number {
  switch (end.by) {
    case 'refused':
      return end.response.status;
    case 'timeout':
      return 408;
    case 'transport':
      return 503;
    case 'local':
    case 'remote':
    case 'replaced':
      return 487;
    default:
      return end satisfies never;
  }
}
