import { parseSdp, readAudio } from '@offhook/sdp';
import type { AudioMedia } from '@offhook/sdp';
import type { Body } from '@offhook/sip';
import { Directory } from '../config/directory.ts';
import { exchangeConfig } from '../config/exchange.ts';
import type { ExchangeConfigInput } from '../config/exchange.ts';
import { callId, deviceId } from './api.ts';
import type { ConnectionRef, DeviceId, SwitchCommand, SwitchEvent, SwitchOutcome } from './api.ts';
import type { Heard, LegId, PassOn, Place, ReferId, SwitchEffect, SwitchInput } from './model.ts';
import { Switch } from './switch.ts';

export const G722 = '9 G722';
export const PCMA = '8 PCMA';
export const PCMU = '0 PCMU';
export const EVENT = '101 telephone-event';

export function sdp(
  formats: readonly string[] = [PCMA, EVENT],
  options: { direction?: string; port?: number } = {},
): Body {
  const types = formats.map((format) => format.split(' ')[0] ?? '');
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 192.0.2.9',
    's=-',
    'c=IN IP4 192.0.2.9',
    't=0 0',
    `m=audio ${options.port ?? 4000} RTP/AVP ${types.join(' ')}`,
    ...formats.map((format) => `a=rtpmap:${format}/8000`),
    `a=${options.direction ?? 'sendrecv'}`,
  ];
  return { contentType: 'application/sdp', bytes: new TextEncoder().encode(`${lines.join('\r\n')}\r\n`) };
}

export function audioOf(body: Body | undefined): AudioMedia {
  const description = parseSdp(new TextDecoder().decode(body?.bytes));
  const audio = 'kind' in description ? undefined : readAudio(description);
  if (audio === undefined) throw new Error('no audio in the description');
  return audio;
}

const extension = (number: string, name: string, more: object = {}) => ({
  number,
  name,
  password: 'secret',
  ...more,
});

const WORLD: ExchangeConfigInput = {
  extensions: [
    extension('101', 'Anna', { line: { number: '5101', password: 'x' }, alternative: '004915550101' }),
    extension('102', 'Ben'),
    extension('201', 'Carla'),
    extension('202', 'David', { barred: true }),
    extension('301', 'Far', { pickupGroup: 'far' }),
  ],
  services: [
    { number: '600', kind: 'echo' },
    { number: '603', kind: 'announcement' },
    { number: '604', kind: 'busy' },
    { number: '605', kind: 'no-answer', ringSeconds: 5 },
  ],
  outside: [
    { number: '+4915550101', name: 'Anna’s mobile', toneHz: 700 },
    { number: '+4930123456', name: 'A customer', toneHz: 800 },
  ],
};

const MAY_PASS: PassOn = () => ({
  kind: 'pass',
  onward: { maxForwards: 69, breadthOf: () => 1, headers: [] },
});

/** A switch with devices that do as the test says: each is registered at one place, 101 and its line at one each. */
export class Rig {
  readonly core: Switch;
  now = 0;
  /** All since the last {@link take}. */
  effects: SwitchEffect[] = [];
  readonly events: SwitchEvent[] = [];
  readonly #places = new Map<DeviceId, Place[]>();
  #calls = 0;
  #refers = 0;

  constructor(more: Partial<ExchangeConfigInput> = {}, options: { readonly maxCalls?: number } = {}) {
    const config = exchangeConfig.parse({ ...WORLD, ...more });
    const directory = new Directory(config, 'outside');
    for (const [at, { id }] of directory.devices.entries()) this.register(id, 6000 + 2 * at);
    this.core = new Switch({
      directory,
      codes: config.featureCodes,
      countryCode: config.countryCode,
      placesOf: (device) => this.#places.get(device) ?? [],
      newCallId: () => {
        this.#calls += 1;
        return callId(`call-${this.#calls}`);
      },
      newRoom: () => '42',
      maxCalls: options.maxCalls ?? 100,
      parkMs: 60_000,
      hasVoicemail: true,
    });
  }

  register(number: string, port: number): void {
    const place: Place = {
      uri: `sip:${number}@192.0.2.1:${port}`,
      target: { transport: 'udp', address: '192.0.2.1', port },
    };
    const device = deviceId(number);
    this.#places.set(device, [...(this.#places.get(device) ?? []), place]);
  }

  unregister(number: string): void {
    this.#places.delete(deviceId(number));
  }

  give(input: SwitchInput): this {
    this.core.handle(input, this.now);
    this.#drain();
    return this;
  }

  execute(command: SwitchCommand): SwitchOutcome {
    const outcome = this.core.execute(command, this.now);
    this.#drain();
    return outcome;
  }

  /** Time passes, with a tick where one is due. */
  wait(ms: number): this {
    const until = this.now + ms;
    for (;;) {
      const deadline = this.core.deadline();
      if (deadline === undefined || deadline > until) break;
      this.now = Math.max(this.now, deadline);
      this.give({ kind: 'tick' });
    }
    this.now = until;
    return this;
  }

  /** An INVITE of a device; gives its leg. */
  dial(
    from: string,
    to: string,
    more: { offer?: Body | 'delayed'; replaces?: LegId; passOn?: PassOn; port?: number } = {},
  ): LegId {
    const leg = this.core.newLegId();
    this.give({
      kind: 'incoming',
      leg,
      from: deviceId(from),
      dialled: to,
      offer: more.offer === 'delayed' ? undefined : (more.offer ?? sdp()),
      source: { transport: 'udp', address: '192.0.2.1', port: more.port ?? 1 },
      passOn: more.passOn ?? MAY_PASS,
      replaces: more.replaces,
      obeys: false,
    });
    return leg;
  }

  /** The newest leg that rings at a number. */
  legTo(number: string): LegId {
    const invite = this.of('invite').findLast(({ place }) => place.uri.startsWith(`sip:${number}@`));
    if (invite === undefined) throw new Error(`nothing rings at ${number}: ${this.kinds.join(' ')}`);
    return invite.leg;
  }

  ringing(leg: LegId): this {
    return this.give({ kind: 'progress', leg, status: 180, obeys: false });
  }

  answer(number: string, body: Body = sdp(), obeys = false): LegId {
    const leg = this.legTo(number);
    this.give({ kind: 'progress', leg, status: 180, obeys });
    this.give({ kind: 'accepted', leg, body, obeys });
    return leg;
  }

  /** Two devices in a call; gives their legs. */
  talk(from: string, to: string): { readonly caller: LegId; readonly callee: LegId } {
    const caller = this.dial(from, to);
    const callee = this.answer(to);
    this.give({ kind: 'confirmed', leg: caller, body: undefined });
    return { caller, callee };
  }

  refuse(leg: LegId, status: number, redirect?: string): this {
    return this.give({ kind: 'failed', leg, status, redirect });
  }

  bye(leg: LegId): this {
    return this.give({ kind: 'ended', leg, reason: undefined });
  }

  hold(leg: LegId): this {
    return this.give({ kind: 'offered', leg, offer: sdp([PCMA, EVENT], { direction: 'sendonly' }) });
  }

  refer(leg: LegId, to: string, replaces?: LegId | 'unknown'): ReferId {
    this.#refers += 1;
    const refer = this.#refers as ReferId;
    this.give({ kind: 'refer', leg, refer, to, replaces });
    return refer;
  }

  reports(refer: ReferId): readonly number[] {
    return this.of('report').flatMap((report) => (report.refer === refer ? [report.status] : []));
  }

  of<K extends SwitchEffect['kind']>(kind: K): readonly Extract<SwitchEffect, { kind: K }>[] {
    return this.effects.filter(
      (effect): effect is Extract<SwitchEffect, { kind: K }> => effect.kind === kind,
    );
  }

  get kinds(): readonly string[] {
    return this.effects.map(({ kind }) => kind);
  }

  /** Forgets what has come out so far. */
  take(): this {
    this.effects = [];
    this.events.length = 0;
    return this;
  }

  /** What a leg hears now, as far as since the last {@link take}. */
  heard(leg: LegId): Heard | undefined {
    return this.of('hear').findLast((effect) => effect.leg === leg)?.heard;
  }

  refused(leg: LegId): number | undefined {
    return this.of('refuse').find((effect) => effect.leg === leg)?.status;
  }

  ended(leg: LegId): boolean {
    return this.of('end').some((effect) => effect.leg === leg);
  }

  accepted(leg: LegId): Extract<SwitchEffect, { kind: 'accept' }> | undefined {
    return this.of('accept').find((effect) => effect.leg === leg);
  }

  /** The only connection of a device. */
  connection(number: string): ConnectionRef {
    const [connection] = this.core.device(deviceId(number))?.connections ?? [];
    if (connection === undefined) throw new Error(`${number} has no connection`);
    return { call: connection.call, device: connection.device };
  }

  states(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.core.calls().flatMap(({ connections }) => connections.map(({ device, state }) => [device, state])),
    );
  }

  /** `name device cause` of each connection event. */
  story(): readonly string[] {
    return this.events.flatMap((event) =>
      event.kind === 'connection'
        ? [`${event.name} ${event.connection.device} ${event.cause}`]
        : [event.kind],
    );
  }

  #drain(): void {
    for (;;) {
      const effects = this.core.takeEffects();
      if (effects.length === 0) return;
      for (const effect of effects) {
        if (effect.kind === 'event') this.events.push(effect.event);
        else this.effects.push(effect);
      }
      for (const effect of effects) {
        if (effect.kind !== 'open') continue;
        const voice = {
          sessionId: String(effect.leg),
          address: '192.0.2.100',
          port: 30_000 + 2 * effect.leg,
        };
        this.core.handle({ kind: 'opened', leg: effect.leg, voice }, this.now);
      }
    }
  }
}

export const legs = (...ids: readonly LegId[]): Heard => ({ kind: 'legs', legs: ids });
export const MUSIC: Heard = { kind: 'sound', sound: 'music' };
