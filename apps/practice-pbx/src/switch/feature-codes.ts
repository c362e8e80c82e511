import type { DirectoryDevice } from '../config/directory.ts';
import { deviceId } from './api.ts';
import type { Board } from './board.ts';
import type { CallBacks } from './call-backs.ts';
import { destinationOf } from './dial-plan.ts';
import type { FeatureRequest } from './dial-plan.ts';

/** What a dialled feature code changes. False where it may not be. */
export class FeatureCodes {
  readonly #board: Board;
  readonly #callBacks: CallBacks;

  constructor(board: Board, callBacks: CallBacks) {
    this.#board = board;
    this.#callBacks = callBacks;
  }

  apply(request: FeatureRequest, from: DirectoryDevice | undefined): boolean {
    const { features } = this.#board;
    const extension = from?.extension;
    if (from === undefined || extension === undefined) return false;
    const state = features.of(extension);
    switch (request.kind) {
      case 'forward': {
        const { type, target } = request;
        if (target?.kind === 'number' && !this.#mayForwardTo(target.number, from)) return false;
        features.setForwarding(state, type, { active: target !== undefined, ...(target && { target }) });
        return true;
      }
      case 'do_not_disturb':
        features.setDoNotDisturb(state, request.on);
        return true;
      case 'call_back': {
        const device = deviceId(extension.number);
        if (request.to !== undefined) return this.#callBacks.set(device, deviceId(request.to));
        this.#callBacks.cancel(device);
        return true;
      }
      default:
        return request satisfies never;
    }
  }

  /** A number that leads to somebody, and outside only for who may call outside. */
  #mayForwardTo(number: string, from: DirectoryDevice): boolean {
    const { kind } = destinationOf(number, undefined, this.#board.options);
    if (number === from.extension?.number) return false;
    return (
      kind === 'extension' || kind === 'service' || (kind === 'outside' && from.extension?.barred !== true)
    );
  }
}
