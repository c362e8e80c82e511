import { CallService, type CallId, type EndCause, type LinkCall } from '@offhook/contract';
import type { SeededRandom } from '@offhook/testkit';
import { gate, viewOf, type DeviceConnection, type DeviceState, type UserCalls } from './index.ts';
import {
  BOB,
  CAROL,
  EVERYTHING,
  LAPTOP,
  TABLET,
  type User,
  connected,
  connection,
  held,
  type LegOptions,
} from './user.test-support.ts';
import { isLineAwaited } from './state.ts';

/** One fact, as it would reach the model; `text` is for who reads a failure. */
export interface Fact {
  readonly text: string;
  readonly tell: (user: User) => void;
}

const CAUSES: readonly EndCause[] = ['completed', 'cancelled', 'no_answer', 'answered_elsewhere', 'declined'];
const STATES: readonly DeviceState[] = ['calling', 'ringing_out', 'alerting', 'connected', 'held'];
const PLACES = ['line', 'desk_phone', 'alternative', 'voicemail', 'parked'] as const;
const LEGS = ['a', 'b', 'c'] as const;

/** Facts without rhyme or reason: contradictions, doubles, what comes too late, and sometimes what fits. */
export function randomFact(random: SeededRandom): Fact {
  const id = random.chance(0.85) ? random.pick(LEGS) : `seen-${random.integer(1, 3)}`;
  const other = random.pick(LEGS);
  switch (random.integer(0, 9)) {
    case 0:
    case 1:
    case 2: {
      const options = randomLeg(random, id);
      return { text: `leg ${id} ${JSON.stringify(options)}`, tell: (user) => legOf(user, id, options) };
    }
    case 3: {
      const cause = random.pick(CAUSES);
      return { text: `leg ${id} ends ${cause}`, tell: (user) => void user.legEnds(id, cause) };
    }
    case 4:
      return random.chance(0.5)
        ? { text: `${id} consults ${other}`, tell: (user) => void user.consults(id, other) }
        : { text: `${id} mixes ${other}`, tell: (user) => void user.mixes(id, other) };
    case 5: {
      const to = random.pick(['client', 'desk_phone', 'alternative', 'parked'] as const);
      return { text: `${id} is handed over to ${to}`, tell: (user) => void user.handOver(id, to) };
    }
    case 6: {
      const seconds = random.pick([-10, 3, 10]);
      return random.chance(0.5)
        ? { text: `${id} is not handed over`, tell: (user) => void user.handOverFails(id) }
        : { text: `${seconds} seconds pass`, tell: (user) => void user.timePasses(seconds) };
    }
    default: {
      const connections = Array.from({ length: random.integer(0, 4) }, () => randomConnection(random));
      const gone = connections.splice(0, random.integer(0, 1)).map(({ place, platformCall }) => ({
        place,
        platformCall,
        cause: random.pick(CAUSES),
      }));
      return {
        text: `report ${JSON.stringify({ connections, gone })}`,
        tell: (user) => void user.reportWith({ connections, gone }),
      };
    }
  }
}

/** A leg of a call that the platform has shown comes only once it has been shown. */
function legOf(user: User, id: string, options: LegOptions): void {
  const isKnown = [...user.state.calls.keys()].some((known) => known === id);
  if (isKnown || !id.startsWith('seen')) user.leg(id, options);
}

function randomLeg(random: SeededRandom, id: string): LegOptions {
  const state = random.pick([{ name: 'ringing' }, { name: 'calling' }, connected(), held()] as const);
  const owner = random.chance(0.25) ? undefined : random.pick([LAPTOP, LAPTOP, TABLET]);
  return {
    state,
    direction: state.name === 'calling' || random.chance(0.2) ? 'outgoing' : 'incoming',
    owner,
    remote: random.pick([BOB, CAROL]),
    sipCallId: random.chance(0.5) ? undefined : `sip of ${id}`,
    busy: random.chance(0.2),
  };
}

function randomConnection(random: SeededRandom): DeviceConnection {
  const sipCallId = random.chance(0.5) ? undefined : random.pick(['sip of a', 'sip of b']);
  const formerly = random.chance(0.1) ? ['p', 'q'] : undefined;
  return connection(random.pick(PLACES), random.pick(['p', 'q', 'r']), random.pick(STATES), {
    direction: random.pick(['incoming', 'incoming', 'outgoing']),
    remote: random.pick([BOB, CAROL]),
    ...(sipCallId === undefined ? {} : { sipCallId }),
    ...(formerly === undefined ? {} : { formerly }),
    ...(random.chance(0.1) ? { consultationFor: random.pick(['p', 'q', 'r']) } : {}),
  });
}

/** What is wrong with this state by itself; nothing, as a rule. */
export function wrongsOf(state: UserCalls): string[] {
  const wrongs: string[] = [];
  const owners = new Map<string, CallId>();
  for (const call of state.calls.values()) {
    const view = viewOf(state, call, EVERYTHING);
    const claim = (isRight: boolean, text: string): void => {
      if (!isRight) wrongs.push(`${call.callId}: ${text}`);
    };
    const { mixedWith, consultationFor, devices, end } = call;
    claim(
      end !== undefined ||
        call.leg !== undefined ||
        call.handOver !== undefined ||
        devices.some(({ place }) => place !== 'line') ||
        isLineAwaited(call),
      'stays though nothing is left of it',
    );
    claim(
      end === undefined || (view.rings.length === 0 && view.position.at === 'nowhere'),
      'is over and somewhere',
    );
    claim(end === undefined || end.endedAt >= call.startedAt, 'ended before it began');
    claim(call.answeredAt === undefined || call.answeredAt >= call.startedAt, 'was answered before it began');
    claim(end?.cause !== 'completed' || call.answeredAt !== undefined, 'is completed but was not answered');
    claim(view.rings.length === 0 || view.position.at === 'nowhere', 'rings and is somewhere');
    claim(new Set(view.rings).size === view.rings.length, 'rings twice at one place');
    claim(new Set(devices.map(({ place }) => place)).size === devices.length, 'is twice at one place');
    claim(
      devices.every(({ place }) => place !== 'line') ||
        call.leg !== undefined ||
        call.handOver !== undefined ||
        isLineAwaited(call),
      'has a line without a leg',
    );
    claim(
      mixedWith === undefined || state.calls.get(mixedWith)?.mixedWith === call.callId,
      'is mixed one-sidedly',
    );
    claim(mixedWith === undefined || view.state.name === 'connected', 'is mixed and does not talk');
    const about = consultationFor === undefined ? undefined : state.calls.get(consultationFor);
    claim(
      consultationFor === undefined || (about !== undefined && about.end === undefined),
      'consults about nothing',
    );
    for (const list of [view.permitted.owner, view.permitted.others]) {
      claim(new Set(list).size === list.length, `permits something twice: ${list.join(' ')}`);
    }
    for (const device of devices) {
      const key = `${device.place} ${device.platformCall}`;
      claim(!owners.has(key), `has ${key}, and so has ${owners.get(key)}`);
      owners.set(key, call.callId);
    }
  }
  return wrongs;
}

/** Every permitted service passes the gate, and every other is refused; what joins two does so in both orders. */
export function gateWrongs(state: UserCalls): string[] {
  return [...state.calls.values()].flatMap((call) => gateWrongsOf(state, viewOf(state, call, EVERYTHING)));
}

function gateWrongsOf(state: UserCalls, view: LinkCall): string[] {
  const wrongs: string[] = [];
  for (const clientId of [LAPTOP, TABLET]) {
    const here = view.position.at === 'client' && view.position.clientId === clientId;
    const list = here ? view.permitted.owner : view.permitted.others;
    for (const service of CallService.options) {
      const joins = service === 'completeTransfer' || service === 'conference';
      const isPermitted = list.includes(service);
      const wish = { callId: view.callId, clientId, service };
      const passes = joins
        ? [...state.calls.keys()].some((otherCallId) => gate(state, EVERYTHING, { ...wish, otherCallId }).ok)
        : gate(state, EVERYTHING, wish).ok;
      if (passes !== isPermitted)
        wrongs.push(`${view.callId}: ${service} permitted ${isPermitted}, passes ${passes}`);
    }
  }
  return wrongs;
}

const views = (state: UserCalls): Map<CallId, string> =>
  new Map(
    [...state.calls.values()].map((call) => [call.callId, JSON.stringify(viewOf(state, call, EVERYTHING))]),
  );

/** What of a view belongs to the call alone: what it permits hangs on the calls beside it. */
const ownView = (json: string): string => JSON.stringify({ ...JSON.parse(json), permitted: undefined });

/** Tells the user of the fact, and says what of the change is not as it should be. */
export function tellAndCheck(user: User, fact: Fact): string[] {
  const { state } = user;
  const before = views(state);
  fact.tell(user);
  const after = views(user.state);
  const wrongs = wrongsOf(user.state);
  for (const [id, view] of after) {
    const old = before.get(id);
    if (old !== view && !user.changed.includes(id) && (old === undefined || ownView(old) !== ownView(view))) {
      wrongs.push(`${id} has changed and is not in the list`);
    }
  }
  for (const [id, { end }] of state.calls) {
    const now = user.state.calls.get(id);
    if (now === undefined) wrongs.push(`${id} has vanished without an end`);
    if (end !== undefined && now !== state.calls.get(id)) wrongs.push(`${id} has changed after its end`);
  }
  return wrongs;
}

/** Everything is over: the legs, the platform's side, and the time for hand-overs. */
export function endEverything(user: User): void {
  user.report();
  for (const [id, { leg: living }] of user.state.calls)
    if (living !== undefined) user.legEnds(id, 'completed');
  user.timePasses(24 * 3_600);
}
