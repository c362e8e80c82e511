import { once } from 'node:events';
import { Limits, OffhookError, type AnswerFrame } from '@offhook/contract';
import { WebSocket } from 'ws';
import type * as z from 'zod';

/** Whatever a test's peer can wait for: frames and the close, in their order. */
export type Happened = { frame: Frame } | { closed: number };
type Frame = { type: string; [key: string]: unknown };

/** A socket under test control: it checks everything that it gets against the contract. */
export type TestSocket = {
  socket: WebSocket;
  sendRaw: (data: string | Buffer) => void;
  send: (frame: object) => void;
  ask: (method: string, params: unknown) => Promise<unknown>;
  /** The next event of this name that has not been taken, with its data. */
  event: (name: string) => Promise<unknown>;
  /** The next frame of this type that has not been taken. */
  frame: (type: string) => Promise<Frame>;
  /** Events seen and not taken, by name. */
  pending: () => string[];
  closed: Promise<number>;
  onRequest: (answer: (method: string, params: unknown) => unknown) => void;
};

export type TestSocketOptions = {
  url: string;
  headers: Record<string, string>;
  /** Answer WebSocket pings, as every honest peer does. */
  autoPong?: boolean;
  frames: z.ZodType;
  events: Record<string, z.ZodType>;
};

export async function openTestSocket({
  url,
  headers,
  frames,
  events,
  autoPong = true,
}: TestSocketOptions): Promise<TestSocket> {
  const socket = new WebSocket(url.replace(/^http/u, 'ws'), {
    headers,
    autoPong,
    maxPayload: Limits.frameBytes,
  });
  const taken: {
    frames: Frame[];
    waiting: { wants: (frame: Frame) => boolean; give: (frame: Frame) => void }[];
  } = {
    frames: [],
    waiting: [],
  };
  const answers = new Map<number, PromiseWithResolvers<unknown>>();
  const closed = Promise.withResolvers<number>();
  let lastId = 0;
  let lastSeq = 0;
  let answer: ((method: string, params: unknown) => unknown) | undefined;
  let broken: Error | undefined;

  const send = (frame: object) => socket.send(JSON.stringify(frame));
  const take = (wants: (frame: Frame) => boolean): Promise<Frame> => {
    if (broken !== undefined) return Promise.reject(broken);
    const index = taken.frames.findIndex(wants);
    if (index >= 0) return Promise.resolve(taken.frames.splice(index, 1)[0] as Frame);
    const { promise, resolve } = Promise.withResolvers<Frame>();
    taken.waiting.push({ wants, give: resolve });
    return promise;
  };
  const give = (frame: Frame) => {
    const index = taken.waiting.findIndex(({ wants }) => wants(frame));
    if (index < 0) taken.frames.push(frame);
    else taken.waiting.splice(index, 1)[0]?.give(frame);
  };

  socket.on('message', (data: Buffer) => {
    try {
      const frame = frames.parse(JSON.parse(data.toString())) as Frame;
      if (frame.type === 'answer') {
        const { id, ok } = frame as AnswerFrame;
        const waiting = answers.get(id);
        answers.delete(id);
        if (ok) waiting?.resolve((frame as { result?: unknown }).result);
        else waiting?.reject(OffhookError.fromWire((frame as Extract<AnswerFrame, { ok: false }>).error));
        return;
      }
      if (frame.type === 'request') {
        const { id, method, params } = frame as unknown as { id: number; method: string; params: unknown };
        void Promise.resolve()
          .then(() => answer?.(method, params))
          .then(
            (result) => {
              if (result === undefined) give(frame);
              else send({ type: 'answer', id, ok: true, result });
              return undefined;
            },
            (error: unknown) =>
              send({ type: 'answer', id, ok: false, error: OffhookError.from(error).toWire() }),
          );
        return;
      }
      if (frame.type === 'event') {
        lastSeq += 1;
        if (frame['seq'] !== lastSeq)
          throw new Error(`event ${String(frame['seq'])} where ${lastSeq} was due`);
        const schema = events[String(frame['name'])];
        if (schema === undefined) throw new Error(`event ${String(frame['name'])} is not in the contract`);
        frame['data'] = schema.parse(frame['data']);
      }
      give(frame);
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      socket.terminate();
    }
  });
  socket.on('close', (code) => {
    for (const waiting of answers.values()) waiting.reject(new Error(`closed with ${code}`));
    closed.resolve(code);
  });
  socket.on('error', () => {});
  await once(socket, 'open');

  return {
    socket,
    closed: closed.promise,
    sendRaw: (data) => socket.send(data),
    send,
    ask: (method, params) => {
      lastId += 1;
      const waiting = Promise.withResolvers<unknown>();
      answers.set(lastId, waiting);
      send({ type: 'request', id: lastId, method, params });
      return waiting.promise;
    },
    event: async (name) => (await take((frame) => frame.type === 'event' && frame['name'] === name))['data'],
    frame: (type) => take((frame) => frame.type === type),
    pending: () =>
      taken.frames.map((frame) => (typeof frame['name'] === 'string' ? frame['name'] : frame.type)),
    onRequest: (handler) => {
      answer = handler;
    },
  };
}
