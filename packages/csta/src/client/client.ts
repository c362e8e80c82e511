import type { Decoded } from '../codec/decode.ts';
import type { WireStyle } from '../codec/encode.ts';
import { DEFAULT_WIRE_STYLE } from '../codec/encode.ts';
import type { CstaErrorMessage, CstaMessage, CstaRequest, CstaResponse } from '../codec/messages.ts';
import type { SessionRequest, SessionResponse } from '../codec/messages.ts';
import { isEvent, isRequest, isResponse, isSessionResponse } from '../codec/messages.ts';
import { FrameDecoder } from '../framing/decoder.ts';
import { eventInvokeId } from '../framing/frames.ts';
import { DEFAULT_BACKOFF, retryDelay } from '../link/backoff.ts';
import type { Note } from '../link/incoming.ts';
import { errorMessage, frameOf, incomingOf, isOneWay, shownName } from '../link/incoming.ts';
import type { Millis } from '../link/limits.ts';
import { earliest, OpenRequests } from '../link/open-requests.ts';
import { editionOf, namespaceOf } from '../schema/namespaces.ts';
import type {
  ClientDownCode,
  CstaClientEffect,
  CstaClientInput,
  CstaClientOptions,
  CstaClientStatus,
  CstaOutcome,
} from './api.ts';
import { refusalText, renewed, sessionOf } from './session.ts';
import type { Open, State } from './state.ts';

const defaults = {
  sessionSeconds: 600,
  heartbeatMs: 30_000,
  answerMs: 5_000,
  connectMs: 10_000,
  openRequests: 200,
} as const;

/** A session that lived so long begins again with the shortest wait. */
const provenMs = 30_000;

/**
 * The client's side of one CSTA link (ECMA-354, ECMA-269 clause 14): opens it, starts a session and registers, keeps both alive, pairs
 * answers with requests, and opens it again when it is gone.
 *
 * ```
 *        start            opened            PosResponse          registered, or not to be had
 *  idle ──────► connecting ──────► starting ───────────► registering ───────────► ready ─┐ renewal, heartbeat
 *                 ▲    │              │                     │                       │ ▲──┘
 *    back-off over│    │ not open     │ refused, late       │ late                  │ closed, wrong frame, silent,
 *                 │    ▼              ▼                     ▼                       │ ended, not renewed
 *               waiting ◄───────────────────────────────────────────────────────────┘
 *
 *  any ── stop ──► stopping (waits for the answer to StopApplicationSession) ──► stopped
 * ```
 *
 * Answers come before or after the events that they cause, or never: OpenScape Voice answers a transfer before the new call appears,
 * OpenScape 4000 after. Nothing is concluded from the order. When the link goes, every open request fails with `link_lost`.
 */
export class CstaClient {
  readonly #options: Required<Pick<CstaClientOptions, keyof typeof defaults>> & CstaClientOptions;
  readonly #effects: CstaClientEffect[] = [];
  readonly #open = new OpenRequests<Open>();
  #state: State = { name: 'idle' };
  #decoder = new FrameDecoder();
  #style: WireStyle;
  #heardAt: Millis = 0;

  constructor(options: CstaClientOptions) {
    this.#options = { ...defaults, ...options };
    this.#style = { ...DEFAULT_WIRE_STYLE, ...options.style };
  }

  /** The next thing to be done, or nothing for now. Call until there is nothing after each input and request. */
  poll(): CstaClientEffect | undefined {
    return this.#effects.shift();
  }

  /** When to give a `tick`, if nothing comes before. */
  deadline(): Millis | undefined {
    const state = this.#state;
    const requests = this.#open.deadline();
    switch (state.name) {
      case 'idle':
      case 'stopped':
        return undefined;
      case 'waiting':
        return state.until;
      case 'connecting':
        return state.deadline;
      case 'starting':
      case 'stopping':
        return requests;
      case 'registering':
        return earliest(requests, state.session.expiresAt);
      case 'ready':
        return earliest(requests, state.session.expiresAt, state.session.renewAt, state.heartbeatAt);
    }
  }

  handle(input: CstaClientInput, now: Millis): void {
    switch (input.kind) {
      case 'start':
        if (this.#state.name === 'idle') this.#connect(0, now);
        return;
      case 'opened':
        if (this.#state.name === 'connecting') this.#start(this.#state.failures, now);
        return;
      case 'received':
        this.#received(input.octets, now);
        return;
      case 'closed':
        this.#closed(input.text, now);
        return;
      case 'tick':
        this.#tick(now);
        return;
      case 'stop':
        this.#stop(now);
    }
  }

  /**
   * Sends a request; its outcome comes as the effect `answer` with the same `key`, exactly once, perhaps at once. `key` is the caller's
   * own number for it.
   */
  request(key: number, request: CstaRequest, now: Millis, timeoutMs = this.#options.answerMs): void {
    if (this.#state.name !== 'ready') {
      this.#answered(key, request, { ok: false, failure: { code: 'not_ready' } });
    } else if (this.#open.size >= this.#options.openRequests) {
      this.#effects.push({ kind: 'limit', limit: 'open_requests' });
      this.#answered(key, request, { ok: false, failure: { code: 'too_many_requests' } });
    } else if (!this.#ask({ kind: 'owner', key, request }, request, now, timeoutMs)) {
      this.#answered(key, request, { ok: false, failure: { code: 'too_large' } });
    }
  }

  #connect(failures: number, now: Millis): void {
    this.#state = { name: 'connecting', deadline: now + this.#options.connectMs, failures };
    this.#effects.push({ kind: 'connect' });
    this.#tell({ name: 'connecting' });
  }

  #start(failures: number, now: Millis): void {
    const { applicationId, credentials, sessionSeconds, frameOctets } = this.#options;
    this.#decoder = new FrameDecoder(frameOctets === undefined ? {} : { mostOctets: frameOctets });
    this.#style = { ...DEFAULT_WIRE_STYLE, ...this.#options.style };
    this.#state = { name: 'starting', failures };
    this.#heardAt = now;
    const isSent = this.#ask(
      { kind: 'start' },
      {
        name: 'StartApplicationSession',
        applicationInfo: { applicationID: applicationId, applicationSpecificInfo: credentials },
        protocolVersions: [namespaceOf(this.#style.edition)],
        requestedSessionDuration: sessionSeconds,
      },
      now,
    );
    if (!isSent) this.#lose('session_refused', 'The name of the application is too long', now);
  }

  /** Whether it was sent. */
  #ask(
    open: Open,
    message: CstaRequest | SessionRequest,
    now: Millis,
    timeoutMs: Millis = this.#options.answerMs,
  ): boolean {
    const invokeId = this.#open.add(open, now + timeoutMs);
    if (this.#send(invokeId, message)) return true;
    this.#open.take(invokeId);
    return false;
  }

  #send(invokeId: number, message: CstaMessage): boolean {
    const octets = frameOf(invokeId, message, this.#style);
    this.#effects.push(
      octets === undefined ? { kind: 'limit', limit: 'frame_size' } : { kind: 'send', octets },
    );
    return octets !== undefined;
  }

  #hasLink(): boolean {
    const { name } = this.#state;
    return name === 'starting' || name === 'registering' || name === 'ready' || name === 'stopping';
  }

  #received(octets: Uint8Array, now: Millis): void {
    if (!this.#hasLink()) return;
    for (const outcome of this.#decoder.push(octets)) {
      const incoming = incomingOf(outcome);
      if (incoming.kind === 'fault') {
        if (incoming.code === 'too_long') this.#effects.push({ kind: 'limit', limit: 'frame_size' });
        this.#lose('wrong_frame', incoming.text, now);
      } else {
        this.#heardAt = now;
        this.#decoded(incoming.invokeId, incoming.decoded, now);
      }
      // A message before may have ended the link: what stands behind it is of no session any more.
      if (!this.#hasLink()) return;
    }
  }

  #decoded(invokeId: number, decoded: Decoded, now: Millis): void {
    switch (decoded.kind) {
      case 'message':
        this.#message(invokeId, decoded.message, now);
        return;
      case 'unknown':
        this.#note('unknown_message', shownName(decoded.name));
        if (isOneWay(decoded.name)) this.#unreadable(invokeId, now);
        else if (invokeId !== eventInvokeId) {
          this.#send(invokeId, errorMessage('operation.serviceNotSupported'));
        }
        return;
      case 'fault':
        this.#note('malformed_message', decoded.text);
        if (decoded.name === undefined || isOneWay(decoded.name)) this.#unreadable(invokeId, now);
        else if (invokeId !== eventInvokeId) {
          this.#send(invokeId, errorMessage('operation.invalidParameterValue'));
        }
    }
  }

  /** The answer to a request, perhaps; its event will tell, or a snapshot. */
  #unreadable(invokeId: number, now: Millis): void {
    const open = this.#open.take(invokeId);
    if (open !== undefined) this.#wrongAnswer(open, now);
  }

  #message(invokeId: number, message: CstaMessage, now: Millis): void {
    if (isEvent(message)) this.#effects.push({ kind: 'event', event: message });
    else if (isResponse(message) || isSessionResponse(message) || message.name === 'CSTAErrorCode') {
      const open = this.#open.take(invokeId);
      if (open === undefined) this.#note('stray_answer', message.name);
      else this.#answer(open, message, now);
    } else if (message.name === 'ApplicationSessionTerminated') {
      const { definedTermReason, appTermReason } = message.sessionTermReason ?? {};
      this.#lose('session_ended', definedTermReason ?? appTermReason ?? '', now);
    } else if (isRequest(message)) this.#asked(invokeId, message);
    else this.#note('misplaced_message', message.name);
  }

  /** What the server asks of us. What has invoke id 9999 wants no answer. */
  #asked(invokeId: number, message: CstaRequest): void {
    const reply = (answer: CstaResponse | CstaErrorMessage): void => {
      if (invokeId !== eventInvokeId) this.#send(invokeId, answer);
    };
    if (message.name === 'SystemStatus') {
      reply({ name: 'SystemStatusResponse' });
      const { systemStatus: status } = message;
      if (status !== undefined) this.#effects.push({ kind: 'system_status', status });
    } else if (message.name === 'RequestSystemStatus') {
      reply({ name: 'RequestSystemStatusResponse', systemStatus: 'normal' });
    } else if (message.name === 'MonitorStop') {
      reply({ name: 'MonitorStopResponse' });
      this.#effects.push({ kind: 'event', event: message });
    } else {
      this.#note('misplaced_message', message.name);
      reply(errorMessage('operation.serviceNotSupported'));
    }
  }

  #answer(open: Open, message: CstaResponse | SessionResponse | CstaErrorMessage, now: Millis): void {
    switch (open.kind) {
      case 'owner': {
        const { key, request } = open;
        if (message.name === 'CSTAErrorCode') {
          this.#answered(key, request, { ok: false, failure: { code: 'refused', error: message.error } });
        } else if (isResponse(message) && message.name === `${request.name}Response`) {
          this.#answered(key, request, { ok: true, response: message });
        } else this.#wrongAnswer(open, now);
        return;
      }
      case 'start':
        this.#started(message, now);
        return;
      case 'register':
        // Without it there is no status to be had; everything else there is.
        if (message.name !== 'SystemRegisterResponse') this.#note('not_registered', message.name);
        this.#ready(now);
        return;
      case 'renew':
        if (message.name === 'ResetApplicationSessionTimerPosResponse') {
          this.#renewed(message.actualSessionDuration, now);
        } else this.#lose('session_expired', 'The server did not renew the session', now);
        return;
      case 'heartbeat':
        this.#heartbeatLater(now);
        return;
      case 'stop':
        this.#stopped();
    }
  }

  #wrongAnswer(open: Open, now: Millis): void {
    switch (open.kind) {
      case 'owner':
        this.#answered(open.key, open.request, { ok: false, failure: { code: 'wrong_answer' } });
        return;
      case 'start':
        this.#lose('session_refused', 'The answer could not be read', now);
        return;
      case 'register':
        this.#ready(now);
        return;
      case 'renew':
        this.#lose('session_expired', 'The answer could not be read', now);
        return;
      case 'heartbeat':
        this.#heartbeatLater(now);
        return;
      case 'stop':
        this.#stopped();
    }
  }

  #started(message: CstaResponse | SessionResponse | CstaErrorMessage, now: Millis): void {
    if (this.#state.name !== 'starting') return;
    if (message.name !== 'StartApplicationSessionPosResponse') {
      this.#lose('session_refused', refusalText(message), now);
      return;
    }
    const { actualProtocolVersion = '' } = message;
    this.#style = { ...this.#style, edition: editionOf(actualProtocolVersion) ?? this.#style.edition };
    const session = sessionOf(message, this.#options, now);
    this.#state = { name: 'registering', session, failures: this.#state.failures };
    this.#ask(
      { kind: 'register' },
      {
        name: 'SystemRegister',
        requestTypes: ['systemStatus', 'requestSystemStatus'],
      },
      now,
    );
  }

  #ready(now: Millis): void {
    if (this.#state.name !== 'registering') return;
    const { session, failures } = this.#state;
    const heartbeatAt = session.heartbeatMs > 0 ? now + session.heartbeatMs : undefined;
    this.#state = { name: 'ready', session, since: now, failures, heartbeatAt };
    this.#tell({ name: 'ready', sessionId: session.id, edition: this.#style.edition });
  }

  #renewed(given: number | undefined, now: Millis): void {
    if (this.#state.name !== 'ready') return;
    this.#state = { ...this.#state, session: renewed(this.#state.session, given, now) };
  }

  #heartbeatLater(now: Millis): void {
    if (this.#state.name !== 'ready') return;
    this.#state = { ...this.#state, heartbeatAt: now + this.#state.session.heartbeatMs };
  }

  #closed(text: string, now: Millis): void {
    switch (this.#state.name) {
      case 'connecting':
        this.#lose('unreachable', text, now);
        return;
      case 'stopping':
        this.#stopped();
        return;
      case 'starting':
      case 'registering':
      case 'ready': {
        const cut = this.#decoder.end();
        this.#lose('closed', cut?.kind === 'fault' ? cut.text : text, now);
        return;
      }
      case 'idle':
      case 'waiting':
      case 'stopped':
    }
  }

  #tick(now: Millis): void {
    for (const open of this.#open.takeDue(now)) this.#late(open, now);
    const state = this.#state;
    if (state.name === 'waiting' && state.until <= now) this.#connect(state.failures, now);
    if (state.name === 'connecting' && state.deadline <= now) {
      this.#lose('unreachable', 'The link did not open in time', now);
    }
    if (state.name === 'registering' && state.session.expiresAt <= now) {
      this.#lose('session_expired', 'The session ended before it was registered', now);
    }
    if (state.name === 'ready') this.#keepAlive(state, now);
  }

  #keepAlive(state: Extract<State, { name: 'ready' }>, now: Millis): void {
    const { session, heartbeatAt } = state;
    if (session.expiresAt <= now) {
      this.#lose('session_expired', 'The server did not renew the session in time', now);
      return;
    }
    const isRenewing = session.renewAt !== undefined && session.renewAt <= now;
    const isBeating = heartbeatAt !== undefined && heartbeatAt <= now;
    this.#state = {
      ...state,
      session: isRenewing ? { ...session, renewAt: undefined } : session,
      heartbeatAt: isBeating ? undefined : heartbeatAt,
    };
    if (isRenewing) {
      this.#ask(
        { kind: 'renew' },
        {
          name: 'ResetApplicationSessionTimer',
          sessionID: session.id,
          requestedSessionDuration: this.#options.sessionSeconds,
        },
        now,
      );
    }
    if (isBeating) {
      this.#ask({ kind: 'heartbeat', sentAt: now }, { name: 'SystemStatus', systemStatus: 'normal' }, now);
    }
  }

  /** The time for an answer is over. */
  #late(open: Open, now: Millis): void {
    switch (open.kind) {
      case 'owner':
        this.#answered(open.key, open.request, { ok: false, failure: { code: 'timeout' } });
        return;
      case 'start':
        this.#lose('session_start_time', 'The server did not answer', now);
        return;
      case 'register':
        this.#note('not_registered', 'no answer');
        this.#ready(now);
        return;
      case 'renew':
        // Again at once; the end of the session ends the attempts.
        if (this.#state.name === 'ready') {
          this.#state = { ...this.#state, session: { ...this.#state.session, renewAt: now } };
        }
        return;
      case 'heartbeat':
        if (this.#heardAt >= open.sentAt) this.#heartbeatLater(now);
        else {
          this.#effects.push({ kind: 'limit', limit: 'silence_time' });
          this.#lose('silent', 'Nothing was heard after a heartbeat', now);
        }
        return;
      case 'stop':
        this.#stopped();
    }
  }

  /** The one way down: whatever is open fails, the link goes, and a new one is opened after a while. */
  #lose(code: ClientDownCode, text: string, now: Millis): void {
    const state = this.#state;
    switch (state.name) {
      case 'idle':
      case 'waiting':
      case 'stopped':
        return;
      case 'stopping':
        this.#stopped();
        return;
      case 'connecting':
      case 'starting':
      case 'registering':
      case 'ready': {
        const isProven = state.name === 'ready' && now - state.since >= provenMs;
        const failures = isProven ? 0 : state.failures;
        const { random, backoff = DEFAULT_BACKOFF } = this.#options;
        const until = now + retryDelay(failures, random(), backoff);
        this.#state = { name: 'waiting', until, failures: failures + 1 };
        this.#effects.push({ kind: 'disconnect' });
        this.#failOpen();
        this.#tell({ name: 'down', code, text, retryAt: until });
      }
    }
  }

  #failOpen(): void {
    for (const open of this.#open.takeAll()) {
      if (open.kind !== 'owner') continue;
      this.#answered(open.key, open.request, { ok: false, failure: { code: 'link_lost' } });
    }
  }

  #stop(now: Millis): void {
    const state = this.#state;
    switch (state.name) {
      case 'stopping':
      case 'stopped':
        return;
      case 'registering':
      case 'ready':
        this.#state = { name: 'stopping' };
        this.#failOpen();
        this.#ask({ kind: 'stop' }, { name: 'StopApplicationSession', sessionID: state.session.id }, now);
        return;
      case 'idle':
      case 'waiting':
      case 'connecting':
      case 'starting':
        this.#stopped();
    }
  }

  #stopped(): void {
    const { name } = this.#state;
    const isDialled = this.#hasLink() || name === 'connecting';
    this.#state = { name: 'stopped' };
    if (isDialled) this.#effects.push({ kind: 'disconnect' });
    this.#failOpen();
    this.#tell({ name: 'stopped' });
  }

  #answered(key: number, request: CstaRequest, outcome: CstaOutcome): void {
    this.#effects.push({ kind: 'answer', key, request, outcome });
  }

  #tell(status: CstaClientStatus): void {
    this.#effects.push({ kind: 'status', status });
  }

  #note(code: Note['code'], text: string): void {
    this.#effects.push({ kind: 'note', code, text });
  }
}
