import type { XmlNode } from '@offhook/xml';
import type { Kind } from '../schema/kinds.ts';
import { childNamed, flag } from '../schema/kinds.ts';

/** ECMA-269 section 12.2.25, ECMA-285 section 8.2. */
export const CALL_CONTROL_SERVICES = [
  'acceptCall',
  'alternateCall',
  'answerCall',
  'callBack',
  'callBackMessage',
  'campOnCall',
  'clearCall',
  'clearConnection',
  'conferenceCall',
  'consultationCall',
  'deflectCall',
  'dialDigits',
  'directedPickupCall',
  'groupPickupCall',
  'holdCall',
  'intrudeCall',
  'joinCall',
  'makeCall',
  'makePredictiveCall',
  'parkCall',
  'reconnectCall',
  'retrieveCall',
  'singleStepConference',
  'singleStepTransfer',
  'transferCall',
] as const;

export type CallControlService = (typeof CALL_CONTROL_SERVICES)[number];

/** ECMA-269 clause 18. */
export const CALL_ASSOCIATED_SERVICES = [
  'associateData',
  'cancelTelephonyTones',
  'changeConnectionInformation',
  'generateDigits',
  'generateTelephonyTones',
  'sendUserInformation',
] as const;

export type CallAssociatedService = (typeof CALL_ASSOCIATED_SERVICES)[number];

/** Which services a connection permits now: what a client draws its buttons from. Services that are not known are passed over. */
export interface ServicesPermitted {
  readonly callControl: readonly CallControlService[];
  readonly callAssociated: readonly CallAssociatedService[];
}

/** Some write services by the names of their requests. */
const aliases: Readonly<Record<string, string>> = {
  callBack: 'callBackCallRelated',
  singleStepConference: 'singleStepConferenceCall',
  singleStepTransfer: 'singleStepTransferCall',
};

type XmlParent = Parameters<Kind<unknown>['read']>[0];

function permitted<V extends string>(parent: XmlParent, name: string, names: readonly V[]): V[] {
  const element = childNamed(parent, name);
  if (element === undefined) return [];
  return names.filter((service) => {
    const child = childNamed(element, service) ?? childNamed(element, aliases[service] ?? service);
    return child !== undefined && flag.read(child) === true;
  });
}

const written = (name: string, services: readonly string[]): XmlNode => ({
  name,
  children: services.map((service) => ({ name: service, children: ['true'] })),
});

/** The groups that we permit nothing in are written all the same, as the schema wants them. */
export const servicesPermitted: Kind<ServicesPermitted> = {
  read: (element) => ({
    callControl: permitted(element, 'callControlServices', CALL_CONTROL_SERVICES),
    callAssociated: permitted(element, 'callAssociatedServices', CALL_ASSOCIATED_SERVICES),
  }),
  write: (value, name, style) => ({
    name,
    children: [
      written('callControlServices', value.callControl),
      written('callAssociatedServices', value.callAssociated),
      { name: style.isMisspelt ? 'mediaAttachementServices' : 'mediaAttachmentServices' },
      { name: 'routeingServices' },
      { name: 'voiceServices' },
    ],
  }),
};
