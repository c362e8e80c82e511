import { Limits } from '@offhook/contract';

/** Digits that may wait while the connection is slow; what is typed beyond is dropped. */
const MAX_WAITING = Limits.dtmfDigits * 2;

/** Sends digits in the order in which they were pressed, one request at a time. */
export class DtmfQueue {
  readonly #send: (digits: string) => Promise<void>;
  #waiting = '';
  #busy = false;

  /** @param send rejects where the digits could not be sent; those that wait are then dropped too. */
  constructor(send: (digits: string) => Promise<void>) {
    this.#send = send;
  }

  async press(digit: string): Promise<void> {
    if (this.#waiting.length + digit.length > MAX_WAITING) return;
    this.#waiting += digit;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#waiting !== '') {
        const digits = this.#waiting.slice(0, Limits.dtmfDigits);
        this.#waiting = this.#waiting.slice(digits.length);
        // One after the other: the order of the digits is their meaning.
        // oxlint-disable-next-line no-await-in-loop
        await this.#send(digits);
      }
    } finally {
      this.#waiting = '';
      this.#busy = false;
    }
  }
}
