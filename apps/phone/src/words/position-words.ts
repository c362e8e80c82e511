import type { Position, RingingPlace } from '@offhook/contract';
import type { KnownCall } from '@offhook/phone-core';
import type { CatalogueKey } from '../i18n/words.ts';
import { readableNumber } from './party.ts';

export interface PositionWords {
  readonly key: CatalogueKey;
  /** What its placeholder stands for. */
  readonly number: string | undefined;
}

/** Where a call is, in a word or two; undefined while it is nowhere. */
export function positionWords(
  call: Pick<KnownCall, 'position' | 'parkedAt'>,
  alternativeNumber: string | null | undefined,
): PositionWords | undefined {
  const { position, parkedAt } = call;
  switch (position) {
    case 'nowhere':
      return undefined;
    case 'parked':
      return parkedAt === undefined
        ? { key: 'position.parked', number: undefined }
        : { key: 'position.parked.number', number: parkedAt };
    case 'alternative':
      return typeof alternativeNumber === 'string'
        ? { key: 'position.alternative.number', number: readableNumber(alternativeNumber) }
        : { key: 'position.alternative', number: undefined };
    case 'here':
    case 'other_client':
    case 'desk_phone':
    case 'voicemail':
      return { key: `position.${position}`, number: undefined };
  }
}

/** Where else, or only there, a call rings; undefined where it rings just here. */
export function ringsWords(rings: readonly RingingPlace[]): CatalogueKey | undefined {
  const here = rings.includes('clients');
  const desk = rings.includes('desk_phone');
  const alternative = rings.includes('alternative');
  if (desk && alternative) return here ? 'call.rings.both' : 'call.rings.bothOnly';
  if (desk) return here ? 'call.rings.desk' : 'call.rings.deskOnly';
  if (alternative) return here ? 'call.rings.alternative' : 'call.rings.alternativeOnly';
  return undefined;
}

/** Spoken once when a call has gone there. */
export function arrivalWords(
  position: Exclude<Position, 'nowhere'>,
  parkedAt: string | undefined,
): CatalogueKey {
  return position === 'parked' && parkedAt !== undefined ? 'announce.parkedAt' : `announce.${position}`;
}
