import type { SwitchCommand, SwitchError } from './api.ts';
import type { Board } from './board.ts';
import { destinationOf } from './dial-plan.ts';

export type FeatureCommand = Extract<
  SwitchCommand,
  {
    kind:
      | 'setForwarding'
      | 'setDoNotDisturb'
      | 'setBusyBehaviour'
      | 'setRouting'
      | 'setAlternative'
      | 'setAgentState'
      | 'setMessageWaiting';
  }
>;

const MOST_SECONDS = 600;

/** Sets something for an extension, named by its main number or its line. */
export function executeFeature(board: Board, command: FeatureCommand): SwitchError | undefined {
  const { features } = board;
  const state = features.find(command.device);
  if (state === undefined) return 'invalidDevice';
  switch (command.kind) {
    case 'setForwarding': {
      const { target, type, ringSeconds } = command;
      const known = target ?? state.forwarding[type].target;
      if (command.active && known === undefined) return 'invalidParameter';
      if (target?.kind === 'number' && !leadsSomewhere(board, target.number)) return 'invalidDestination';
      if (ringSeconds !== undefined && !isSeconds(ringSeconds)) return 'invalidParameter';
      features.setForwarding(state, type, command);
      return undefined;
    }
    case 'setDoNotDisturb':
      features.setDoNotDisturb(state, command.on);
      return undefined;
    case 'setBusyBehaviour':
      features.setBusyBehaviour(state, command.behaviour);
      return undefined;
    case 'setRouting':
      if (command.routing === 'alternativeOnly' && state.alternative === undefined) return 'invalidParameter';
      features.setRouting(state, command.routing);
      return undefined;
    case 'setAlternative': {
      const { number, delaySeconds } = command;
      if (delaySeconds !== undefined && !isSeconds(delaySeconds)) return 'invalidParameter';
      const device = number === undefined ? undefined : destinationOf(number, undefined, board.options);
      if (device !== undefined && device.kind !== 'outside') return 'invalidDestination';
      features.setAlternative(state, device?.device.id, delaySeconds);
      return undefined;
    }
    case 'setAgentState':
      features.setAgent(state, command.device, command.state);
      return undefined;
    case 'setMessageWaiting':
      features.setMessages(state, command.messages);
      return undefined;
    default:
      return command satisfies never;
  }
}

function leadsSomewhere(board: Board, number: string): boolean {
  return destinationOf(number, undefined, board.options).kind !== 'unknown';
}

function isSeconds(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MOST_SECONDS;
}
