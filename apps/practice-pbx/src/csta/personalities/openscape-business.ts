import { BASIC_SERVICES } from './personality.ts';
import type { Personality } from './personality.ts';

/**
 * OpenScape Business, as far as XML can show it. The real one speaks CSTA III in ASN.1 (ECMA-285, port 8800) and has a Web Services
 * Interface of its own (HTTPS, port 8802); what stands here are the capabilities of those two over the XML of the others.
 *
 * Known: the Web Services Interface has MakeCall, AnswerCall, Hold, Retrieve, Consultation, Alternate, Conference, Transfer,
 * do-not-disturb, forwarding and monitors; routing is the agent state of the other member of a MULAP group.
 *
 * Inferred: clearing, reconnect, single-step transfer, deflect, pick-up and digits, which ECMA-269 has and a phone needs; that the
 * target device of a push is named as on the others (a transfer to the member's own number does the same); that no `servicesPermitted`
 * are sent, so that clients go by the states of connections; that a push is answered before the INVITE; editions 3 and 4; a session of 600 s.
 */
export const openScapeBusiness: Personality = {
  platform: 'openscape-business',
  manufacturer: 'OpenScape Business (practice)',
  editions: [3, 4],
  isMisspelt: false,
  sessionSeconds: 600,
  heartbeatSeconds: 60,
  deviceNaming: 'bare',
  services: [
    ...BASIC_SERVICES,
    'MakeCall',
    'AnswerCall',
    'ClearConnection',
    'HoldCall',
    'RetrieveCall',
    'AlternateCall',
    'ConsultationCall',
    'ReconnectCall',
    'TransferCall',
    'ConferenceCall',
    'SingleStepTransferCall',
    'DeflectCall',
    'DirectedPickupCall',
    'GenerateDigits',
    'SetForwarding',
    'GetForwarding',
    'SetDoNotDisturb',
    'GetDoNotDisturb',
    'SetAgentState',
    'GetAgentState',
    'GetMessageWaitingIndicator',
  ],
  sendsServicesPermitted: false,
  handOver: { answered: 'before_invite', leadMs: 10 },
  privateData: { staticOndDN: false, targetDevice: true, extendedServicesPermitted: false },
};
