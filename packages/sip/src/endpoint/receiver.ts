import { StreamFramer } from '../message/framer.ts';
import { isKeepalive, parseMessage } from '../message/parse.ts';
import type { ParseFault, SipMessage } from '../message/types.ts';
import type { Flow, Transport } from './api.ts';

/** What octets from the network turn out to be. */
export interface Reception {
  onMessage(message: SipMessage, flow: Flow): void;
  onFault(fault: ParseFault, flow: Flow): void;
  /** A double CRLF on a stream, to be answered with one (RFC 5626 section 4.4.1). */
  onPing(flow: Flow): void;
  /** The stream cannot be read any further, or there are too many. */
  onBroken(flow: Flow, why: 'unreadable' | 'limit'): void;
}

/** Turns datagrams and streams into messages; keeps the half-read message of each stream. */
export class Receiver {
  readonly #reception: Reception;
  readonly #streamLimit: number;
  readonly #framers = new Map<string, StreamFramer>();

  constructor(reception: Reception, streamLimit: number) {
    this.#reception = reception;
    this.#streamLimit = streamLimit;
  }

  receive(flow: Flow, bytes: Uint8Array): void {
    if (isStream(flow.transport)) this.#receiveStream(flow, bytes);
    else this.#receiveDatagram(flow, bytes);
  }

  closed(flow: Flow): void {
    this.#framers.delete(streamKey(flow));
  }

  #receiveDatagram(flow: Flow, bytes: Uint8Array): void {
    if (isKeepalive(bytes)) return;
    const result = parseMessage(bytes);
    if (result.kind === 'fault') this.#reception.onFault(result, flow);
    else this.#reception.onMessage(result, flow);
  }

  #receiveStream(flow: Flow, bytes: Uint8Array): void {
    const key = streamKey(flow);
    const framer = this.#framers.get(key) ?? this.#open(key);
    if (framer === undefined) {
      this.#reception.onBroken(flow, 'limit');
      return;
    }
    for (const item of framer.push(bytes)) {
      switch (item.kind) {
        case 'message':
          this.#reception.onMessage(item.message, flow);
          break;
        case 'fault':
          this.#reception.onFault(item.fault, flow);
          break;
        case 'keepalive':
          if (item.ping) this.#reception.onPing(flow);
          break;
      }
    }
    if (framer.broken) {
      this.#framers.delete(key);
      this.#reception.onBroken(flow, 'unreadable');
    }
  }

  #open(key: string): StreamFramer | undefined {
    if (this.#framers.size >= this.#streamLimit) return undefined;
    const framer = new StreamFramer();
    this.#framers.set(key, framer);
    return framer;
  }
}

/** WebSocket frames are whole messages (RFC 7118 section 5.1). */
function isStream(transport: Transport): boolean {
  return transport === 'tcp' || transport === 'tls';
}

function streamKey(flow: Flow): string {
  return flow.connectionId ?? `${flow.transport} ${flow.address} ${flow.port} ${flow.localPort}`;
}
