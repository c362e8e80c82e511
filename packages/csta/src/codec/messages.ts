import { callControlRequests, callControlResponses } from '../call-control/messages.ts';
import { deviceFeatureRequests, deviceFeatureResponses } from '../device-features/messages.ts';
import { callEvents } from '../events/call-events.ts';
import { deviceEvents } from '../events/device-events.ts';
import { monitoringRequests, monitoringResponses } from '../monitoring/messages.ts';
import type { PrivateData } from '../private-data/tree.ts';
import type { Content, Shape } from '../schema/shape.ts';
import { sessionEvents, sessionRequests, sessionResponses } from '../session/messages.ts';
import { systemEvents, systemRequests, systemResponses } from '../session/system.ts';
import { errorField } from '../values/errors.ts';

type Table = Readonly<Record<string, Shape>>;

/** One member for each message of a table: its name, what its shape describes, and private data. */
type MessagesOf<T extends Table> = {
  [N in keyof T & string]: { readonly name: N; readonly privateData?: PrivateData | undefined } & Content<
    T[N]
  >;
}[keyof T & string];

const requests = {
  ...systemRequests,
  ...monitoringRequests,
  ...callControlRequests,
  ...deviceFeatureRequests,
} as const;

/** Every request has exactly one positive answer, which is named after it: the compiler sees to it. */
const responses = {
  ...systemResponses,
  ...monitoringResponses,
  ...callControlResponses,
  ...deviceFeatureResponses,
} as const satisfies Record<`${keyof typeof requests}Response`, Shape>;

const events = { ...callEvents, ...deviceEvents, ...systemEvents } as const;

const errors = { CSTAErrorCode: { error: errorField } } as const;

/** What one side asks the other: most the client, `SystemStatus` both, `MonitorStop` both. */
export type CstaRequest = MessagesOf<typeof requests>;
export type CstaRequestName = CstaRequest['name'];
export type CstaResponse = MessagesOf<typeof responses>;
export type CstaErrorMessage = MessagesOf<typeof errors>;
/** What the server tells by itself, with invoke id 9999. */
export type CstaEvent = MessagesOf<typeof events>;
/** ECMA-354. */
export type SessionRequest = MessagesOf<typeof sessionRequests>;
export type SessionResponse = MessagesOf<typeof sessionResponses>;
export type SessionEvent = MessagesOf<typeof sessionEvents>;

export type CstaMessage =
  | CstaRequest
  | CstaResponse
  | CstaErrorMessage
  | CstaEvent
  | SessionRequest
  | SessionResponse
  | SessionEvent;
export type CstaMessageName = CstaMessage['name'];

/** The message of a name, or the messages of some. */
export type MessageNamed<N extends CstaMessageName> = Extract<CstaMessage, { readonly name: N }>;

/** The positive answer to a request of this name. */
export type ResponseTo<N extends CstaRequestName> = Extract<CstaResponse, { readonly name: `${N}Response` }>;

const sessionTable: Table = { ...sessionRequests, ...sessionResponses, ...sessionEvents };
const table: Table = { ...requests, ...responses, ...events, ...errors, ...sessionTable };

/** In print and on the wire there are two spellings. */
export const misspeltNames: ReadonlyMap<string, string> = new Map([['TransferredEvent', 'TransferedEvent']]);
const canonicalNames: ReadonlyMap<string, string> = new Map([
  ...Array.from(misspeltNames, ([name, misspelt]) => [misspelt, name] as const),
  ['UniversalFailure', 'CSTAErrorCode'],
]);

export const MESSAGE_NAMES: readonly string[] = Object.keys(table);

export function canonicalName(name: string): string {
  return canonicalNames.get(name) ?? name;
}

export function shapeOf(name: string): Shape | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

export const isSessionMessageName = (name: string): boolean => Object.hasOwn(sessionTable, name);

// By name: what an object is called decides what it is, and the tables above have one shape for each name.
export function isRequest(message: CstaMessage): message is CstaRequest {
  return Object.hasOwn(requests, message.name);
}

export function isResponse(message: CstaMessage): message is CstaResponse {
  return Object.hasOwn(responses, message.name);
}

export function isEvent(message: CstaMessage): message is CstaEvent {
  return Object.hasOwn(events, message.name);
}

export function isSessionRequest(message: CstaMessage): message is SessionRequest {
  return Object.hasOwn(sessionRequests, message.name);
}

export function isSessionResponse(message: CstaMessage): message is SessionResponse {
  return Object.hasOwn(sessionResponses, message.name);
}
