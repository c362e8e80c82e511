import { FrameDecoder } from '@offhook/csta';

/** One message on a link, for trace views and debug logs. It holds what people dial. */
export interface CstaTrace {
  readonly direction: 'in' | 'out';
  readonly invokeId: number;
  readonly document: Uint8Array;
}

/** Takes apart what goes by, where somebody wants to see it. */
export class Tracer {
  readonly #onTrace: ((trace: CstaTrace) => void) | undefined;
  #incoming = new FrameDecoder();

  constructor(onTrace: ((trace: CstaTrace) => void) | undefined) {
    this.#onTrace = onTrace;
  }

  reset(): void {
    this.#incoming = new FrameDecoder();
  }

  in(octets: Uint8Array): void {
    this.#tell('in', this.#incoming, octets);
  }

  out(octets: Uint8Array): void {
    this.#tell('out', new FrameDecoder(), octets);
  }

  #tell(direction: CstaTrace['direction'], decoder: FrameDecoder, octets: Uint8Array): void {
    if (this.#onTrace === undefined) return;
    for (const outcome of decoder.push(octets)) {
      if (outcome.kind === 'fault') continue;
      const { invokeId, document } = outcome;
      this.#onTrace({ direction, invokeId, document });
    }
  }
}
