import type { Millis } from '../endpoint/api.ts';
import { assertStatus } from '../endpoint/errors.ts';
import type { NotifierOptions } from './notifier.ts';
import { Notifier } from './notifier.ts';
import type { ReportedStatus } from './sipfrag.ts';
import { formatSipfrag } from './sipfrag.ts';

/** Seconds for which we report; a subscriber that wants more may ask for it (RFC 3515 section 2.4.4). */
const usualLifetime = 180;
const lifetimes = { most: 600, least: 1 } as const;

export interface ReferrerOptions extends Omit<
  NotifierOptions,
  'event' | 'isOurs' | 'isPending' | 'lifetimes' | 'onWanted'
> {
  /** CSeq number of the REFER. */
  readonly sequence: number;
  /** It has made its dialog. */
  readonly isFirst: boolean;
}

/**
 * A REFER of somebody else, after its 2xx: a {@link Notifier} whose subscription was implicit and whose state is the status
 * of the referred request (RFC 3515 section 2.4).
 *
 * ```
 *   100 Trying ──report 1xx──► … ──report 200–699: the last NOTIFY, reason noresource──► gone
 *        └──── its time is over, the other side unsubscribes or is gone ──► gone
 * ```
 *
 * Event has the CSeq number of the REFER as id (section 2.4.6), but for a REFER that has made its dialog: nobody but its
 * sender knows whether one that came inside a dialog was the first, because an earlier one may still be on its way.
 */
export class Referrer {
  readonly #notifier: Notifier;
  #newest: ReportedStatus = { status: 100, reason: 'Trying' };

  constructor(options: ReferrerOptions, now: Millis) {
    const { sequence, isFirst, ...rest } = options;
    const id = String(sequence);
    this.#notifier = new Notifier(
      {
        ...rest,
        event: { package: 'refer', ...(!isFirst && { id }) },
        isOurs: (event) => event.package === 'refer' && (event.id ?? id) === id,
        isPending: false,
        lifetimes,
        onWanted: (at) => this.#notify(at),
      },
      usualLifetime,
      now,
    );
    this.#notify(now);
  }

  /** A final status is the last; what comes after it, or after the subscription's end, goes nowhere. */
  report(status: number, reason: string | undefined, now: Millis): void {
    assertStatus(status, 100, 699, 'status of SIP');
    if (!this.#notifier.isOpen) return;
    if (status >= 200) this.#notifier.end({ reason: 'noresource' }, formatSipfrag(status, reason), now);
    else {
      this.#newest = { status, reason: reason ?? '' };
      this.#notify(now);
    }
  }

  #notify(now: Millis): void {
    const { status, reason } = this.#newest;
    this.#notifier.notify(formatSipfrag(status, reason === '' ? undefined : reason), now);
  }
}
