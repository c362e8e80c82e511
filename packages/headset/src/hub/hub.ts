import {
  darkLamps,
  type HeadsetHandlers,
  type HeadsetPort,
  type HeadsetSignal,
  type HeadsetState,
  type Lamps,
} from '../port.ts';
import { hubActions, readActions, readAnswer, readProduct, type HubAnswer } from './answers.ts';

/**
 * Asks the Hub: `path` follows `http://127.0.0.1:32017/Spokes/`. Resolves to the parsed JSON, rejects where no Hub answers.
 */
export type AskHub = (path: string) => Promise<unknown>;

/** The Hub tells nothing by itself: it is asked often while there is a call, and hardly ever otherwise. */
export const HubTimes = { duringCallsMs: 400, idleMs: 15_000 } as const;

/** The application's name at the Hub. */
const APPLICATION = 'Offhook';

export interface HubClock {
  after(ms: number, run: () => void): () => void;
}

/**
 * Headsets of Poly and Plantronics through the vendor's program on the same device, by its REST API (`SessionManager`, `CallServices`,
 * `DeviceServices`). The Hub thinks in calls and not in lamps: of the phone's calls it is told one that talks and one that rings, by a number and without
 * who it is.
 */
export function createHubPort(ask: AskHub, clock: HubClock): HeadsetPort {
  let handlers: HeadsetHandlers | undefined;
  let state: HeadsetState = { name: 'off' };
  /** Between being chosen and being forgotten. */
  let chosen = false;
  let told = darkLamps;
  let wanted = darkLamps;
  let talking: number | undefined;
  let ringing: number | undefined;
  let lastId = 0;
  let cancelPoll: () => void = nothing;
  /** One request after the other: their order is the meaning. */
  let doing: Promise<void> = Promise.resolve();

  const inTurn = (what: () => Promise<void>): Promise<void> => {
    doing = doing.then(what);
    return doing;
  };

  async function request(path: string): Promise<HubAnswer> {
    try {
      return readAnswer(await ask(path));
    } catch {
      return { ok: false, description: 'no answer' };
    }
  }

  function say(next: HeadsetState): void {
    const same =
      next.name === state.name &&
      (next.name !== 'ready' || (state.name === 'ready' && next.product === state.product));
    state = next;
    if (!same) handlers?.onState(next);
  }

  async function register(): Promise<void> {
    // One that is registered from before the last reload stays so.
    const registered = await request(`SessionManager/Register?name=${APPLICATION}`);
    if (!registered.ok && registered.description !== 'Plugin exists') {
      say({ name: 'absent' });
      return;
    }
    await request(`SessionManager/IsActive?name=${APPLICATION}&active=true`);
    await look();
  }

  async function look(): Promise<void> {
    const info = await request('DeviceServices/Info');
    if (handlers === undefined) return;
    if (!info.ok) {
      say({ name: 'absent' });
      return;
    }
    if (state.name === 'ready') return;
    told = darkLamps;
    talking = undefined;
    ringing = undefined;
    // What was pressed before belongs to calls that are gone.
    await request(`CallServices/CallEvents?name=${APPLICATION}`);
    say({ name: 'ready', product: readProduct(info.result) });
  }

  async function poll(): Promise<void> {
    if (handlers === undefined || !chosen) return;
    if (state.name === 'ready' && hasCall()) {
      const events = await request(`CallServices/CallEvents?name=${APPLICATION}`);
      if (!events.ok) await look();
      else for (const action of readActions(events.result)) signal(action);
    } else if (state.name === 'ready') await look();
    else await register();
    schedule();
  }

  function schedule(): void {
    cancelPoll();
    if (handlers === undefined || !chosen) return;
    const ms = hasCall() ? HubTimes.duringCallsMs : HubTimes.idleMs;
    cancelPoll = clock.after(ms, () => void inTurn(poll));
  }

  function hasCall(): boolean {
    return wanted.offHook || wanted.ringing || wanted.held;
  }

  function signal(action: number): void {
    const one = signalOf(action);
    if (one !== undefined) handlers?.onSignal(one);
  }

  const service = (name: string, id: number, more = ''): Promise<HubAnswer> => {
    const callId = encodeURIComponent(JSON.stringify({ Id: String(id) }));
    return request(`CallServices/${name}?name=${APPLICATION}&callID=${callId}${more}`);
  };
  const contact = `&contact=${encodeURIComponent(JSON.stringify({ Name: APPLICATION }))}`;

  /** Tells the Hub by its calls what the lamps say. */
  async function tell(): Promise<void> {
    if (state.name !== 'ready') return;
    const from = told;
    const to = wanted;
    told = to;
    if (to.ringing && !from.ringing) {
      ringing = lastId += 1;
      await service('IncomingCall', ringing, `${contact}&tones=Unknown&route=ToHeadset`);
    }
    const answered = from.ringing && !to.ringing ? ringing : undefined;
    if (answered !== undefined) ringing = undefined;
    if (to.offHook && !from.offHook) {
      if (answered !== undefined) await service('AnswerCall', (talking = answered));
      else if (talking !== undefined) await service('ResumeCall', talking);
      else await service('OutgoingCall', (talking = lastId += 1), `${contact}&route=ToHeadset`);
    } else if (answered !== undefined) await service('TerminateCall', answered);
    if (!to.offHook && talking !== undefined) {
      if (to.held && from.offHook) await service('HoldCall', talking);
      if (!to.held) {
        await service('TerminateCall', talking);
        talking = undefined;
      }
    }
    if (to.muted !== from.muted) await request(`CallServices/MuteCall?name=${APPLICATION}&muted=${to.muted}`);
  }

  function show(lamps: Lamps): void {
    const had = hasCall();
    wanted = lamps;
    void inTurn(tell);
    if (had !== hasCall()) schedule();
  }

  return {
    async start(all) {
      handlers = all;
      chosen = true;
      await inTurn(register);
      schedule();
    },
    async connect() {
      chosen = true;
      await inTurn(register);
      schedule();
    },
    async forget() {
      show(darkLamps);
      chosen = false;
      cancelPoll();
      await inTurn(async () => {
        await request(`SessionManager/UnRegister?name=${APPLICATION}`);
        say({ name: 'off' });
      });
    },
    show,
    async close() {
      cancelPoll();
      show(darkLamps);
      handlers = undefined;
      cancelPoll();
      await inTurn(async () => void (await request(`SessionManager/UnRegister?name=${APPLICATION}`)));
    },
  };
}

const nothing = (): void => undefined;

function signalOf(action: number): HeadsetSignal | undefined {
  switch (action) {
    case hubActions.accept:
      return { name: 'hook', to: true };
    case hubActions.terminate:
      return { name: 'hook', to: false };
    case hubActions.reject:
      return { name: 'drop' };
    case hubActions.hold:
    case hubActions.resume:
    case hubActions.flash:
      return { name: 'flash' };
    case hubActions.mute:
      return { name: 'mute', to: true };
    case hubActions.unmute:
      return { name: 'mute', to: false };
    default:
      return undefined;
  }
}
