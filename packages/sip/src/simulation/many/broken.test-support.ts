import type { VirtualClock } from '@offhook/testkit';
import type { Effect, EndpointEvent, SipEndpointApi } from '../../endpoint/api.ts';
import type { SipEndpoint } from '../../endpoint/endpoint.ts';

/** A defect: what of an endpoint behaves otherwise, and what becomes of its effects. */
export interface Defect {
  readonly overrides?: (endpoint: SipEndpoint, clock: VirtualClock) => Partial<SipEndpointApi>;
  /** What comes out in the place of an effect. */
  readonly effect?: (effect: Effect, clock: VirtualClock) => readonly Effect[];
}

/** An endpoint with a defect. */
export function broken(
  endpoint: SipEndpoint,
  { overrides, effect }: Defect,
  clock: VirtualClock,
): SipEndpointApi {
  const waiting: Effect[] = [];
  const poll = (): Effect | undefined => {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) return next;
      const real = endpoint.poll();
      if (real === undefined) return undefined;
      waiting.push(...(effect?.(real, clock) ?? [real]));
    }
  };
  const changed: Partial<SipEndpointApi> = {
    ...(effect !== undefined && { poll }),
    ...overrides?.(endpoint, clock),
  };
  return new Proxy<SipEndpointApi>(endpoint, {
    get: (_target, name: keyof SipEndpointApi) => changed[name] ?? endpoint[name].bind(endpoint),
  });
}

export type Told<T extends EndpointEvent['type']> = Extract<EndpointEvent, { type: T }>;

/** Changes the events of one type; an empty list swallows one. */
export function told<T extends EndpointEvent['type']>(
  type: T,
  change: (event: Told<T>) => readonly EndpointEvent[],
): NonNullable<Defect['effect']> {
  const isIt = (event: EndpointEvent): event is Told<T> => event.type === type;
  return (effect) =>
    effect.kind === 'event' && isIt(effect.event)
      ? change(effect.event).map((event) => ({ kind: 'event', event }))
      : [effect];
}

/** Changes the text of what is sent; `undefined` sends it as it is. */
export function sent(
  change: (text: string, now: number) => readonly string[] | undefined,
): NonNullable<Defect['effect']> {
  return (effect, clock) => {
    if (effect.kind !== 'send') return [effect];
    const texts = change(new TextDecoder().decode(effect.bytes), clock.now);
    return texts?.map((text) => ({ ...effect, bytes: new TextEncoder().encode(text) })) ?? [effect];
  };
}

let branches = 0;

/** The same request as another one: its method, CSeq number and branch are new, its body is left out. */
export function turnedInto(
  method: string,
  text: string,
  number: (old: number) => number = (old) => old + 1,
): string {
  branches += 1;
  const [head = ''] = text.split('\r\n\r\n');
  const lines = head
    .replace(/^\w+/, method)
    .replace(/branch=[\w.-]+/, `branch=z9hG4bKbroken${branches}`)
    .replace(/CSeq: (\d+) \w+/i, (_all, old: string) => `CSeq: ${number(Number(old))} ${method}`)
    .split('\r\n')
    .filter((line) => !/^(?:Content-\w+|Contact):/i.test(line));
  return `${[...lines, 'Content-Length: 0'].join('\r\n')}\r\n\r\n`;
}
