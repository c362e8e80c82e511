import * as z from 'zod';
import { Limits } from './limits.ts';

const PhoneNumber = z.string().min(1).max(Limits.targetChars);

/** Where calls are sent on. */
export const ForwardTarget = z.discriminatedUnion('to', [
  z.object({ to: z.literal('number'), number: PhoneNumber }),
  z.object({ to: z.literal('voicemail') }),
]);
export type ForwardTarget = z.infer<typeof ForwardTarget>;

/** When calls are sent on: at once, when the line is busy, when nobody answers. `null`: they are not. */
export const Forwarding = z.object({
  immediate: ForwardTarget.nullable(),
  busy: ForwardTarget.nullable(),
  noAnswer: ForwardTarget.nullable(),
});
export type Forwarding = z.infer<typeof Forwarding>;

/**
 * Which devices ring. `all`: clients and desk phone, then the alternative number · `desk_only` · `alternative_only`.
 */
export const Routing = z.enum(['all', 'desk_only', 'alternative_only']);
export type Routing = z.infer<typeof Routing>;

/** What a caller meets who calls while the user talks. */
export const BusyBehaviour = z.enum(['second_call', 'busy', 'alternative', 'voicemail']);
export type BusyBehaviour = z.infer<typeof BusyBehaviour>;

/** One setting by itself: what can be set, and what cannot here and now. */
export const SettingName = z.enum([
  'forwarding.immediate',
  'forwarding.busy',
  'forwarding.noAnswer',
  'doNotDisturb',
  'alternativeNumber',
  'routing',
  'busyBehaviour',
]);
export type SettingName = z.infer<typeof SettingName>;

/** RFC 3842: whether there is something new in the mailbox, and how much where the platform says. */
export const MessageWaiting = z.object({
  waiting: z.boolean(),
  newMessages: z.number().int().nonnegative().optional(),
  oldMessages: z.number().int().nonnegative().optional(),
});
export type MessageWaiting = z.infer<typeof MessageWaiting>;

/** The telephone settings of a user as they hold now: what the platform says, not what was sent last. */
export const LineSettings = z.object({
  forwarding: Forwarding,
  doNotDisturb: z.boolean(),
  alternativeNumber: PhoneNumber.nullable(),
  routing: Routing,
  busyBehaviour: BusyBehaviour,
  messageWaiting: MessageWaiting,
  /** What to dial for the mailbox; `null` where there is none. */
  voicemailNumber: PhoneNumber.nullable(),
  /** What can be changed now; the rest is shown only. */
  settable: z.array(SettingName),
});
export type LineSettings = z.infer<typeof LineSettings>;

/** What a person changes; what is absent stays. */
export const SettingsChange = z.object({
  forwarding: Forwarding.partial().optional(),
  doNotDisturb: z.boolean().optional(),
  alternativeNumber: PhoneNumber.nullable().optional(),
  routing: Routing.optional(),
  busyBehaviour: BusyBehaviour.optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;

/**
 * Settings that the cloud keeps for a user, since many a platform cannot: what the connector acts by where the platform
 * does not do it itself, and what it sets again at a platform that has forgotten.
 */
export const KeptSettings = SettingsChange;
export type KeptSettings = z.infer<typeof KeptSettings>;

/** What this user can do besides what their calls permit. */
export const Ability = z.enum([
  /** Place calls at the desk phone (MakeCall). */
  'placeAtDesk',
  /** Pick up a colleague's ringing call by number. */
  'pickUp',
  'groupPickUp',
  'voicemail',
  'settings',
]);
export type Ability = z.infer<typeof Ability>;
