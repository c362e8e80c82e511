import type {
  CstaClientStatus,
  CstaEvent,
  CstaOutcome,
  CstaRequest,
  MessageNamed,
  ResponseTo,
} from '@offhook/csta';
import { CstaClient, CstaServerSession } from '@offhook/csta';
import type { VirtualClock } from '@offhook/testkit';
import type { CtiLink, CtiLinkOptions, OpenLink } from '../link.ts';
import type { FakeAnswer, FakeExchange, Told } from './fake-exchange.ts';

/** Milliseconds on the wire, each way. */
const DELAY = 1;

/** What becomes of a request and its answer where the exchange or the link is not in order. */
export interface AnswerFault {
  /** The request is not carried out, or it is and nobody says so. */
  readonly lost?: 'request' | 'answer';
  /** Milliseconds by which the answer is late. */
  readonly late?: number;
}

/**
 * The real client session of CSTA against the real server session, octets and all, with a fake exchange behind it: in one process and in
 * virtual time.
 */
export class VirtualExchangeLink {
  readonly exchange: FakeExchange;
  readonly #clock: VirtualClock;
  readonly #links = new Set<ClientLink>();
  #held: Told[] | undefined;
  /** Whether the platform can be dialled. */
  isReachable = true;
  /** Takes the place of the exchange's own answer where it gives one. */
  instead: ((request: CstaRequest) => FakeAnswer | undefined) | undefined;
  faultOf: ((request: CstaRequest) => AnswerFault | undefined) | undefined;
  /** Whether what the exchange sends now arrives twice. */
  sendsTwice: (() => boolean) | undefined;

  constructor(clock: VirtualClock, exchange: FakeExchange) {
    this.#clock = clock;
    this.exchange = exchange;
  }

  readonly open: OpenLink = (options) => {
    const link = new ClientLink(this.#clock, this, options);
    this.#links.add(link);
    return link;
  };

  tell(told: Told): void {
    if (this.#held !== undefined) {
      this.#held.push(told);
      return;
    }
    const { event } = told;
    for (const link of this.#links) link.tell(event);
  }

  /** What is told meanwhile is told afterwards. */
  answerFirst(answer: () => void): void {
    const held: Told[] = [];
    this.#held = held;
    answer();
    this.#held = undefined;
    for (const told of held) this.tell(told);
  }

  cut(): void {
    for (const link of this.#links) link.cut();
  }

  /** Links that have a session. */
  get sessions(): number {
    return [...this.#links].filter(({ hasSession }) => hasSession).length;
  }

  closed(link: ClientLink): void {
    this.#links.delete(link);
  }
}

class ClientLink implements CtiLink {
  readonly #clock: VirtualClock;
  readonly #owner: VirtualExchangeLink;
  readonly #options: CtiLinkOptions;
  readonly #client: CstaClient;
  readonly #answers = new Map<number, (outcome: CstaOutcome) => void>();
  readonly #stopped = Promise.withResolvers<void>();
  #server: CstaServerSession | undefined;
  #wake: { cancel(): void } | undefined;
  #lastKey = 0;
  #sessions = 0;
  status: CstaClientStatus = { name: 'idle' };

  constructor(clock: VirtualClock, owner: VirtualExchangeLink, options: CtiLinkOptions) {
    this.#clock = clock;
    this.#owner = owner;
    this.#options = options;
    this.#client = new CstaClient({ applicationId: 'test', random: () => 0.5 });
    this.#client.handle({ kind: 'start' }, clock.now);
    clock.after(0, () => this.#run());
  }

  get hasSession(): boolean {
    return this.#server !== undefined;
  }

  request<R extends CstaRequest>(
    request: R,
    timeoutMs?: number,
  ): Promise<CstaOutcome<ResponseTo<R['name']>>> {
    this.#lastKey += 1;
    const { promise, resolve } = Promise.withResolvers<CstaOutcome>();
    this.#answers.set(this.#lastKey, resolve);
    this.#client.request(this.#lastKey, request, this.#clock.now, timeoutMs);
    this.#run();
    // As in the link over sockets: the client lets no other answer through.
    return promise as Promise<CstaOutcome<ResponseTo<R['name']>>>;
  }

  stop(): Promise<void> {
    this.#client.handle({ kind: 'stop' }, this.#clock.now);
    this.#run();
    return this.#stopped.promise;
  }

  tell(event: CstaEvent | MessageNamed<'MonitorStop'>): void {
    this.#server?.event(event);
    this.#serve();
  }

  cut(): void {
    if (this.#server === undefined) return;
    this.#owner.exchange.monitors.clear();
    this.#server = undefined;
    this.#client.handle({ kind: 'closed', text: 'cut' }, this.#clock.now);
    this.#run();
  }

  #run(): void {
    for (let effect = this.#client.poll(); effect !== undefined; effect = this.#client.poll()) {
      switch (effect.kind) {
        case 'connect':
          this.#clock.after(DELAY, () => this.#connected());
          break;
        case 'send': {
          const { octets } = effect;
          const server = this.#server;
          this.#clock.after(DELAY, () => {
            if (server === undefined || server !== this.#server) return;
            server.handle({ kind: 'received', octets }, this.#clock.now);
            this.#serve();
          });
          break;
        }
        case 'disconnect':
          this.#server = undefined;
          break;
        case 'status':
          this.#told(effect.status);
          break;
        case 'event':
          this.#options.onEvent(effect.event);
          break;
        case 'answer':
          this.#answers.get(effect.key)?.(effect.outcome);
          this.#answers.delete(effect.key);
          break;
        case 'system_status':
        case 'limit':
        case 'note':
          break;
      }
    }
    this.#arm();
  }

  #told(status: CstaClientStatus): void {
    this.status = status;
    this.#options.onStatus(status);
    if (status.name !== 'stopped') return;
    this.#owner.closed(this);
    this.#stopped.resolve();
  }

  #connected(): void {
    if (!this.#owner.isReachable) {
      this.#client.handle({ kind: 'closed', text: 'nobody is there' }, this.#clock.now);
    } else {
      this.#sessions += 1;
      this.#server = new CstaServerSession({ sessionId: `s${this.#sessions}` }, this.#clock.now);
      this.#client.handle({ kind: 'opened' }, this.#clock.now);
    }
    this.#run();
  }

  #serve(): void {
    const server = this.#server;
    for (let effect = server?.poll(); effect !== undefined; effect = server?.poll()) {
      switch (effect.kind) {
        case 'send': {
          const { octets } = effect;
          const times = this.#owner.sendsTwice?.() === true ? 2 : 1;
          this.#clock.after(DELAY, () => {
            for (let time = 0; time < times && server === this.#server; time += 1) {
              this.#client.handle({ kind: 'received', octets }, this.#clock.now);
              this.#run();
            }
          });
          break;
        }
        case 'request':
          this.#asked(effect.invokeId, effect.request);
          break;
        case 'disconnect':
          this.cut();
          break;
        case 'started':
        case 'ended':
        case 'system_status':
        case 'limit':
        case 'note':
          break;
      }
    }
    this.#arm();
  }

  /** OpenScape Voice answers before anything happens, OpenScape 4000 after. */
  #asked(invokeId: number, request: CstaRequest): void {
    const { exchange, instead } = this.#owner;
    const fault = this.#owner.faultOf?.(request);
    if (fault !== undefined) {
      this.#answerBadly(invokeId, request, fault);
      return;
    }
    const answer = (): void => {
      this.#reply(invokeId, instead?.(request) ?? exchange.handle(request));
    };
    if (exchange.order === 'answer_first') this.#owner.answerFirst(answer);
    else answer();
  }

  #answerBadly(invokeId: number, request: CstaRequest, { lost, late = 0 }: AnswerFault): void {
    if (lost === 'request') return;
    const outcome = this.#owner.instead?.(request) ?? this.#owner.exchange.handle(request);
    if (lost === 'answer') return;
    const server = this.#server;
    this.#clock.after(late, () => {
      if (server === this.#server && server !== undefined) this.#reply(invokeId, outcome);
    });
  }

  #reply(invokeId: number, answer: FakeAnswer): void {
    if (answer === 'nothing') return;
    if ('error' in answer) this.#server?.refuse(invokeId, answer.error);
    else this.#server?.answer(invokeId, answer);
    this.#serve();
  }

  #arm(): void {
    this.#wake?.cancel();
    const due = [this.#client.deadline(), this.#server?.deadline()].filter((at) => at !== undefined);
    if (due.length === 0) return;
    this.#wake = this.#clock.after(Math.max(0, Math.min(...due) - this.#clock.now), () => {
      this.#client.handle({ kind: 'tick' }, this.#clock.now);
      this.#server?.handle({ kind: 'tick' }, this.#clock.now);
      this.#run();
      this.#serve();
    });
  }
}
