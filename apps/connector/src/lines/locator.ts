import { isIP } from 'node:net';
import type { PbxConfig } from '@offhook/contract';
import type { Target } from '@offhook/sip';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

/** Numeric addresses of a host; `dns.lookup` with `all` outside tests. Rejects where there are none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** The name that the PBX's certificate has to be for (RFC 5922); without one its address. */
function certifiedName({ domain, host }: Pick<PbxConfig, 'domain' | 'host'>): string | undefined {
  return [domain, host].find((name) => name !== undefined && isIP(name.replace(/^\[(.*)\]$/u, '$1')) === 0);
}

/** Milliseconds until a name is looked up again. */
const REFRESH = 60_000;
const AFTER_FAILURE = 5_000;

/**
 * Where the PBX is. A name is looked up again and again, for a PBX may move to its stand-by; while a lookup fails the
 * last known address stays.
 */
export class PbxLocator {
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onMoved: () => void;
  readonly #onUnknown: () => void;
  #pbx: Pick<PbxConfig, 'host' | 'port' | 'transport' | 'domain'> | undefined;
  #addresses: readonly string[] = [];
  #failed = false;
  #cancel: (() => void) | undefined;

  constructor(options: {
    lookup: Lookup;
    clock: Clock;
    log: Log;
    /** The address is known, or is another one now. */
    onMoved: () => void;
    /** A look-up has failed, and no address is known from before. */
    onUnknown: () => void;
  }) {
    this.#lookup = options.lookup;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#onMoved = options.onMoved;
    this.#onUnknown = options.onUnknown;
  }

  target(): Target | undefined {
    const [address] = this.#addresses;
    if (this.#pbx === undefined || address === undefined) return undefined;
    const { transport, port } = this.#pbx;
    const serverName = transport === 'tls' ? certifiedName(this.#pbx) : undefined;
    return { transport, address, port, ...(serverName !== undefined && { serverName }) };
  }

  /** Whether the name has been looked up in vain; false while the first look-up is under way. */
  get unknown(): boolean {
    return this.#failed && this.#addresses.length === 0;
  }

  /** Whether something from this address comes from the PBX. */
  has(address: string): boolean {
    return this.#addresses.includes(address.replace(/^::ffff:/u, ''));
  }

  /** Numeric hosts are known at once, names when `onMoved` is called. */
  locate(pbx: PbxConfig): void {
    this.close();
    this.#pbx = pbx;
    this.#failed = false;
    const host = pbx.host.replace(/^\[(.*)\]$/u, '$1');
    if (isIP(host) !== 0) this.#addresses = [host];
    else {
      this.#addresses = [];
      void this.#look(host);
    }
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#pbx = undefined;
  }

  async #look(host: string): Promise<void> {
    const asked = this.#pbx;
    let next = REFRESH;
    try {
      const addresses = await this.#lookup(host);
      if (this.#pbx !== asked) return;
      const [before] = this.#addresses;
      // A name with several addresses gives them in changing order: stay while ours is among them.
      const stays = before !== undefined && addresses.includes(before);
      this.#addresses = stays ? [before, ...addresses.filter((other) => other !== before)] : addresses;
      if (!stays) {
        this.#log.info({ host, address: addresses[0] }, 'PBX located');
        this.#onMoved();
      }
    } catch (error) {
      if (this.#pbx !== asked) return;
      next = AFTER_FAILURE;
      this.#failed = true;
      this.#log.warn({ host, err: error }, 'the name of the PBX cannot be looked up');
      if (this.unknown) this.#onUnknown();
    }
    this.#cancel = this.#clock.after(next, () => {
      void this.#look(host);
    });
  }
}
