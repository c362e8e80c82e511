import { headerOctets, mostFrameOctets } from './frames.ts';

export type FrameFaultCode =
  /** The first two octets are not zero. */
  | 'header'
  /** A length that is less than the header's own. */
  | 'length'
  /** Longer than this link takes. */
  | 'too_long'
  /** The invoke id is not four digits. */
  | 'invoke_id'
  /** The stream has ended inside a frame. */
  | 'truncated';

export type FrameOutcome =
  | { readonly kind: 'frame'; readonly invokeId: number; readonly document: Uint8Array }
  /**
   * Where the next frame begins is not known any more: the link has to be closed. It is the last outcome; what comes after it is not
   * looked at.
   */
  | { readonly kind: 'fault'; readonly code: FrameFaultCode; readonly text: string };

type State =
  | { readonly at: 'header'; readonly octets: Uint8Array; readonly filled: number }
  | {
      readonly at: 'document';
      readonly invokeId: number;
      readonly octets: Uint8Array;
      readonly filled: number;
    }
  | { readonly at: 'broken' };

/**
 * Takes a stream in pieces of any size and gives the frames in it. It holds one frame at most, and no octet is copied twice, so that a
 * peer that sends single octets costs no more than their number.
 */
export class FrameDecoder {
  readonly #most: number;
  #state: State = emptyHeader();

  constructor(options: { readonly mostOctets?: number } = {}) {
    this.#most = Math.min(options.mostOctets ?? mostFrameOctets, mostFrameOctets);
  }

  push(piece: Uint8Array): FrameOutcome[] {
    const outcomes: FrameOutcome[] = [];
    let rest = piece;
    while (rest.length > 0 && this.#state.at !== 'broken') {
      const { octets, filled } = this.#state;
      const taken = rest.subarray(0, octets.length - filled);
      octets.set(taken, filled);
      rest = rest.subarray(taken.length);
      this.#state = { ...this.#state, filled: filled + taken.length };
      const outcome = this.#completed();
      if (outcome !== undefined) outcomes.push(outcome);
    }
    return outcomes;
  }

  /** The stream is over: whether in the middle of something. */
  end(): FrameOutcome | undefined {
    const state = this.#state;
    this.#state = { at: 'broken' };
    const isBetween = state.at === 'broken' || (state.at === 'header' && state.filled === 0);
    return isBetween ? undefined : fault('truncated', 'The link ended inside a message');
  }

  #completed(): FrameOutcome | undefined {
    const state = this.#state;
    switch (state.at) {
      case 'broken':
        return undefined;
      case 'header':
        return state.filled < state.octets.length ? undefined : this.#header(state.octets);
      case 'document':
        if (state.filled < state.octets.length) return undefined;
        this.#state = emptyHeader();
        return { kind: 'frame', invokeId: state.invokeId, document: state.octets };
    }
  }

  #header(octets: Uint8Array): FrameOutcome | undefined {
    const [first = 0, second = 0, high = 0, low = 0] = octets;
    const length = high * 256 + low;
    if (first !== 0 || second !== 0) return this.#broken('header', 'The first two octets are not zero');
    if (length < headerOctets) return this.#broken('length', `A length of ${length} octets`);
    if (length > this.#most) {
      return this.#broken('too_long', `${length} octets, where ${this.#most} are taken`);
    }
    const digits = octets.subarray(4, headerOctets);
    if (digits.some((octet) => octet < 0x30 || octet > 0x39)) {
      return this.#broken('invoke_id', 'The invoke id is not four digits');
    }
    const invokeId = digits.reduce((sum, octet) => sum * 10 + octet - 0x30, 0);
    if (length === headerOctets) {
      this.#state = emptyHeader();
      return { kind: 'frame', invokeId, document: new Uint8Array(0) };
    }
    this.#state = {
      at: 'document',
      invokeId,
      octets: new Uint8Array(length - headerOctets),
      filled: 0,
    };
    return undefined;
  }

  #broken(code: FrameFaultCode, text: string): FrameOutcome {
    this.#state = { at: 'broken' };
    return fault(code, text);
  }
}

const emptyHeader = (): State => ({ at: 'header', octets: new Uint8Array(headerOctets), filled: 0 });

const fault = (code: FrameFaultCode, text: string): FrameOutcome => ({ kind: 'fault', code, text });
