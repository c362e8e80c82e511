import type { ConnectionId, DeviceId as CstaDeviceId, Party } from '@offhook/csta';
import { formatDeviceId, parseDeviceId, toCallId } from '@offhook/csta';
import { callId, deviceId } from '../switch/api.ts';
import type { CallId, ConnectionRef, DeviceId, Party as Person } from '../switch/api.ts';
import type { DeviceNaming } from './personalities/personality.ts';

/** How devices and calls of the switch are written on one platform's links, and read from them. */
export class Naming {
  readonly #style: DeviceNaming;

  constructor(style: DeviceNaming) {
    this.#style = style;
  }

  /** A device in a connection identifier, in a list, or as a forwarding's target: without what is only said of parties. */
  device(number: string): CstaDeviceId {
    switch (this.#style) {
      case 'described':
        return formatDeviceId({ number }, 'switching_function');
      case 'plus':
        return formatDeviceId({ number }, number.startsWith('+') ? 'plus' : 'bare');
      case 'bare':
        return formatDeviceId({ number }, 'bare');
      default:
        return this.#style satisfies never;
    }
  }

  /** Who somebody is in an event. `uid` is the call. */
  party(person: Person, call: CallId): Party {
    const { number, name } = person;
    if (this.#style !== 'described') return { kind: 'device', id: this.device(number) };
    const details = {
      number,
      displayNumber: number,
      noa: 'nk',
      uid: call,
      ...(name !== undefined && { name }),
    };
    return { kind: 'device', id: formatDeviceId(details, 'switching_function') };
  }

  connection({ call, device }: ConnectionRef): ConnectionId {
    return { callID: toCallId(call), deviceID: this.device(device) };
  }
}

/** In whatever form a client writes it. */
export function readDevice(id: CstaDeviceId): DeviceId {
  return deviceId(parseDeviceId(id).number);
}

/** `undefined`: it names no device, which every service needs. */
export function readConnection({ callID, deviceID }: ConnectionId): ConnectionRef | undefined {
  return deviceID === undefined ? undefined : { call: callId(callID), device: readDevice(deviceID) };
}
