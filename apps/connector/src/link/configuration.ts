import { OffhookError, type LineConfig } from '@offhook/contract';
import type { Clock } from '../clock.ts';
import type { ConnectorConfig } from '../lines/lines.ts';
import type { Log } from '../log.ts';
import { backoff, SOON } from './backoff.ts';
import type { CloudLink } from './link.ts';

/** A configuration larger than this many pages is not believed. */
const MAX_PAGES = 200;

type Ask = Pick<CloudLink, 'request' | 'up'>;

/** All pages of one revision; the pages of a configuration that changes meanwhile do not fit together. */
export async function fetchConfiguration(link: Ask): Promise<ConnectorConfig> {
  const lines: LineConfig[] = [];
  let page = await link.request('config.get', {});
  const { revision, pbx } = page;
  lines.push(...page.lines);
  for (let pages = 1; page.next !== undefined; pages += 1) {
    if (pages >= MAX_PAGES) throw new OffhookError('too_large');
    page = await link.request('config.get', { cursor: page.next });
    if (page.revision !== revision) throw new OffhookError('conflict');
    lines.push(...page.lines);
  }
  return { revision, pbx, lines };
}

/**
 * Keeps the configuration: fetched after each welcome and when it has changed, one fetch at a time. While the cloud is
 * away the last one stays, in memory only, for it holds passwords.
 */
export class Configuration {
  readonly #link: Ask;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #log: Log;
  readonly #apply: (config: ConnectorConfig) => void;
  #revision: number | undefined;
  /** The least revision that is worth having; `undefined` when nothing is to be fetched. */
  #wanted: number | undefined;
  #fetching = false;
  #attempt = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(options: {
    link: Ask;
    clock: Clock;
    random: () => number;
    log: Log;
    apply: (config: ConnectorConfig) => void;
  }) {
    this.#link = options.link;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#log = options.log;
    this.#apply = options.apply;
  }

  /** Of the configuration that is in force; `undefined` before the first. */
  get revision(): number | undefined {
    return this.#revision;
  }

  /** After welcome. A restored cloud may have gone back in time, so whatever it has now counts. */
  refresh(): void {
    this.#want(0);
  }

  changed(revision: number): void {
    if (revision !== this.#revision) this.#want(revision);
  }

  /** The link is down: nothing can be fetched. */
  pause(): void {
    this.#wanted = undefined;
    this.#attempt = 0;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  #want(revision: number): void {
    this.#wanted = Math.max(this.#wanted ?? 0, revision);
    if (!this.#fetching) void this.#fetch();
  }

  async #fetch(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#fetching = true;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    try {
      const config = await fetchConfiguration(this.#link);
      this.#attempt = 0;
      if (config.revision !== this.#revision) {
        this.#log.info({ revision: config.revision, lines: config.lines.length }, 'configuration');
        this.#revision = config.revision;
        this.#apply(config);
      }
    } catch (thrown) {
      const error = OffhookError.from(thrown);
      if (this.#link.up) {
        this.#log.warn({ code: error.code, reason: error.message, err: error.cause }, 'no configuration yet');
        this.#wanted = Math.max(this.#wanted ?? 0, wanted ?? 0);
        this.#retryLater();
      }
    } finally {
      this.#fetching = false;
    }
    // Changed while it was being fetched.
    if (this.#wanted !== undefined && this.#cancelRetry === undefined && this.#link.up) void this.#fetch();
  }

  #retryLater(): void {
    const delay = backoff(this.#attempt, this.#random(), SOON);
    this.#attempt += 1;
    this.#cancelRetry = this.#clock.after(delay, () => {
      void this.#fetch();
    });
  }
}
