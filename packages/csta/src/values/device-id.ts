import type { DeviceId } from './identifiers.ts';
import { toDeviceId } from './identifiers.ts';

/** What a device identifier says. */
export interface DeviceDetails {
  /** To be dialled, as it is written there: nothing is normalised. */
  readonly number: string;
  readonly name?: string;
  /** What the display shall show instead of the number. */
  readonly displayNumber?: string;
  /** Nature of address; OpenScape writes `nk`, not known. */
  readonly noa?: string;
  /** The call that the device is in, as OpenScape Voice has it. */
  readonly uid?: string;
}

/** No telephone number or name is longer; the rest of a longer one is not looked at. */
const longest = 512;

/**
 * Reads the forms that are seen: the switching function representation of ECMA-269 (`N<number>Name`, of which sub-addresses
 * after `!`, `&`, `/` and `%` are left out) with OpenScape's parameters after it, `N+4989…` without brackets, `tel:` and `sip:` URIs, and a
 * bare number. Anything else is a number as it stands, so that nothing that a peer sends is lost.
 */
export function parseDeviceId(id: string): DeviceDetails {
  const text = id.slice(0, longest).trim();
  const bracketed = /^N<([^>!&/%]*)[^>]*>/.exec(text);
  if (bracketed !== null) {
    const [whole, number = ''] = bracketed;
    return detailsOf(number, text.slice(whole.length));
  }
  const uri = /^(?:tel|sips?):([^;@?]+)/i.exec(text);
  if (uri?.[1] !== undefined) return { number: uri[1] };
  const [first = ''] = text.split(';', 1);
  return detailsOf(first.replace(/^N(?=\+)/, ''), text.slice(first.length));
}

function detailsOf(number: string, rest: string): DeviceDetails {
  const [name = '', ...parameters] = rest.split(';');
  const value = (wanted: string): string | undefined => {
    const found = parameters.find((parameter) => parameter.startsWith(`${wanted}=`));
    return found?.slice(wanted.length + 1);
  };
  const displayNumber = value('displayNumber');
  const noa = value('noa');
  const uid = value('uid');
  return {
    number,
    ...(name !== '' && { name }),
    ...(displayNumber !== undefined && { displayNumber }),
    ...(noa !== undefined && { noa }),
    ...(uid !== undefined && { uid }),
  };
}

/** How a system writes device identifiers in its events. */
export type DeviceIdStyle =
  /** `N<101>Anna;displayNumber=101;noa=nk;uid=…`, as OpenScape Voice does. */
  | 'switching_function'
  /** `N+4989101`: as OpenScape 4000 does. */
  | 'plus'
  /** `101`. */
  | 'bare';

const clean = (text: string): string => text.replaceAll(/[<>;]/g, '');

/** Characters that end a name or a number would make another identifier of it; they are left out. */
export function formatDeviceId(details: DeviceDetails, style: DeviceIdStyle): DeviceId {
  const number = clean(details.number);
  switch (style) {
    case 'bare':
      return toDeviceId(number);
    case 'plus':
      return toDeviceId(`N+${number.replace(/^\+/, '')}`);
    case 'switching_function': {
      const { name = '', displayNumber, noa, uid } = details;
      const parameters = Object.entries({ displayNumber, noa, uid })
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => `;${key}=${clean(value ?? '')}`)
        .join('');
      return toDeviceId(`N<${number.replaceAll(/[!&/%]/g, '')}>${clean(name)}${parameters}`);
    }
  }
}
