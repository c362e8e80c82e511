import { actOf, personOf } from '../config/directory.ts';
import type { DirectoryDevice } from '../config/directory.ts';
import type { ServiceConfig } from '../config/exchange.ts';
import { deviceId } from './api.ts';
import type { Board } from './board.ts';
import type { Attempt } from './call.ts';
import { destinationOf } from './dial-plan.ts';
import type { Destination } from './dial-plan.ts';
import type { FeatureCodes } from './feature-codes.ts';
import type { Joining } from './joining.ts';
import type { Sound } from './model.ts';
import type { Parking } from './parking.ts';
import type { PickUp } from './pick-up.ts';
import type { Ringing } from './ringing.ts';

export interface RouterParts {
  readonly board: Board;
  readonly ringing: Ringing;
  readonly parking: Parking;
  readonly pickUp: PickUp;
  readonly joining: Joining;
  readonly featureCodes: FeatureCodes;
}

/** Sends an attempt to where its number leads. */
export class Router {
  readonly #parts: RouterParts;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  route(attempt: Attempt, dialled: string | undefined): void {
    const { board, ringing } = this.#parts;
    const from = this.#askerOf(attempt);
    const destination: Destination =
      dialled === undefined ? { kind: 'unknown' } : destinationOf(dialled, from, board.options);
    if (this.#isForbidden(attempt, from, destination)) {
      ringing.fail(attempt, 403, 'rejected');
      return;
    }
    this.#go(attempt, destination, from);
  }

  toVoicemail(attempt: Attempt, box: string): void {
    this.#mailbox(attempt, box, 'leave');
  }

  #go(attempt: Attempt, destination: Destination, from: DirectoryDevice | undefined): void {
    const { ringing, parking, pickUp, featureCodes } = this.#parts;
    switch (destination.kind) {
      case 'extension':
        ringing.ringExtension(attempt, destination.extension);
        break;
      case 'line':
        attempt.until = this.#parts.board.now + (destination.device.extension?.ringSeconds ?? 30) * 1000;
        ringing.ringDevices(attempt, [destination.device.id]);
        break;
      case 'outside':
        attempt.until = this.#parts.board.now + OUTSIDE_RING_MS;
        ringing.ringDevices(attempt, [destination.device.id]);
        break;
      case 'service':
        this.#service(attempt, destination.service);
        break;
      case 'emergency':
        this.#plays(attempt, { number: destination.number, name: 'Emergency' }, 'emergency');
        break;
      case 'voicemail':
        this.#voicemail(attempt, destination.box, from);
        break;
      case 'conference':
        this.#conference(attempt, destination.room);
        break;
      case 'park':
        parking.park(attempt);
        break;
      case 'unpark':
        parking.unpark(attempt, destination.slot);
        break;
      case 'pickup':
        pickUp.dialled(attempt, destination.number, from);
        break;
      case 'feature':
        if (featureCodes.apply(destination.request, from)) this.confirm(attempt);
        else ringing.fail(attempt, 403, 'rejected');
        break;
      case 'call_through':
        this.#callThrough(attempt, destination.number);
        break;
      case 'unknown':
        ringing.fail(attempt, 404, 'invalidNumber');
        break;
      default:
        destination satisfies never;
    }
  }

  /** A short tone, then the PBX hangs up. */
  confirm(attempt: Attempt, name?: string): void {
    const { number } = attempt;
    this.#plays(attempt, name === undefined ? { number } : { number, name }, 'confirm');
  }

  #plays(attempt: Attempt, person: { number: string; name?: string }, sound: Sound): void {
    const { ringing } = this.#parts;
    ringing.answerHere(attempt, person, { kind: 'plays', heard: { kind: 'sound', sound } });
  }

  #service(attempt: Attempt, service: ServiceConfig): void {
    const { ringing } = this.#parts;
    const person = personOf(service);
    const act = actOf(service);
    switch (act.kind) {
      case 'refuse':
        ringing.fail(attempt, act.status, act.status === 486 ? 'busy' : 'rejected');
        break;
      case 'ring_only':
        ringing.ringNobody(attempt, person, act.ringSeconds * 1000);
        break;
      case 'answer':
        this.#plays(attempt, person, act.sound);
        break;
      default:
        act satisfies never;
    }
  }

  /** One's own box is listened to; in another's, or one that the call was sent to, a message is left. */
  #voicemail(attempt: Attempt, box: string | undefined, from: DirectoryDevice | undefined): void {
    const { ringing } = this.#parts;
    const [latest] = attempt.diverted;
    const sentFrom =
      latest === undefined ? undefined : this.#parts.board.directory.extension(latest.from.number);
    const own = box ?? sentFrom?.number ?? from?.extension?.number;
    if (own === undefined) {
      ringing.fail(attempt, 403, 'rejected');
      return;
    }
    const isOwner = from?.extension?.number === own && sentFrom === undefined && box === undefined;
    this.#mailbox(attempt, own, isOwner ? 'own' : 'leave');
  }

  #mailbox(attempt: Attempt, box: string, purpose: 'own' | 'leave'): void {
    const { board, ringing } = this.#parts;
    const extension = board.directory.extension(box);
    if (!board.options.hasVoicemail || extension === undefined) {
      ringing.fail(attempt, 480, 'destOutOfOrder');
      return;
    }
    const name = purpose === 'own' ? 'Voicemail' : `Voicemail of ${extension.name}`;
    const caller = attempt.waiting?.person ?? { number: 'anonymous' };
    const number = board.options.codes.voicemail;
    ringing.answerHere(
      attempt,
      { number, name },
      { kind: 'plays', heard: { kind: 'voicemail', box, purpose, caller } },
    );
  }

  #conference(attempt: Attempt, wanted: string | undefined): void {
    const { board, ringing, joining } = this.#parts;
    const number = wanted ?? `${board.options.codes.conference}${board.options.newRoom()}`;
    const room = board.connectionsOf(deviceId(number)).find(({ endpoint }) => endpoint?.kind === 'room');
    if (room === undefined) {
      ringing.answerHere(attempt, { number, name: `Conference ${number}` }, { kind: 'room' });
    } else joining.join(attempt, room, 'conference');
  }

  /** From an alternative number of an extension: the call goes on as the extension's own. */
  #callThrough(attempt: Attempt, number: string): void {
    const { board, ringing } = this.#parts;
    const { waiting } = attempt;
    const owner = board.directory.extensions.find(
      (extension) => board.features.of(extension).alternative === waiting?.device,
    );
    if (owner === undefined || waiting === undefined) {
      ringing.fail(attempt, 403, 'rejected');
      return;
    }
    waiting.person = personOf(owner);
    attempt.number = number;
    attempt.call.called = deviceId(number);
    const destination = destinationOf(number, board.device(owner.number), board.options);
    // Once is enough.
    if (destination.kind === 'call_through') ringing.fail(attempt, 403, 'rejected');
    else this.#go(attempt, destination, board.device(owner.number));
  }

  #isForbidden(attempt: Attempt, from: DirectoryDevice | undefined, destination: Destination): boolean {
    if (from?.kind === 'outside') {
      // The public network reaches extensions and what is dialled through, and no feature inside.
      return ['park', 'unpark', 'pickup', 'feature'].includes(destination.kind);
    }
    return (
      attempt.diverted.length === 0 && from?.extension?.barred === true && destination.kind === 'outside'
    );
  }

  /** Who wants the number: the caller, or who transfers or invites. */
  #askerOf({ waiting, purpose, diverted, onBehalfOf }: Attempt): DirectoryDevice | undefined {
    const { board } = this.#parts;
    const [latest] = diverted;
    if (latest !== undefined) return board.device(latest.from.number);
    if (onBehalfOf !== undefined) return board.device(onBehalfOf);
    const asker = purpose.kind === 'transfer' || purpose.kind === 'add' ? purpose.by : waiting;
    return asker === undefined ? undefined : board.device(asker.device);
  }
}

const OUTSIDE_RING_MS = 60_000;
