import type { Decoded } from '../codec/decode.ts';
import type { WireStyle } from '../codec/encode.ts';
import type { CstaEvent, CstaMessage, CstaRequest, CstaResponse, MessageNamed } from '../codec/messages.ts';
import type { SessionRequest } from '../codec/messages.ts';
import { isRequest, isResponse, isSessionRequest } from '../codec/messages.ts';
import { FrameDecoder } from '../framing/decoder.ts';
import { eventInvokeId } from '../framing/frames.ts';
import type { Note } from '../link/incoming.ts';
import { errorMessage, frameOf, incomingOf, isOneWay, shownName } from '../link/incoming.ts';
import type { LinkLimit, Millis } from '../link/limits.ts';
import { earliest, OpenRequests } from '../link/open-requests.ts';
import type { Edition } from '../schema/namespaces.ts';
import { editionOf, EDITIONS, namespaceOf } from '../schema/namespaces.ts';
import type { SessionError } from '../session/messages.ts';
import type { SystemStatusValue } from '../session/system.ts';
import type { CstaErrorCode } from '../values/errors.ts';
import type { CstaServerEffect, CstaServerInput, CstaServerOptions, ServerEndCode } from './api.ts';

type State =
  | { readonly name: 'new'; readonly deadline: Millis }
  | {
      readonly name: 'open';
      readonly expiresAt: Millis;
      readonly isRegistered: boolean;
      /** `undefined` while one is under way, and where none is sent. */
      readonly heartbeatAt: Millis | undefined;
    }
  | { readonly name: 'ended' };

const defaults = {
  editions: EDITIONS,
  isMisspelt: false,
  sessionSeconds: 600,
  heartbeatSeconds: 0,
  answerMs: 10_000,
  startMs: 30_000,
  unansweredRequests: 1_000,
} as const;

/** A client whose renewal comes a little late is not sent away. */
const renewalGraceMs = 5_000;

/**
 * The server's side of one CSTA link (ECMA-354, ECMA-269 clause 14): admits an application, answers what belongs to the session, hands
 * everything else to its owner, and lets go of a client that is silent or does not renew.
 *
 * ```
 *       StartApplicationSession, admitted            ┌─ renewal, SystemRegister, heartbeat
 *  new ───────────────────────────────────► open ────┘
 *   │ refused, late, closed, wrong frame     │ stopped, terminated, silent, expired, closed, wrong frame
 *   ▼                                        ▼
 *  ended ◄───────────────────────────────────┘
 * ```
 *
 * The owner answers in its own time and order; what it sends as events goes out between the answers as it likes.
 */
export class CstaServerSession {
  readonly #options: Required<Pick<CstaServerOptions, keyof typeof defaults>> & CstaServerOptions;
  readonly #decoder: FrameDecoder;
  readonly #effects: CstaServerEffect[] = [];
  /** Requests of the client that the owner has not answered. */
  readonly #unanswered = new Set<number>();
  readonly #heartbeats = new OpenRequests<Millis>();
  #style: WireStyle;
  #state: State;
  #status: SystemStatusValue = 'normal';
  #heardAt: Millis;

  constructor(options: CstaServerOptions, now: Millis) {
    this.#options = { ...defaults, ...options };
    const { frameOctets, isMisspelt, editions, startMs } = this.#options;
    this.#decoder = new FrameDecoder(frameOctets === undefined ? {} : { mostOctets: frameOctets });
    this.#style = { edition: editions.at(-1) ?? 4, isMisspelt };
    this.#state = { name: 'new', deadline: now + startMs };
    this.#heardAt = now;
  }

  poll(): CstaServerEffect | undefined {
    return this.#effects.shift();
  }

  /** When to give a `tick`, if nothing comes before. */
  deadline(): Millis | undefined {
    const state = this.#state;
    switch (state.name) {
      case 'new':
        return state.deadline;
      case 'open':
        return earliest(state.expiresAt, state.heartbeatAt, this.#heartbeats.deadline());
      case 'ended':
        return undefined;
    }
  }

  handle(input: CstaServerInput, now: Millis): void {
    switch (input.kind) {
      case 'received':
        this.#received(input.octets, now);
        return;
      case 'closed':
        this.#end('closed');
        return;
      case 'tick':
        this.#tick(now);
    }
  }

  /** Whether the request was waiting for an answer; a second one, or one after the end, is not sent. */
  answer(invokeId: number, response: CstaResponse): boolean {
    if (!this.#unanswered.delete(invokeId)) return false;
    if (!this.#send(invokeId, response)) {
      this.#send(invokeId, errorMessage('systemResourceAvailability.generic'));
    }
    return true;
  }

  refuse(invokeId: number, code: CstaErrorCode): boolean {
    if (!this.#unanswered.delete(invokeId)) return false;
    this.#send(invokeId, errorMessage(code));
    return true;
  }

  /** Forgets a request that will never be answered. */
  abandon(invokeId: number): void {
    this.#unanswered.delete(invokeId);
  }

  /** Whether it was sent: not before a session is started, nor after its end, nor when it does not fit into a frame. */
  event(event: CstaEvent | MessageNamed<'MonitorStop'>): boolean {
    return this.#state.name === 'open' && this.#send(eventInvokeId, event);
  }

  /** How the system fares: told to a registered client now, and with each heartbeat. */
  setStatus(status: SystemStatusValue, now: Millis): void {
    this.#status = status;
    if (this.#state.name !== 'open' || !this.#state.isRegistered) return;
    // One heartbeat at a time asks for an answer; what changes meanwhile is only told.
    if (this.#heartbeats.size === 0) this.#beat(now);
    else this.#send(eventInvokeId, { name: 'SystemStatus', systemStatus: status });
  }

  /** Ends the session and the link. */
  terminate(reason: string): void {
    if (this.#state.name === 'open') this.#sendTerminated(reason);
    this.#end('terminated');
  }

  /** How a message would go out now: for tests that send what they should not. */
  get style(): WireStyle {
    return this.#style;
  }

  #received(octets: Uint8Array, now: Millis): void {
    if (this.#state.name === 'ended') return;
    for (const outcome of this.#decoder.push(octets)) {
      const incoming = incomingOf(outcome);
      if (incoming.kind === 'fault') {
        if (incoming.code === 'too_long') this.#limit('frame_size');
        this.#end('wrong_frame');
      } else {
        this.#heardAt = now;
        this.#decoded(incoming.invokeId, incoming.decoded, now);
      }
      if (this.#isEnded()) return;
    }
  }

  #isEnded(): boolean {
    return this.#state.name === 'ended';
  }

  #decoded(invokeId: number, decoded: Decoded, now: Millis): void {
    switch (decoded.kind) {
      case 'message':
        this.#message(invokeId, decoded.message, now);
        return;
      case 'unknown':
        this.#note('unknown_message', shownName(decoded.name));
        if (!isOneWay(decoded.name)) this.#send(invokeId, errorMessage('operation.serviceNotSupported'));
        return;
      case 'fault':
        this.#note('malformed_message', decoded.text);
        if (decoded.name === undefined || !isOneWay(decoded.name)) {
          this.#send(invokeId, errorMessage('operation.invalidParameterValue'));
        }
    }
  }

  #message(invokeId: number, message: CstaMessage, now: Millis): void {
    if (isSessionRequest(message)) this.#session(invokeId, message, now);
    else if (isResponse(message) || message.name === 'CSTAErrorCode') {
      if (this.#heartbeats.take(invokeId) === undefined) this.#note('stray_answer', message.name);
      else this.#beatLater(now);
    } else if (!isRequest(message)) this.#note('misplaced_message', message.name);
    else if (this.#state.name === 'open') this.#request(invokeId, message, now);
    else {
      this.#note('misplaced_message', message.name);
      this.#send(invokeId, errorMessage('stateIncompatibility.generic'));
    }
  }

  #session(invokeId: number, message: SessionRequest, now: Millis): void {
    const state = this.#state;
    switch (message.name) {
      case 'StartApplicationSession':
        this.#start(invokeId, message, now);
        return;
      case 'ResetApplicationSessionTimer': {
        const { sessionID, requestedSessionDuration } = message;
        if (state.name !== 'open' || sessionID !== this.#options.sessionId) {
          const errorCode = { definedError: 'invalidSessionID' } satisfies { definedError: SessionError };
          this.#send(invokeId, { name: 'ResetApplicationSessionTimerNegResponse', errorCode });
          return;
        }
        const seconds = this.#granted(requestedSessionDuration);
        this.#state = { ...state, expiresAt: now + seconds * 1_000 + renewalGraceMs };
        this.#send(invokeId, {
          name: 'ResetApplicationSessionTimerPosResponse',
          actualSessionDuration: seconds,
        });
        return;
      }
      case 'StopApplicationSession':
        if (state.name !== 'open' || message.sessionID !== this.#options.sessionId) {
          const errorCode = { definedError: 'invalidSessionID' } satisfies { definedError: SessionError };
          this.#send(invokeId, { name: 'StopApplicationSessionNegResponse', errorCode });
          return;
        }
        this.#send(invokeId, { name: 'StopApplicationSessionPosResponse' });
        this.#end('stopped');
    }
  }

  #start(invokeId: number, message: MessageNamed<'StartApplicationSession'>, now: Millis): void {
    const { applicationID, applicationSpecificInfo } = message.applicationInfo;
    const { user, password } = applicationSpecificInfo ?? {};
    const applicant = { applicationId: applicationID, user, password };
    const edition = this.#chosen(message.protocolVersions ?? []);
    const { admit } = this.#options;
    const verdict = edition === undefined ? 'requestedProtocolVersionNotSupported' : admit?.(applicant);
    if (this.#state.name === 'open') {
      this.#negative(invokeId, 'genericError');
      return;
    }
    if (edition === undefined || (verdict !== undefined && verdict !== 'admitted')) {
      this.#negative(invokeId, verdict === 'admitted' || verdict === undefined ? 'genericError' : verdict);
      this.#end('session_refused');
      return;
    }
    const seconds = this.#granted(message.requestedSessionDuration);
    this.#style = { ...this.#style, edition };
    this.#state = {
      name: 'open',
      expiresAt: now + seconds * 1_000 + renewalGraceMs,
      isRegistered: false,
      heartbeatAt: undefined,
    };
    this.#send(invokeId, {
      name: 'StartApplicationSessionPosResponse',
      sessionID: this.#options.sessionId,
      actualProtocolVersion: namespaceOf(edition),
      actualSessionDuration: seconds,
      actualHBT: this.#options.heartbeatSeconds,
    });
    this.#effects.push({ kind: 'started', applicant, edition });
  }

  #negative(invokeId: number, definedError: SessionError): void {
    this.#send(invokeId, { name: 'StartApplicationSessionNegResponse', errorCode: { definedError } });
  }

  /** The client's first that we have; who asks for none takes what it gets. */
  #chosen(versions: readonly string[]): Edition | undefined {
    const { editions } = this.#options;
    if (versions.length === 0) return this.#style.edition;
    return versions.map(editionOf).find((edition) => edition !== undefined && editions.includes(edition));
  }

  #granted(asked: number | undefined): number {
    const most = this.#options.sessionSeconds;
    return asked === undefined || asked < 1 ? most : Math.min(most, asked);
  }

  #request(invokeId: number, request: CstaRequest, now: Millis): void {
    if (request.name === 'SystemStatus') {
      this.#reply(invokeId, { name: 'SystemStatusResponse' });
      const { systemStatus: status } = request;
      if (status !== undefined) this.#effects.push({ kind: 'system_status', status });
    } else if (request.name === 'RequestSystemStatus') {
      this.#reply(invokeId, { name: 'RequestSystemStatusResponse', systemStatus: this.#status });
    } else if (request.name === 'SystemRegister') {
      this.#register(true, now);
      const sysStatRegisterID = this.#options.sessionId;
      this.#reply(invokeId, { name: 'SystemRegisterResponse', sysStatRegisterID });
    } else if (request.name === 'SystemRegisterCancel') {
      this.#register(false, now);
      this.#reply(invokeId, { name: 'SystemRegisterCancelResponse' });
    } else if (invokeId === eventInvokeId) {
      // Nobody could tell which request an answer belongs to.
      this.#note('misplaced_message', request.name);
    } else if (this.#unanswered.size >= this.#options.unansweredRequests) {
      this.#limit('unanswered_requests');
      this.#send(invokeId, errorMessage('subscribedResourceAvailability.outstandingReqLimitExceeded'));
    } else if (this.#unanswered.has(invokeId)) {
      // The first one's answer would be taken for the second one's.
      this.#note('misplaced_message', request.name);
      this.#send(invokeId, errorMessage('operation.generic'));
    } else {
      this.#unanswered.add(invokeId);
      this.#effects.push({ kind: 'request', invokeId, request });
    }
  }

  #reply(invokeId: number, message: CstaResponse): void {
    if (invokeId !== eventInvokeId) this.#send(invokeId, message);
  }

  #register(isRegistered: boolean, now: Millis): void {
    if (this.#state.name !== 'open') return;
    this.#state = { ...this.#state, isRegistered };
    this.#heartbeats.takeAll();
    this.#beatLater(now);
  }

  /** Our `SystemStatus`. */
  #beat(now: Millis): void {
    if (this.#state.name !== 'open') return;
    this.#state = { ...this.#state, heartbeatAt: undefined };
    const invokeId = this.#heartbeats.add(now, now + this.#options.answerMs);
    this.#send(invokeId, { name: 'SystemStatus', systemStatus: this.#status });
  }

  #beatLater(now: Millis): void {
    const { heartbeatSeconds } = this.#options;
    if (this.#state.name !== 'open') return;
    const isBeating = this.#state.isRegistered && heartbeatSeconds > 0;
    this.#state = { ...this.#state, heartbeatAt: isBeating ? now + heartbeatSeconds * 1_000 : undefined };
  }

  #tick(now: Millis): void {
    const state = this.#state;
    if (state.name === 'new' && state.deadline <= now) {
      this.#limit('session_start_time');
      this.#end('session_start_time');
    }
    for (const sentAt of this.#heartbeats.takeDue(now)) {
      if (this.#heardAt >= sentAt) this.#beatLater(now);
      else if (!this.#isEnded()) {
        this.#limit('silence_time');
        this.#end('silent');
      }
    }
    if (this.#state.name !== 'open') return;
    if (this.#state.expiresAt <= now) {
      this.#sendTerminated('sessionExpired');
      this.#end('session_expired');
    } else if (this.#state.heartbeatAt !== undefined && this.#state.heartbeatAt <= now) this.#beat(now);
  }

  #sendTerminated(definedTermReason: string): void {
    this.#send(eventInvokeId, {
      name: 'ApplicationSessionTerminated',
      sessionID: this.#options.sessionId,
      sessionTermReason: { definedTermReason },
    });
  }

  #end(code: ServerEndCode): void {
    if (this.#state.name === 'ended') return;
    this.#state = { name: 'ended' };
    this.#unanswered.clear();
    this.#heartbeats.takeAll();
    if (code !== 'closed') this.#effects.push({ kind: 'disconnect' });
    this.#effects.push({ kind: 'ended', code });
  }

  #send(invokeId: number, message: CstaMessage): boolean {
    const octets = frameOf(invokeId, message, this.#style);
    if (octets === undefined) this.#limit('frame_size');
    else this.#effects.push({ kind: 'send', octets });
    return octets !== undefined;
  }

  #limit(limit: LinkLimit): void {
    this.#effects.push({ kind: 'limit', limit });
  }

  #note(code: Note['code'], text: string): void {
    this.#effects.push({ kind: 'note', code, text });
  }
}
