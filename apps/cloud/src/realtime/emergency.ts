import {
  bareNumber,
  PbxConfig,
  type ClientMethod,
  type ConnectorId,
  type Params,
  type clientMethods,
} from '@offhook/contract';
import type { TenantDirectory } from '../directory/service.ts';

/** Where a connector's configuration cannot be read at the moment. */
const usual = PbxConfig.shape.emergencyNumbers.parse(undefined);

/** A request of a client's, checked: each method with the params that belong to it. */
export type ClientRequest = {
  [M in ClientMethod]: { method: M; params: Params<typeof clientMethods, M> };
}[ClientMethod];

/**
 * Where a request leads calls that do not lead there yet.
 *
 * - `calls`: begins one, to this number.
 * - `moves`: sends one that goes on there.
 * - `setting`: sends those that will come there.
 * - `out`: leads to a number that only the platform knows, and may be anybody's.
 */
type Leading =
  | { kind: 'nowhere' }
  | { kind: 'out' }
  | { kind: 'calls' | 'moves' | 'setting'; to: readonly string[] };

const nowhere: Leading = { kind: 'nowhere' };

function leads({ method, params }: ClientRequest): Leading {
  switch (method) {
    case 'call.place':
    case 'call.placeAtDesk':
      return { kind: 'calls', to: [params.to] };
    case 'call.deflect':
    case 'call.transfer':
      return { kind: 'moves', to: [params.to] };
    case 'call.callBack':
      return { kind: 'out' };
    case 'call.push':
      return params.to === 'alternative' ? { kind: 'out' } : nowhere;
    case 'settings.set': {
      const { forwarding = {}, alternativeNumber, routing, busyBehaviour } = params.change;
      if (routing === 'alternative_only' || busyBehaviour === 'alternative') return { kind: 'out' };
      const { immediate, busy, noAnswer } = forwarding;
      const targets = [immediate, busy, noAnswer].flatMap((target) =>
        target?.to === 'number' ? [target.number] : [],
      );
      const to = typeof alternativeNumber === 'string' ? [...targets, alternativeNumber] : targets;
      return to.length === 0 ? nowhere : { kind: 'setting', to };
    }
    // What goes on or comes in: between calls that exist, to devices and mailboxes of the person's own, and calls for colleagues.
    case 'call.pickUp':
    case 'call.answer':
    case 'call.attach':
    case 'call.candidate':
    case 'call.pull':
    case 'call.answerAtDesk':
    case 'call.toVoicemail':
    case 'call.completeTransfer':
    case 'call.conference':
    case 'call.alternate':
    case 'call.reconnect':
    case 'call.park':
    case 'call.reject':
    case 'call.hangUp':
    case 'call.hold':
    case 'call.retrieve':
    case 'call.mute':
    case 'call.dtmf':
    case 'presence.set':
    case 'presence.idle':
    case 'presence.watch':
    case 'directory.search':
    case 'favourites.get':
    case 'favourites.place':
    case 'favourites.remove':
    case 'snapshot.get':
    case 'ping':
      return nowhere;
  }
}

/**
 * Why a request is refused that would call out. Nobody of a suspended tenant calls out but for help: not by a new call, and not by sending on one that
 * goes on or will come. Running calls go on, whoever calls in, such as the emergency services that call back, is answered, and may be handed to a colleague.
 * Where nothing is known of the tenant, it may be suspended: then it is `unavailable`. An emergency number is never refused.
 */
export function refusalOfCallOut(
  directory: TenantDirectory | undefined,
  connectorId: ConnectorId,
  request: ClientRequest,
): 'tenant_suspended' | 'unavailable' | undefined {
  if (directory?.status === 'active' || directory?.status === 'invited') return undefined;
  const leading = leads(request);
  const refusal = directory === undefined ? 'unavailable' : 'tenant_suspended';
  const isColleague = (number: string) => directory?.byNumber(connectorId, number) !== undefined;
  const isHelp = (number: string) => isEmergencyNumber(directory, connectorId, number);
  switch (leading.kind) {
    case 'nowhere':
      return undefined;
    case 'out':
      return refusal;
    case 'calls':
      return leading.to.every(isHelp) ? undefined : refusal;
    case 'moves':
      return leading.to.every((number) => isHelp(number) || isColleague(number)) ? undefined : refusal;
    case 'setting':
      return leading.to.every(isColleague) ? undefined : refusal;
  }
}

/**
 * Does this request place an emergency call? Such a call is refused for want of a line or a connector, and for nothing
 * else: the limits of sockets and queues let it pass. Whatever will ask whether somebody may telephone asks here first.
 */
export function isEmergencyCall(
  directory: TenantDirectory | undefined,
  connectorId: ConnectorId | undefined,
  method: string,
  params: unknown,
): boolean {
  if (method !== 'call.place' && method !== 'call.placeAtDesk') return false;
  if (typeof params !== 'object' || params === null || !('to' in params)) return false;
  if (typeof params.to !== 'string' || params.to.length > 64) return false;
  return isEmergencyNumber(directory, connectorId, params.to);
}

function isEmergencyNumber(
  directory: TenantDirectory | undefined,
  connectorId: ConnectorId | undefined,
  number: string,
): boolean {
  const numbers = connectorId === undefined ? undefined : directory?.emergencyNumbers(connectorId);
  return (numbers ?? usual).includes(bareNumber(number));
}
