import type { DeviceReport } from '@offhook/call-model';
import type { MessageWaiting } from '@offhook/contract';
import {
  DialogInfoTable,
  dialogInfoType,
  messageSummaryType,
  parseDialogInfo,
  parseMessageSummary,
  parseSipUri,
  type Body,
  type DialogEntry,
  type SubscribeParams,
  type SubscriptionId,
} from '@offhook/sip';
import type { SipDriver } from '../../calls/leg-sip.ts';
import { ownUriOf, uriOf } from '../../calls/invites.ts';
import type { LineOfUser } from '../../calls/lines.ts';
import type { Clock } from '../../clock.ts';
import { mainNumberOf } from './codes.ts';
import { callOf, causeOf, nameOf, pairsOf, reportOf, stateOf, type Seen } from './device-report.ts';
import { Probe } from './probe.ts';

export interface LineWatchOptions {
  readonly sip: SipDriver;
  readonly clock: Clock;
  readonly random: () => number;
  readonly line: () => LineOfUser | undefined;
  /** Whether this Call-ID is of one of the connector's own legs. */
  readonly isOwnCall: (callId: string) => boolean;
  readonly onDevices: (report: DeviceReport) => void;
  readonly onMessages: (messages: MessageWaiting) => void;
  /** Whether the devices are seen has changed. */
  readonly onSight: () => void;
  readonly onSubscription: (subscription: SubscriptionId, probe: Probe) => void;
}

/**
 * Seconds of a subscription. No longer than a registration: a PBX that was restarted has forgotten it without a word, and until it is
 * refreshed nobody learns that the calls it told of are over.
 */
const EXPIRES = 600;
/**
 * Milliseconds for which a call that is not answered is held back: NOTIFY of our own leg may come before its INVITE, or
 * before the PBX's first answer; and after our leg was refused, redirected or cancelled, before the PBX tells of its end. Where the PBX
 * tells of our own leg beside it, it is another device's for certain, and is told at once: it may be answered within that time.
 */
const GRACE = 300;

/** What the PBX tells of one line: its dialogs (RFC 4235) and its mailbox (RFC 3842), where it tells of them at all. */
export class LineWatch {
  readonly #options: LineWatchOptions;
  readonly #dialogs: Probe;
  readonly #messages: Probe;
  #table = new DialogInfoTable();
  /** By call; those that are held back are not in it yet. */
  readonly #seen = new Map<string, Seen>();
  readonly #fresh = new Map<string, () => void>();
  /** Calls that were our own legs at the last look. */
  readonly #ours = new Set<string>();
  #told = '[]';

  constructor(options: LineWatchOptions) {
    this.#options = options;
    this.#dialogs = this.#probe('dialog', dialogInfoType, {
      onPresence: (present) => {
        if (!present) this.#forget();
        options.onSight();
      },
      onBody: (body) => {
        this.#onDialogs(body);
      },
    });
    this.#messages = this.#probe('message-summary', messageSummaryType, {
      onPresence: () => {},
      onBody: (body) => {
        this.onSummary(body);
      },
    });
  }

  /** Whether calls at the user's devices are seen. */
  get sees(): boolean {
    return this.#dialogs.present;
  }

  start(spread: number): void {
    this.#dialogs.start(spread);
    this.#messages.start(spread);
  }

  stop(): void {
    this.#dialogs.stop();
    this.#messages.stop();
  }

  /** What names the dialog of a call, as another party has to name it that takes its place. */
  dialogOf(platformCall: string): DialogEntry | undefined {
    return this.#table.dialogs
      .filter((dialog) => nameOf(dialog, this.#seen) === platformCall && !this.#isOwn(dialog))
      .toSorted((a, b) => Number(b.state === 'confirmed') - Number(a.state === 'confirmed'))[0];
  }

  /** Also for a NOTIFY that nobody has subscribed to. */
  onSummary(body: Body): void {
    const summary = parseMessageSummary(body.bytes);
    if (summary === undefined) return;
    const { voice } = summary.counts;
    this.#options.onMessages({
      waiting: summary.waiting,
      ...(voice === undefined ? {} : { newMessages: voice.new, oldMessages: voice.old }),
    });
  }

  /** Our own legs have changed: what is whose may have, too. */
  review(): void {
    if (this.#table.dialogs.length > 0 || this.#told !== '[]') this.#tell([]);
  }

  #probe(
    event: string,
    accept: string,
    on: { onPresence: (present: boolean) => void; onBody: (body: Body) => void },
  ): Probe {
    const { sip, clock, random, onSubscription } = this.#options;
    const probe: Probe = new Probe({
      sip,
      clock,
      random,
      ...on,
      params: () => this.#params(event, accept),
      onSubscription: (subscription) => {
        onSubscription(subscription, probe);
      },
    });
    return probe;
  }

  #params(event: string, accept: string): SubscribeParams | undefined {
    const line = this.#options.line();
    if (line?.registered !== true) return undefined;
    return {
      to: uriOf(line, mainNumberOf(line.line)),
      from: ownUriOf(line),
      event,
      accept: [accept],
      expires: EXPIRES,
      credentials: line.credentials,
      contactUser: line.line.lineId,
      ...(line.route.length > 0 ? { route: line.route } : line.target && { target: line.target }),
    };
  }

  #forget(): void {
    this.#table = new DialogInfoTable();
    this.#tell([]);
  }

  #onDialogs(body: Body): void {
    const info = parseDialogInfo(body.bytes);
    if (info === undefined || !('dialogs' in info)) return;
    const outcome = this.#table.apply(info);
    if (outcome.kind === 'stale') return;
    this.#tell(outcome.ended);
  }

  #tell(ended: readonly DialogEntry[]): void {
    const now = this.#options.clock.now();
    const { dialogs } = this.#table;
    const calls = new Set(dialogs.map(callOf));
    const names = new Map(ended.map((dialog) => [dialog, nameOf(dialog, this.#seen)]));
    for (const call of this.#seen.keys()) if (!calls.has(call)) this.#seen.delete(call);
    for (const call of this.#ours) if (!calls.has(call)) this.#ours.delete(call);
    for (const [call, cancel] of this.#fresh) {
      if (calls.has(call)) continue;
      cancel();
      this.#fresh.delete(call);
    }
    for (const dialog of dialogs) this.#see(dialog, now.instant);
    this.#pair(dialogs);
    const connections = reportOf(
      dialogs.filter((dialog) => !this.#fresh.has(callOf(dialog))),
      this.#seen,
      (dialog) => this.#isOwn(dialog),
      now.instant,
    );
    const text = JSON.stringify(connections);
    if (text === this.#told) return;
    this.#told = text;
    const gone = ended.flatMap((dialog) => {
      const cause = causeOf(dialog);
      if (cause === undefined) return [];
      const place = this.#isOwn(dialog) ? ('line' as const) : ('desk_phone' as const);
      return [{ place, platformCall: names.get(dialog) ?? callOf(dialog), cause }];
    });
    this.#options.onDevices({ connections, ...(gone.length === 0 ? {} : { gone }) });
  }

  #see(dialog: DialogEntry, now: number): void {
    const call = callOf(dialog);
    const known = this.#seen.get(call);
    const isAnswered = dialog.state === 'confirmed';
    const isOwn = this.#isOwn(dialog);
    const isNew = known === undefined || this.#ours.has(call);
    const isOther = this.#isBesideOurs(dialog);
    if (isNew && !this.#fresh.has(call) && !isAnswered && !isOwn && !isOther) {
      const cancel = this.#options.clock.after(GRACE, () => {
        this.#fresh.delete(call);
        this.#tell([]);
      });
      this.#fresh.set(call, cancel);
    } else if (isAnswered || isOwn || isOther) {
      this.#fresh.get(call)?.();
      this.#fresh.delete(call);
    }
    if (isOwn) this.#ours.add(call);
    else this.#ours.delete(call);
    const age = (dialog.duration ?? 0) * 1_000;
    const answeredAt = known?.answeredAt ?? (isAnswered ? now - age : undefined);
    if (stateOf(dialog) === undefined) return;
    this.#seen.set(call, { ...known, since: known?.since ?? now - age, answeredAt });
  }

  /** Once it is known, it stays so: our leg may go and the desk phone's call goes on. */
  #pair(dialogs: readonly DialogEntry[]): void {
    const line = this.#options.line()?.line;
    const numbers = [line?.number, line?.mainNumber, line?.deskPhone];
    const paired = new Set([...this.#seen.values()].flatMap(({ otherSideOf }) => otherSideOf ?? []));
    const free = dialogs.filter(
      (dialog) => this.#seen.get(callOf(dialog))?.otherSideOf === undefined && !paired.has(callOf(dialog)),
    );
    for (const [desk, own] of pairsOf(
      free,
      (dialog) => this.#isOwn(dialog),
      (number) => numbers.includes(number),
    )) {
      const seen = this.#seen.get(callOf(desk));
      if (seen !== undefined) this.#seen.set(callOf(desk), { ...seen, otherSideOf: callOf(own) });
    }
  }

  /** The same caller rings our leg, and both are known by their Call-IDs. */
  #isBesideOurs({ callId, state, direction, remote }: DialogEntry): boolean {
    if (callId === undefined || state !== 'early' || direction !== 'recipient') return false;
    return this.#table.dialogs.some(
      (other) =>
        other.callId !== callId &&
        other.state === 'early' &&
        other.direction === 'recipient' &&
        other.remote?.identity?.uri === remote?.identity?.uri &&
        this.#isOwn(other),
    );
  }

  /** By the Call-ID; or by the Contact, which is ours alone. */
  #isOwn(dialog: DialogEntry): boolean {
    const lineId = this.#options.line()?.line.lineId;
    const target = parseSipUri(dialog.local?.target?.uri ?? '')?.user;
    if (target !== undefined && target === lineId) return true;
    return dialog.callId !== undefined && this.#options.isOwnCall(dialog.callId);
  }
}
