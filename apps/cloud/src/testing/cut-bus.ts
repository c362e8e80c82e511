import { NoResponder, type Bus, type Unsubscribe } from '../bus/bus.ts';

/** A node's way to the bus that can be cut, as by `kill -9` or a torn cable: from then on nothing goes out or comes in. */
export function cuttable(bus: Bus): { bus: Bus; cut: () => void } {
  let isCut = false;
  const undo: Unsubscribe[] = [];
  const kept = (unsubscribe: Unsubscribe): Unsubscribe => {
    undo.push(unsubscribe);
    return unsubscribe;
  };
  return {
    cut: () => {
      isCut = true;
      undo.splice(0).forEach((unsubscribe) => unsubscribe());
    },
    bus: {
      publish: (topic, message) => {
        if (!isCut) bus.publish(topic, message);
      },
      subscribe: (topic, handler) => (isCut ? () => {} : kept(bus.subscribe(topic, handler))),
      respond: (topic, handler) => (isCut ? () => {} : kept(bus.respond(topic, handler))),
      request: async (topic, question, timeoutMs) => {
        if (isCut) throw new NoResponder(topic.subject);
        return bus.request(topic, question, timeoutMs);
      },
      gather: async (topic, question, timeoutMs) => (isCut ? [] : bus.gather(topic, question, timeoutMs)),
      close: async () => {},
    },
  };
}
