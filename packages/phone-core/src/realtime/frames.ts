import {
  clientEvents,
  FrameToClient,
  Limits,
  type AnyEvent,
  type ClientEvent,
  type EventFrame,
} from '@offhook/contract';

export type IncomingEvent = AnyEvent<typeof clientEvents>;

/** Undefined for what is not a frame of the protocol. */
export function decodeFrame(text: string): FrameToClient | undefined {
  if (text.length > Limits.frameBytes) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const frame = FrameToClient.safeParse(json);
  return frame.success ? frame.data : undefined;
}

export type DecodedEvent =
  | { readonly kind: 'event'; readonly event: IncomingEvent }
  /** A newer cloud tells something that this build does not know. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'malformed' };

export function decodeEvent(frame: EventFrame): DecodedEvent {
  if (!isClientEvent(frame.name)) return { kind: 'unknown' };
  const data = clientEvents[frame.name].safeParse(frame.data);
  if (!data.success) return { kind: 'malformed' };
  return { kind: 'event', event: { name: frame.name, data: data.data } as IncomingEvent };
}

function isClientEvent(name: string): name is ClientEvent {
  return Object.hasOwn(clientEvents, name);
}
