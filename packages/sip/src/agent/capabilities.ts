import type { ExtraHeaders } from '../endpoint/api.ts';
import { headerValues } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';

/** What the endpoint or its application can answer; goes into Allow. */
export const allowedMethods = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'UPDATE',
  'PRACK',
  'INFO',
  'REFER',
  'NOTIFY',
  'SUBSCRIBE',
  'MESSAGE',
] as const;

/** Methods that we know and hand to the application, which may refuse them. */
const applicationMethods = new Set<string>([
  'REGISTER',
  'MESSAGE',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'REFER',
  'INFO',
]);

export const isApplicationMethod = (method: string): boolean => applicationMethods.has(method);

/**
 * Option tags of Supported: extensions that a peer may use with us. RFC 3262, 4028, 3891, 4488.
 */
const supportedOptions: readonly string[] = ['100rel', 'timer', 'replaces', 'norefersub'];

export const allow: readonly [string, string] = ['Allow', allowedMethods.join(', ')];
export const acceptSdp: readonly [string, string] = ['Accept', 'application/sdp'];

/** For 2xx to INVITE and OPTIONS (sections 13.3.1.4, 11.2). */
export const capabilityHeaders: ExtraHeaders = [allow, ['Supported', supportedOptions.join(', ')]];

/** The same for a call in which one extension is not to be used. */
export function capabilitiesWithout(option: string): ExtraHeaders {
  return [allow, ['Supported', supportedOptions.filter((each) => each !== option).join(', ')]];
}

/**
 * Extensions that a request demands and we do not have: for 420 with Unsupported (section 8.2.2.3). What a REGISTER demands is
 * for the registrar to say.
 */
export function unsupportedExtensions(request: SipRequest): string[] {
  if (request.method === 'ACK' || request.method === 'CANCEL' || request.method === 'REGISTER') return [];
  return headerValues(request, 'require').filter(
    (option) => !supportedOptions.includes(option.toLowerCase()),
  );
}
