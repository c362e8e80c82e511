import * as z from 'zod';
import { Limits } from './limits.ts';

/** What a company's telephone system is. What it can do is probed by the connector, never read off this. */
export const PlatformKind = z.enum([
  'generic-sip',
  'openscape-voice',
  'openscape-4000',
  'openscape-business',
]);
export type PlatformKind = z.infer<typeof PlatformKind>;

/** The CTI link: CSTA III XML over TCP (ECMA-323 Annex J). */
export const CstaConfig = z.object({
  /** Absent: the PBX's own host. */
  host: z.string().min(1).max(255).optional(),
  port: z.number().int().min(1).max(65535).default(1040),
  transport: z.enum(['tcp', 'tls']).default('tcp'),
  user: z.string().max(128).optional(),
  /** Crosses the link only inside TLS (or loopback); never logged. */
  password: z.string().max(256).optional(),
});
export type CstaConfig = z.infer<typeof CstaConfig>;

const code = z.string().min(1).max(Limits.targetChars);

/**
 * What to dial for a feature, since every telephone system has its own codes. `{number}` stands for what the person
 * chose; `{own}` for the user's number. What is absent cannot be done this way.
 */
export const DialCodes = z.object({
  /** Listen to the own mailbox. */
  voicemail: code.optional(),
  /** Where forwarding to the mailbox leads; `voicemail` where absent. */
  voicemailTarget: code.optional(),
  forwardImmediate: code.optional(),
  forwardImmediateOff: code.optional(),
  forwardBusy: code.optional(),
  forwardBusyOff: code.optional(),
  forwardNoAnswer: code.optional(),
  forwardNoAnswerOff: code.optional(),
  doNotDisturb: code.optional(),
  doNotDisturbOff: code.optional(),
  /** Calls are transferred there to be parked. */
  park: code.optional(),
  /** Takes a parked call back; `{number}` is the slot that the PBX named. */
  unpark: code.optional(),
  pickUp: code.optional(),
  groupPickUp: code.optional(),
  callBack: code.optional(),
  /** A conference room: `{number}` stands for a random room, of eight digits. A code without it is not used. */
  conference: code.optional(),
});
export type DialCodes = z.infer<typeof DialCodes>;

/** How the users' lines are attached. */
export const Attachment = z.discriminatedUnion('by', [
  /** One SIP registration per line. */
  z.object({ by: z.literal('registration') }),
  /**
   * One trunk for all: calls come and go under the trunk's own account, the users' numbers are in the headers. `register`
   * is false where the PBX knows our address.
   */
  z.object({
    by: z.literal('trunk'),
    register: z.boolean(),
    number: z.string().min(1).max(Limits.targetChars),
    authUser: z.string().max(128),
    /** Crosses the link only inside TLS (or loopback); never logged, never on the connector's disk. */
    password: z.string().max(256),
  }),
]);
export type Attachment = z.infer<typeof Attachment>;
