import {
  AnswerFrame,
  CloseCode,
  EventFrame,
  HEARTBEAT_SECONDS,
  Limits,
  OffhookError,
  OLDEST_PROTOCOL_VERSION,
  PROTOCOL_VERSION,
  RequestFrame,
} from '@offhook/contract';
import type { RawData, WebSocket } from 'ws';
import * as z from 'zod';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import { createBucket, type Rate } from './rate.ts';
import { createOutgoingRequests } from './requests.ts';

/**
 * The cloud's end of one socket, client's or connector's: the envelope of the contract with its bounds.
 * ```
 *  awaiting_hello ──hello──► open ──► closed
 *        └──── time, bad frame, old protocol ──► closed
 * ```
 */
export type Peer = {
  /** The first frame of the cloud; before it nothing else is sent. */
  welcome: (frame: object) => void;
  /** Send an event with the next number. */
  event: (name: string, data: unknown) => void;
  /** Ask the peer; what is urgent waits for nothing. @throws OffhookError `timeout`, `queue_full`, the peer's own error, `connector_offline` when the socket goes */
  request: (method: string, params: unknown, timeoutMs: number, urgent?: boolean) => Promise<unknown>;
  /** Say why in a last frame, then close. */
  refuse: (error: OffhookError, code: number) => void;
  close: (code: number, reason: string) => void;
  isOpen: () => boolean;
  /** Resolves when everything sent so far has left this process, or the socket is gone. */
  flushed: () => Promise<void>;
};

export type PeerHandlers<Hello> = {
  onHello: (hello: Hello) => void;
  /** What it returns is the answer's result; what it throws, its error. */
  onRequest: (method: string, params: unknown) => Promise<unknown>;
  /** Absent where the peer has no events to tell. Throwing closes the socket as for a bad frame. */
  onEvent?: (name: string, data: unknown) => void;
  /** Once, however the socket ended. */
  onClosed: (code: number) => void;
};

export type PeerOptions<Hello> = PeerHandlers<Hello> & {
  socket: WebSocket;
  side: Side;
  hello: z.ZodType<Hello>;
  /** The names that the peer's side of the contract has; any other is counted as `unknown`. */
  methods: Readonly<Record<string, unknown>>;
  events?: Readonly<Record<string, unknown>>;
  /** Requests that are served also where a limit is reached; not those of a flood. */
  isUrgent?: (method: string, params: unknown) => boolean;
  metrics: Metrics;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  timings?: Partial<PeerTimings>;
};

export type Side = 'client' | 'connector';

/** Milliseconds, bytes that may wait for a slow reader, and frames that each side may send. */
export type PeerTimings = {
  heartbeat: number;
  hello: number;
  closing: number;
  outgoingBytes: number;
  frames: Record<Side, Rate>;
};
const defaults: PeerTimings = {
  heartbeat: HEARTBEAT_SECONDS * 1000,
  hello: 10_000,
  closing: 5_000,
  outgoingBytes: 4 * 1024 * 1024,
  // A client attaches all its calls at once after a reload, each with its candidates; a connector speaks for thousands.
  frames: { client: { perSecond: 20, burst: 300 }, connector: { perSecond: 500, burst: 5_000 } },
};

/** Requests of ours that may wait until the peer has answered others. */
const WAITING_REQUESTS = 2048;

const AnyHello = z.object({ type: z.literal('hello'), protocol: z.number().int() });
const FrameAfterHello = z.union([RequestFrame, AnswerFrame, EventFrame]);

export function createPeer<Hello>(options: PeerOptions<Hello>): Peer {
  const { socket, side, metrics, log, isUrgent = () => false } = options;
  const timings = { ...defaults, ...options.timings };
  let state: 'awaiting_hello' | 'open' | 'closed' = 'awaiting_hello';
  let lastSeq = 0;
  let lastSeqIn = 0;
  let answering = 0;
  const bucket = createBucket(timings.frames[side]);
  let pause: NodeJS.Timeout | undefined;
  let heardAt = performance.now();

  const send = (frame: object) => {
    if (state === 'closed' || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > timings.outgoingBytes) {
      countLimit(metrics, 'outgoing_bytes');
      close(CloseCode.TooSlow, 'reads too slowly');
      return;
    }
    socket.send(JSON.stringify(frame));
  };

  const requests = createOutgoingRequests({
    send: (id, method, params) => send({ type: 'request', id, method, params }),
    open: Limits.openRequests,
    waiting: WAITING_REQUESTS,
    onFull: () => countLimit(metrics, 'waiting_requests'),
  });

  const helloTimer = setTimeout(
    () => refuse(new OffhookError('bad_request', { message: 'No hello came in time.' }), CloseCode.BadFrame),
    timings.hello,
  );
  const heartbeat = setInterval(() => {
    if (performance.now() - heardAt >= 2 * timings.heartbeat) {
      close(CloseCode.HeartbeatLost, 'no heartbeat');
    } else if (socket.readyState === socket.OPEN) {
      socket.ping();
    }
  }, timings.heartbeat);

  /** Ends everything once; the close handshake may take its time behind it. */
  const ended = (code: number) => {
    if (state === 'closed') return;
    state = 'closed';
    clearTimeout(helloTimer);
    clearInterval(heartbeat);
    clearTimeout(pause);
    if (pause !== undefined) socket.resume(); // The close handshake has still to be read.
    requests.fail(new OffhookError('connector_offline'));
    metrics.closes.inc({ side, code: String(code) });
    options.onClosed(code);
  };

  const close = (code: number, reason: string) => {
    if (state === 'closed') return;
    socket.close(code, reason);
    setTimeout(() => socket.terminate(), timings.closing).unref();
    ended(code);
  };

  const refuse = (error: OffhookError, code: number) => {
    send({ type: 'refused', error: error.toWire() });
    close(code, error.code);
  };

  const badFrame = (message: string) => {
    log.warn({ side, problem: message }, 'bad frame');
    refuse(new OffhookError('bad_request', { message }), CloseCode.BadFrame);
  };

  const onHello = (frame: unknown) => {
    const version = AnyHello.safeParse(frame);
    if (!version.success) return badFrame('The first frame must be hello.');
    const { protocol } = version.data;
    if (protocol < OLDEST_PROTOCOL_VERSION || protocol > PROTOCOL_VERSION) {
      return refuse(new OffhookError('protocol_unsupported'), CloseCode.ProtocolUnsupported);
    }
    const hello = options.hello.safeParse(frame);
    if (!hello.success) return badFrame('This hello was not understood.');
    clearTimeout(helloTimer);
    state = 'open';
    options.onHello(hello.data);
  };

  const refuseRequest = (id: number, error: OffhookError) =>
    send({ type: 'answer', id, ok: false, error: error.toWire() });

  const onRequest = async (id: number, method: string, params: unknown) => {
    if (answering >= Limits.openRequests && !isUrgent(method, params)) {
      countLimit(metrics, 'open_requests');
      refuseRequest(id, new OffhookError('queue_full', { retryAfter: 1 }));
      return;
    }
    answering += 1;
    const begun = performance.now();
    let outcome = 'ok';
    try {
      const result = await options.onRequest(method, params);
      send({ type: 'answer', id, ok: true, result });
    } catch (thrown) {
      const error = OffhookError.from(thrown);
      outcome = error.code;
      if (error.code === 'internal') log.warn({ side, method, err: error.cause }, 'request failed');
      send({ type: 'answer', id, ok: false, error: error.toWire(correlationOf(params)) });
    } finally {
      answering -= 1;
      metrics.requests.inc({
        from: side,
        method: Object.hasOwn(options.methods, method) ? method : 'unknown',
        outcome,
      });
      metrics.requestSeconds.observe({ from: side }, (performance.now() - begun) / 1000);
    }
  };

  /** A connector's facts are not to be lost, so it is read more slowly: TCP makes it wait. */
  const slowDown = () => {
    if (pause !== undefined) return;
    countLimit(metrics, 'frame_rate');
    socket.pause();
    const goOn = () => {
      // What had been read already is handled meanwhile, and counts.
      const wait = bucket.wait();
      pause = wait > 0 ? setTimeout(goOn, wait) : undefined;
      if (pause === undefined) socket.resume();
    };
    goOn();
  };

  /** A client asks again later; who does not heed the refusals is closed. */
  const tooFast = (frame: z.infer<typeof FrameAfterHello>, rate: 'over' | 'flood') => {
    countLimit(metrics, 'frame_rate');
    const error = new OffhookError('rate_limited', { retryAfter: Math.ceil(bucket.wait() / 1000) });
    if (rate === 'over' && frame.type === 'request') return refuseRequest(frame.id, error);
    log.warn({ side }, 'too many frames');
    refuse(error, CloseCode.GoingAway);
  };

  const onFrame = (json: unknown) => {
    const parsed = FrameAfterHello.safeParse(json);
    if (!parsed.success) return badFrame('The frame was not understood.');
    const frame = parsed.data;
    const rate = bucket.take();
    if (rate !== 'within') {
      const urgent = rate === 'over' && frame.type === 'request' && isUrgent(frame.method, frame.params);
      if (side === 'connector') slowDown();
      else if (!urgent) return tooFast(frame, rate);
    }
    if (frame.type === 'request') return void onRequest(frame.id, frame.method, frame.params);
    if (options.onEvent === undefined) return badFrame('Only requests are expected here.');
    if (frame.type === 'event') {
      lastSeqIn += 1;
      if (frame.seq !== lastSeqIn) return badFrame(`Event ${frame.seq} came where ${lastSeqIn} was due.`);
      const known = options.events !== undefined && Object.hasOwn(options.events, frame.name);
      metrics.events.inc({ from: side, name: known ? frame.name : 'unknown' });
      return options.onEvent(frame.name, frame.data);
    }
    requests.answered(
      frame.id,
      frame.ok
        ? { ok: true, result: frame.result }
        : { ok: false, error: OffhookError.fromWire(frame.error) },
    );
  };

  socket.on('message', (data: RawData, isBinary: boolean) => {
    heardAt = performance.now();
    if (state === 'closed') return;
    if (isBinary) return badFrame('Frames are text.');
    let json: unknown;
    try {
      json = JSON.parse((data as Buffer).toString('utf8'));
    } catch {
      return badFrame('The frame is not JSON.');
    }
    try {
      if (state === 'awaiting_hello') onHello(json);
      else onFrame(json);
    } catch (error) {
      log.warn({ side, err: error }, 'frame not handled');
      badFrame('The frame was not understood.');
    }
  });
  socket.on('pong', () => {
    heardAt = performance.now();
  });
  socket.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') countLimit(metrics, 'frame_bytes');
  });
  socket.on('close', (code: number) => ended(code));

  return {
    welcome: send,
    event: (name, data) => {
      if (state !== 'open') return;
      lastSeq += 1;
      send({ type: 'event', seq: lastSeq, name, data });
    },
    request: (method, params, timeoutMs, urgent) =>
      state === 'open'
        ? requests.ask(method, params, timeoutMs, urgent)
        : Promise.reject(new OffhookError('connector_offline')),
    refuse,
    close,
    isOpen: () => state === 'open',
    flushed: () =>
      new Promise((done) => {
        if (socket.readyState !== socket.OPEN || socket.bufferedAmount === 0) return done();
        // Pings are written in their order behind the frames.
        socket.ping(undefined, undefined, () => done());
      }),
  };
}

function correlationOf(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null || !('correlationId' in params)) return undefined;
  return typeof params.correlationId === 'string' ? params.correlationId.slice(0, 64) : undefined;
}
