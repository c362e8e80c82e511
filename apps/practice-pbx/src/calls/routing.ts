import type { Millis } from '@offhook/sip';
import { actOf, personOf } from '../config/directory.ts';
import type { Directory } from '../config/directory.ts';
import type { Destination, Person, RingingPlace } from './types.ts';

export type Route =
  | { readonly kind: 'to'; readonly person: Person; readonly destination: Destination }
  | { readonly kind: 'refuse'; readonly status: 404 | 480 | 486 | 603 };

/** Where a dialled number leads. `placesOf` gives the devices of an extension. */
export function route(
  number: string | undefined,
  directory: Directory,
  placesOf: (number: string) => readonly RingingPlace[],
): Route {
  const extension = number === undefined ? undefined : directory.extension(number);
  if (extension !== undefined) {
    const places = placesOf(extension.number);
    if (places.length === 0) return { kind: 'refuse', status: 480 };
    const person = personOf(extension);
    const ringTime = seconds(extension.ringSeconds);
    return { kind: 'to', person, destination: { kind: 'extension', places, ringTime } };
  }
  const service = number === undefined ? undefined : directory.service(number);
  if (service === undefined) return { kind: 'refuse', status: 404 };
  const person = personOf(service);
  const act = actOf(service);
  switch (act.kind) {
    case 'refuse':
      return { kind: 'refuse', status: act.status };
    case 'ring_only':
      return { kind: 'to', person, destination: { kind: 'nobody', ringTime: seconds(act.ringSeconds) } };
    case 'answer':
      return { kind: 'to', person, destination: { kind: 'service', service: act.service } };
    default:
      return act satisfies never;
  }
}

function seconds(count: number): Millis {
  return count * 1000;
}
