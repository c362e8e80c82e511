import type { Call, Connection } from './call.ts';
import { isParty, legIds } from './call.ts';
import { NOTHING } from './model.ts';
import type { Heard } from './model.ts';

const MUSIC: Heard = { kind: 'sound', sound: 'music' };
const RINGBACK: Heard = { kind: 'sound', sound: 'ringback' };

/**
 * What a connection hears. Who holds hears nothing; who is held, parked or alone in a room hears music; who waits in an answered
 * call while somebody else is rung hears ringing; otherwise everybody hears all others who do not hold.
 */
export function heardBy(connection: Connection): Heard {
  const { call, leg } = connection;
  if (leg === undefined || !leg.isAnswered || !leg.listens) return NOTHING;
  if (connection.heldHere) return NOTHING;
  const others = othersOf(connection);
  const source = others.find(({ endpoint }) => endpoint?.kind === 'plays')?.endpoint;
  if (source?.kind === 'plays') return leg.isConfirmed ? source.heard : NOTHING;
  const parties = others.filter(({ endpoint }) => endpoint === undefined);
  const talking = parties.filter((other) => !holds(other));
  if (talking.length > 0) return { kind: 'legs', legs: legIds(talking) };
  if (isRinging(call, connection)) return RINGBACK;
  // Nobody is there: the slot where it is parked, the room, or those who hold.
  return others.length > 0 ? MUSIC : NOTHING;
}

/** On hold by the device itself or by the switch. */
export function holds(connection: Connection): boolean {
  return connection.heldHere || connection.leg?.holds === true;
}

/** Nobody is left who would hear this connection: all others hold. Parked, or alone in a room, it is nobody's. */
export function isHeldUp(connection: Connection): boolean {
  const others = othersOf(connection);
  return others.length > 0 && others.every((other) => other.endpoint === undefined && holds(other));
}

function othersOf(connection: Connection): readonly Connection[] {
  return [...connection.call.connections].filter((other) => other !== connection && isParty(other));
}

function isRinging(call: Call, waiting: Connection): boolean {
  return [...call.attempts].some(
    (attempt) =>
      attempt.waiting === waiting && [...attempt.targets].some(({ state }) => state === 'alerting'),
  );
}
