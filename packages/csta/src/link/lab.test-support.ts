import type { CstaClientEffect, CstaClientOptions, CstaClientStatus, CstaOutcome } from '../client/api.ts';
import { CstaClient } from '../client/client.ts';
import { decodeMessage } from '../codec/decode.ts';
import { encodeMessage } from '../codec/encode.ts';
import type { CstaMessage, CstaRequest } from '../codec/messages.ts';
import { FrameDecoder } from '../framing/decoder.ts';
import { encodeFrame } from '../framing/frames.ts';
import type { CstaServerEffect, CstaServerOptions } from '../server/api.ts';
import { CstaServerSession } from '../server/session.ts';
import type { CallId, DeviceId } from '../values/identifiers.ts';
import { toCallId, toDeviceId } from '../values/identifiers.ts';

export const device: DeviceId = toDeviceId('101');
export const call: CallId = toCallId('FF01');
export const connection = { callID: call, deviceID: device } as const;
export const answerCall = { name: 'AnswerCall', callToBeAnswered: connection } as const;

export interface Sent {
  readonly invokeId: number;
  readonly message: CstaMessage;
}

/** Takes apart what one side has sent. */
export class Ear {
  readonly #decoder = new FrameDecoder();

  hear(octets: Uint8Array): Sent[] {
    return this.#decoder.push(octets).map((outcome) => {
      if (outcome.kind === 'fault') throw new Error(outcome.text);
      const decoded = decodeMessage(outcome.document);
      if (decoded.kind !== 'message') throw new Error(JSON.stringify(decoded));
      return { invokeId: outcome.invokeId, message: decoded.message };
    });
  }
}

export const frame = (invokeId: number, message: CstaMessage): Uint8Array =>
  encodeFrame(invokeId, encodeMessage(message));

/** A client under virtual time whose server is the test, until `serve` puts a session in its place. */
export class Lab {
  now = 0;
  readonly client: CstaClient;
  readonly sent: Sent[] = [];
  readonly effects: CstaClientEffect[] = [];
  readonly serverEffects: CstaServerEffect[] = [];
  readonly #serverOptions: Partial<CstaServerOptions> | undefined;
  server: CstaServerSession | undefined;
  #sessions = 0;
  #ear = new Ear();
  isLinked = false;
  /** Whether the link opens when it is dialled. */
  isReachable = true;
  /** Nothing gets through, and nobody is told. */
  isSilent = false;

  constructor(options: Partial<CstaClientOptions> = {}, server?: Partial<CstaServerOptions>) {
    this.client = new CstaClient({ applicationId: 'test', random: () => 0.5, ...options });
    this.#serverOptions = server;
    this.client.handle({ kind: 'start' }, this.now);
    this.settle();
  }

  /** Carries out every effect of both sides. */
  settle(): void {
    for (;;) {
      const effect = this.client.poll();
      if (effect !== undefined) {
        this.effects.push(effect);
        this.#carryOut(effect);
        continue;
      }
      const other = this.server?.poll();
      if (other === undefined) return;
      this.serverEffects.push(other);
      if (other.kind === 'send') this.receive(other.octets);
      if (other.kind === 'disconnect') this.cut();
    }
  }

  #carryOut(effect: CstaClientEffect): void {
    switch (effect.kind) {
      case 'connect':
        if (this.isReachable) this.#open();
        return;
      case 'send':
        if (this.isSilent) return;
        this.sent.push(...this.#ear.hear(effect.octets));
        this.server?.handle({ kind: 'received', octets: effect.octets }, this.now);
        return;
      case 'disconnect':
        this.isLinked = false;
        this.server?.handle({ kind: 'closed' }, this.now);
        return;
      case 'status':
      case 'event':
      case 'answer':
      case 'system_status':
      case 'limit':
      case 'note':
    }
  }

  #open(): void {
    this.isLinked = true;
    this.#ear = new Ear();
    if (this.#serverOptions !== undefined) {
      this.#sessions += 1;
      this.server = new CstaServerSession(
        { sessionId: `s${this.#sessions}`, ...this.#serverOptions },
        this.now,
      );
    }
    this.client.handle({ kind: 'opened' }, this.now);
  }

  receive(octets: Uint8Array): void {
    if (this.isLinked && !this.isSilent) this.client.handle({ kind: 'received', octets }, this.now);
  }

  /** What the server says, where the test is the server. */
  say(invokeId: number, message: CstaMessage): void {
    this.receive(frame(invokeId, message));
    this.settle();
  }

  cut(text = 'cut'): void {
    if (!this.isLinked) return;
    this.isLinked = false;
    this.server?.handle({ kind: 'closed' }, this.now);
    this.client.handle({ kind: 'closed', text }, this.now);
    this.settle();
  }

  request(key: number, request: CstaRequest, timeoutMs?: number): void {
    this.client.request(key, request, this.now, timeoutMs);
    this.settle();
  }

  /** Lets time pass, and gives every tick at its time. */
  advance(duration: number): void {
    const until = this.now + duration;
    for (;;) {
      const due = [this.client.deadline(), this.server?.deadline()].filter((at) => at !== undefined);
      const next = Math.min(...due);
      if (due.length === 0 || next > until) break;
      this.now = Math.max(this.now, next);
      this.client.handle({ kind: 'tick' }, this.now);
      this.server?.handle({ kind: 'tick' }, this.now);
      this.settle();
    }
    this.now = until;
  }

  /** Answers StartApplicationSession and SystemRegister by hand. */
  becomeReady(): void {
    const started = { sessionID: 's1', actualSessionDuration: 600 };
    this.say(this.lastInvokeId, { name: 'StartApplicationSessionPosResponse', ...started });
    this.say(this.lastInvokeId, { name: 'SystemRegisterResponse' });
  }

  get lastInvokeId(): number {
    return this.sent.at(-1)?.invokeId ?? 0;
  }

  get statuses(): CstaClientStatus[] {
    return this.effects.flatMap((effect) => (effect.kind === 'status' ? [effect.status] : []));
  }

  get status(): CstaClientStatus | undefined {
    return this.statuses.at(-1);
  }

  get outcomes(): Record<number, CstaOutcome> {
    const answers = this.effects.flatMap((effect) => (effect.kind === 'answer' ? [effect] : []));
    return Object.fromEntries(answers.map(({ key, outcome }) => [key, outcome]));
  }

  get limits(): string[] {
    return [...this.effects, ...this.serverEffects].flatMap((effect) =>
      effect.kind === 'limit' ? [effect.limit] : [],
    );
  }

  get notes(): string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'note' ? [`${effect.code} ${effect.text}`] : [],
    );
  }

  get sentNames(): string[] {
    return this.sent.map(({ message }) => message.name);
  }
}
