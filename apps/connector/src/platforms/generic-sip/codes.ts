import type { DialCodes, ForwardTarget, LineConfig, SettingName } from '@offhook/contract';

/** What is dialled for a feature: the code with the number and the user's own number put in. */
export function fillCode(code: string, line: LineConfig, number = ''): string {
  return code.replaceAll('{number}', number).replaceAll('{own}', mainNumberOf(line));
}

/** The number that people call to reach the user. */
export const mainNumberOf = (line: LineConfig): string => line.mainNumber ?? line.number;

/** Where calls for the user's mailbox are sent: the user's own number for it goes before the platform's code. */
export function mailboxOf(codes: DialCodes, line: LineConfig): string | undefined {
  if (line.voicemailNumber !== undefined) return line.voicemailNumber;
  const code = codes.voicemailTarget ?? codes.voicemail;
  return code === undefined ? undefined : fillCode(code, line, mainNumberOf(line));
}

/**
 * The number of this conference room. A code without `{number}` would be one room for everybody, where strangers meet: it is not
 * used.
 */
export const roomOf = ({ conference }: DialCodes, line: LineConfig, room: string): string | undefined =>
  conference?.includes('{number}') === true ? fillCode(conference, line, room) : undefined;

/** What the user dials to listen to the mailbox. */
export function listenNumberOf(codes: DialCodes, line: LineConfig): string | undefined {
  if (line.voicemailNumber !== undefined) return line.voicemailNumber;
  return codes.voicemail === undefined ? undefined : fillCode(codes.voicemail, line);
}

export type ForwardKind = 'immediate' | 'busy' | 'noAnswer';

/** How forwarding of one kind is switched by dialling: both on and off, else it could not be taken back. */
export function forwardCodes(
  codes: DialCodes,
  kind: ForwardKind,
): { readonly on: string; readonly off: string } | undefined {
  const [on, off] = {
    immediate: [codes.forwardImmediate, codes.forwardImmediateOff],
    busy: [codes.forwardBusy, codes.forwardBusyOff],
    noAnswer: [codes.forwardNoAnswer, codes.forwardNoAnswerOff],
  }[kind];
  return on === undefined || off === undefined ? undefined : { on, off };
}

export function disturbCodes(codes: DialCodes): { readonly on: string; readonly off: string } | undefined {
  const { doNotDisturb: on, doNotDisturbOff: off } = codes;
  return on === undefined || off === undefined ? undefined : { on, off };
}

/** The number that a forwarding leads to; `undefined` where it is the mailbox and there is none. */
export function forwardNumber(target: ForwardTarget, codes: DialCodes, line: LineConfig): string | undefined {
  return target.to === 'number' ? target.number : mailboxOf(codes, line);
}

/** Who sees to a setting: the PBX by a code that is dialled, the connector for its own legs, or nobody. */
export type Keeper = 'pbx' | 'connector' | 'nobody';

/**
 * Who sees to each setting. What decides about all of the user's devices can be left to the connector only where it is the
 * only device (`alone`): a 302 or 486 of ours would leave the desk phone ringing. The table in the folder's README says so for
 * people.
 */
export function keepersOf(codes: DialCodes, alone: boolean): Readonly<Record<SettingName, Keeper>> {
  const own: Keeper = alone ? 'connector' : 'nobody';
  const forward = (kind: ForwardKind): Keeper => (forwardCodes(codes, kind) === undefined ? own : 'pbx');
  return {
    'forwarding.immediate': forward('immediate'),
    'forwarding.busy': forward('busy'),
    'forwarding.noAnswer': forward('noAnswer'),
    doNotDisturb: disturbCodes(codes) === undefined ? own : 'pbx',
    // Of use to push a call there, whoever else rings.
    alternativeNumber: 'connector',
    routing: 'connector',
    busyBehaviour: own,
  };
}
