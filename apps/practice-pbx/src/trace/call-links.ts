/** A SIP dialog that carries a connection of a call of the switch. */
export interface CallLink {
  /** Grows by one. */
  readonly number: number;
  /** The Call-ID. */
  readonly sip: string;
  /** The switch's identifier, which is CSTA's, too. */
  readonly call: string;
  readonly from: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const KEPT = 1000;

/** Which Call-IDs belong to which call: the legs of a call have one each, and a transfer puts legs into another call. */
export class CallLinks {
  #links: CallLink[] = [];
  #count = 0;

  learn(link: Omit<CallLink, 'number'>): void {
    if (this.#links.some(({ sip, call }) => sip === link.sip && call === link.call)) return;
    this.#count += 1;
    this.#links.push({ ...link, number: this.#count });
    if (this.#links.length > KEPT) this.#links = this.#links.slice(-KEPT);
  }

  since(number: number): readonly CallLink[] {
    return this.#links.filter((link) => link.number > number);
  }

  /** Every identifier under which messages about this call, or the call with this Call-ID, go. */
  of(id: string): ReadonlySet<string> {
    const calls = new Set([id]);
    for (const { sip, call } of this.#links) if (sip === id) calls.add(call);
    const ids = new Set(calls);
    for (const { sip, call } of this.#links) if (calls.has(call)) ids.add(sip);
    return ids;
  }
}
