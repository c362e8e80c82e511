/**
 * Why an event was generated: those of ECMA-269 section 12.2.15 that the call model tells apart. Later editions and vendors have more, so
 * that messages carry the cause as text, and a reader that does not know it goes by the event alone.
 */
export const EVENT_CAUSES = [
  'alternate',
  'busy',
  'callBack',
  'callCancelled',
  'callForward',
  'callForwardBusy',
  'callForwardImmediate',
  'callForwardNoAnswer',
  'callNotAnswered',
  'callPickup',
  'campOn',
  'conference',
  'consultation',
  'destNotObtainable',
  'destOutOfOrder',
  'distributed',
  'doNotDisturb',
  'enteringDistribution',
  'incompatibleDestination',
  'invalidNumberFormat',
  'keyConference',
  'makeCall',
  'networkCongestion',
  'networkNotObtainable',
  'newCall',
  'noAvailableAgents',
  'normal',
  'normalClearing',
  'override',
  'park',
  'recall',
  'reconnect',
  'redirected',
  'resourcesNotAvailable',
  'singleStepConference',
  'singleStepTransfer',
  'switchingFunctionTerminated',
  'transfer',
  'trunksBusy',
] as const;

export type EventCause = (typeof EVENT_CAUSES)[number];

export function eventCauseOf(text: string | undefined): EventCause | undefined {
  return EVENT_CAUSES.find((cause) => cause === text);
}
