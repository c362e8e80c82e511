import type { FastifyInstance } from 'fastify';
import type { ServerResponse } from 'node:http';
import { BEGINNING, positionAfter } from '../trace/timeline.ts';
import type { TimelinePosition } from '../trace/timeline.ts';
import { changeBetween, piecesOf } from './changes.ts';
import type { ViewPieces } from './changes.ts';
import { Problem } from './problems.ts';
import type { PbxFace } from './views.ts';

const MAX_LISTENERS = 32;
/** Changes within this time are told at once. */
const GATHER_MS = 50;
/** While somebody talks the levels that phones hear are told this often; it also keeps quiet connections alive. */
const BEAT_MS = 500;
const QUIET_BEATS = 30;
/** Of one event; the rest follows with the next. */
const MOST_MESSAGES = 100;

interface Listener {
  readonly response: ServerResponse;
  /** What it has been told last. */
  told: ViewPieces | undefined;
  /** The last message of the trace that was sent. */
  traced: TimelinePosition;
  /** The last link between calls and SIP dialogs. */
  linked: number;
  /** Has more to read than fits. */
  isBehind: boolean;
}

/**
 * Server-sent events: `state` carries the whole view once, `change` what is another since, `trace` the new messages, `links`
 * which of them belong to which call. A listener that does not keep up is left out until it has caught up: the next
 * `change` says all that it has missed.
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
      const listener: Listener = {
        response: reply.raw,
        told: undefined,
        traced: BEGINNING,
        linked: 0,
        isBehind: false,
      };
      this.#listeners.add(listener);
      request.raw.once('close', () => this.#drop(listener));
      this.#beat ??= setInterval(() => this.#onBeat(), BEAT_MS);
      this.#tell(listener, piecesOf(this.#pbx.view()));
    });
  }

  /** Something has changed. */
  changed(): void {
    if (this.#listeners.size === 0) return;
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      const pieces = piecesOf(this.#pbx.view());
      for (const listener of this.#listeners) this.#tell(listener, pieces);
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
    if (this.#quietBeats >= QUIET_BEATS) {
      this.#quietBeats = 0;
      for (const { response } of this.#listeners) if (!response.writableNeedDrain) response.write(':\n\n');
      this.changed();
    } else if (this.#pbx.isBusy()) this.changed();
  }

  #tell(listener: Listener, pieces: ViewPieces): void {
    const { response, told } = listener;
    if (response.writableNeedDrain) {
      this.#tellLater(listener);
      return;
    }
    listener.told = pieces;
    if (told === undefined) send(response, 'state', pieces.view);
    else {
      const change = changeBetween(told, pieces);
      if (change !== undefined) send(response, 'change', change);
    }
    this.#tellTrace(listener);
  }

  /** What has been left out is told once there is room. */
  #tellLater(listener: Listener): void {
    if (listener.isBehind) return;
    listener.isBehind = true;
    listener.response.once('drain', () => {
      listener.isBehind = false;
      this.changed();
    });
  }

  #tellTrace(listener: Listener): void {
    const { response } = listener;
    const { trace } = this.#pbx;
    const links = trace.links(listener.linked);
    listener.linked = links.at(-1)?.number ?? listener.linked;
    if (links.length > 0) send(response, 'links', links);
    const waiting = trace.since(listener.traced);
    const entries = waiting.slice(0, MOST_MESSAGES);
    listener.traced = positionAfter(listener.traced, entries);
    if (entries.length > 0) send(response, 'trace', entries);
    if (waiting.length > entries.length) this.changed();
  }

  #drop(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#beat);
    this.#beat = undefined;
  }
}

function send(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
