import type { FastifyInstance } from 'fastify';
import type { ServerResponse } from 'node:http';
import { Problem } from './problems.ts';
import type { PbxFace } from './views.ts';

const MAX_LISTENERS = 32;
/** Changes within this time are told at once. */
const GATHER_MS = 50;
/** While somebody talks the levels that phones hear are told this often; it also keeps quiet connections alive. */
const BEAT_MS = 500;
const QUIET_BEATS = 30;

interface Listener {
  readonly response: ServerResponse;
  /** Number of the last trace entry that was sent. */
  traced: number;
}

/**
 * Server-sent events: `state` carries the whole view after each change, `trace` the new SIP messages. A listener that
 * does not keep up is left out until it has caught up: the next `state` says all.
 */
export class LiveEvents {
  readonly #pbx: PbxFace;
  readonly #listeners = new Set<Listener>();
  #gathering: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #quietBeats = 0;

  constructor(pbx: PbxFace) {
    this.#pbx = pbx;
  }

  routes(server: FastifyInstance): void {
    server.get('/api/events', (request, reply) => {
      if (this.#listeners.size >= MAX_LISTENERS) {
        throw new Problem('too_many', 'Too many pages listen already. Close one and load this page again.');
      }
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const listener: Listener = { response: reply.raw, traced: 0 };
      this.#listeners.add(listener);
      request.raw.once('close', () => this.#drop(listener));
      this.#beat ??= setInterval(() => this.#onBeat(), BEAT_MS);
      this.#tell(listener, this.#state());
    });
  }

  /** Something has changed. */
  changed(): void {
    if (this.#listeners.size === 0) return;
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      const state = this.#state();
      for (const listener of this.#listeners) this.#tell(listener, state);
    }, GATHER_MS);
  }

  close(): void {
    clearTimeout(this.#gathering);
    clearInterval(this.#beat);
    for (const { response } of this.#listeners) response.end();
    this.#listeners.clear();
  }

  #onBeat(): void {
    this.#quietBeats += 1;
    if (!this.#pbx.isBusy() && this.#quietBeats < QUIET_BEATS) return;
    this.#quietBeats = 0;
    this.changed();
  }

  #state(): string {
    return `event: state\ndata: ${JSON.stringify(this.#pbx.view())}\n\n`;
  }

  #tell(listener: Listener, state: string): void {
    const { response } = listener;
    if (response.writableNeedDrain) return;
    const trace = this.#pbx.trace(listener.traced);
    listener.traced = trace.at(-1)?.number ?? listener.traced;
    response.write(state);
    if (trace.length > 0) response.write(`event: trace\ndata: ${JSON.stringify(trace)}\n\n`);
  }

  #drop(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#beat);
    this.#beat = undefined;
  }
}
