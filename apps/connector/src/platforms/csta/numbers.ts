import { parseDeviceId } from '@offhook/csta';

declare const brand: unique symbol;
/** A device, however its identifier is written: `101`, `N<101>Anna;uid=…`, `N+101` and `tel:101` are one. */
export type DeviceKey = string & { readonly [brand]: true };

/** Fewer digits than this are no number with a country code. */
const SHORTEST_INTERNATIONAL = 7;

/** Numbers with a country code are one with `+` and with `00`. */
export function deviceKey(id: string): DeviceKey {
  const { number } = parseDeviceId(id);
  const bare = number.replace(/^\+/, '');
  const withoutPrefix = bare.replace(/^00(?=[1-9])/, '');
  // The brand is for the compiler alone.
  return (withoutPrefix.length >= SHORTEST_INTERNATIONAL ? withoutPrefix : bare) as DeviceKey;
}

/**
 * The number as people dial it. OpenScape 4000 writes a plus before every number, extensions too; there it means nothing.
 */
export function shownNumber(id: string): string {
  const { number, displayNumber } = parseDeviceId(id);
  const told = displayNumber === undefined || displayNumber === '' ? number : displayNumber;
  return told.startsWith('+') && told.length <= SHORTEST_INTERNATIONAL ? told.slice(1) : told;
}

export function shownName(id: string): string | undefined {
  const { name } = parseDeviceId(id);
  return name === undefined || name === '' ? undefined : name.slice(0, 200);
}

/** Whether a number is one of those where calls are parked: `*71` with the code `*7{number}`. */
export function isSlotNumber(key: DeviceKey, unpark: string | undefined): boolean {
  if (unpark === undefined || !unpark.includes('{number}')) return false;
  const [before = '', after = ''] = unpark.split('{number}', 2);
  return key.length > before.length + after.length && key.startsWith(before) && key.endsWith(after);
}
