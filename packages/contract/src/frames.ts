import * as z from 'zod';
import { WireError } from './errors.ts';

/**
 * The envelope that both sockets share. After `hello` and `welcome` either side may send requests where the
 * method tables say so; answers carry the request's id; events are numbered from 1 for each socket, without
 * gaps, so that a lost one would be seen. There is no replay: after a reconnect a snapshot tells the truth.
 */
export const RequestFrame = z.object({
  type: z.literal('request'),
  id: z.number().int().positive(),
  method: z.string().max(64),
  params: z.unknown(),
});
export type RequestFrame = z.infer<typeof RequestFrame>;

export const AnswerFrame = z.union([
  z.object({
    type: z.literal('answer'),
    id: z.number().int().positive(),
    ok: z.literal(true),
    result: z.unknown(),
  }),
  z.object({
    type: z.literal('answer'),
    id: z.number().int().positive(),
    ok: z.literal(false),
    error: WireError,
  }),
]);
export type AnswerFrame = z.infer<typeof AnswerFrame>;

export const EventFrame = z.object({
  type: z.literal('event'),
  seq: z.number().int().positive(),
  name: z.string().max(64),
  data: z.unknown(),
});
export type EventFrame = z.infer<typeof EventFrame>;

/** The last frame before a close, where there is something to say. */
export const RefusedFrame = z.object({ type: z.literal('refused'), error: WireError });
export type RefusedFrame = z.infer<typeof RefusedFrame>;

/** A table of methods: what a request carries and what its answer carries. */
export type MethodTable = Record<string, { params: z.ZodType; result: z.ZodType }>;
export type Params<T extends MethodTable, M extends keyof T> = z.infer<T[M]['params']>;
export type Result<T extends MethodTable, M extends keyof T> = z.infer<T[M]['result']>;

/** A table of events: what each carries. */
export type EventTable = Record<string, z.ZodType>;
export type EventData<T extends EventTable, E extends keyof T> = z.infer<T[E]>;

/** An event as a discriminated union over its table, for exhaustive switches. */
export type AnyEvent<T extends EventTable> = { [E in keyof T]: { name: E; data: EventData<T, E> } }[keyof T];
