import { NO_ABILITIES, type Abilities } from '@offhook/call-model';
import {
  OffhookError,
  type KeptSettings,
  type LineConfig,
  type LineSettings,
  type MessageWaiting,
  type PbxConfig,
  type SettingsChange,
  type UserId,
} from '@offhook/contract';
import {
  eventOf,
  parseSipUri,
  type EndpointEvent,
  type ServerRequestId,
  type SubscriptionId,
} from '@offhook/sip';
import { uriOf } from '../../calls/invites.ts';
import type { LineOfUser } from '../../calls/lines.ts';
import type { PlatformOptions } from '../options.ts';
import type { Admission, Admitted, Platform, PlatformCalls, PlatformConfig } from '../platform.ts';
import { admit } from './admit.ts';
import { GenericCalls } from './calls.ts';
import { mailboxOf } from './codes.ts';
import { FeatureDialler } from './dial-feature.ts';
import { LineWatch } from './line-watch.ts';
import { OwnDialogs } from './own-dialogs.ts';
import type { Probe } from './probe.ts';
import { merge, settingsOf, stepsOf, withoutOverruled } from './settings.ts';

/** Milliseconds for each line over which questions to the PBX are spread, and the most of them all. */
const SPREAD_PER_LINE = 20;
const SPREAD_CAP = 60_000;
/** A PBX that knew no REFER may have learnt it. */
const REFER_AGAIN = 3_600_000;

/** So many that nobody comes into a room by chance. */
const ROOM_DIGITS = 8;
const ROOMS = 10 ** ROOM_DIGITS;

interface Entry {
  line: LineConfig;
  kept: KeptSettings;
  /** Accepted here since the start; the cloud may not have it yet when it sends a configuration. */
  changed: KeptSettings;
  messages: MessageWaiting;
  /** Another device of the number has been in a call, though the configuration knows of none. */
  hasOther: boolean;
  readonly watch: LineWatch;
  /** Numbers from which calls are refused for a moment: they are on their way to the desk phone. */
  readonly refused: Map<string, number>;
}

/**
 * Any SIP PBX, by SIP alone: REFER, 302, Replaces, dialog-info and message-summary where the PBX has them, and feature
 * codes where the tenant has told them. Which of it does what, and who sees to which setting, is in the folder's README.
 *
 * Nothing is assumed: event packages are probed for every line, REFER is offered until the PBX says that it knows none, what
 * needs a code is offered where there is one.
 */
export class GenericSip implements Platform {
  readonly calls: PlatformCalls;
  readonly #options: PlatformOptions;
  readonly #dialler: FeatureDialler;
  readonly #own = new OwnDialogs();
  readonly #entries = new Map<UserId, Entry>();
  readonly #subscriptions = new Map<SubscriptionId, Probe>();
  #pbx: PbxConfig | undefined;
  /** While no REFER is offered: what ends it. */
  #noRefer: (() => void) | undefined;

  constructor(options: PlatformOptions) {
    this.#options = options;
    this.#dialler = new FeatureDialler(options.sip, options.clock, options.newId);
    this.calls = new GenericCalls({
      codes: () => this.#pbx?.codes ?? {},
      uri: ({ userId }, number) => uriOf(this.#lineOf(userId), number),
      newRoom: () => String(Math.floor(options.random() * ROOMS)).padStart(ROOM_DIGITS, '0'),
      onNoRoom: ({ userId }, { message }) => {
        options.log.warn({ userId, message }, 'no conference room: the client mixes');
      },
      dial: ({ userId }, code) => this.#dialler.dial(this.#lineOf(userId), code),
      alternative: ({ userId }) => this.#keptOf(userId).alternativeNumber ?? undefined,
      dialogOf: ({ userId }, call) => this.#entries.get(userId)?.watch.dialogOf(call),
      hasDesk: ({ userId }) => {
        const entry = this.#entries.get(userId);
        return entry !== undefined && !isAlone(entry);
      },
      refuse: ({ userId }, number) => this.#refuse(userId, number),
      onNoRefer: () => {
        this.#noRefer?.();
        this.#noRefer = options.clock.after(REFER_AGAIN, () => {
          this.#noRefer = undefined;
          this.#tellAbilities();
        });
        this.#tellAbilities();
      },
    });
  }

  apply({ pbx, lines }: PlatformConfig): void {
    const { events, lines: book } = this.#options;
    const isFirst = this.#pbx === undefined;
    const codesChanged = JSON.stringify(this.#pbx?.codes) !== JSON.stringify(pbx.codes);
    this.#pbx = pbx;
    const wanted = new Set(lines.map(({ userId }) => userId));
    for (const [userId, entry] of this.#entries) {
      if (wanted.has(userId)) continue;
      this.#entries.delete(userId);
      entry.watch.stop();
    }
    for (const line of lines) {
      const known = this.#entries.get(line.userId);
      if (known === undefined) this.#add(line);
      else {
        const isSame = JSON.stringify(known.line) === JSON.stringify(line);
        // Another number is another thing to watch.
        if (!isSame && mainOf(known.line) !== mainOf(line)) known.watch.stop();
        known.line = line;
        known.changed = withoutOverruled(known.changed, known.kept, line.kept);
        known.kept = line.kept;
        if (isSame && !codesChanged) continue;
      }
      if (book.ofUser(line.userId)?.registered === true) this.lineChanged(line.userId, true);
      this.#tellSettings(line.userId);
      events.onAbilities(line.userId);
    }
    if (isFirst) events.onLink('none');
  }

  abilities(userId: UserId): Abilities {
    const entry = this.#entries.get(userId);
    if (entry === undefined || this.#pbx === undefined) return NO_ABILITIES;
    const { line, watch } = entry;
    const { codes } = this.#pbx;
    const refers = this.#noRefer === undefined;
    const hasDesk = !isAlone(entry);
    return {
      transfer: refers,
      completeTransfer: refers,
      conference: 'mix',
      deflect: true,
      toVoicemail: mailboxOf(codes, line) !== undefined,
      park: refers && codes.park !== undefined,
      callBack: codes.callBack !== undefined,
      pickUp: codes.pickUp !== undefined,
      groupPickUp: codes.groupPickUp !== undefined,
      desk:
        hasDesk || watch.sees
          ? {
              place: false,
              answer: false,
              control: false,
              hangUp: false,
              pull: watch.sees,
              push: refers && hasDesk,
            }
          : undefined,
      pushToAlternative: refers && (this.#keptOf(userId).alternativeNumber ?? null) !== null,
    };
  }

  settings(userId: UserId): LineSettings | undefined {
    const entry = this.#entries.get(userId);
    if (entry === undefined || this.#pbx === undefined) return undefined;
    const { line, messages } = entry;
    return settingsOf(line, this.#pbx.codes, this.#keptOf(userId), isAlone(entry), messages);
  }

  async change(userId: UserId, change: SettingsChange): Promise<LineSettings> {
    const entry = this.#entries.get(userId);
    if (entry === undefined || this.#pbx === undefined) throw new OffhookError('no_line');
    const steps = stepsOf(entry.line, this.#pbx.codes, isAlone(entry), change);
    try {
      for (const { dial, kept } of steps) {
        if (dial !== undefined) await this.#dialler.dial(this.#lineOf(userId), dial);
        entry.changed = merge(entry.changed, kept);
      }
    } finally {
      // Also where only the first steps were accepted.
      this.#tellSettings(userId);
      this.#options.events.onAbilities(userId);
    }
    const settings = this.settings(userId);
    if (settings === undefined) throw new OffhookError('no_line');
    return settings;
  }

  admit(userId: UserId, situation: Admission): Admitted {
    const entry = this.#entries.get(userId);
    if (entry === undefined || this.#pbx === undefined) return { kind: 'ring' };
    if (entry.refused.has(situation.number)) return { kind: 'refuse', status: 480 };
    const { codes, alternativeAfterSeconds } = this.#pbx;
    const { line } = entry;
    const kept = this.#keptOf(userId);
    return admit({ line, codes, kept, alone: isAlone(entry), alternativeAfterSeconds }, situation);
  }

  onSip(event: EndpointEvent): boolean {
    if (event.type === 'subscription.changed' || event.type === 'subscription.notified') {
      const probe = this.#subscriptions.get(event.subscription);
      if (probe === undefined) return false;
      if (event.type === 'subscription.changed' && event.state.name === 'ended') {
        this.#subscriptions.delete(event.subscription);
      }
      probe.onEvent(event);
      return true;
    }
    if (event.type === 'request') return this.#onRequest(event);
    if (this.#dialler.onSip(event)) return true;
    this.#own.note(event, this.#options.clock.now().at);
    if (event.type === 'session.ended' || event.type === 'session.incoming') this.#review();
    return false;
  }

  lineChanged(userId: UserId, registered: boolean): void {
    if (!registered) return;
    const spread = Math.min(SPREAD_CAP, SPREAD_PER_LINE * this.#entries.size);
    this.#entries.get(userId)?.watch.start(spread);
  }

  stop(): void {
    for (const { watch } of this.#entries.values()) watch.stop();
    this.#entries.clear();
    this.#noRefer?.();
    this.#noRefer = undefined;
    this.#dialler.stop();
  }

  #add(line: LineConfig): void {
    const { sip, clock, random, events, lines } = this.#options;
    const { userId } = line;
    const entry: Entry = {
      line,
      kept: line.kept,
      changed: {},
      messages: { waiting: false },
      hasOther: false,
      refused: new Map(),
      watch: new LineWatch({
        sip,
        clock,
        random,
        line: () => lines.ofUser(userId),
        isOwnCall: (callId) => this.#isOwn(callId),
        onDevices: (report) => {
          const hasDesk = report.connections.some(({ place }) => place === 'desk_phone');
          if (hasDesk && !entry.hasOther) {
            entry.hasOther = true;
            this.#tellSettings(userId);
            events.onAbilities(userId);
          }
          events.onDevices(userId, report);
        },
        onMessages: (messages) => {
          entry.messages = messages;
          this.#tellSettings(userId);
        },
        onSight: () => {
          events.onAbilities(userId);
        },
        onSubscription: (subscription, probe) => {
          this.#subscriptions.set(subscription, probe);
        },
      }),
    };
    this.#entries.set(userId, entry);
  }

  /** NOTIFY of the mailbox that nobody has subscribed to, as many a PBX sends it. */
  #onRequest({ request, requestId }: Extract<EndpointEvent, { type: 'request' }>): boolean {
    if (request.method !== 'NOTIFY' || eventOf(request)?.package !== 'message-summary') return false;
    const user = parseSipUri(request.uri)?.user;
    const entry = [...this.#entries.values()].find(
      ({ line }) => user !== undefined && (line.lineId === user || line.number === user),
    );
    this.#respond(requestId, entry === undefined ? 404 : 200);
    entry?.watch.onSummary({ contentType: 'application/simple-message-summary', bytes: request.body });
    return true;
  }

  #respond(requestId: ServerRequestId, status: number): void {
    this.#options.sip.run((endpoint, now) => {
      endpoint.respond(requestId, status, now);
    });
  }

  /** The legs are asked for what has had no answer yet; they hear of their own end only after the platform. */
  #isOwn(callId: string): boolean {
    const { at } = this.#options.clock.now();
    if (this.#own.has(callId, at)) return true;
    return !this.#own.hasLeft(callId, at) && this.#options.isOwnLeg?.(callId) === true;
  }

  #review(): void {
    for (const { watch } of this.#entries.values()) watch.review();
  }

  #refuse(userId: UserId, number: string): { readonly done: () => void } {
    const refused = this.#entries.get(userId)?.refused ?? new Map<string, number>();
    refused.set(number, (refused.get(number) ?? 0) + 1);
    return {
      done: () => {
        const left = (refused.get(number) ?? 1) - 1;
        if (left > 0) refused.set(number, left);
        else refused.delete(number);
      },
    };
  }

  #keptOf(userId: UserId): KeptSettings {
    const entry = this.#entries.get(userId);
    return entry === undefined ? {} : merge(entry.kept, entry.changed);
  }

  #tellAbilities(): void {
    for (const userId of this.#entries.keys()) this.#options.events.onAbilities(userId);
  }

  #tellSettings(userId: UserId): void {
    const settings = this.settings(userId);
    if (settings !== undefined) this.#options.events.onSettings(userId, settings);
  }

  #lineOf(userId: UserId): LineOfUser {
    const line = this.#options.lines.ofUser(userId);
    if (line === undefined) throw new OffhookError('no_line');
    return line;
  }
}

/** Whether the connector's line is the only device that rings for the user, as far as is known. */
const isAlone = ({ line, hasOther }: Entry): boolean =>
  !hasOther && line.mainNumber === undefined && line.deskPhone === undefined;

const mainOf = (line: LineConfig): string => `${line.number} ${line.mainNumber ?? ''}`;
