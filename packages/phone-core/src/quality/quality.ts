import {
  OffhookError,
  ReportId,
  type CallId,
  type CallRating,
  type QualityReceipt,
  type QualityReport,
  type RatingReason,
} from '@offhook/contract';
import type { Cancel, Clock, Log, VoiceStats } from '../ports.ts';
import { cloudTime, isMuted } from '../state/selectors.ts';
import type { CallQuality, KnownCall, PhoneState } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';
import { measuresBetween } from './measures.ts';
import { wouldAsk } from './rating.ts';
import { estimateOf, nothingYet, summaryOf, wasPoor, withLook, type Running } from './summary.ts';
import { judge, LOOK_EVERY_MS, noJudgement, verdictOf, type Judgement, type TroubleKind } from './verdict.ts';

export interface QualityPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly log: Log;
}

/** What the quality of calls needs of the rest of the phone. */
export interface QualitySources {
  readonly stats: (callId: CallId) => Promise<VoiceStats | undefined>;
  readonly report: (report: QualityReport) => Promise<QualityReceipt>;
  readonly rate: (rating: CallRating) => Promise<void>;
}

interface Watched {
  before: VoiceStats | undefined;
  judgement: Judgement;
  running: Running;
  looking: boolean;
}

/** Reports that wait for the cloud; older ones give way. */
const WAITING = 20;
/** Fewer looks say nothing: 6 s. */
const ENOUGH_LOOKS = 3;

/**
 * Looks at the voice of each call that talks at this window, every two seconds, and at nothing while there is none. When a
 * call is over here, it is told to the cloud in a few numbers, and the person is perhaps asked.
 */
export class QualityWatch {
  readonly #ports: QualityPorts;
  readonly #store: PhoneStore;
  readonly #sources: QualitySources;
  readonly #calls = new Map<CallId, Watched>();
  readonly #unsubscribe: () => void;
  #waiting: {
    readonly report: QualityReport;
    readonly call: KnownCall;
    readonly troubles: readonly TroubleKind[];
  }[] = [];
  #telling = false;
  #timer: Cancel | undefined;

  constructor(ports: QualityPorts, store: PhoneStore, sources: QualitySources) {
    this.#ports = ports;
    this.#store = store;
    this.#sources = sources;
    this.#unsubscribe = store.subscribe((state, before) => {
      if (state.calls !== before.calls || state.voices !== before.voices) this.#follow(state);
      // A question about the last call would be in the way of the next.
      if (state.rating !== undefined && state.calls.some((call) => call.state.name !== 'ended'))
        this.dismissRating();
    });
  }

  /** The cloud can be told again what it could not be told. */
  online(): void {
    void this.#tell();
  }

  /** Nobody's calls are told in the name of somebody else. */
  forget(): void {
    this.#waiting = [];
    this.#calls.clear();
    this.#timer?.();
    this.#timer = undefined;
  }

  /** Does not reject: an opinion that cannot be told is not worth bothering anybody. */
  async rate(stars: number, reasons: readonly RatingReason[]): Promise<void> {
    const { rating } = this.#store.getState();
    if (rating === undefined) return;
    this.dismissRating();
    try {
      await this.#sources.rate({ reportId: rating.reportId, stars, reasons: [...reasons] });
    } catch (thrown) {
      this.#ports.log('info', 'rating.lost', { code: OffhookError.from(thrown).code });
    }
  }

  dismissRating(): void {
    this.#store.setState({ rating: undefined });
  }

  close(): void {
    this.#unsubscribe();
    this.forget();
  }

  #follow(state: PhoneState): void {
    const here = new Map(state.calls.filter(isMeasured).map((call) => [call.callId, call]));
    for (const callId of here.keys()) {
      if (this.#calls.has(callId) || state.voices[callId]?.path !== 'flowing') continue;
      this.#calls.set(callId, {
        before: undefined,
        judgement: noJudgement,
        running: nothingYet,
        looking: false,
      });
    }
    for (const callId of this.#calls.keys()) if (!here.has(callId)) this.#over(callId, state);
    if (this.#calls.size > 0) this.#timer ??= this.#ports.clock.after(LOOK_EVERY_MS, () => this.#look());
    else {
      this.#timer?.();
      this.#timer = undefined;
    }
  }

  #look(): void {
    this.#timer = this.#ports.clock.after(LOOK_EVERY_MS, () => this.#look());
    for (const [callId, watched] of this.#calls) void this.#lookAt(callId, watched);
  }

  async #lookAt(callId: CallId, watched: Watched): Promise<void> {
    if (watched.looking) return;
    watched.looking = true;
    const now = await this.#sources.stats(callId);
    watched.looking = false;
    const state = this.#store.getState();
    const call = state.calls.find((one) => one.callId === callId);
    if (now === undefined || call === undefined || this.#calls.get(callId) !== watched) return;
    const { before } = watched;
    watched.before = now;
    const measures = before && measuresBetween(before, now);
    if (measures === undefined) return;
    const held = call.state.name !== 'connected' || call.state.heldByRemote;
    watched.judgement = judge(watched.judgement, measures, { muted: isMuted(state, call), held });
    const verdict = verdictOf(watched.judgement);
    if (!held) watched.running = withLook(watched.running, measures, verdict);
    this.#show(callId, { verdict, measures, estimate: estimateOf(measures) });
  }

  #show(callId: CallId, quality: CallQuality | undefined): void {
    this.#store.setState((state) => {
      const { [callId]: former, ...others } = state.quality;
      if (former === undefined && quality === undefined) return state;
      if (former !== undefined && quality !== undefined && former.verdict !== quality.verdict) {
        this.#ports.log('info', 'quality.changed', { verdict: quality.verdict });
      }
      return { ...state, quality: quality === undefined ? others : { ...others, [callId]: quality } };
    });
  }

  /** It ended, or goes on at another device. */
  #over(callId: CallId, state: PhoneState): void {
    const watched = this.#calls.get(callId);
    this.#calls.delete(callId);
    this.#show(callId, undefined);
    const call = state.calls.find((one) => one.callId === callId);
    if (watched === undefined || call === undefined || watched.running.looks < ENOUGH_LOOKS) return;
    const summary = summaryOf(watched.running);
    const poor = wasPoor(watched.running);
    const ended = call.state.name === 'ended';
    const report: QualityReport = {
      reportId: ReportId.parse(this.#ports.newId()),
      callId,
      endedAt: Math.max(0, Math.round(cloudTime(state, this.#ports.clock.now()))),
      summary,
      wouldAsk: ended && wouldAsk({ seconds: summary.seconds, poor }, this.#ports.random()),
    };
    const troubles = Object.keys(watched.running.troubles) as TroubleKind[];
    this.#waiting = [...this.#waiting, { report, call, troubles }].slice(-WAITING);
    void this.#tell();
  }

  async #tell(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    let told = this.#waiting[0];
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        told = next;
        const { report, call, troubles } = next;
        // In their order: the next is told once this one is.
        // oxlint-disable-next-line no-await-in-loop
        const { ask } = await this.#sources.report(report);
        // Somebody else has signed in meanwhile: nothing is asked of them about it.
        if (!this.#waiting.includes(next)) return;
        this.#waiting = this.#waiting.filter((one) => one !== next);
        const busy = this.#store.getState().calls.some((one) => one.state.name !== 'ended');
        if (ask && !busy) {
          this.#store.setState({ rating: { reportId: report.reportId, remote: call.remote, troubles } });
        }
      }
    } catch (thrown) {
      const { code } = OffhookError.from(thrown);
      this.#ports.log('info', 'quality.not_told', { code });
      // What the cloud does not want will not be wanted later either.
      if (!later.has(code)) this.#waiting = this.#waiting.filter((one) => one !== told);
    } finally {
      this.#telling = false;
    }
  }
}

/** Worth telling again. */
const later: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'rate_limited']);

function isMeasured(call: KnownCall): boolean {
  return call.position === 'here' && (call.state.name === 'connected' || call.state.name === 'held');
}
