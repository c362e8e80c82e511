import type { Directory, DirectoryDevice } from '../config/directory.ts';
import type { ExtensionConfig, FeatureCodes, ServiceConfig } from '../config/exchange.ts';
import type { ForwardingTarget, ForwardingType } from './api.ts';
import { EMERGENCY_NUMBERS, outsideNumber } from './numbering.ts';

/** What a feature code asks for. */
export type FeatureRequest =
  | { readonly kind: 'forward'; readonly type: ForwardingType; readonly target: ForwardingTarget | undefined }
  | { readonly kind: 'do_not_disturb'; readonly on: boolean }
  | { readonly kind: 'call_back'; readonly to: string | undefined };

/** What a number leads to, whoever dials it. */
export type Destination =
  | { readonly kind: 'extension'; readonly extension: ExtensionConfig }
  /** One line alone, dialled by another of the same extension. */
  | { readonly kind: 'line'; readonly device: DirectoryDevice }
  | { readonly kind: 'outside'; readonly device: DirectoryDevice }
  | { readonly kind: 'service'; readonly service: ServiceConfig }
  | { readonly kind: 'emergency'; readonly number: string }
  /** Of the extension `box`, or the caller's own. */
  | { readonly kind: 'voicemail'; readonly box: string | undefined }
  /** Without `room` it is a new one. */
  | { readonly kind: 'conference'; readonly room: string | undefined }
  | { readonly kind: 'park' }
  | { readonly kind: 'unpark'; readonly slot: number }
  | { readonly kind: 'pickup'; readonly number: string | undefined }
  | { readonly kind: 'feature'; readonly request: FeatureRequest }
  | { readonly kind: 'call_through'; readonly number: string }
  | { readonly kind: 'unknown' };

export interface DialPlan {
  readonly directory: Directory;
  readonly codes: FeatureCodes;
  readonly countryCode: string;
}

/** Where a dialled number leads. Numbers of the directory go before feature codes. */
export function destinationOf(
  dialled: string,
  from: DirectoryDevice | undefined,
  plan: DialPlan,
): Destination {
  const { directory, countryCode } = plan;
  const device = directory.device(dialled);
  if (device !== undefined) return toDevice(device, from);
  const service = directory.service(dialled);
  if (service !== undefined) return { kind: 'service', service };
  if (EMERGENCY_NUMBERS.has(dialled)) return { kind: 'emergency', number: dialled };
  const code = codeOf(dialled, plan);
  if (code !== undefined) return code;
  const outside = directory.device(outsideNumber(dialled, countryCode) ?? '');
  return outside === undefined ? { kind: 'unknown' } : toDevice(outside, from);
}

function toDevice(device: DirectoryDevice, from: DirectoryDevice | undefined): Destination {
  const { extension, kind } = device;
  if (kind === 'outside' || extension === undefined) return { kind: 'outside', device };
  // Among the lines of one person a number means the one line: that is how a call is moved between them.
  if (from?.extension === extension && extension.line !== undefined) return { kind: 'line', device };
  return kind === 'line' ? { kind: 'unknown' } : { kind: 'extension', extension };
}

function codeOf(dialled: string, plan: DialPlan): Destination | undefined {
  const { codes } = plan;
  const feature = featureOf(dialled, plan);
  if (feature !== undefined) return { kind: 'feature', request: feature };
  if (dialled === codes.park) return { kind: 'park' };
  const slot = rest(dialled, codes.unpark);
  if (slot !== undefined && /^[1-9]$/.test(slot)) return { kind: 'unpark', slot: Number(slot) };
  const picked = rest(dialled, codes.pickup);
  if (picked !== undefined) return { kind: 'pickup', number: picked === '' ? undefined : picked };
  const through = rest(dialled, codes.callThrough);
  if (through !== undefined && through !== '') return { kind: 'call_through', number: through };
  const box = rest(dialled, codes.voicemail);
  if (box === '') return { kind: 'voicemail', box: undefined };
  if (box !== undefined && plan.directory.extension(box) !== undefined) return { kind: 'voicemail', box };
  const room = rest(dialled, codes.conference);
  if (room !== undefined && /^\d{0,12}$/.test(room)) {
    return { kind: 'conference', room: room === '' ? undefined : dialled };
  }
  return undefined;
}

function featureOf(dialled: string, plan: DialPlan): FeatureRequest | undefined {
  const { codes } = plan;
  const forwards = [
    ['immediate', codes.forwardImmediate, codes.forwardImmediateOff],
    ['noAnswer', codes.forwardNoAnswer, codes.forwardNoAnswerOff],
    ['busy', codes.forwardBusy, codes.forwardBusyOff],
  ] as const;
  for (const [type, on, off] of forwards) {
    if (dialled === off) return { kind: 'forward', type, target: undefined };
    const number = rest(dialled, on)?.replace(/#$/, '');
    if (number !== undefined && number !== '') {
      return { kind: 'forward', type, target: forwardingTarget(number, codes) };
    }
  }
  if (dialled === codes.doNotDisturb) return { kind: 'do_not_disturb', on: true };
  if (dialled === codes.doNotDisturbOff) return { kind: 'do_not_disturb', on: false };
  if (dialled === codes.callBackOff) return { kind: 'call_back', to: undefined };
  const wanted = rest(dialled, codes.callBack);
  return wanted === undefined || wanted === '' ? undefined : { kind: 'call_back', to: wanted };
}

export function forwardingTarget(number: string, codes: FeatureCodes): ForwardingTarget {
  return number === codes.voicemail ? { kind: 'voicemail' } : { kind: 'number', number };
}

function rest(dialled: string, prefix: string): string | undefined {
  return dialled.startsWith(prefix) ? dialled.slice(prefix.length) : undefined;
}
