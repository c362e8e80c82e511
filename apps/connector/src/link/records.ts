import { Limits, OffhookError, type CallRecord, type RecordId } from '@offhook/contract';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Spool } from '../spool/spool.ts';
import { backoff, SOON } from './backoff.ts';
import type { CloudLink } from './link.ts';

/** Answers `internal` in a row after which it is not the moment, but a record in the batch, that the cloud fails at. */
const INTERNAL_LIMIT = 3;
/** Milliseconds until a record that was set aside is tried again; a new link tries it, too. */
const ASIDE = 600_000;

/**
 * Sends what is in the spool while the link is up. A record leaves the spool when the cloud has said that it has it, or
 * will never take it. One at which the cloud fails again and again is set aside: it stays in the spool, the others go on.
 */
export class RecordSender {
  readonly #link: Pick<CloudLink, 'request' | 'up'>;
  readonly #spool: Pick<Spool, 'next' | 'remove'>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #log: Log;
  #sending = false;
  /** One at a time after the cloud has refused to read a batch, so that one bad record does not hold up the others. */
  #batch: number = Limits.recordsPerAppend;
  #attempt = 0;
  #internalsInARow = 0;
  readonly #aside = new Set<RecordId>();
  #cancelAside: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(options: {
    link: Pick<CloudLink, 'request' | 'up'>;
    spool: Pick<Spool, 'next' | 'remove'>;
    clock: Clock;
    random: () => number;
    log: Log;
  }) {
    this.#link = options.link;
    this.#spool = options.spool;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#log = options.log;
  }

  /** Records at which the cloud fails, still in the spool. */
  get aside(): number {
    return this.#aside.size;
  }

  /** There may be something to send: a new record, or the link is up. */
  wake(): void {
    if (!this.#sending && this.#cancelRetry === undefined) void this.#send();
  }

  /** The link is down. */
  pause(): void {
    this.#attempt = 0;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#internalsInARow = 0;
    this.#batch = Limits.recordsPerAppend;
    this.#takeBack();
  }

  #takeBack(): void {
    this.#aside.clear();
    this.#cancelAside?.();
    this.#cancelAside = undefined;
  }

  async #send(): Promise<void> {
    this.#sending = true;
    try {
      for (let progress = true; progress && this.#link.up;) {
        const records = fitting(this.#spool.next(this.#batch, this.#aside));
        if (records.length === 0) break;
        const { accepted, refused } = await this.#append(records);
        if (refused.length > 0)
          this.#log.warn({ recordIds: refused }, 'the cloud refused call records for good');
        this.#spool.remove([...accepted, ...refused]);
        progress = accepted.length + refused.length > 0;
        this.#internalsInARow = 0;
        if (progress) this.#attempt = 0;
        else this.#retryLater();
      }
      this.#batch = Limits.recordsPerAppend;
    } catch (thrown) {
      const error = OffhookError.from(thrown);
      this.#log.warn(
        { code: error.code, reason: error.message, err: error.cause },
        'call records not sent yet',
      );
      if (this.#link.up) this.#retryLater();
    } finally {
      this.#sending = false;
    }
  }

  async #append(records: CallRecord[]): Promise<{ accepted: RecordId[]; refused: RecordId[] }> {
    try {
      return await this.#link.request('records.append', { records });
    } catch (thrown) {
      const { code } = OffhookError.from(thrown);
      if (code === 'internal') this.#onInternal(records);
      if (code !== 'bad_request' && code !== 'too_large') throw thrown;
      const [first] = records;
      if (records.length > 1 || first === undefined) {
        this.#batch = 1;
        return await this.#append(records.slice(0, 1));
      }
      this.#log.error({ record: first }, 'the cloud does not understand this call record: given up');
      return { accepted: [], refused: [first.recordId] };
    }
  }

  #onInternal(records: readonly CallRecord[]): void {
    this.#internalsInARow += 1;
    if (this.#internalsInARow < INTERNAL_LIMIT) return;
    this.#internalsInARow = 0;
    const [first] = records;
    if (records.length > 1 || first === undefined) {
      this.#batch = 1;
      return;
    }
    this.#batch = Limits.recordsPerAppend;
    this.#aside.add(first.recordId);
    this.#log.error(
      { recordId: first.recordId, callId: first.callId },
      'the cloud fails at this call record: set aside in the spool',
    );
    this.#cancelAside ??= this.#clock.after(ASIDE, () => {
      this.#takeBack();
      this.wake();
    });
  }

  #retryLater(): void {
    const delay = backoff(this.#attempt, this.#random(), SOON);
    this.#attempt += 1;
    this.#cancelRetry = this.#clock.after(delay, () => {
      this.#cancelRetry = undefined;
      this.wake();
    });
  }
}

/** As many as go well into one frame, and one in any case: conferences make long records. */
function fitting(records: readonly CallRecord[]): CallRecord[] {
  let bytes = 0;
  return records.filter((record, index) => {
    bytes += Buffer.byteLength(JSON.stringify(record));
    return index === 0 || bytes <= Limits.frameBytes / 2;
  });
}
