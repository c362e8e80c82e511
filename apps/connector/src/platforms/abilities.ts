import type { Abilities } from '@offhook/call-model';
import type { Ability, LineSettings } from '@offhook/contract';

/** What the phone is told of the user's abilities, besides what each call permits. */
export function toldAbilities(can: Abilities, settings: LineSettings | undefined): Ability[] {
  const told: Ability[] = [];
  if (can.desk?.place === true) told.push('placeAtDesk');
  if (can.pickUp) told.push('pickUp');
  if (can.groupPickUp) told.push('groupPickUp');
  if (settings !== undefined && settings.voicemailNumber !== null) told.push('voicemail');
  if (settings !== undefined) told.push('settings');
  return told;
}
