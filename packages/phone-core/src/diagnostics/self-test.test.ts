import { OffhookError } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { MicrophoneError, type SocketHandlers } from '../ports.ts';
import { initialState } from '../state/state.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { checkIds, runSelfTest, type CheckId, type CheckPorts, type CheckResult } from './self-test.ts';

/* [D9] Each test against fakes of what it asks: what is found, and that it ends. */

function ports(part: Partial<CheckPorts> = {}, clock = new FakeClock()): CheckPorts {
  return {
    clock,
    http: () => Promise.resolve({ status: 200, body: {} }),
    openSocket: (handlers: SocketHandlers) => {
      queueMicrotask(() => handlers.onOpen());
      return { send: () => undefined, close: () => undefined };
    },
    browser: () => ({ secure: true, webrtc: true, microphones: true, notifications: 'granted' }),
    listen: () => Promise.resolve(0.2),
    askHeard: () => Promise.resolve(true),
    gather: () => Promise.resolve({ host: 2, reflexive: 0, relay: 0, relays: 0 }),
    ping: () => Promise.resolve(30),
    state: () => ({ ...initialState, connector: 'online', line: { number: '101', state: 'registered' } }),
    onLevel: () => undefined,
    ...part,
  };
}

async function results(of: CheckPorts): Promise<Readonly<Record<CheckId, CheckResult>>> {
  const none = { onBegin: () => undefined, onEnd: () => undefined };
  const reports = await runSelfTest(of, none, new AbortController().signal);
  return Object.fromEntries(reports.map(({ id, result }) => [id, result])) as Record<CheckId, CheckResult>;
}

const refused = () => Promise.reject(new MicrophoneError('refused'));
const closes = (handlers: SocketHandlers) => {
  queueMicrotask(() => handlers.onClose(1006, ''));
  return { send: () => undefined, close: () => undefined };
};

describe('[D9] the self-test', () => {
  it('tells each test as it begins and ends, in order; no relay is said as it is', async () => {
    const told: string[] = [];
    await runSelfTest(
      ports(),
      {
        onBegin: (id) => told.push(`${id}…`),
        onEnd: ({ id, result }) => told.push(`${id} ${result.outcome} ${result.finding}`),
      },
      new AbortController().signal,
    );
    expect(told).toEqual(
      checkIds.flatMap((id) => [`${id}…`, `${id} good ${id === 'media' ? 'no_relay' : 'ok'}`]),
    );
  });

  it.each<[CheckId, Partial<CheckPorts>, CheckResult['outcome'], CheckResult['finding']]>([
    ['browser', { browser: () => ({ ...ports().browser(), secure: false }) }, 'bad', 'insecure'],
    ['browser', { browser: () => ({ ...ports().browser(), webrtc: false }) }, 'bad', 'unsupported'],
    ['server', { http: () => Promise.resolve({ status: 502, body: {} }) }, 'bad', 'unreachable'],
    ['server', { http: () => Promise.reject(new TypeError('no network')) }, 'bad', 'failed'],
    ['server', { state: () => ({ ...initialState, clockOffsetMs: -60_000 }) }, 'warn', 'clock_off'],
    ['socket', { openSocket: closes }, 'bad', 'unreachable'],
    ['socket', { ping: () => Promise.resolve(900) }, 'warn', 'slow'],
    ['socket', { ping: () => Promise.reject(new OffhookError('timeout')) }, 'bad', 'timeout'],
    ['connector', { state: () => ({ ...initialState, connector: 'offline' }) }, 'bad', 'offline'],
    ['line', { state: () => initialState }, 'bad', 'none'],
    [
      'line',
      { state: () => ({ ...initialState, line: { number: '101', state: 'failed', reason: '403' } }) },
      'bad',
      'failed',
    ],
    [
      'media',
      { gather: () => Promise.resolve({ host: 0, reflexive: 0, relay: 0, relays: 0 }) },
      'bad',
      'no_path',
    ],
    [
      'media',
      { gather: () => Promise.resolve({ host: 1, reflexive: 0, relay: 0, relays: 3 }) },
      'warn',
      'no_path',
    ],
    [
      'media',
      { gather: () => Promise.resolve({ host: 1, reflexive: 1, relay: 2, relays: 3 }) },
      'good',
      'ok',
    ],
    ['microphone', { listen: refused }, 'bad', 'refused'],
    ['microphone', { listen: () => Promise.resolve(0) }, 'bad', 'silent'],
    ['speaker', { askHeard: () => Promise.resolve(false) }, 'bad', 'not_heard'],
  ])('%s with %o is %s: %s', async (id, part, outcome, finding) => {
    expect((await results(ports(part)))[id]).toMatchObject({ outcome, finding });
  });

  it('a test that never ends is given up, what it holds is let go, and the next one runs', async () => {
    const clock = new FakeClock();
    let letGo = false;
    const stuck = ports(
      {
        gather: (signal) =>
          new Promise(() => {
            signal.addEventListener('abort', () => {
              letGo = true;
            });
          }),
      },
      clock,
    );
    const running = results(stuck);
    await settle();
    await clock.advance(10_000);
    const { media, speaker } = await running;
    expect(media).toMatchObject({ outcome: 'bad', finding: 'timeout' });
    expect(speaker.outcome).toBe('good');
    expect(letGo).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('ends where the person leaves', async () => {
    const leaving = new AbortController();
    const never = ports({ listen: () => new Promise(() => undefined) });
    const ended: CheckId[] = [];
    const running = runSelfTest(
      never,
      {
        onBegin: (id) => {
          if (id === 'microphone') leaving.abort();
        },
        onEnd: ({ id }) => ended.push(id),
      },
      leaving.signal,
    );
    await running;
    expect(ended).not.toContain('microphone');
  });
});
