import { audioCapabilities } from '@offhook/sdp';
import type { Credentials, EndpointEvent, InviteParams, SessionId } from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';
import type { NodeEndpoint } from '@offhook/sip-node';
import type { TestPbx } from './pbx.test-support.ts';
import { Party } from './voice/party.ts';

/** A SIP endpoint that is none of ours, and the events that it has seen. */
export class TestDevice implements AsyncDisposable {
  readonly #events: EndpointEvent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #calls: SessionId[] = [];
  readonly #pbx: TestPbx;
  #sip: NodeEndpoint | undefined;

  private constructor(pbx: TestPbx) {
    this.#pbx = pbx;
  }

  static async open(pbx: TestPbx, transport: 'udp' | 'tcp' = 'udp'): Promise<TestDevice> {
    const device = new TestDevice(pbx);
    device.#sip = await openNodeEndpoint({
      product: 'test device',
      listen: [{ transport, address: '127.0.0.1', port: 0 }],
      onEvent: (event) => {
        device.#events.push(event);
        for (const wake of device.#waiting) wake();
        device.#waiting.clear();
      },
    });
    return device;
  }

  get sip(): NodeEndpoint {
    if (this.#sip === undefined) throw new Error('not open');
    return this.#sip;
  }

  get #host(): string {
    return `127.0.0.1:${this.#pbx.sip.port}`;
  }

  /** The first event so far or to come that is wanted; it is taken out. */
  async event<T extends EndpointEvent['type']>(
    type: T,
    wanted: (event: Extract<EndpointEvent, { type: T }>) => boolean = () => true,
  ): Promise<Extract<EndpointEvent, { type: T }>> {
    for (;;) {
      const at = this.#events.findIndex(
        (event) => event.type === type && wanted(event as Extract<EndpointEvent, { type: T }>),
      );
      const [found] = at < 0 ? [] : this.#events.splice(at, 1);
      if (found !== undefined) return found as Extract<EndpointEvent, { type: T }>;
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  register(number: string, credentials: Credentials, expires = 60): void {
    const host = this.#host;
    this.sip.run((endpoint, now) =>
      endpoint.register(
        { registrar: `sip:${host}`, aor: `sip:${number}@${host}`, contactUser: number, expires, credentials },
        now,
      ),
    );
  }

  subscribe(from: string, password: string, to: string, event: string, accept: string): void {
    const host = this.#host;
    this.sip.run((endpoint, now) =>
      endpoint.subscribe(
        {
          to: `sip:${to}@${host}`,
          from: `sip:${from}@${host}`,
          event,
          accept: [accept],
          expires: 60,
          credentials: { username: from, password },
        },
        now,
      ),
    );
  }

  /** The status that a call ends with, or 200. */
  async call(
    from: string,
    to: string,
    credentials?: Credentials,
    more: Pick<InviteParams, 'headers' | 'maxForwards' | 'maxBreadth' | 'replaces'> = {},
  ): Promise<number> {
    const host = this.#host;
    const party = new Party({ address: '127.0.0.1', port: 9, sessionId: '1' });
    const session = this.sip.run((endpoint, now) =>
      endpoint.invite(
        {
          to: `sip:${to}@${host}`,
          from: `sip:${from}@${host}`,
          offer: party.offer(audioCapabilities(['PCMA'])),
          ...(credentials !== undefined && { credentials }),
          ...more,
        },
        now,
      ),
    );
    this.#calls.push(session);
    const outcome = await Promise.race([
      this.event('session.accepted', (event) => event.session === session),
      this.event('session.ended', (event) => event.session === session),
    ]);
    if (outcome.type === 'session.accepted') return outcome.response.status;
    return outcome.end.by === 'refused' ? outcome.end.response.status : 0;
  }

  /** Hangs up what it has called, and leaves only when the PBX has nothing of it any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.sip.run((endpoint, now) => {
      for (const session of this.#calls) endpoint.end(session, now);
    });
    await this.#pbx.quiet();
    await this.sip.close();
  }
}
