import type { ConnectionService } from './api.ts';
import type { Connection } from './call.ts';

/**
 * `servicesPermitted` of a connection now (ECMA-269 section 12.2.20): clients draw their buttons from it. What takes a second call of the
 * device (transfer, conference) is refused with `noActiveCall` where there is none.
 */
export function permittedServices(connection: Connection): readonly ConnectionService[] {
  if (connection.endpoint !== undefined) {
    return connection.endpoint.kind === 'slot' ? ['deflectCall'] : [];
  }
  switch (connection.state) {
    case 'initiated':
    case 'failed':
      return ['clearConnection'];
    case 'alerting':
      return ['answerCall', 'clearConnection', 'deflectCall', 'directedPickupCall'];
    case 'queued':
      return ['clearConnection', 'deflectCall'];
    case 'connected':
      return hasOthers(connection)
        ? [
            'clearConnection',
            'holdCall',
            'consultationCall',
            'singleStepTransferCall',
            'singleStepConference',
            'parkCall',
            'generateDigits',
          ]
        : ['clearConnection'];
    case 'held':
      return [
        'clearConnection',
        'retrieveCall',
        'alternateCall',
        'reconnectCall',
        'transferCall',
        'conferenceCall',
        'singleStepTransferCall',
        'parkCall',
      ];
    case 'null':
      return [];
    default:
      return connection.state satisfies never;
  }
}

function hasOthers(connection: Connection): boolean {
  for (const other of connection.call.connections) {
    if (other !== connection && other.state !== 'failed') return true;
  }
  return false;
}
