import { childOf, childrenOf, formatXml, isXmlFault, parseXml, textOf } from '@offhook/xml';
import type { XmlElement, XmlFault, XmlLimits, XmlNode } from '@offhook/xml';
import type { Body } from '../endpoint/api.ts';
import { parseDecimal } from '../message/chars.ts';

/** RFC 4235 section 3.7.1. */
export const DIALOG_STATES = ['trying', 'proceeding', 'early', 'confirmed', 'terminated'] as const;
export type DialogState = (typeof DIALOG_STATES)[number];

/** What has brought a dialog into its state (RFC 4235 section 4.1.2). */
export const DIALOG_EVENTS = [
  'cancelled',
  'rejected',
  'replaced',
  'local-bye',
  'remote-bye',
  'error',
  'timeout',
] as const;
export type DialogEvent = (typeof DIALOG_EVENTS)[number];

/** A document of the event package `dialog` (RFC 4235 section 4). */
export interface DialogInfo {
  /** Counts up by one with each document of a subscription, up to 2^32 - 1. */
  readonly version: number;
  /** All dialogs of the entity, or those that have changed. */
  readonly state: 'full' | 'partial';
  /** Whose dialogs: a URI. */
  readonly entity: string;
  readonly dialogs: readonly DialogEntry[];
  /** Dialogs of the document that could not be read (no id, no known state) and are left out. */
  readonly unreadable: number;
}

export interface DialogEntry {
  /** Unique within the entity; means nothing else. */
  readonly id: string;
  readonly callId?: string;
  readonly localTag?: string;
  readonly remoteTag?: string;
  /** Whether the entity has called or was called. */
  readonly direction?: 'initiator' | 'recipient';
  readonly state: DialogState;
  readonly event?: DialogEvent;
  /** The status of the response that has brought the state, 100–699. */
  readonly code?: number;
  /** Seconds since the dialog came to be. */
  readonly duration?: number;
  /** The dialog that this one has taken the place of. */
  readonly replaces?: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly referredBy?: DialogParty;
  /** The entity itself. */
  readonly local?: DialogParticipant;
  readonly remote?: DialogParticipant;
}

export interface DialogParty {
  readonly uri: string;
  readonly displayName?: string;
}

export interface DialogParticipant {
  readonly identity?: DialogParty;
  readonly target?: {
    readonly uri: string;
    /** Capabilities and state, e.g. `+sip.rendering` = `no` for a call that is held (RFC 4235 section 4.1.6.2). */
    readonly params: ReadonlyMap<string, string>;
  };
}

export const dialogInfoType = 'application/dialog-info+xml';
const namespace = 'urn:ietf:params:xml:ns:dialog-info';
const greatestVersion = 0xffff_ffff;

/** A fault where it is no XML, `undefined` where it is no document of dialogs. */
export function parseDialogInfo(
  bytes: Uint8Array,
  limits?: Partial<XmlLimits>,
): DialogInfo | XmlFault | undefined {
  const root = parseXml(bytes, limits);
  if (isXmlFault(root)) return root;
  const version = parseDecimal(root.attributes.get('version')?.trim() ?? '', greatestVersion);
  const state = root.attributes.get('state')?.trim().toLowerCase();
  const entity = root.attributes.get('entity')?.trim() ?? '';
  // Documents without any namespace are common; those of another one are no dialogs.
  if (root.name !== 'dialog-info' || (root.namespace !== '' && root.namespace !== namespace))
    return undefined;
  if (version === undefined || entity === '' || (state !== 'full' && state !== 'partial')) return undefined;
  const elements = childrenOf(root, 'dialog');
  const dialogs = elements.flatMap((element) => readDialog(element) ?? []);
  return { version, state, entity, dialogs, unreadable: elements.length - dialogs.length };
}

function readDialog(element: XmlElement): DialogEntry | undefined {
  const id = element.attributes.get('id') ?? '';
  const stateElement = childOf(element, 'state');
  const state = knownWord(DIALOG_STATES, stateElement === undefined ? undefined : textOf(stateElement));
  if (id === '' || state === undefined) return undefined;
  const event = knownWord(DIALOG_EVENTS, stateElement?.attributes.get('event'));
  const code = parseDecimal(stateElement?.attributes.get('code')?.trim() ?? '', 699);
  const direction = knownWord(['initiator', 'recipient'] as const, element.attributes.get('direction'));
  const durationElement = childOf(element, 'duration');
  const duration = durationElement && parseDecimal(textOf(durationElement), greatestVersion);
  return {
    id,
    ...optional('callId', element.attributes.get('call-id')),
    ...optional('localTag', element.attributes.get('local-tag')),
    ...optional('remoteTag', element.attributes.get('remote-tag')),
    ...optional('direction', direction),
    state,
    ...optional('event', event),
    ...optional('code', code === undefined || code < 100 ? undefined : code),
    ...optional('duration', duration),
    ...optional('replaces', readReplaces(childOf(element, 'replaces'))),
    ...optional('referredBy', readParty(childOf(element, 'referred-by'))),
    ...optional('local', readParticipant(childOf(element, 'local'))),
    ...optional('remote', readParticipant(childOf(element, 'remote'))),
  };
}

/** `{ [name]: value }`, or nothing where there is no value. */
function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, Value>>);
}

function knownWord<Word extends string>(words: readonly Word[], text: string | undefined): Word | undefined {
  const wanted = text?.trim().toLowerCase();
  return words.find((word) => word === wanted);
}

function readReplaces(element: XmlElement | undefined): DialogEntry['replaces'] {
  const callId = element?.attributes.get('call-id');
  const localTag = element?.attributes.get('local-tag');
  const remoteTag = element?.attributes.get('remote-tag');
  if (callId === undefined || localTag === undefined || remoteTag === undefined) return undefined;
  return { callId, localTag, remoteTag };
}

/** The RFC's schema has `display-name`, its examples `display`; both are seen. */
function readParty(element: XmlElement | undefined): DialogParty | undefined {
  const uri = element === undefined ? '' : textOf(element);
  if (element === undefined || uri === '') return undefined;
  const displayName = element.attributes.get('display-name') ?? element.attributes.get('display');
  return { uri, ...optional('displayName', displayName === '' ? undefined : displayName) };
}

function readParticipant(element: XmlElement | undefined): DialogParticipant | undefined {
  if (element === undefined) return undefined;
  const targetElement = childOf(element, 'target');
  const uri = targetElement?.attributes.get('uri')?.trim();
  const params = new Map<string, string>();
  for (const param of targetElement === undefined ? [] : childrenOf(targetElement, 'param')) {
    const name = param.attributes.get('pname')?.toLowerCase();
    const value = param.attributes.get('pval') ?? param.attributes.get('pvalue');
    if (name !== undefined && value !== undefined) params.set(name, value);
  }
  return {
    ...optional('identity', readParty(childOf(element, 'identity'))),
    ...optional('target', uri === undefined || uri === '' ? undefined : { uri, params }),
  };
}

export function formatDialogInfo(info: Omit<DialogInfo, 'unreadable'>): Body {
  const { version, state, entity } = info;
  const text = formatXml({
    name: 'dialog-info',
    attributes: { xmlns: namespace, version, state, entity },
    children: info.dialogs.map(dialogNode),
  });
  return { contentType: dialogInfoType, bytes: Buffer.from(text) };
}

/** Elements stand in the order of the schema. */
function dialogNode(entry: DialogEntry): XmlNode {
  const { replaces, referredBy, local, remote } = entry;
  return {
    name: 'dialog',
    attributes: {
      id: entry.id,
      'call-id': entry.callId,
      'local-tag': entry.localTag,
      'remote-tag': entry.remoteTag,
      direction: entry.direction,
    },
    children: [
      { name: 'state', attributes: { event: entry.event, code: entry.code }, children: [entry.state] },
      entry.duration === undefined ? undefined : { name: 'duration', children: [String(entry.duration)] },
      replaces && {
        name: 'replaces',
        attributes: {
          'call-id': replaces.callId,
          'local-tag': replaces.localTag,
          'remote-tag': replaces.remoteTag,
        },
      },
      referredBy && partyNode('referred-by', referredBy),
      local && participantNode('local', local),
      remote && participantNode('remote', remote),
    ],
  };
}

function partyNode(name: string, party: DialogParty): XmlNode {
  return { name, attributes: { 'display-name': party.displayName }, children: [party.uri] };
}

function participantNode(name: string, participant: DialogParticipant): XmlNode {
  const { identity, target } = participant;
  return {
    name,
    children: [
      identity && partyNode('identity', identity),
      target && {
        name: 'target',
        attributes: { uri: target.uri },
        children: [...target.params].map(([pname, pval]) => ({ name: 'param', attributes: { pname, pval } })),
      },
    ],
  };
}
