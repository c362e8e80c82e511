import type { MessageSummary } from '@offhook/sip';
import type { FeatureCodes } from '../config/exchange.ts';
import type { ForwardingType } from '../switch/api.ts';

/** The lamps of a phone: what it has set itself by feature codes, and its mailbox. */
export interface Indicators {
  readonly doNotDisturb: boolean;
  readonly forwarding: Readonly<Partial<Record<ForwardingType, string>>>;
  readonly messages: number;
}

export class IndicatorLamps {
  #doNotDisturb = false;
  #messages = 0;
  readonly #forwarding = new Map<ForwardingType, string>();

  get view(): Indicators {
    return {
      doNotDisturb: this.#doNotDisturb,
      forwarding: Object.fromEntries(this.#forwarding),
      messages: this.#messages,
    };
  }

  doNotDisturb(on: boolean): void {
    this.#doNotDisturb = on;
  }

  forwarding(type: ForwardingType, to: string | undefined): void {
    if (to === undefined) this.#forwarding.delete(type);
    else this.#forwarding.set(type, to);
  }

  messages(summary: MessageSummary | undefined): void {
    this.#messages = summary?.counts.voice?.new ?? 0;
  }
}

export function forwardCode(codes: FeatureCodes, type: ForwardingType, to: string | undefined): string {
  switch (type) {
    case 'immediate':
      return to === undefined ? codes.forwardImmediateOff : `${codes.forwardImmediate}${to}`;
    case 'busy':
      return to === undefined ? codes.forwardBusyOff : `${codes.forwardBusy}${to}`;
    case 'noAnswer':
      return to === undefined ? codes.forwardNoAnswerOff : `${codes.forwardNoAnswer}${to}`;
    default:
      return type satisfies never;
  }
}
