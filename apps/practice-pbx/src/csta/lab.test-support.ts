import {
  CstaClient,
  CstaServerSession,
  FrameDecoder,
  decodeMessage,
  encodeFrame,
  encodeMessage,
  toDeviceId,
} from '@offhook/csta';
import type {
  CstaClientEffect,
  CstaEvent,
  CstaOutcome,
  CstaRequest,
  CstaServerEffect,
  DeviceId,
  MessageNamed,
  WireStyle,
} from '@offhook/csta';
import { CstaDesk } from './desk.ts';
import type { DeskEffect, DeskOptions } from './desk-api.ts';
import { FakeSwitch } from './fake-switch.test-support.ts';
import { FaultRules } from './faults/plan.ts';
import { faultRule } from './faults/rules.ts';
import type { FaultRuleInput } from './faults/rules.ts';
import { openScapeVoice } from './personalities/openscape-voice.ts';

/** The desk, its session and a client under virtual time, on a switch that is the test's. */
export class CstaLab {
  now = 0;
  readonly pbx = new FakeSwitch();
  readonly faults = new FaultRules();
  readonly desk: CstaDesk;
  readonly client: CstaClient;
  readonly #options: DeskOptions;
  readonly effects: CstaClientEffect[] = [];
  /** In the order in which they came: answers by their name, or the code of the error, and events. */
  readonly heard: string[] = [];
  #session: CstaServerSession | undefined;
  #links = 0;
  #isMute = false;
  #isOpen = false;
  #isSending = false;
  #ear = new FrameDecoder();
  #key = 0;

  constructor(
    options: Partial<DeskOptions> = {},
    client: Partial<ConstructorParameters<typeof CstaClient>[0]> = {},
  ) {
    this.#options = {
      api: this.pbx,
      personality: openScapeVoice,
      numbers: { voicemail: '500', parkSlots: '*7' },
      applications: 5,
      monitors: { perApplication: 10, all: 20 },
      faults: this.faults,
      ...options,
    };
    this.desk = new CstaDesk(this.#options);
    this.pbx.subscribe((event) => {
      this.desk.handle({ kind: 'switch', event }, this.now);
      this.settle();
    });
    this.client = new CstaClient({ applicationId: 'phone', random: () => 0.5, ...client });
    this.client.handle({ kind: 'start' }, this.now);
    this.settle();
  }

  fault(...rules: readonly FaultRuleInput[]): void {
    for (const rule of rules) this.faults.add(faultRule.parse(rule));
  }

  /** The outcome, where there is one by now. */
  ask(request: CstaRequest): CstaOutcome | undefined {
    this.#key += 1;
    const key = this.#key;
    this.client.request(key, request, this.now);
    this.settle();
    return this.outcomeOf(key);
  }

  outcomeOf(key: number): CstaOutcome | undefined {
    const effect = this.effects.find((one) => one.kind === 'answer' && one.key === key);
    return effect?.kind === 'answer' ? effect.outcome : undefined;
  }

  get lastOutcome(): CstaOutcome | undefined {
    return this.outcomeOf(this.#key);
  }

  /** The positive answer, or the code of the refusal. */
  answer(request: CstaRequest): unknown {
    return shown(this.ask(request));
  }

  watch(...devices: readonly string[]): void {
    for (const device of devices) {
      this.ask({ name: 'MonitorStart', monitorObject: { deviceObject: styled(device) } });
    }
  }

  get events(): readonly CstaEvent[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'event' && effect.event.name !== 'MonitorStop' ? [effect.event] : [],
    );
  }

  /** Of one monitor, without the word Event. */
  namesOf(monitor: string): readonly string[] {
    return this.events.flatMap((event) =>
      'monitorCrossRefID' in event && event.monitorCrossRefID === monitor
        ? [event.name.replace(/Event$/, '')]
        : [],
    );
  }

  eventsNamed<N extends CstaEvent['name']>(name: N): readonly MessageNamed<N>[] {
    return this.events.filter((event): event is MessageNamed<N> & CstaEvent => event.name === name);
  }

  get status(): string {
    const statuses = this.effects.flatMap((effect) => (effect.kind === 'status' ? [effect.status] : []));
    const last = statuses.at(-1);
    return last?.name === 'down' ? `down: ${last.code}` : (last?.name ?? 'none');
  }

  /** All that the client has been through. */
  get statuses(): readonly string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'status'
        ? [effect.status.name === 'down' ? effect.status.code : effect.status.name]
        : [],
    );
  }

  get notes(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.kind === 'note' ? [effect.code] : []));
  }

  advance(duration: number): void {
    const until = this.now + duration;
    for (;;) {
      const due = [this.client.deadline(), this.#session?.deadline(), this.desk.deadline()].filter(
        (at) => at !== undefined,
      );
      const next = Math.min(...due);
      if (due.length === 0 || next > until) break;
      this.now = Math.max(this.now, next);
      this.client.handle({ kind: 'tick' }, this.now);
      this.#session?.handle({ kind: 'tick' }, this.now);
      this.desk.handle({ kind: 'tick' }, this.now);
      this.settle();
    }
    this.now = until;
  }

  settle(): void {
    for (;;) {
      const ours = this.desk.poll();
      if (ours !== undefined) {
        this.#isSending = true;
        this.#desk(ours);
        // It is on its way before the desk goes on, as on a socket.
        this.#serve();
        this.#isSending = false;
        continue;
      }
      if (this.#serve()) continue;
      const clients = this.client.poll();
      if (clients === undefined) return;
      this.effects.push(clients);
      this.#client(clients);
    }
  }

  /** Whether the session had something to do. */
  #serve(): boolean {
    let isBusy = false;
    for (let effect = this.#session?.poll(); effect !== undefined; effect = this.#session?.poll()) {
      this.#server(effect);
      isBusy = true;
    }
    return isBusy;
  }

  #desk(effect: DeskEffect): void {
    if (effect.link !== this.#links || this.#session === undefined) return;
    switch (effect.kind) {
      case 'answer':
        this.#session.answer(effect.invokeId, effect.response);
        return;
      case 'refuse':
        this.#session.refuse(effect.invokeId, effect.code);
        return;
      case 'abandon':
        this.#session.abandon(effect.invokeId);
        return;
      case 'event':
        this.#session.event(effect.event);
        return;
      case 'message':
        this.#toClient(encodeFrame(effect.invokeId, encodeMessage(effect.message, this.#style)));
        return;
      case 'octets':
        this.#toClient(effect.octets);
        return;
      case 'cut':
        this.#break();
        return;
      case 'mute':
        this.#isMute = true;
        return;
      default:
        effect satisfies never;
    }
  }

  get #style(): WireStyle {
    return this.#session?.style ?? { edition: 4, isMisspelt: false };
  }

  #server(effect: CstaServerEffect): void {
    switch (effect.kind) {
      case 'send':
        if (this.#seen('out', effect.octets)) this.#toClient(effect.octets);
        return;
      case 'started':
        this.desk.handle({ kind: 'started', link: this.#links, applicant: effect.applicant }, this.now);
        return;
      case 'request':
        this.desk.handle(
          { kind: 'request', link: this.#links, invokeId: effect.invokeId, request: effect.request },
          this.now,
        );
        return;
      case 'disconnect':
        this.#break();
        return;
      case 'ended':
        this.desk.handle({ kind: 'ended', link: this.#links }, this.now);
        return;
      case 'system_status':
      case 'limit':
      case 'note':
        return;
      default:
        effect satisfies never;
    }
  }

  #client(effect: CstaClientEffect): void {
    switch (effect.kind) {
      case 'connect':
        this.#connect();
        return;
      case 'send':
        if (!this.#isOpen || !this.#seen('in', effect.octets)) return;
        this.#session?.handle({ kind: 'received', octets: effect.octets }, this.now);
        return;
      case 'disconnect':
        this.#isOpen = false;
        this.#session?.handle({ kind: 'closed' }, this.now);
        return;
      case 'answer':
        this.heard.push(effect.outcome.ok ? effect.outcome.response.name : effect.outcome.failure.code);
        return;
      case 'event':
        this.heard.push(effect.event.name);
        return;
      case 'status':
      case 'system_status':
      case 'limit':
      case 'note':
        return;
      default:
        effect satisfies never;
    }
  }

  #connect(): void {
    const { personality } = this.#options;
    const { editions, isMisspelt, sessionSeconds, heartbeatSeconds } = personality;
    this.#links += 1;
    this.#isOpen = true;
    this.#isMute = false;
    this.#ear = new FrameDecoder();
    this.#session = new CstaServerSession(
      {
        sessionId: `s${this.#links}`,
        editions,
        isMisspelt,
        sessionSeconds,
        heartbeatSeconds,
        admit: (applicant) => this.desk.admit(applicant),
      },
      this.now,
    );
    this.client.handle({ kind: 'opened' }, this.now);
  }

  /** As the sockets show it; whether the link is still there. */
  #seen(direction: 'in' | 'out', octets: Uint8Array): boolean {
    const ear = direction === 'in' ? this.#ear : new FrameDecoder();
    for (const outcome of ear.push(octets)) {
      if (outcome.kind === 'fault') continue;
      const decoded = decodeMessage(outcome.document);
      if (decoded.kind !== 'message') continue;
      const { name } = decoded.message;
      const { invokeId } = outcome;
      this.desk.handle({ kind: 'seen', link: this.#links, direction, invokeId, name }, this.now);
      if (this.#isSending) continue;
      for (let effect = this.desk.poll(); effect !== undefined; effect = this.desk.poll()) this.#desk(effect);
    }
    return this.#isOpen;
  }

  #toClient(octets: Uint8Array): void {
    if (this.#isOpen && !this.#isMute) this.client.handle({ kind: 'received', octets }, this.now);
  }

  /** The link breaks. */
  cut(): void {
    this.#break();
    this.settle();
  }

  #break(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#session?.handle({ kind: 'closed' }, this.now);
    this.client.handle({ kind: 'closed', text: 'cut' }, this.now);
  }
}

export function shown(outcome: CstaOutcome | undefined): unknown {
  if (outcome === undefined) return 'no answer';
  if (outcome.ok) return outcome.response;
  return outcome.failure.code === 'refused' ? outcome.failure.error.code : outcome.failure.code;
}

/** As a client may have read it in an event. */
export const styled = (number: string): DeviceId =>
  toDeviceId(`N<${number}>Somebody;displayNumber=${number};noa=nk`);
