import type { TraceEntry } from './trace-ring.ts';

/** Who is at the other end of the messages to and from one address. */
export interface Peer {
  /** `127.0.0.1:40012`, as trace entries have it. */
  readonly remote: string;
  /** `101`, or what it calls itself where it stands for several numbers. */
  readonly name: string;
  readonly product: string;
  /** The first few that it has registered or called with. */
  readonly numbers: readonly string[];
}

const MOST_PEERS = 200;
const MOST_NUMBERS = 20;
const PRACTICE_PHONE = 'Offhook practice phone';

interface Known {
  product: string;
  readonly numbers: Set<string>;
}

/** Learns from messages who sends them: numbers of From, and the product of User-Agent. */
export class Peers {
  readonly #known = new Map<string, Known>();

  learn(entry: TraceEntry): void {
    const { remote, direction, line, text } = entry;
    const method = /^([A-Z]{1,20}) \S+ SIP\/2\.0$/u.exec(line)?.[1];
    if (direction !== 'in' || method === undefined) return;
    const known = this.#knownAt(remote);
    known.product ||= /^User-Agent[ \t]*:[ \t]*([^\r\n]{1,60})/imu.exec(text)?.[1]?.trim() ?? '';
    if (method !== 'REGISTER' && method !== 'INVITE') return;
    const number = /^(?:from|f)[ \t]*:.{0,200}?sips?:([^@;>\s]{1,64})@/imu.exec(text)?.[1];
    if (number !== undefined && known.numbers.size < MOST_NUMBERS) known.numbers.add(number);
  }

  /** The latest of them. */
  get all(): readonly Peer[] {
    return [...this.#known.keys()].map((remote) => this.at(remote));
  }

  at(remote: string): Peer {
    const known = this.#known.get(remote);
    if (known === undefined) return { remote, name: remote, product: '', numbers: [] };
    const { product, numbers } = known;
    return { remote, name: nameOf(remote, known), product, numbers: [...numbers] };
  }

  #knownAt(remote: string): Known {
    const before = this.#known.get(remote);
    if (before !== undefined) return before;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST_PEERS && oldest !== undefined) this.#known.delete(oldest);
    const known: Known = { product: '', numbers: new Set() };
    this.#known.set(remote, known);
    return known;
  }
}

function nameOf(remote: string, { product, numbers }: Known): string {
  const [number] = numbers;
  const short = product.split('/', 1)[0]?.trim() ?? '';
  if (number === undefined || numbers.size > 1) return short === '' ? remote : short;
  return short === '' || product.startsWith(PRACTICE_PHONE) ? number : `${number} ${short}`;
}
