import { StreamFramer } from '../message/framer.ts';
import { isKeepalive, parseMessage } from '../message/parse.ts';
import type { ParseFault, SipMessage } from '../message/types.ts';
import type { Timer, TimerQueue } from '../timing/timer-queue.ts';
import type { Flow, Millis, Transport } from './api.ts';

/** What octets from the network turn out to be. */
export interface Reception {
  onMessage(message: SipMessage, flow: Flow): void;
  onFault(fault: ParseFault, flow: Flow): void;
  /** A double CRLF on a stream, to be answered with one (RFC 5626 section 4.4.1). */
  onPing(flow: Flow): void;
  /** The stream cannot be read any further, there are too many, or one of its messages takes too long. */
  onBroken(flow: Flow, why: 'unreadable' | 'streams' | 'message_time'): void;
}

export interface ReceiverOptions {
  /** At the same time. */
  readonly streams: number;
  /** From the first octet of a message on a stream to its last. */
  readonly messageTimeout: Millis;
  readonly timers: TimerQueue;
}

interface Stream {
  readonly framer: StreamFramer;
  /** Runs while a message is half-read. */
  timer: Timer | undefined;
}

/**
 * Turns datagrams and streams into messages; keeps the half-read message of each stream, but not for ever: who sends a
 * header an octet at a time would hold its memory and its connection.
 */
export class Receiver {
  readonly #reception: Reception;
  readonly #options: ReceiverOptions;
  readonly #streams = new Map<string, Stream>();

  constructor(reception: Reception, options: ReceiverOptions) {
    this.#reception = reception;
    this.#options = options;
  }

  receive(flow: Flow, bytes: Uint8Array, now: Millis): void {
    if (isStream(flow.transport)) this.#receiveStream(flow, bytes, now);
    else this.#receiveDatagram(flow, bytes);
  }

  closed(flow: Flow): void {
    this.#forget(streamKey(flow));
  }

  #receiveDatagram(flow: Flow, bytes: Uint8Array): void {
    if (isKeepalive(bytes)) return;
    const result = parseMessage(bytes);
    if (result.kind === 'fault') this.#reception.onFault(result, flow);
    else this.#reception.onMessage(result, flow);
  }

  #receiveStream(flow: Flow, bytes: Uint8Array, now: Millis): void {
    const key = streamKey(flow);
    const stream = this.#streams.get(key) ?? this.#open(key);
    if (stream === undefined) {
      this.#reception.onBroken(flow, 'streams');
      return;
    }
    const { framer } = stream;
    const items = framer.push(bytes);
    // Before what was read is handed on: the stream may be closed by it.
    this.#limitTime(stream, flow, items.length > 0, now);
    // One pong for all pings that came at once: else a megabyte of line breaks would be hundreds of thousands of answers.
    let isPinged = false;
    for (const item of items) {
      switch (item.kind) {
        case 'message':
          this.#reception.onMessage(item.message, flow);
          break;
        case 'fault':
          this.#reception.onFault(item.fault, flow);
          break;
        case 'keepalive':
          isPinged ||= item.ping;
          break;
      }
    }
    if (isPinged) this.#reception.onPing(flow);
    if (framer.broken) {
      this.#forget(key);
      this.#reception.onBroken(flow, 'unreadable');
    }
  }

  /** The clock of a message runs from its first octet, whatever follows. */
  #limitTime(stream: Stream, flow: Flow, isNewMessage: boolean, now: Millis): void {
    const isHalfRead = stream.framer.heldBytes > 0;
    if (stream.timer !== undefined && (isNewMessage || !isHalfRead)) {
      stream.timer.cancel();
      stream.timer = undefined;
    }
    if (!isHalfRead || stream.timer !== undefined) return;
    const { messageTimeout, timers } = this.#options;
    stream.timer = timers.arm(now + messageTimeout, () => {
      this.#forget(streamKey(flow));
      this.#reception.onBroken(flow, 'message_time');
    });
  }

  #forget(key: string): void {
    this.#streams.get(key)?.timer?.cancel();
    this.#streams.delete(key);
  }

  #open(key: string): Stream | undefined {
    if (this.#streams.size >= this.#options.streams) return undefined;
    const stream: Stream = { framer: new StreamFramer(), timer: undefined };
    this.#streams.set(key, stream);
    return stream;
  }
}

/** WebSocket frames are whole messages (RFC 7118 section 5.1). */
function isStream(transport: Transport): boolean {
  return transport === 'tcp' || transport === 'tls';
}

function streamKey(flow: Flow): string {
  return flow.connectionId ?? `${flow.transport} ${flow.address} ${flow.port} ${flow.localPort}`;
}
