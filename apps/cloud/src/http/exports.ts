import { Readable } from 'node:stream';
import { OffhookError } from '@offhook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How a list is given out. */
export type ExportFormat = 'json' | 'csv' | 'jsonl';

const types = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson; charset=utf-8',
} as const satisfies Record<ExportFormat, string>;

/** What is asked for: by `?format=`, else by `Accept`, else the first of those that are offered. */
export function formatOf<F extends ExportFormat>(
  request: FastifyRequest,
  asked: F | undefined,
  offered: readonly [F, ...F[]],
): F {
  if (asked !== undefined) return asked;
  const accepted = (request.headers.accept ?? '')
    .split(',')
    .map((range) => range.split(';')[0]?.trim().toLowerCase() ?? '');
  const found = accepted
    .map((type) => offered.find((format) => types[format].startsWith(`${type};`)))
    .find((format) => format !== undefined);
  return found ?? offered[0];
}

/** A client that takes nothing for so long is given up: what it holds others may want. */
const STALLED_AFTER = 60_000;

/**
 * Send a file as it is made, as fast as it is taken. An error in the middle breaks the connection off, so that nobody takes a part for the whole.
 * @param name without the ending
 */
export function sendFile(
  reply: FastifyReply,
  name: string,
  format: ExportFormat,
  pieces: AsyncIterable<string>,
): FastifyReply {
  const stream = Readable.from(pieces, { objectMode: false });
  reply.raw.setTimeout(STALLED_AFTER, () => reply.raw.destroy());
  return reply
    .header('content-type', types[format])
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .header('vary', 'Accept')
    .send(stream);
}

/** Pieces of a file that hold a slot; `return` gives it back where they are not sent. */
export type SlottedPieces = AsyncIterable<string> & { return: () => Promise<unknown> };

export type ExportSlots = {
  /** Give the pieces on while there is room, and make room when they end, whichever way. @throws OffhookError `rate_limited` */
  take: (owner: string, pieces: AsyncIterable<string>) => SlottedPieces;
};

/** Bounds how many exports run at once: of all, and of one owner (a tenant). */
export function createExportSlots({ all, each }: { all: number; each: number }): ExportSlots {
  const running = new Map<string, number>();
  let total = 0;
  const release = (owner: string) => {
    total -= 1;
    const left = (running.get(owner) ?? 1) - 1;
    if (left === 0) running.delete(owner);
    else running.set(owner, left);
  };
  return {
    take: (owner, pieces) => {
      const own = running.get(owner) ?? 0;
      if (total >= all || own >= each) throw new OffhookError('rate_limited', { retryAfter: 10 });
      total += 1;
      running.set(owner, own + 1);
      return held(pieces, () => release(owner));
    },
  };
}

/** Calls `done` once when it has ended, has failed or is given up, also where nothing was ever asked of it. */
function held(pieces: AsyncIterable<string>, done: () => void): SlottedPieces {
  const source = pieces[Symbol.asyncIterator]();
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    done();
  };
  const iterator = {
    next: async (): Promise<IteratorResult<string, undefined>> => {
      try {
        const result = await source.next();
        if (result.done !== true) return result;
        end();
        return { done: true, value: undefined };
      } catch (error) {
        end();
        throw error;
      }
    },
    return: async (): Promise<IteratorResult<string, undefined>> => {
      end();
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator, return: iterator.return };
}
