import { OffhookError } from '@offhook/contract';
import { NoResponder, type Bus } from './bus.ts';

export type InProcessBusOptions = {
  /** A handler threw, or a message had not the shape of its topic. */
  onError: (error: unknown, subject: string) => void;
};

type Handler = (text: string) => void;
type Responder = (text: string) => Promise<string>;

/** The bus of a cloud that is one process. */
export function createInProcessBus({ onError }: InProcessBusOptions): Bus {
  const subscribers = new Map<string, Set<Handler>>();
  const responders = new Map<string, Set<Responder>>();
  let closed = false;

  const deliver = (subject: string, handler: Handler, text: string) => {
    queueMicrotask(() => {
      // It may have unsubscribed meanwhile.
      if (closed || !subscribers.get(subject)?.has(handler)) return;
      try {
        handler(text);
      } catch (error) {
        onError(error, subject);
      }
    });
  };

  const ask = async <A>(
    subject: string,
    responder: Responder,
    question: string,
    parse: (text: string) => A,
    timeoutMs: number,
  ): Promise<A> => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new OffhookError('timeout')), timeoutMs);
    try {
      const text = await Promise.race([Promise.resolve(question).then(responder), late.promise]);
      return parse(text);
    } catch (error) {
      if (!(error instanceof OffhookError)) onError(error, subject);
      throw OffhookError.from(error);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    publish: (topic, message) => {
      const text = JSON.stringify(message);
      for (const handler of subscribers.get(topic.subject) ?? []) deliver(topic.subject, handler, text);
    },
    subscribe: (topic, handler) =>
      add(subscribers, topic.subject, (text: string) => handler(topic.message.parse(JSON.parse(text)))),
    respond: (topic, handler) =>
      add(responders, topic.subject, async (text: string) =>
        JSON.stringify(await handler(topic.question.parse(JSON.parse(text)))),
      ),
    request: async (topic, question, timeoutMs) => {
      const responder = [...(responders.get(topic.subject) ?? [])].at(-1);
      if (closed || responder === undefined) throw new NoResponder(topic.subject);
      const parse = (text: string) => topic.answer.parse(JSON.parse(text));
      return ask(topic.subject, responder, JSON.stringify(question), parse, timeoutMs);
    },
    gather: async (topic, question, timeoutMs) => {
      const text = JSON.stringify(question);
      const parse = (text: string) => topic.answer.parse(JSON.parse(text));
      const asked = [...(responders.get(topic.subject) ?? [])];
      const answers = await Promise.allSettled(
        asked.map((responder) => ask(topic.subject, responder, text, parse, timeoutMs)),
      );
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    },
    close: async () => {
      closed = true;
      subscribers.clear();
      responders.clear();
    },
  };
}

function add<H>(map: Map<string, Set<H>>, subject: string, handler: H): () => void {
  const handlers = map.get(subject) ?? new Set<H>();
  handlers.add(handler);
  map.set(subject, handlers);
  return () => {
    handlers.delete(handler);
    if (handlers.size === 0 && map.get(subject) === handlers) map.delete(subject);
  };
}
