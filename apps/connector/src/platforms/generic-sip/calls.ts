import {
  OffhookError,
  type DeviceKind,
  type DialCodes,
  type ErrorCode,
  type LineConfig,
} from '@offhook/contract';
import type { DialogEntry } from '@offhook/sip';
import { shownParty } from '../../calls/party.ts';
import { ROOM_TIME } from '../../calls/on-room.ts';
import type { Bringing, LegHandle, PlatformCalls, Subject } from '../platform.ts';
import { fillCode, mailboxOf, roomOf, mainNumberOf } from './codes.ts';

/** What the operations need of the platform. */
export interface CallsContext {
  readonly codes: () => DialCodes;
  /** The address of a number at the line's PBX. */
  readonly uri: (line: LineConfig, number: string) => string;
  /** A number for a conference room that nobody is in. */
  readonly newRoom: () => string;
  readonly onNoRoom: (line: LineConfig, error: OffhookError) => void;
  /** By a feature code. */
  readonly dial: (line: LineConfig, code: string) => Promise<void>;
  readonly alternative: (line: LineConfig) => string | undefined;
  /** A dialog of another device of the user, as dialog-info tells it. */
  readonly dialogOf: (line: LineConfig, platformCall: string) => DialogEntry | undefined;
  /** Whether the user has a desk phone, as far as is known. */
  readonly hasDesk: (line: LineConfig) => boolean;
  /** The user's own line refuses calls from this number until `done`. */
  readonly refuse: (line: LineConfig, number: string) => { readonly done: () => void };
  /** The PBX knows no REFER. */
  readonly onNoRefer: () => void;
}

/**
 * What SIP alone can do with calls.
 *
 * **Attended transfer** (RFC 5589 section 7): the REFER goes to the held side (the transferee) and names the dialog with the
 * active side (the target), whose place the held one takes. So the one who has just been asked hears us until the other is
 * there, and nobody has to be put on hold first; where it fails, one is on hold and one is not, as before.
 *
 * **Conference**, where there is a code for rooms: the leg that talks goes into a new room and its other side after it (`meet`), then the
 * held side is referred there. Before the held one is asked all can be taken back, and the client mixes; afterwards
 * whoever does not come stays on hold. A call that is in a room already takes the other one there.
 *
 * **Push**: the other side is referred to the user's own number while our own line refuses that one call, so that the desk
 * phone rings and nothing else.
 *
 * **Pull**: an INVITE that takes the desk phone's place at its other side (RFC 3891), by the tags that dialog-info has.
 */
export class GenericCalls implements PlatformCalls {
  readonly #context: CallsContext;

  constructor(context: CallsContext) {
    this.#context = context;
  }

  transfer(subject: Subject, to: string): Promise<void> {
    return this.#referTo(subject, to);
  }

  async completeTransfer(held: Subject, active: Subject): Promise<void> {
    await this.#refer(held, { replaces: legOf(active) });
  }

  async conference(held: Subject, active: Subject): Promise<'joined' | 'mix'> {
    const [waiting, talking] = [legOf(held), legOf(active)];
    // Two rooms cannot be made one.
    if (waiting.room !== undefined && talking.room !== undefined) return 'mix';
    const isHeldRoom = waiting.room !== undefined;
    const room = waiting.room ?? talking.room ?? (await this.#meet(active, talking));
    if (room === undefined) return 'mix';
    const [stays, comes] = isHeldRoom ? [waiting, active] : [talking, held];
    await as('conference_failed', this.#refer(comes, { to: room }, ROOM_TIME));
    stays.welcome(legOf(comes).remote);
    return 'joined';
  }

  /** @returns the room where the two are now; `undefined` where they are not, and all is as before */
  async #meet(active: Subject, leg: LegHandle): Promise<string | undefined> {
    const number = roomOf(this.#context.codes(), active.line, this.#context.newRoom());
    if (number === undefined) return undefined;
    const room = this.#uri(active, number);
    try {
      await leg.meet(room);
      return room;
    } catch (error) {
      const known = OffhookError.from(error);
      // They have hung up: there is nothing to mix either.
      if (known.code === 'call_not_found') throw new OffhookError('conference_failed', { cause: known });
      if (known.code === 'feature_unsupported') this.#context.onNoRefer();
      this.#context.onNoRoom(active.line, known);
      return undefined;
    }
  }

  async deflect(subject: Subject, to: string): Promise<void> {
    await legOf(subject).redirect(this.#uri(subject, to));
  }

  async toVoicemail(subject: Subject): Promise<void> {
    const mailbox = mailboxOf(this.#context.codes(), subject.line);
    if (mailbox === undefined) throw new OffhookError('feature_unsupported');
    await legOf(subject).redirect(this.#uri(subject, mailbox));
  }

  async push(subject: Subject, to: DeviceKind): Promise<void> {
    const { line, remoteNumber } = subject;
    if (to === 'alternative') {
      const number = this.#context.alternative(line);
      if (number === undefined) throw new OffhookError('no_alternative_number');
      await as('push_failed', this.#sendTo(subject, number));
      return;
    }
    if (!this.#context.hasDesk(line)) throw new OffhookError('no_desk_phone');
    const refusal = this.#context.refuse(line, remoteNumber);
    try {
      await as('push_failed', this.#referTo(subject, line.deskPhone ?? mainNumberOf(line)));
    } finally {
      refusal.done();
    }
  }

  async pull(subject: Subject): Promise<Bringing> {
    const { connection, line } = subject;
    if (connection?.place !== 'desk_phone') throw new OffhookError('feature_unsupported');
    const dialog = this.#context.dialogOf(line, connection.platformCall);
    if (dialog === undefined) throw new OffhookError('pull_failed');
    return Promise.resolve(dialog.state === 'confirmed' ? inPlaceOf(dialog) : this.#pickUpOwn(line, dialog));
  }

  /** No event package tells of the slot. */
  async park(subject: Subject): Promise<'unseen'> {
    const code = this.#code('park');
    await as('feature_refused', this.#referTo(subject, fillCode(code, subject.line)));
    return 'unseen';
  }

  async callBack(line: LineConfig, number: string): Promise<void> {
    await this.#context.dial(line, fillCode(this.#code('callBack'), line, number));
  }

  async pickUp(line: LineConfig, number: string | undefined): Promise<Bringing> {
    const code = this.#code(number === undefined ? 'groupPickUp' : 'pickUp');
    return Promise.resolve({ by: 'invite', to: fillCode(code, line, number) });
  }

  // Without CTI nobody drives the desk phone.
  readonly place = unsupported;
  readonly answer = unsupported;
  readonly hangUp = unsupported;
  readonly hold = unsupported;
  readonly retrieve = unsupported;
  readonly alternate = unsupported;
  readonly reconnect = unsupported;
  readonly digits = unsupported;

  /** A call that rings is redirected, one that talks is transferred. */
  async #sendTo(subject: Subject, number: string): Promise<void> {
    try {
      await legOf(subject).redirect(this.#uri(subject, number));
    } catch (error) {
      if (OffhookError.from(error).code !== 'call_already_answered') throw error;
      await this.#referTo(subject, number);
    }
  }

  #referTo(subject: Subject, number: string): Promise<void> {
    return this.#refer(subject, { to: this.#uri(subject, number) });
  }

  async #refer(subject: Subject, target: Parameters<LegHandle['refer']>[0], within?: number): Promise<void> {
    const leg = legOf(subject);
    try {
      await leg.refer(target, within);
    } catch (error) {
      if (OffhookError.from(error).code === 'feature_unsupported') this.#context.onNoRefer();
      throw error;
    }
  }

  /** What rings at the desk phone: a directed pick-up of the own number, where the PBX has one. */
  #pickUpOwn(line: LineConfig, dialog: DialogEntry): Bringing {
    const code = this.#context.codes().pickUp;
    if (code === undefined || dialog.direction === 'initiator') throw new OffhookError('pull_failed');
    return { by: 'invite', to: fillCode(code, line, mainNumberOf(line)) };
  }

  #uri({ line }: Subject, number: string): string {
    return this.#context.uri(line, number);
  }

  #code(name: keyof DialCodes): string {
    const code = this.#context.codes()[name];
    if (code === undefined) throw new OffhookError('feature_unsupported');
    return code;
  }
}

const unsupported = (): Promise<never> => Promise.reject(new OffhookError('feature_unsupported'));

function legOf({ leg }: Subject): LegHandle {
  // SIP drives no device but ours.
  if (leg === undefined) throw new OffhookError('feature_unsupported');
  return leg;
}

/** An INVITE in the place of the desk phone, as its other side names the dialog: its own tag is the desk phone's remote one. */
function inPlaceOf({ callId, localTag, remoteTag, remote }: DialogEntry): Bringing {
  const to = shownParty(remote?.identity?.uri ?? remote?.target?.uri ?? '', undefined)?.number;
  if (callId === undefined || localTag === undefined || remoteTag === undefined || to === undefined) {
    throw new OffhookError('pull_failed');
  }
  return { by: 'invite', to, replaces: { callId, toTag: remoteTag, fromTag: localTag } };
}

/** A REFER that failed, in the code of what it was for; its words and what stood in the way stay. */
async function as(code: ErrorCode, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const known = OffhookError.from(error);
    if (known.code !== 'transfer_failed') throw known;
    throw new OffhookError(code, { message: known.message, hindrance: known.hindrance, cause: known });
  }
}
