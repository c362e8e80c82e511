import type { Kind } from '../schema/kinds.ts';
import { childNamed } from '../schema/kinds.ts';
import type { DeviceId } from './identifiers.ts';
import { deviceId } from './identifiers.ts';

/**
 * A device as events name it (ECMA-269: calling, called, subject and redirection devices): one, or why there is none.
 */
export type Party =
  | { readonly kind: 'device'; readonly id: DeviceId }
  /** The switching function cannot say. */
  | { readonly kind: 'notKnown' }
  /** There is none: nobody has redirected the call. */
  | { readonly kind: 'notRequired' }
  /** It may or may not say. */
  | { readonly kind: 'notSpecified' };

/** The choice is read whole in both forms, written in the one that the standard has at this place. */
const identifying = ['deviceIdentifier', 'numberDialed'] as const;

function partyIn(written: (typeof identifying)[number]): Kind<Party> {
  return {
    read(element) {
      for (const name of identifying) {
        const child = childNamed(element, name);
        const id = child === undefined ? undefined : deviceId.read(child);
        if (id !== undefined) return { kind: 'device', id };
      }
      if (childNamed(element, 'notRequired') !== undefined) return { kind: 'notRequired' };
      if (childNamed(element, 'notSpecified') !== undefined) return { kind: 'notSpecified' };
      // Some write the identifier without the element around it.
      const bare = element.children.length === 0 ? deviceId.read(element) : undefined;
      return bare === undefined ? { kind: 'notKnown' } : { kind: 'device', id: bare };
    },
    write: (value, name, style) => ({
      name,
      children: [value.kind === 'device' ? deviceId.write(value.id, written, style) : { name: value.kind }],
    }),
  };
}

export const party = partyIn('deviceIdentifier');
export const redirectionParty = partyIn('numberDialed');
