/** Asked with an id and a delay, answers with the id when it is over; without a delay, forgets it. */
interface Order {
  readonly id: number;
  readonly ms: number | undefined;
}

const timers = new Map<number, ReturnType<typeof setTimeout>>();

globalThis.addEventListener('message', (event: MessageEvent<Order>) => {
  const { id, ms } = event.data;
  clearTimeout(timers.get(id));
  timers.delete(id);
  if (ms === undefined) return;
  const ring = () => {
    timers.delete(id);
    globalThis.postMessage(id);
  };
  timers.set(id, setTimeout(ring, ms));
});
