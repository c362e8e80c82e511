import { OffhookError, type LineId } from '@offhook/contract';
import { SipUsageError, type Body, type EndpointEvent, type SessionId } from '@offhook/sip';
import type { SipDriver } from '../../calls/leg-sip.ts';
import { inviteOf, uriOf } from '../../calls/invites.ts';
import type { LineOfUser } from '../../calls/lines.ts';
import type { Clock } from '../../clock.ts';

/** Milliseconds in which the PBX must have said something final, or begun to speak. */
const ANSWER_TIME = 10_000;
/** Milliseconds of an announcement before the answer (18x with a description) that count as one. */
const ANNOUNCEMENT = 3_000;
/** Milliseconds that the PBX has to hang up after it has answered; some act on a code only then. */
const TONE = 2_000;
/** Codes of one line that may wait for each other. */
const MOST_WAITING = 8;

/** Voice in neither direction: nobody listens to the tone. Codecs that every PBX knows (RFC 3551). */
const OFFER: Body = {
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(
    [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      'm=audio 9 RTP/AVP 8 0 101',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=inactive',
      '',
    ].join('\r\n'),
  ),
};

interface Dialling {
  readonly session: SessionId;
  readonly resolve: () => void;
  readonly reject: (error: OffhookError) => void;
  cancel: () => void;
  /** The PBX has accepted the code; what is left is to hang up. */
  accepted: boolean;
}

/**
 * Feature codes: each is a short call of the line to what the code dials.
 *
 * ```
 *   INVITE ── 2xx ─────────────────────────────► accepted ── BYE, theirs or after 2 s ours
 *     │ └──── 18x with a description, 3 s ─────► accepted ── CANCEL
 *     ├── 3xx–6xx ► feature_refused
 *     └── 10 s without a word ► timeout
 * ```
 */
export class FeatureDialler {
  readonly #sip: SipDriver;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #bySession = new Map<SessionId, Dialling>();
  readonly #queues = new Map<LineId, { waiting: number; last: Promise<unknown> }>();

  constructor(sip: SipDriver, clock: Clock, newId: () => string) {
    this.#sip = sip;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** One after the other for each line. Rejects with `feature_refused`, `timeout`, `line_not_registered`, `queue_full`. */
  async dial(line: LineOfUser, code: string): Promise<void> {
    const { lineId } = line.line;
    const queue = this.#queues.get(lineId) ?? { waiting: 0, last: Promise.resolve() };
    if (queue.waiting >= MOST_WAITING) throw new OffhookError('queue_full');
    this.#queues.set(lineId, queue);
    queue.waiting += 1;
    const turn = queue.last.then(() => this.#dial(line, code));
    queue.last = turn.catch(() => undefined);
    try {
      await turn;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(lineId);
    }
  }

  /** @returns whether the event was of such a call */
  onSip(event: EndpointEvent): boolean {
    if (!('session' in event)) return false;
    const dialling = this.#bySession.get(event.session);
    if (dialling === undefined) return false;
    switch (event.type) {
      case 'session.progress':
        if (event.body !== undefined) this.#announced(dialling);
        break;
      case 'session.accepted':
        this.#accept(dialling);
        dialling.cancel = this.#clock.after(TONE, () => {
          this.#end(dialling);
        });
        break;
      case 'session.ended':
        this.#over(dialling, event);
        break;
      case 'session.reoffer':
        this.#run((endpoint, now) => {
          endpoint.refuseOffer(event.session, 488, now);
        });
        break;
      case 'session.request':
        this.#run((endpoint, now) => {
          endpoint.respond(event.requestId, 405, now);
        });
        break;
      case 'session.incoming':
      case 'session.early_confirmed':
      case 'session.redirected':
      case 'session.confirmed':
      case 'session.reoffer_result':
        break;
    }
    return true;
  }

  /** Gives up what is under way. */
  stop(): void {
    for (const dialling of this.#bySession.values()) {
      dialling.cancel();
      dialling.reject(new OffhookError('unavailable'));
      this.#end(dialling);
    }
    this.#bySession.clear();
  }

  #dial(line: LineOfUser, code: string): Promise<void> {
    if (!line.registered) return Promise.reject(new OffhookError('line_not_registered'));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    try {
      this.#sip.run((endpoint, now) => {
        const to = uriOf(line, code);
        const invite = inviteOf(line, { to, sipCallId: this.#newId(), offer: OFFER });
        const session = endpoint.invite({ ...invite, answerTimeout: ANSWER_TIME }, now);
        this.#bySession.set(session, { session, resolve, reject, accepted: false, cancel: () => {} });
      });
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
      reject(new OffhookError('feature_refused', { cause: error }));
    }
    return promise;
  }

  #announced(dialling: Dialling): void {
    dialling.cancel();
    dialling.cancel = this.#clock.after(ANNOUNCEMENT, () => {
      this.#accept(dialling);
      this.#end(dialling);
    });
  }

  #accept(dialling: Dialling): void {
    dialling.cancel();
    dialling.accepted = true;
    dialling.resolve();
  }

  #over(dialling: Dialling, { end }: Extract<EndpointEvent, { type: 'session.ended' }>): void {
    dialling.cancel();
    this.#bySession.delete(dialling.session);
    if (dialling.accepted) return;
    if (end.by === 'refused') {
      const { status, reason } = end.response;
      const said = `${String(status)} ${reason.slice(0, 100)}`.trim();
      dialling.reject(
        new OffhookError('feature_refused', { message: `Your telephone system refused this: ${said}.` }),
      );
    } else dialling.reject(new OffhookError(end.by === 'timeout' ? 'timeout' : 'feature_refused'));
  }

  #end({ session }: Dialling): void {
    this.#run((endpoint, now) => {
      endpoint.end(session, now);
    });
  }

  #run(command: Parameters<SipDriver['run']>[0]): void {
    try {
      this.#sip.run(command);
    } catch (error) {
      // It has ended with its event still on the way.
      if (!(error instanceof SipUsageError)) throw error;
    }
  }
}
