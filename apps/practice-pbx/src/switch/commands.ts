import { deviceId } from './api.ts';
import type { Cause, ConnectionRef, DeviceId, SwitchCommand, SwitchError, SwitchOutcome } from './api.ts';
import type { Board } from './board.ts';
import type { CallBacks } from './call-backs.ts';
import type { Attempt, Connection } from './call.ts';
import { destinationOf } from './dial-plan.ts';
import { executeFeature } from './feature-commands.ts';
import type { FeatureCommand } from './feature-commands.ts';
import { holds } from './hearing.ts';
import type { Joining } from './joining.ts';
import { partiesBut } from './joining.ts';
import type { Parking } from './parking.ts';
import type { PickUp } from './pick-up.ts';
import type { Ringing } from './ringing.ts';

export interface CommandParts {
  readonly board: Board;
  readonly ringing: Ringing;
  readonly parking: Parking;
  readonly joining: Joining;
  readonly pickUp: PickUp;
  readonly callBacks: CallBacks;
  readonly route: (attempt: Attempt, number: string) => void;
  /** Takes a connection out of its call as if its device had hung up. */
  readonly leave: (connection: Connection) => void;
}

/** A device that is rung so that it can call. */
const PROMPT_MS = 30_000;

const OK: SwitchOutcome = { ok: true };

/** Carries out the services of `api.ts`. */
export class Commands {
  readonly #parts: CommandParts;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  execute(command: SwitchCommand): SwitchOutcome {
    const { board, joining, parking, callBacks } = this.#parts;
    switch (command.kind) {
      case 'makeCall':
        return this.#makeCall(command.device, command.to, command.autoAnswer ?? true, 'newCall');
      case 'answerCall':
        return this.#with(command.connection, (connection) => this.#answer(connection));
      case 'clearConnection':
        return this.#with(command.connection, (connection) => this.#clear(connection));
      case 'clearCall': {
        const call = board.calls.get(command.call);
        if (call === undefined) return refused('invalidCall', `There is no call ${command.call}.`);
        for (const connection of call.connections) this.#parts.leave(connection);
        return OK;
      }
      case 'holdCall':
        return this.#with(command.connection, (connection) => this.#hold(connection));
      case 'retrieveCall':
        return this.#with(command.connection, (connection) => this.#retrieve(connection));
      case 'consultationCall':
        return this.#with(command.connection, (connection) => {
          const held = this.#hold(connection);
          if (!held.ok) return held;
          return this.#makeCall(connection.device, command.to, true, 'consultation');
        });
      case 'alternateCall':
        return this.#withBoth(command, (held, active) => {
          const outcome = this.#hold(active);
          return outcome.ok ? this.#retrieve(held) : outcome;
        });
      case 'reconnectCall':
        return this.#withBoth(command, (held, active) => {
          this.#parts.leave(active);
          return this.#retrieve(held);
        });
      case 'transferCall':
        return this.#withBoth(command, (held, active) =>
          outcomeOf(
            joining.transfer(held, active, 'transfer'),
            'One of the two calls has nobody to transfer.',
          ),
        );
      case 'conferenceCall':
        return this.#withBoth(command, (held, active) =>
          outcomeOf(joining.conference(held, active), 'Both calls have to be answered for a conference.'),
        );
      case 'singleStepTransferCall':
        return this.#with(command.connection, (connection) =>
          this.#singleStepTransfer(connection, command.to, command.autoAnswer ?? false),
        );
      case 'singleStepConference':
        return this.#with(command.connection, (connection) =>
          this.#singleStepConference(connection, command.to, command.autoAnswer ?? false),
        );
      case 'deflectCall':
        return this.#with(command.connection, (connection) =>
          this.#deflect(connection, command.to, command.autoAnswer ?? false),
        );
      case 'directedPickupCall':
        return this.#with(command.connection, (connection) => this.#pickUp(connection, command.device));
      case 'groupPickupCall': {
        const rung = this.#parts.pickUp.ofGroup(command.device);
        if (rung === undefined) return refused('noCallToPickUp', 'Nothing rings in the pick-up group.');
        return this.#pickUp(rung, command.device);
      }
      case 'parkCall':
        return this.#with(command.connection, (connection) => this.#park(connection, command.slot));
      case 'unparkCall':
        if (parking.slot(command.slot) === undefined) {
          return refused('invalidDestination', `No call is parked at ${command.slot}.`);
        }
        return this.#makeCall(command.device, parking.numberOf(command.slot), true, 'unparked');
      case 'callBack':
        if (callBacks.set(command.device, command.to)) return OK;
        return refused('invalidDestination', 'A call-back needs an extension, and room for one more.');
      case 'cancelCallBack':
        if (callBacks.cancel(command.device, command.to)) return OK;
        return refused('invalidParameter', 'No such call-back is set.');
      case 'generateDigits':
        return this.#with(command.connection, (connection) => this.#press(connection, command.digits));
      case 'setForwarding':
      case 'setDoNotDisturb':
      case 'setBusyBehaviour':
      case 'setRouting':
      case 'setAlternative':
      case 'setAgentState':
      case 'setMessageWaiting':
        return this.#feature(command);
      default:
        return command satisfies never;
    }
  }

  /** Rings a device so that it can call. */
  ring(device: DeviceId, to: string, autoAnswer: boolean, cause: Cause): void {
    this.#makeCall(device, to, autoAnswer, cause);
  }

  #makeCall(device: DeviceId, to: string, autoAnswer: boolean, cause: Cause): SwitchOutcome {
    const { board, ringing } = this.#parts;
    const from = board.device(device);
    if (from === undefined) return refused('invalidDevice', `There is no device ${device}.`);
    if (board.places(device).length === 0) {
      return refused('deviceOutOfService', `Nothing is registered as ${device}.`);
    }
    if (destinationOf(to, from, board.options).kind === 'unknown') {
      return refused('invalidDestination', `${to} leads nowhere.`);
    }
    const call = board.newCall({ calling: device, called: deviceId(to) });
    const purpose = { kind: 'prompt', dials: to, cause } as const;
    const attempt = ringing.begin(call, undefined, purpose, { number: device, autoAnswer, cause });
    attempt.until = board.now + PROMPT_MS;
    ringing.ringDevices(attempt, [device]);
    return { ok: true, connection: { call: call.id, device } };
  }

  #answer(connection: Connection): SwitchOutcome {
    if (connection.state !== 'alerting') return refused('noCallToAnswer', 'The call does not ring there.');
    const leg = [...connection.ringing].find(({ obeys }) => obeys);
    if (leg === undefined) return refused('notAllowed', 'The device cannot be told to answer.');
    leg.order('talk');
    return OK;
  }

  #clear(connection: Connection): SwitchOutcome {
    const { ringing, leave } = this.#parts;
    if (connection.ringing.size === 0) {
      leave(connection);
      return OK;
    }
    for (const leg of connection.ringing) {
      leg.end(undefined);
      ringing.failed(connection, leg, 480, undefined);
    }
    return OK;
  }

  #hold(connection: Connection): SwitchOutcome {
    if (connection.state === 'held') return OK;
    const { leg } = connection;
    if (connection.state !== 'connected' || leg?.isAnswered !== true) {
      return refused('wrongConnectionState', 'Only a call that is answered can be held.');
    }
    if (leg.obeys) leg.order('hold');
    else connection.heldHere = true;
    this.#parts.board.settle(connection.call);
    return OK;
  }

  #retrieve(connection: Connection): SwitchOutcome {
    const { leg } = connection;
    if (!holds(connection)) return refused('noHeldCall', 'The call is not held.');
    connection.heldHere = false;
    if (leg?.holds === true) {
      if (!leg.obeys) return refused('notAllowed', 'The device holds the call itself: retrieve it there.');
      leg.order('talk');
    }
    this.#parts.board.settle(connection.call);
    return OK;
  }

  #singleStepTransfer(connection: Connection, to: string, autoAnswer: boolean): SwitchOutcome {
    if (connection.state === 'alerting' || connection.state === 'queued') {
      return this.#deflect(connection, to, autoAnswer);
    }
    if (partiesBut(connection).length === 0) return refused('noActiveCall', 'There is nobody to transfer.');
    if (!this.#leadsSomewhere(to, connection.device))
      return refused('invalidDestination', `${to} leads nowhere.`);
    this.#parts.joining.singleStep(connection, to, undefined, autoAnswer, this.#parts.route);
    return OK;
  }

  #singleStepConference(connection: Connection, to: string, autoAnswer: boolean): SwitchOutcome {
    const { ringing, route } = this.#parts;
    if (partiesBut(connection).length === 0) return refused('noActiveCall', 'There is no call to join.');
    if (!this.#leadsSomewhere(to, connection.device))
      return refused('invalidDestination', `${to} leads nowhere.`);
    const purpose = { kind: 'add', by: connection } as const;
    const parts = { number: to, autoAnswer, cause: 'singleStepConference' } as const;
    route(ringing.begin(connection.call, connection, purpose, parts), to);
    return OK;
  }

  #deflect(connection: Connection, to: string, autoAnswer: boolean): SwitchOutcome {
    const { board, ringing, route } = this.#parts;
    const { call } = connection;
    const by = connection.endpoint?.kind === 'slot' ? call.parked?.by : undefined;
    if (!this.#leadsSomewhere(to, by ?? connection.device)) {
      return refused('invalidDestination', `${to} leads nowhere.`);
    }
    if (connection.endpoint?.kind === 'slot') {
      const [waiting] = partiesBut(connection);
      const behalf = by === undefined ? {} : { onBehalfOf: by };
      call.parked = undefined;
      board.drop(connection, 'redirected');
      route(
        ringing.begin(
          call,
          waiting,
          { kind: 'call' },
          { number: to, autoAnswer, cause: 'redirected', ...behalf },
        ),
        to,
      );
      return OK;
    }
    const attempt = ringing.attemptOf(connection);
    if (attempt === undefined || connection.state !== 'alerting') {
      return refused('wrongConnectionState', 'Only a call that rings can be deflected.');
    }
    attempt.autoAnswer = autoAnswer;
    ringing.deflect(attempt, connection, to);
    return OK;
  }

  #pickUp(connection: Connection, device: DeviceId): SwitchOutcome {
    const { board, joining } = this.#parts;
    if (connection.state !== 'alerting') return refused('noCallToPickUp', 'The call does not ring there.');
    if (!joining.mayTake(device, connection.device)) {
      return refused('notAllowed', 'The call rings in another pick-up group.');
    }
    const number = board.device(connection.device)?.extension?.number ?? connection.device;
    return this.#makeCall(device, `${board.options.codes.pickup}${number}`, true, 'callPickup');
  }

  #park(connection: Connection, slot: number | undefined): SwitchOutcome {
    const { ringing, parking, board } = this.#parts;
    const [waiting] = partiesBut(connection);
    if (waiting === undefined) return refused('noActiveCall', 'There is nobody to park.');
    const purpose = { kind: 'transfer', by: connection, refer: undefined } as const;
    const number = board.options.codes.park;
    parking.park(ringing.begin(connection.call, waiting, purpose, { number, cause: 'park' }), slot);
    return connection.call.parked === undefined ? refused('resourceBusy', 'No slot is free.') : OK;
  }

  #press(connection: Connection, digits: string): SwitchOutcome {
    if (!/^[0-9A-D*#]{1,32}$/.test(digits)) return refused('invalidParameter', 'Keys are 0-9, *, #, A-D.');
    for (const { leg } of partiesBut(connection)) {
      if (leg?.isAnswered === true) this.#parts.board.push({ kind: 'press', leg: leg.id, digits });
    }
    return OK;
  }

  #leadsSomewhere(to: string, from: DeviceId): boolean {
    const { board } = this.#parts;
    return destinationOf(to, board.device(from), board.options).kind !== 'unknown';
  }

  #feature(command: FeatureCommand): SwitchOutcome {
    const error = executeFeature(this.#parts.board, command);
    return error === undefined ? OK : refused(error, FEATURE_WORDS[error] ?? 'That cannot be set.');
  }

  #with(ref: ConnectionRef, act: (connection: Connection) => SwitchOutcome): SwitchOutcome {
    const connection = this.#find(ref);
    if (connection !== undefined) return act(connection);
    return this.#parts.board.calls.has(ref.call)
      ? refused('invalidConnection', `${ref.device} is not in call ${ref.call}.`)
      : refused('invalidCall', `There is no call ${ref.call}.`);
  }

  #withBoth(
    refs: { readonly held: ConnectionRef; readonly active: ConnectionRef },
    act: (held: Connection, active: Connection) => SwitchOutcome,
  ): SwitchOutcome {
    return this.#with(refs.held, (held) =>
      this.#with(refs.active, (active) => {
        if (held.device === active.device && held.call !== active.call) return act(held, active);
        return refused('invalidConnection', 'The two calls have to be of one device.');
      }),
    );
  }

  #find({ call, device }: ConnectionRef): Connection | undefined {
    const connections = this.#parts.board.calls.get(call)?.connections ?? [];
    return [...connections].find((connection) => connection.device === device);
  }
}

const FEATURE_WORDS: Partial<Record<SwitchError, string>> = {
  invalidDevice: 'Only an extension has such a setting.',
  invalidDestination: 'The number leads nowhere.',
  invalidParameter: 'The value is out of range, or a target is missing.',
};

function refused(error: SwitchError, message: string): SwitchOutcome {
  return { ok: false, error, message };
}

function outcomeOf(error: SwitchError | undefined, message: string): SwitchOutcome {
  return error === undefined ? OK : refused(error, message);
}
