import type {
  EndpointCounts,
  EndpointEvent,
  EndpointOptions,
  Millis,
  SipEndpointApi,
  Transport,
} from '@offhook/sip';

/**
 * Drives a pure endpoint with real sockets, the monotonic clock and DNS.
 */
export interface NodeEndpointOptions {
  readonly product: string;
  /** Sockets to open. Port 0 takes a free one; see {@link NodeEndpoint.bound}. */
  readonly listen: readonly {
    readonly transport: 'udp' | 'tcp';
    readonly address: string;
    readonly port: number;
  }[];
  readonly limits?: EndpointOptions['limits'];
  readonly timers?: EndpointOptions['timers'];
  /** Called for each event, in order, never re-entrantly: events raised inside are delivered after it returns. */
  readonly onEvent: (event: EndpointEvent) => void;
  /** Every message in or out, for trace views and debug logs. */
  readonly onTrace?: (trace: SipTrace) => void;
}

export interface SipTrace {
  readonly direction: 'in' | 'out';
  readonly transport: Transport;
  readonly remote: string;
  readonly bytes: Uint8Array;
}

export interface NodeEndpoint {
  /**
   * Runs commands with the time of now and carries out their effects before it returns:
   * `const session = sip.run((endpoint, now) => endpoint.invite(params, now))`.
   */
  run<R>(commands: (endpoint: SipEndpointApi, now: Millis) => R): R;
  readonly bound: readonly {
    readonly transport: Transport;
    readonly address: string;
    readonly port: number;
  }[];
  counts(): EndpointCounts;
  /** Stops reading, closes every socket and timer. Does not end sessions: do that first. */
  close(): Promise<void>;
}
