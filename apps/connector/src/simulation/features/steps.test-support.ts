import {
  CallService,
  callForClient,
  type CallId,
  type LinkCall,
  type SettingsChange,
} from '@offhook/contract';
import type { Client } from '../../calls/presence.ts';
import { id } from '../../testing/ids.ts';
import type { FeatureOffice } from './office.test-support.ts';
import { BUSY, MAILBOX, SLOT, UNKNOWN, type Extension, type FakeCall } from './switch.test-support.ts';

/** Something that somebody does. `undefined`: there is nothing to do it with. */
interface Step {
  readonly name: string;
  readonly weight: number;
  readonly act: (office: FeatureOffice) => string | undefined;
}

const OFFER = 'browser offer';
/** Milliseconds. */
const PICKED_UP_SOONEST = 600;

const calling = (office: FeatureOffice, client: Client): Client & { readonly offer: string } => ({
  ...client,
  offer: office.random.chance(0.03) ? 'refuse this offer' : OFFER,
});

/** Calls of the user as this client sees them. */
function callsOf(office: FeatureOffice, { userId }: Client): LinkCall[] {
  return office.board.snapshot(userId).calls;
}

function someoneHere(office: FeatureOffice): Client | undefined {
  const here = [...office.here];
  // Most happens to one user, so that calls meet each other; and mostly at one of their clients.
  const often = here.find(({ userId }) => userId === office.favourite.name);
  if (often !== undefined && office.random.chance(0.65)) return often;
  return here.length === 0 ? undefined : office.random.pick(here);
}

/** Whom somebody calls: an outsider, a colleague, or one of those that do not work. */
function target(office: FeatureOffice, { userId }: Client): string {
  const { random, exchange } = office;
  if (random.chance(0.1)) return random.pick([BUSY, UNKNOWN, MAILBOX]);
  if (random.chance(0.35)) return random.pick(exchange.extensions.filter(({ name }) => name !== userId)).main;
  return office.newcomer();
}

function place(office: FeatureOffice, client: Client, consultationFor?: CallId): string {
  const { userId, clientId, offer } = calling(office, client);
  const to = target(office, client);
  const correlationId = id.correlation(`click-${String(office.clock.now)}-${String(office.asked.length)}`);
  const about = consultationFor === undefined ? {} : { consultationFor };
  office.ask('place', () => office.requests.place({ userId, clientId, offer, to, correlationId, ...about }));
  return `${clientId} places ${to}`;
}

function placeAtDesk(office: FeatureOffice): string | undefined {
  const client = someoneHere(office);
  if (client === undefined) return undefined;
  const { userId, clientId } = client;
  const to = target(office, client);
  const correlationId = id.correlation(`desk-${String(office.asked.length)}`);
  office.ask('placeAtDesk', () => office.requests.placeAtDesk({ userId, clientId, to, correlationId }));
  return `${clientId} has the desk phone call ${to}`;
}

/** One of the services that a call permits to this client, or any other where `permitted` is false. */
function serve(office: FeatureOffice, permitted: boolean): string | undefined {
  const client = someoneHere(office);
  const calls = client === undefined ? [] : callsOf(office, client);
  if (client === undefined || calls.length === 0) return undefined;
  const call = office.random.pick(calls);
  const services = callForClient(call, client.clientId).permitted;
  const choices = permitted ? services : CallService.options.filter((service) => !services.includes(service));
  if (choices.length === 0) return undefined;
  // Of several that ring, the code for picking up takes any: which one, SIP alone does not learn (seeds 1105, 1358).
  const isAmbiguous = !office.seesAll && call.state.name === 'ringing' && services.includes('pull');
  if (isAmbiguous && ringing(office, client.userId) > 1) return undefined;
  const rare = choices.filter((one) => RARE.has(one));
  const service = office.random.pick(rare.length > 0 && office.random.chance(0.6) ? rare : choices);
  request(office, client, call, service, calls);
  return `${client.clientId} asks for ${service} of ${call.callId} (${call.remote.number})`;
}

const ringing = (office: FeatureOffice, name: string): number => {
  const user = office.exchange.extensions.find((one) => one.name === name);
  const calls = user === undefined ? [] : office.exchange.callsAt(user.main);
  return calls.filter(({ parts }) => parts.get(user?.main ?? '') === 'alerting').length;
};

/** Preferred where they are permitted: most calls do not come so far. */
const RARE: ReadonlySet<CallService> = new Set([
  'consult',
  'completeTransfer',
  'conference',
  'alternate',
  'reconnect',
  'transfer',
  'park',
  'pull',
  'pushToDesk',
  'hold',
  'retrieve',
]);

function request(
  office: FeatureOffice,
  client: Client,
  { callId }: LinkCall,
  service: CallService,
  calls: readonly LinkCall[],
): void {
  const { requests, random } = office;
  const actor = { ...client, callId };
  const { offer } = calling(office, client);
  const other = random.pick(calls.length > 1 ? calls.filter((one) => one.callId !== callId) : calls).callId;
  const ask = (act: () => Promise<unknown>): void => {
    office.ask(service, act);
  };
  switch (service) {
    case 'answer':
      ask(() => requests.answer(actor, offer));
      return;
    case 'attach':
      ask(() => requests.attach(actor, offer));
      return;
    case 'pull':
      ask(() => requests.pull(actor, offer));
      return;
    case 'answerAtDesk':
      ask(() => requests.answerAtDesk(actor));
      return;
    case 'reject':
    case 'hangUp':
    case 'hold':
    case 'retrieve':
      ask(() => requests.simple(actor, { method: service }));
      return;
    case 'mute':
      ask(() => requests.simple(actor, { method: 'mute', muted: random.chance(0.5) }));
      return;
    case 'dtmf':
      ask(() => requests.simple(actor, { method: 'dtmf', digits: '1' }));
      return;
    case 'deflect':
      ask(() => requests.deflect(actor, target(office, client)));
      return;
    case 'toVoicemail':
      ask(() => requests.toVoicemail(actor));
      return;
    case 'pushToDesk':
      ask(() => requests.push(actor, 'desk_phone'));
      return;
    case 'pushToAlternative':
      ask(() => requests.push(actor, 'alternative'));
      return;
    case 'consult':
      place(office, client, callId);
      return;
    case 'alternate':
      ask(() => requests.alternate(actor));
      return;
    case 'reconnect':
      ask(() => requests.reconnect(actor));
      return;
    case 'transfer':
      ask(() => requests.transfer(actor, target(office, client)));
      return;
    case 'completeTransfer':
      ask(() => requests.completeTransfer(actor, other));
      return;
    case 'conference':
      ask(() => requests.conference(actor, other));
      return;
    case 'park':
      ask(() => requests.park(actor));
      return;
    case 'callBack':
      ask(() => requests.callBack(actor));
  }
}

function pickUp(office: FeatureOffice): string | undefined {
  const client = someoneHere(office);
  if (client === undefined) return undefined;
  const { userId, clientId, offer } = calling(office, client);
  const { main } = office.random.pick(office.exchange.extensions.filter(({ name }) => name !== userId));
  const number = office.random.chance(0.5) ? { number: main } : {};
  const correlationId = id.correlation(`pick-up-${String(office.asked.length)}`);
  office.ask('pickUp', () => office.requests.pickUp({ userId, clientId, offer, correlationId, ...number }));
  return `${clientId} picks up ${number.number ?? 'in the group'}`;
}

function changeSettings(office: FeatureOffice): string {
  const { random } = office;
  const { name } = random.pick(office.exchange.extensions);
  const change: SettingsChange = random.pick<SettingsChange>([
    { doNotDisturb: true },
    { doNotDisturb: false },
    { doNotDisturb: false },
    { routing: 'desk_only' },
    { routing: 'all' },
    { routing: 'all' },
    { busyBehaviour: random.pick(['second_call', 'busy', 'voicemail'] as const) },
    { forwarding: { immediate: { to: 'number', number: '102' } } },
    { forwarding: { immediate: null } },
    { forwarding: { immediate: null } },
  ]);
  office.ask('settings', () => office.platform.change(office.userOf(name), change));
  return `${name} sets ${JSON.stringify(change)}`;
}

// ── what other parties and desk phones do by themselves ──

interface Party {
  readonly call: FakeCall;
  readonly device: string;
  readonly state: string;
}

const isOutside = (office: FeatureOffice, device: string): boolean =>
  office.exchange.extensionOf(device)?.mobile === device ||
  (/^7\d{3,}$/u.test(device) && office.exchange.extensionOf(device) === undefined);

const isDesk = (office: FeatureOffice, device: string): boolean =>
  office.exchange.extensions.some(({ main }) => main === device);

function parties(office: FeatureOffice, of: typeof isDesk, ...states: readonly string[]): Party[] {
  return [...office.exchange.calls.values()].flatMap((call) =>
    [...call.parts]
      .filter(([device, state]) => of(office, device) && states.includes(state))
      .map(([device, state]) => ({ call, device, state })),
  );
}

function party(
  office: FeatureOffice,
  of: typeof isDesk,
  states: readonly string[],
  act: (party: Party) => void,
): string | undefined {
  const all = parties(office, of, ...states);
  if (all.length === 0) return undefined;
  const one = office.random.pick(all);
  act(one);
  return `${one.device} ${one.state}`;
}

const isAnswered = ({ parts }: FakeCall, own: string): boolean =>
  [...parts].some(([device, state]) => device !== own && (state === 'connected' || state === 'hold'));

function outsideCalls(office: FeatureOffice): string {
  const from = office.random.chance(0.1)
    ? office.random.pick(office.exchange.extensions).mobile
    : office.newcomer();
  const callable = office.exchange.extensions.filter(({ mobile }) => mobile !== from);
  const isUsual = office.random.chance(0.6) && callable.includes(office.favourite);
  const { main } = isUsual ? office.favourite : office.random.pick(callable);
  office.exchange.call(from, main);
  return `${from} calls ${main}`;
}

function deskCalls(office: FeatureOffice): string {
  const { main, name } = office.random.pick(office.exchange.extensions);
  for (const call of office.exchange.callsAt(main)) {
    if (call.parts.get(main) === 'connected') office.exchange.hold(call, main);
  }
  const to = target(office, { userId: office.userOf(name), clientId: id.client('desk') });
  office.exchange.call(main, to);
  return `${main} calls ${to}`;
}

/** Both calls at a desk phone become one. */
function deskJoins(office: FeatureOffice): string | undefined {
  const { exchange, random } = office;
  const { main } = random.pick(exchange.extensions);
  const [held, active] = exchange
    .callsAt(main)
    .filter((call) => ['connected', 'hold'].includes(call.parts.get(main) ?? '') && isAnswered(call, main));
  if (held === undefined || active === undefined) return undefined;
  if ([...held.parts.keys()].some((device) => device !== main && active.parts.has(device))) return undefined;
  exchange.join(held, active, main, random.chance(0.4));
  return `${main} joins two calls`;
}

function deskTransfers(office: FeatureOffice): string | undefined {
  return party(office, isDesk, ['connected'], ({ call, device }) => {
    const to = office.newcomer();
    if (isAnswered(call, device)) office.exchange.move(call, device, to, false);
  });
}

const holdOrRetrieve = (office: FeatureOffice, of: typeof isDesk): string | undefined =>
  party(office, of, ['connected', 'hold'], ({ call, device, state }) => {
    if (state === 'hold') office.exchange.retrieve(call, device);
    else if (isAnswered(call, device)) office.exchange.hold(call, device);
  });

const HAS_CALL = ['connected', 'hold', 'alerting'] as const;

export const STEPS: readonly Step[] = [
  { name: 'client: permitted service', weight: 40, act: (office) => serve(office, true) },
  { name: 'client: refused service', weight: 3, act: (office) => serve(office, false) },
  {
    name: 'client: place',
    weight: 10,
    act: (office) => {
      const client = someoneHere(office);
      return client === undefined ? undefined : place(office, client);
    },
  },
  { name: 'client: place at desk', weight: 3, act: placeAtDesk },
  { name: 'client: pick up', weight: 3, act: pickUp },
  { name: 'client: settings', weight: 3, act: changeSettings },
  { name: 'outside: call', weight: 14, act: outsideCalls },
  {
    name: 'outside: answer',
    weight: 12,
    act: (office) =>
      party(office, isOutside, ['alerting'], ({ call, device }) => {
        office.exchange.answer(call, device);
      }),
  },
  {
    name: 'outside: hang up',
    weight: 7,
    act: (office) =>
      party(office, isOutside, HAS_CALL, ({ call, device }) => {
        office.exchange.clear(call, device);
      }),
  },
  { name: 'outside: hold or retrieve', weight: 5, act: (office) => holdOrRetrieve(office, isOutside) },
  { name: 'desk: call', weight: 4, act: deskCalls },
  {
    name: 'desk: answer',
    weight: 8,
    act: (office) =>
      party(office, isDesk, ['alerting'], ({ call, device }) => {
        // Without a control link a telephone that answers by itself, at once, is seen only after the line was told so.
        const since = office.clock.now - (office.exchange.rangAt.get(call) ?? 0);
        if (office.seesAll || since > PICKED_UP_SOONEST) office.exchange.answer(call, device);
      }),
  },
  {
    name: 'desk: hang up',
    weight: 5,
    act: (office) =>
      party(office, isDesk, HAS_CALL, ({ call, device }) => {
        office.exchange.clear(call, device);
      }),
  },
  { name: 'desk: hold or retrieve', weight: 5, act: (office) => holdOrRetrieve(office, isDesk) },
  { name: 'desk: join', weight: 2, act: deskJoins },
  { name: 'desk: blind transfer', weight: 2, act: deskTransfers },
  {
    name: 'mailbox hangs up',
    weight: 2,
    act: (office) =>
      party(
        office,
        (_, device) => device === MAILBOX,
        ['connected'],
        ({ call }) => {
          office.exchange.clear(call, MAILBOX);
        },
      ),
  },
];

/** The outsiders, desk phones, mailbox and slots leave all their calls. */
export function everybodyLeaves(office: FeatureOffice): void {
  for (const call of office.exchange.calls.values()) {
    for (const device of call.parts.keys()) {
      if (!office.exchange.isLine(device)) office.exchange.clear(call, device);
    }
  }
}

/** The clients hang up whatever they can. */
export function clientsHangUp(office: FeatureOffice): void {
  for (const client of office.clients) {
    for (const call of callsOf(office, client)) {
      const { permitted } = callForClient(call, client.clientId);
      const method = permitted.includes('hangUp')
        ? 'hangUp'
        : permitted.includes('reject')
          ? 'reject'
          : undefined;
      if (method === undefined) continue;
      office.ask(method, () => office.requests.simple({ ...client, callId: call.callId }, { method }));
    }
  }
}

export type { Extension };
export { SLOT };
