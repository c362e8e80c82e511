import { OffhookError } from '@offhook/contract';
import { MicrophoneError, type Clock, type Http, type OpenSocket } from '../ports.ts';
import type { PhoneState } from '../state/state.ts';

/** In the order in which they run: what everything else needs comes first. */
export const checkIds = [
  'browser',
  'server',
  'socket',
  'connector',
  'line',
  'media',
  'microphone',
  'speaker',
] as const;
export type CheckId = (typeof checkIds)[number];

export interface CheckResult {
  /** `warn`: it works, and something about it should be known. */
  readonly outcome: 'good' | 'warn' | 'bad';
  /** What was found, for the shell to put into words together with what to do. */
  readonly finding: Finding;
  readonly facts: Readonly<Record<string, number | string>>;
}

export type Finding =
  | 'ok'
  | 'slow'
  | 'clock_off'
  | 'unsupported'
  | 'insecure'
  | 'unreachable'
  | 'offline'
  | 'none'
  | 'refused'
  | 'missing'
  | 'in_use'
  | 'silent'
  | 'not_heard'
  | 'no_relay'
  | 'no_path'
  | 'timeout'
  | 'failed';

export interface CheckReport {
  readonly id: CheckId;
  readonly result: CheckResult;
}

export interface BrowserFacts {
  readonly secure: boolean;
  readonly webrtc: boolean;
  readonly microphones: boolean;
  readonly notifications: string;
}

/** What the tests need of the place where they run. */
export interface CheckPorts extends DevicePorts {
  readonly clock: Clock;
  readonly http: Http;
  readonly openSocket: OpenSocket;
  /** Asks the cloud over the phone's own socket; milliseconds. Rejects with `OffhookError`. */
  readonly ping: () => Promise<number>;
  readonly state: () => PhoneState;
}

/** The part of it that is the device's and the person's. */
export interface DevicePorts {
  readonly browser: () => BrowserFacts;
  /** Listens for a while and tells each level on the way; resolves to the loudest, 0 to 1. Rejects with `MicrophoneError`. */
  readonly listen: (onLevel: (level: number) => void, signal: AbortSignal) => Promise<number>;
  /** Plays a tone, asks the person, and resolves to what they say. */
  readonly askHeard: (signal: AbortSignal) => Promise<boolean>;
  /** Gathers candidates with the relays that the service offers. */
  readonly gather: (signal: AbortSignal) => Promise<Gathered>;
  readonly onLevel: (level: number) => void;
}

export interface CheckListener {
  onBegin(id: CheckId): void;
  onEnd(report: CheckReport): void;
}

/** Candidates by kind, and how many relays there were to try. */
export interface Gathered {
  readonly host: number;
  readonly reflexive: number;
  readonly relay: number;
  readonly relays: number;
}

/** Milliseconds. The person is given time to answer. */
const limits: Readonly<Record<CheckId, number>> = {
  browser: 2_000,
  server: 10_000,
  socket: 12_000,
  connector: 2_000,
  line: 2_000,
  media: 10_000,
  microphone: 30_000,
  speaker: 60_000,
};

const SLOW_MS = 500;
const CLOCK_OFF_MS = 5_000;
/** Root mean square of the loudest moment. */
const SILENCE = 0.001;

const found = (
  outcome: CheckResult['outcome'],
  finding: Finding,
  facts: CheckResult['facts'] = {},
): CheckResult => ({ outcome, finding, facts });

const checks: Readonly<Record<CheckId, (ports: CheckPorts, signal: AbortSignal) => Promise<CheckResult>>> = {
  async browser({ browser }) {
    const { secure, webrtc, microphones, notifications } = browser();
    if (!secure) return found('bad', 'insecure');
    if (!webrtc || !microphones) return found('bad', 'unsupported');
    return found('good', 'ok', { notifications });
  },
  async server({ clock, http, state }) {
    const began = clock.now();
    const { status } = await http({ method: 'GET', path: '/api/session' });
    const ms = clock.now() - began;
    if (status !== 200) return found('bad', 'unreachable', { status });
    const offsetMs = Math.round(state().clockOffsetMs);
    const facts = { ms, offsetMs };
    if (Math.abs(offsetMs) > CLOCK_OFF_MS) return found('warn', 'clock_off', facts);
    return ms > SLOW_MS ? found('warn', 'slow', facts) : found('good', 'ok', facts);
  },
  async socket({ openSocket, ping }, signal) {
    if (!(await opens(openSocket, signal))) return found('bad', 'unreachable');
    const ms = await ping();
    return ms > SLOW_MS ? found('warn', 'slow', { ms }) : found('good', 'ok', { ms });
  },
  async connector({ state }) {
    switch (state().connector) {
      case 'online':
        return found('good', 'ok');
      case 'offline':
      case 'unknown':
        return found('bad', 'offline');
      case 'none':
        return found('bad', 'none');
    }
  },
  async line({ state }) {
    const { line } = state();
    if (line === undefined) return found('bad', 'none');
    return line.state === 'registered' ? found('good', 'ok') : found('bad', 'failed', { state: line.state });
  },
  async media({ gather }, signal) {
    const { host, reflexive, relay, relays } = await gather(signal);
    const facts = { host, reflexive, relay, relays };
    if (host + reflexive + relay === 0) return found('bad', 'no_path', facts);
    if (relays === 0) return found('good', 'no_relay', facts);
    return relay === 0 ? found('warn', 'no_path', facts) : found('good', 'ok', facts);
  },
  async microphone({ listen, onLevel }, signal) {
    const level = await listen(onLevel, signal);
    const facts = { percent: Math.round(level * 100) };
    return level < SILENCE ? found('bad', 'silent', facts) : found('good', 'ok', facts);
  },
  async speaker({ askHeard }, signal) {
    return (await askHeard(signal)) ? found('good', 'ok') : found('bad', 'not_heard');
  },
};

/** Runs all tests, one after the other, each for a bounded time. `onBegin` and `onEnd` as they go; ends early where `signal` aborts. */
export async function runSelfTest(
  ports: CheckPorts,
  told: CheckListener,
  signal: AbortSignal,
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const id of checkIds) {
    if (signal.aborted) break;
    told.onBegin(id);
    // One at a time: they share microphone, speaker and line.
    // oxlint-disable-next-line no-await-in-loop
    const report = { id, result: await bounded(id, ports, signal) };
    if (signal.aborted) break;
    reports.push(report);
    told.onEnd(report);
  }
  return reports;
}

async function bounded(id: CheckId, ports: CheckPorts, outer: AbortSignal): Promise<CheckResult> {
  const own = new AbortController();
  const abort = (): void => own.abort();
  outer.addEventListener('abort', abort, { once: true });
  const over = Promise.withResolvers<CheckResult>();
  const cancel = ports.clock.after(limits[id], () => over.resolve(found('bad', 'timeout')));
  own.signal.addEventListener('abort', () => over.resolve(found('bad', 'timeout')), { once: true });
  if (outer.aborted) own.abort();
  try {
    return await Promise.race([checks[id](ports, own.signal).catch(failureOf), over.promise]);
  } finally {
    cancel();
    outer.removeEventListener('abort', abort);
    own.abort();
  }
}

function failureOf(thrown: unknown): CheckResult {
  if (thrown instanceof MicrophoneError) return found('bad', thrown.reason);
  if (thrown instanceof OffhookError) {
    return found('bad', thrown.code === 'timeout' ? 'timeout' : 'unreachable', { code: thrown.code });
  }
  return found('bad', 'failed');
}

/** Whether a second socket comes up; it says nothing and goes. */
function opens(openSocket: OpenSocket, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket({
      onOpen: () => {
        socket.close(1000, 'self-test');
        resolve(true);
      },
      onText: () => undefined,
      onClose: () => resolve(false),
    });
    signal.addEventListener('abort', () => socket.close(1000, 'self-test'), { once: true });
  });
}
