import type * as z from 'zod';

/**
 * Messages between the nodes of the cloud, and between the features of one node. A node that holds a
 * client's socket and the one that holds the connector's link meet only here.
 *
 * Every message is JSON with a schema, also within one process, so that one node and many behave alike.
 * Delivery: at most once, in the order of publishing for each publisher and subject, never within the
 * call that publishes. There is no memory: who subscribes later asks for a snapshot.
 */
export type Bus = {
  publish: <T>(topic: Topic<T>, message: T) => void;
  subscribe: <T>(topic: Topic<T>, handler: (message: T) => void) => Unsubscribe;
  /** Answer requests on a subject. The last to register is asked. */
  respond: <Q, A>(topic: RequestTopic<Q, A>, handler: (question: Q) => Promise<A>) => Unsubscribe;
  /**
   * Ask the one who responds on a subject.
   * @throws OffhookError what the responder threw, or `timeout`, or {@link NoResponder}
   */
  request: <Q, A>(topic: RequestTopic<Q, A>, question: Q, timeoutMs: number) => Promise<A>;
  /** Ask everybody who responds to a roll call; whoever has not answered in time is left out. */
  gather: <Q, A>(topic: RequestTopic<Q, A>, question: Q, timeoutMs: number) => Promise<A[]>;
  close: () => Promise<void>;
};

export type Unsubscribe = () => void;

/** A subject with the shape of its messages. Subjects are dot-separated and begin with the tenant. */
export type Topic<T> = { subject: string; message: z.ZodType<T> };
export type RequestTopic<Q, A> = { subject: string; question: z.ZodType<Q>; answer: z.ZodType<A> };

/** Nobody responds on the subject of a request. */
export class NoResponder extends Error {
  constructor(subject: string) {
    super(`nobody responds on ${subject}`);
    this.name = 'NoResponder';
  }
}
