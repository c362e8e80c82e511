import type { DeviceRef, ListedDevice } from './listing.ts';

/** What devices are used for: the other side's voice, what is said, what rings, and what rings as well. */
export const roles = ['microphone', 'speaker', 'ringer', 'secondRinger'] as const;
export type Role = (typeof roles)[number];

export const kindOf: Readonly<Record<Role, ListedDevice['kind']>> = {
  microphone: 'audioinput',
  speaker: 'audiooutput',
  ringer: 'audiooutput',
  secondRinger: 'audiooutput',
};

/** `system`: whatever the system uses. `none` is for the second ringer alone. */
export type Choice = { readonly name: 'system' } | { readonly name: 'none' } | NamedChoice;

export interface NamedChoice {
  readonly name: 'device';
  readonly device: DeviceRef;
}

export type Choices = Readonly<Record<Role, Choice>>;

export const firstChoices: Choices = {
  microphone: { name: 'system' },
  speaker: { name: 'system' },
  ringer: { name: 'system' },
  secondRinger: { name: 'none' },
};
