import type { Applicant, CstaRequest, SessionError } from '@offhook/csta';
import type { ConnectionRef, DeviceId, SwitchCommand, SwitchEvent } from '../switch/api.ts';
import { deviceSegments } from './capabilities.ts';
import type { CommandPlan, Plan, ServiceContext } from './context.ts';
import { findDevice } from './context.ts';
import type { ApplicationView, DeskEffect, DeskInput, DeskOptions, LinkId, Millis } from './desk-api.ts';
import { falseAnswer } from './faults/false-answer.ts';
import type { SessionFault } from './faults/rules.ts';
import { wrongFrame } from './faults/wrong-frames.ts';
import { Monitors } from './monitors.ts';
import { Naming, readDevice } from './naming.ts';
import { Post } from './post.ts';
import type { Reply } from './post.ts';
import { planOf } from './services.ts';
import { Teller } from './teller.ts';
import { Timetable } from './timetable.ts';
import { ERRORS } from './words.ts';

type Answering = (reply: Reply, now: Millis) => void;

/** A push or pull under way. */
type HandOver =
  /** It is answered; now the target is called. */
  | { readonly kind: 'to_execute'; readonly command: SwitchCommand }
  /** The target is called; it is answered when that rings. */
  | {
      readonly kind: 'to_answer';
      readonly link: LinkId;
      readonly connection: ConnectionRef;
      readonly target: DeviceId;
      readonly reply: Extract<Reply, { ok: true }>;
      readonly answer: Answering;
    };

/**
 * The CSTA server without its sockets: what applications ask is asked of the switch, what the switch tells is told to whose monitors it
 * concerns. Its state is that of the links alone: applications, monitors, and what waits to be answered. Pure but for the switch it is
 * given: inputs and time in, effects out. Sessions, frames and heartbeats are `@offhook/csta`'s.
 *
 * ```
 *   request ─► fault? ─► offered? ─► plan ─► switch ─► answer ─► events
 *                                      │ before_invite: answer ─ lead ─► switch ─► events
 *                                      └ after_invite:  switch ─► events ─ target rings ─► answer
 * ```
 */
export class CstaDesk {
  readonly #options: DeskOptions;
  readonly #context: ServiceContext;
  readonly #monitors: Monitors;
  readonly #teller: Teller;
  readonly #post: Post;
  readonly #applications = new Map<LinkId, string>();
  readonly #handOvers = new Timetable<HandOver>();
  readonly #effects: DeskEffect[] = [];
  #isExecuting = false;
  /** What the switch tells while it is asked: it belongs behind the answer. */
  #waiting: SwitchEvent[] = [];
  #lastDevicesId = 0;

  constructor(options: DeskOptions) {
    const { api, personality, numbers, monitors, faults } = options;
    this.#options = options;
    this.#context = { api, personality, numbers, naming: new Naming(personality.deviceNaming) };
    this.#monitors = new Monitors(monitors);
    this.#teller = new Teller(this.#context);
    this.#post = new Post(faults, (effect) => this.#effects.push(effect));
  }

  /** For the session: whether this application may have one. */
  admit({ user, password }: Applicant): 'admitted' | SessionError {
    const { credentials, applications } = this.#options;
    if (credentials !== undefined && (user !== credentials.user || password !== credentials.password)) {
      return 'invalidApplicationInfo';
    }
    return this.#applications.size < applications ? 'admitted' : 'serverResourcesBusy';
  }

  get applications(): readonly ApplicationView[] {
    return [...this.#applications].map(([link, name]) => ({
      link,
      name,
      monitors: this.#monitors.countOf(link),
    }));
  }

  poll(): DeskEffect | undefined {
    return this.#effects.shift();
  }

  /** When to give a `tick`, if nothing comes before. */
  deadline(): Millis | undefined {
    const all = [this.#post.deadline(), this.#teller.deadline(), this.#handOvers.deadline()];
    return all.reduce((first, at) => (first === undefined || (at !== undefined && at < first) ? at : first));
  }

  handle(input: DeskInput, now: Millis): void {
    switch (input.kind) {
      case 'started':
        this.#applications.set(input.link, input.applicant.applicationId);
        return;
      case 'request':
        this.#request(input, now);
        return;
      case 'seen':
        this.#seen(input);
        return;
      case 'ended':
        this.#ended(input.link);
        return;
      case 'switch':
        if (this.#isExecuting) this.#waiting.push(input.event);
        else this.#heard(input.event, now);
        return;
      case 'tick':
        this.#tick(now);
        return;
      default:
        input satisfies never;
    }
  }

  // ── requests ──

  #request({ link, invokeId, request }: Extract<DeskInput, { kind: 'request' }>, now: Millis): void {
    const fault = this.#options.faults.ofRequest(request.name);
    if (fault?.kind === 'link_loss' && fault.when === 'before') {
      this.#effects.push({ kind: 'cut', link });
      return;
    }
    const answer: Answering = (reply, at) => this.#post.reply({ link, invokeId }, reply, fault, at);
    const untrue = fault?.kind === 'false_success' ? falseAnswer(request) : undefined;
    if (untrue !== undefined) answer({ ok: true, response: untrue }, now);
    else if (this.#context.personality.services.includes(request.name)) {
      this.#carryOut(link, request, answer, now);
    } else answer({ ok: false, code: 'operation.serviceNotSupported' }, now);
    this.#catchUp(now);
  }

  #carryOut(link: LinkId, request: CstaRequest, answer: Answering, now: Millis): void {
    if (request.name === 'MonitorStart') answer(this.#startMonitor(link, request), now);
    else if (request.name === 'MonitorStop') {
      const isStopped = this.#monitors.stop(link, request.monitorCrossRefID);
      answer(
        isStopped
          ? { ok: true, response: { name: 'MonitorStopResponse' } }
          : { ok: false, code: 'operation.invalidMonitorCrossRefID' },
        now,
      );
    } else if (request.name === 'GetSwitchingFunctionDevices') {
      this.#listDevices(link, request.requestedDeviceID, answer, now);
    } else this.#plan(link, planOf(request, this.#context), answer, now);
  }

  #plan(link: LinkId, plan: Plan, answer: Answering, now: Millis): void {
    switch (plan.kind) {
      case 'answer':
        answer({ ok: true, response: plan.response }, now);
        return;
      case 'refuse':
        answer({ ok: false, code: plan.code }, now);
        return;
      case 'command':
        if (plan.handOver === undefined) answer(this.#execute(plan), now);
        else this.#handOver(link, plan, plan.handOver, answer, now);
        return;
      default:
        plan satisfies never;
    }
  }

  #execute({ command, response }: CommandPlan): Reply {
    this.#isExecuting = true;
    const outcome = this.#context.api.execute(command);
    this.#isExecuting = false;
    if (!outcome.ok) return { ok: false, code: ERRORS[outcome.error] };
    const answer = response(outcome.connection);
    return answer === undefined ? { ok: false, code: 'operation.generic' } : { ok: true, response: answer };
  }

  #handOver(
    link: LinkId,
    plan: CommandPlan,
    { connection, target }: NonNullable<CommandPlan['handOver']>,
    answer: Answering,
    now: Millis,
  ): void {
    const { handOver } = this.#context.personality;
    switch (handOver.answered) {
      case 'before_invite': {
        const response = plan.response(undefined);
        if (response !== undefined) answer({ ok: true, response }, now);
        this.#handOvers.add(now + handOver.leadMs, { kind: 'to_execute', command: plan.command });
        return;
      }
      case 'after_invite': {
        const reply = this.#execute(plan);
        if (!reply.ok) answer(reply, now);
        else {
          const waiting = { kind: 'to_answer', link, connection, target, reply, answer } as const;
          this.#handOvers.add(now + handOver.waitMs, waiting);
        }
        return;
      }
      default:
        handOver satisfies never;
    }
  }

  #startMonitor(link: LinkId, request: Extract<CstaRequest, { name: 'MonitorStart' }>): Reply {
    const { deviceObject } = request.monitorObject;
    if (deviceObject === undefined) return { ok: false, code: 'operation.invalidMonitorObject' };
    if (request.monitorType === 'call') return { ok: false, code: 'operation.monitorTypeNotSupported' };
    const device = readDevice(deviceObject);
    if (findDevice(this.#context.api, device) === undefined) {
      return { ok: false, code: 'operation.invalidDeviceID' };
    }
    const started = this.#monitors.start(link, device);
    if (!started.ok) {
      return {
        ok: false,
        code:
          started.limit === 'all'
            ? 'systemResourceAvailability.overallMonitorLimitExceeded'
            : 'subscribedResourceAvailability.objectMonitorLimitExceeded',
      };
    }
    this.#teller.begin(device);
    return { ok: true, response: { name: 'MonitorStartResponse', monitorCrossRefID: started.monitor.id } };
  }

  #listDevices(
    link: LinkId,
    wanted: Parameters<typeof readDevice>[0] | undefined,
    answer: Answering,
    now: Millis,
  ): void {
    this.#lastDevicesId += 1;
    const serviceCrossRefID = String(this.#lastDevicesId);
    answer({ ok: true, response: { name: 'GetSwitchingFunctionDevicesResponse', serviceCrossRefID } }, now);
    const device = wanted === undefined ? undefined : readDevice(wanted);
    for (const segment of deviceSegments(serviceCrossRefID, device, this.#context)) {
      this.#post.event(link, segment, now);
    }
  }

  // ── events ──

  #catchUp(now: Millis): void {
    const events = this.#waiting;
    this.#waiting = [];
    for (const event of events) this.#heard(event, now);
  }

  #heard(event: SwitchEvent, now: Millis): void {
    this.#send(this.#teller.tell(event, this.#monitors.all, now), now);
    const settled = this.#handOvers.take((one) => settlementOf(one, event) !== undefined);
    for (const one of settled) {
      if (one.kind !== 'to_answer') continue;
      if (settlementOf(one, event) === 'reached') one.answer(one.reply, now);
      else one.answer({ ok: false, code: 'stateIncompatibility.invalidDestinationDeviceState' }, now);
    }
  }

  #send(told: ReturnType<Teller['tell']>, now: Millis): void {
    for (const { monitor, event } of told) this.#post.event(monitor.link, event, now);
  }

  #tick(now: Millis): void {
    this.#post.tick(now);
    this.#send(this.#teller.tick(this.#monitors.all, now), now);
    for (const one of this.#handOvers.takeDue(now)) {
      switch (one.kind) {
        case 'to_execute':
          // It was answered, and nobody is left who could hear that it has come to nothing: the call stays where it is.
          this.#context.api.execute(one.command);
          break;
        case 'to_answer':
          one.answer({ ok: false, code: 'systemResourceAvailability.destinationDeviceOutOfService' }, now);
          break;
        default:
          one satisfies never;
      }
    }
  }

  // ── links ──

  #seen({ link, direction, invokeId, name }: Extract<DeskInput, { kind: 'seen' }>): void {
    if (!SESSION_MESSAGES.has(name)) return;
    const fault = this.#options.faults.ofSession(name, direction);
    if (fault !== undefined) this.#effects.push(linkEffect(fault, link, invokeId));
  }

  #ended(link: LinkId): void {
    this.#applications.delete(link);
    this.#monitors.drop(link);
    this.#post.drop(link);
    this.#handOvers.take((one) => one.kind === 'to_answer' && one.link === link);
  }
}

/** Answered by the session itself. */
const SESSION_MESSAGES: ReadonlySet<string> = new Set([
  'StartApplicationSession',
  'StartApplicationSessionPosResponse',
  'StopApplicationSession',
  'StopApplicationSessionPosResponse',
  'ResetApplicationSessionTimer',
  'ResetApplicationSessionTimerPosResponse',
  'SystemRegister',
  'SystemRegisterResponse',
  'SystemRegisterCancel',
  'SystemStatus',
  'SystemStatusResponse',
  'RequestSystemStatus',
  'RequestSystemStatusResponse',
]);

function linkEffect(fault: SessionFault, link: LinkId, invokeId: number): DeskEffect {
  switch (fault.kind) {
    case 'link_loss':
      return { kind: 'cut', link };
    case 'wrong_frame':
      return { kind: 'octets', link, octets: wrongFrame(fault.shape, invokeId) };
    case 'silence':
      return { kind: 'mute', link };
    default:
      return fault satisfies never;
  }
}

/** Whether an event says how a hand-over goes: its target rings or has answered, or never will. */
function settlementOf(one: HandOver, event: SwitchEvent): 'reached' | 'failed' | undefined {
  if (one.kind !== 'to_answer' || event.kind !== 'connection') return undefined;
  const { call, device } = event.connection;
  if (device !== one.target || call !== one.connection.call) return undefined;
  switch (event.name) {
    case 'delivered':
    case 'established':
      return 'reached';
    case 'failed':
    case 'connectionCleared':
      return 'failed';
    // A target that has rung already is diverted before it is called anew.
    case 'diverted':
    case 'serviceInitiated':
    case 'originated':
    case 'held':
    case 'retrieved':
    case 'queued':
      return undefined;
    default:
      return event.name satisfies never;
  }
}
