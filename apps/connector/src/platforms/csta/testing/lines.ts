import type { LineConfig } from '@offhook/contract';
import { id } from '../../../testing/ids.ts';

/** Two users with a desk phone and a line each, and one whose line is the number that people call. */
export const LINES: readonly LineConfig[] = [
  lineOf('anna', '5101', '101', 'Anna Albers'),
  lineOf('ben', '5102', '102', 'Ben Brandt'),
  lineOf('carla', '103', undefined, 'Carla Conrad'),
];

export const ANNA = id.user('anna');
export const BEN = id.user('ben');
export const CARLA = id.user('carla');

/** What rings together at the exchange, and what it has at all. */
export const GROUPS = {
  '101': ['101', '5101'],
  '102': ['102', '5102'],
  '103': ['103'],
  '5101': ['5101'],
  '5102': ['5102'],
} as const;

export function lineOf(
  name: string,
  number: string,
  mainNumber: string | undefined,
  displayName: string,
): LineConfig {
  return {
    lineId: id.line(name),
    userId: id.user(name),
    number,
    displayName,
    authUser: number,
    password: 'secret',
    ...(mainNumber === undefined ? {} : { mainNumber }),
    kept: {},
  };
}
