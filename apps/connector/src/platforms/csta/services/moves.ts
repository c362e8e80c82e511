import type { CstaRequest, ConnectionId } from '@offhook/csta';
import { siemensData, toDeviceId } from '@offhook/csta';

/** Where a call is sent among the devices of one person. */
export interface Destination {
  /** The number that people call. */
  readonly number: string;
  /** Which of its devices. */
  readonly device: string;
}

/**
 * A call in which somebody talks goes to another device of the same number: SingleStepTransferCall with the device, and that it shall
 * answer by itself, in private data.
 */
export function moveTalking(connection: ConnectionId, to: Destination): CstaRequest {
  return {
    name: 'SingleStepTransferCall',
    activeCall: connection,
    transferredTo: toDeviceId(to.number),
    ...targetOf(to),
  };
}

/** One that rings, or is parked: DeflectCall with the same. */
export function moveWaiting(connection: ConnectionId, to: Destination): CstaRequest {
  return {
    name: 'DeflectCall',
    callToBeDiverted: connection,
    newDestination: toDeviceId(to.number),
    ...targetOf(to),
  };
}

function targetOf({ device }: Destination): Pick<CstaRequest, 'privateData'> {
  const privateData = siemensData({ targetDevice: toDeviceId(device), autoAnswer: true });
  return privateData === undefined ? {} : { privateData };
}
