import type { CstaErrorCode, CstaEvent, CstaResponse } from '@offhook/csta';
import { eventInvokeId } from '@offhook/csta';
import type { DeskEffect, LinkId, Millis } from './desk-api.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { RequestFault } from './faults/rules.ts';
import { wrongFrame } from './faults/wrong-frames.ts';
import { Timetable } from './timetable.ts';

/** What a request came to. */
export type Reply =
  | { readonly ok: true; readonly response: CstaResponse }
  | { readonly ok: false; readonly code: CstaErrorCode };

export interface Slip {
  readonly link: LinkId;
  readonly invokeId: number;
}

type Late =
  | { readonly kind: 'reply'; readonly slip: Slip; readonly reply: Reply }
  | { readonly kind: 'event'; readonly link: LinkId; readonly event: CstaEvent }
  /** Waits for the event that shall go before it. */
  | { readonly kind: 'overtaken'; readonly link: LinkId; readonly event: CstaEvent };

/** An event that shall come after the next one, where there is no next one. */
const OVERTAKEN_MS = 1000;
/** Beyond, what shall be late goes at once. */
const MOST_LATE = 10_000;

/** Sends answers and events, as they should be or as the faults want them: late, twice, never, out of order. */
export class Post {
  readonly #faults: FaultPlan;
  readonly #push: (effect: DeskEffect) => void;
  readonly #late = new Timetable<Late>();

  constructor(faults: FaultPlan, push: (effect: DeskEffect) => void) {
    this.#faults = faults;
    this.#push = push;
  }

  deadline(): Millis | undefined {
    return this.#late.deadline();
  }

  tick(now: Millis): void {
    for (const late of this.#late.takeDue(now)) this.#send(late);
  }

  drop(link: LinkId): void {
    this.#late.take((late) => (late.kind === 'reply' ? late.slip.link : late.link) === link);
  }

  /** The answer to a request that was carried out, with what shall go wrong about it. */
  reply(slip: Slip, reply: Reply, fault: RequestFault | undefined, now: Millis): void {
    const { link, invokeId } = slip;
    switch (fault?.kind) {
      case undefined:
      case 'false_success':
        this.#answer(slip, reply);
        return;
      case 'late_answer':
        this.#later(now + fault.ms, { kind: 'reply', slip, reply });
        return;
      case 'duplicated_answer':
        this.#answer(slip, reply);
        this.#push({ kind: 'message', link, invokeId, message: messageOf(reply) });
        return;
      case 'false_refusal':
        this.#answer(slip, { ok: false, code: fault.code });
        return;
      case 'missing_answer':
        this.#push({ kind: 'abandon', link, invokeId });
        return;
      case 'link_loss':
        this.#push({ kind: 'cut', link });
        return;
      case 'wrong_frame':
        this.#push({ kind: 'abandon', link, invokeId });
        this.#push({ kind: 'octets', link, octets: wrongFrame(fault.shape, invokeId) });
        return;
      case 'silence':
        this.#push({ kind: 'mute', link });
        return;
      default:
        fault satisfies never;
    }
  }

  event(link: LinkId, event: CstaEvent, now: Millis): void {
    const fault = this.#faults.ofEvent(event.name);
    switch (fault?.kind) {
      case undefined:
        break;
      case 'late_event':
        this.#later(now + fault.ms, { kind: 'event', link, event });
        return;
      case 'missing_event':
        return;
      case 'duplicated_event':
        this.#push({ kind: 'event', link, event });
        break;
      case 'reordered_event':
        this.#later(now + OVERTAKEN_MS, { kind: 'overtaken', link, event });
        return;
      case 'link_loss':
        if (fault.when === 'after') this.#push({ kind: 'event', link, event });
        this.#push({ kind: 'cut', link });
        return;
      case 'wrong_frame':
        this.#push({ kind: 'octets', link, octets: wrongFrame(fault.shape, eventInvokeId) });
        return;
      case 'silence':
        this.#push({ kind: 'mute', link });
        return;
      default:
        fault satisfies never;
    }
    this.#push({ kind: 'event', link, event });
    const overtaken = this.#late.take((late) => late.kind === 'overtaken' && late.link === link);
    for (const late of overtaken) this.#send(late);
  }

  #later(at: Millis, late: Late): void {
    if (this.#late.size >= MOST_LATE) this.#send(late);
    else this.#late.add(at, late);
  }

  #send(late: Late): void {
    switch (late.kind) {
      case 'reply':
        this.#answer(late.slip, late.reply);
        return;
      case 'event':
      case 'overtaken':
        this.#push({ kind: 'event', link: late.link, event: late.event });
        return;
      default:
        late satisfies never;
    }
  }

  #answer({ link, invokeId }: Slip, reply: Reply): void {
    if (reply.ok) this.#push({ kind: 'answer', link, invokeId, response: reply.response });
    else this.#push({ kind: 'refuse', link, invokeId, code: reply.code });
  }
}

function messageOf(reply: Reply): Extract<DeskEffect, { kind: 'message' }>['message'] {
  if (reply.ok) return reply.response;
  const detail = reply.code.slice(reply.code.indexOf('.') + 1);
  return { name: 'CSTAErrorCode', error: { code: reply.code, detail } };
}
