import type { LinkCall } from '@offhook/contract';
import { MAILBOX, SLOT, type Extension, type FakeCall, type Switch } from './switch.test-support.ts';

/** One call of a user: where, how far, with whom. What one side cannot know is `undefined` and fits everything. */
export interface Sight {
  readonly place: LinkCall['position']['at'];
  readonly state: 'calling' | 'ringing' | 'connected' | 'held';
  readonly rings: string;
  readonly remote: string | undefined;
  readonly heldByRemote: boolean | undefined;
  /** At a place that the platform cannot be asked about: after a break nobody knows of it any more. */
  readonly isVolatile?: boolean;
  /** Who holds their part of a conference is told in different ways (seeds 20027, 1002036). */
  readonly isConference?: boolean;
}

/** As the connector shows it. */
export function sightOf({ position, state, rings, remote }: LinkCall): Sight | undefined {
  if (state.name === 'ended') return undefined;
  return {
    place: position.at,
    state: state.name,
    rings: rings.toSorted().join('+'),
    remote: remote.number,
    heldByRemote: state.name === 'connected' ? state.heldByRemote : undefined,
  };
}

/** As the exchange has it. `seesAll`: there is a control link, by which also mobiles and parked calls are seen. */
export function truthOf(exchange: Switch, user: Extension, seesAll: boolean): Sight[] {
  exchange.reckon();
  return [...exchange.calls.values()].flatMap((call) => {
    const sight = truthOfCall(exchange, call, user, seesAll);
    return sight === undefined ? [] : [sight];
  });
}

type Place = Exclude<Sight['place'], 'nowhere'>;

function truthOfCall(exchange: Switch, call: FakeCall, user: Extension, seesAll: boolean): Sight | undefined {
  const isOwner = exchange.owners.get(call)?.has(user.name) === true;
  const places: [Place, string][] = [
    ['client', user.line],
    ['desk_phone', user.main],
  ];
  if (seesAll && isOwner && call.calling !== user.mobile) places.push(['alternative', user.mobile]);
  if (seesAll && exchange.parkedBy.get(call) === user.name) places.push(['parked', SLOT]);
  // Who was dialled there by somebody is the other side, and no place of the user.
  if (seesAll && isOwner && call.called !== MAILBOX) places.push(['voicemail', MAILBOX]);
  const found = places.filter(([, device]) => call.parts.has(device));
  // Who talks to their mailbox or their mobile has it at the other side.
  const isInside = found.some(
    ([, device]) =>
      isOwn(user, device) && call.parts.get(device) !== 'alerting' && call.parts.get(device) !== 'queued',
  );
  const there = found.filter(([place, device]) => place === 'parked' || !isInside || isOwn(user, device));
  const taking = there.find(([, device]) => call.parts.get(device) !== 'alerting');
  const others = [...call.parts].filter(([device]) => !there.some(([, own]) => own === device));
  if (there.length === 0) return undefined;
  if (taking === undefined) {
    const callers = others.filter(([, state]) => state !== 'alerting');
    const [caller] = callers;
    return {
      place: 'nowhere',
      state: 'ringing',
      isVolatile: there.every(([, device]) => !isOwn(user, device)),
      rings: there
        .map(([place]) => (place === 'client' ? 'clients' : place))
        .toSorted()
        .join('+'),
      remote: callers.length === 1 && caller !== undefined ? shown(exchange, caller[0]) : undefined,
      heldByRemote: undefined,
    };
  }
  const [place, device] = taking;
  const isVolatile = !isOwn(user, device);
  const talking = others.filter(([, state]) => state === 'connected' || state === 'hold');
  const state = stateOf(exchange, call, device, place);
  const [only] = talking;
  const isPair = talking.length === 1 && others.length === 1 && only !== undefined;
  return {
    place,
    state,
    isConference: talking.length > 1,
    isVolatile,
    rings: '',
    // Whoever was called is called by the number that was dialled, also where the call went on from there.
    // A mailbox that came in when two calls were joined is taken for the user's own (seed 6000511).
    remote:
      isPair &&
      (only[0] !== MAILBOX || call.called === MAILBOX) &&
      (exchange.extensionOf(call.calling) !== user || only[0] === call.called) &&
      state !== 'calling' &&
      state !== 'ringing'
        ? shown(exchange, only[0])
        : undefined,
    heldByRemote:
      isPair && state === 'connected' && (place === 'client' || (seesAll && place === 'desk_phone'))
        ? only[1] === 'hold'
        : undefined,
  };
}

const isOwn = ({ main, line }: Extension, device: string): boolean => device === main || device === line;

function stateOf(exchange: Switch, call: FakeCall, device: string, place: Place): Sight['state'] {
  if (place === 'parked') return 'held';
  if (call.parts.get(device) === 'hold') return 'held';
  const isAnswered = exchange.talked.get(call)?.has(device) === true;
  if (isAnswered || place === 'alternative' || place === 'voicemail') return 'connected';
  const others = [...call.parts].filter(([other]) => other !== device);
  return others.some(([, state]) => state === 'alerting') ? 'ringing' : 'calling';
}

function shown(exchange: Switch, device: string): string {
  return exchange.extensions.find(({ line }) => line === device)?.main ?? device;
}

const inWords = ({ place, state, rings, remote, heldByRemote }: Sight): string =>
  [
    place,
    state,
    remote ?? '?',
    rings === '' ? '' : `at ${rings}`,
    heldByRemote === true ? 'held by remote' : '',
  ]
    .filter((word) => word !== '')
    .join(' ');

const isTalking = ({ state }: Sight): boolean => state === 'connected' || state === 'held';

const fits = (seen: Sight, truth: Sight): boolean =>
  seen.place === truth.place &&
  (seen.state === truth.state || (truth.isConference === true && isTalking(seen) && isTalking(truth))) &&
  seen.rings === truth.rings &&
  (truth.remote === undefined || truth.remote === seen.remote) &&
  (truth.heldByRemote === undefined || truth.heldByRemote === seen.heldByRemote);

/** What one side has and the other has not, in words. */
export function differences(seen: readonly Sight[], truth: readonly Sight[], hadBreak: boolean): string[] {
  // What is known most exactly is matched first: what fits everything would take its place.
  const left = truth.toSorted(
    (one, other) => Number(one.remote === undefined) - Number(other.remote === undefined),
  );
  const tooMany: Sight[] = [];
  for (const one of seen) {
    const index = left.findIndex((other) => fits(one, other));
    if (index < 0) tooMany.push(one);
    else left.splice(index, 1);
  }
  const missing = left.filter(({ isVolatile = false }) => !(isVolatile && hadBreak));
  return [
    ...tooMany.map((one) => `shown: ${inWords(one)}`),
    ...missing.map((one) => `true: ${inWords(one)}`),
  ];
}
