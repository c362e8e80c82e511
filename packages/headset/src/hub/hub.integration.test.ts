import { expect, it } from 'vitest';
import type { HeadsetState } from '../port.ts';
import { HubServer } from '../testing/hub-server.ts';
import { headsetPortSuite, type Rig } from '../testing/port.suite.ts';
import { createHubPort, HubTimes, type AskHub } from './hub.ts';

/** Time that passes when the test says so; requests are real. */
class Desk {
  readonly hub = new HubServer();
  #timer: { readonly run: () => void; readonly ms: number } | undefined;
  #open = 0;
  #quiet: (() => void)[] = [];
  url = '';

  readonly clock = {
    after: (ms: number, run: () => void) => {
      const timer = { ms, run };
      this.#timer = timer;
      return () => {
        if (this.#timer === timer) this.#timer = undefined;
      };
    },
  };

  readonly ask: AskHub = async (path) => {
    this.#open += 1;
    try {
      const answer = await fetch(this.url + path);
      return await answer.json();
    } finally {
      this.#open -= 1;
      // What follows the answer, also the next request, comes in the turns after it.
      setImmediate(() => {
        if (this.#open === 0) for (const wake of this.#quiet.splice(0)) wake();
      });
    }
  };

  get pollsEvery(): number | undefined {
    return this.#timer?.ms;
  }

  async quiet(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#open > 0) {
      await new Promise<void>((resolve) => this.#quiet.push(resolve));
    }
  }

  async tick(): Promise<void> {
    const timer = this.#timer;
    this.#timer = undefined;
    timer?.run();
    await this.quiet();
  }
}

headsetPortSuite('the Hub of Poly', async (): Promise<Rig> => {
  const desk = new Desk();
  desk.url = await desk.hub.listen();
  const { hub } = desk;
  const port = createHubPort(desk.ask, desk.clock);
  return {
    port,
    told: () => ({
      offHook: hub.state.active,
      ringing: hub.state.ringing,
      muted: hub.muted,
      held: hub.state.held,
    }),
    hook: () => hub.pressHook(),
    mute: () => hub.pressMute(),
    flash: () => hub.pressFlash(),
    unplug: () => hub.unplug(),
    plug: () => void (hub.plugged = true),
    async settle() {
      await desk.quiet();
      await desk.tick();
    },
    async close() {
      await port.close();
      await hub.close();
    },
  };
});

it('[D6] is asked seldom while there is no call, and not at all once it is let go of', async () => {
  const desk = new Desk();
  desk.url = await desk.hub.listen();
  const port = createHubPort(desk.ask, desk.clock);
  await port.start({ onState: () => undefined, onSignal: () => undefined });
  expect(desk.pollsEvery).toBe(HubTimes.idleMs);
  port.show({ offHook: false, ringing: true, muted: false, held: false });
  await desk.quiet();
  expect(desk.pollsEvery).toBe(HubTimes.duringCallsMs);
  port.show({ offHook: false, ringing: false, muted: false, held: false });
  await desk.quiet();
  expect(desk.pollsEvery).toBe(HubTimes.idleMs);
  await port.close();
  expect(desk.pollsEvery).toBeUndefined();
  expect(desk.hub.registered).toBe(false);
  await desk.hub.close();
});

it('[D6] without a Hub there is no headset, and none is told of who calls', async () => {
  const desk = new Desk();
  desk.url = await desk.hub.listen();
  const states: HeadsetState[] = [];
  const port = createHubPort(desk.ask, desk.clock);
  await desk.hub.close();
  await port.start({ onState: (state) => states.push(state), onSignal: () => undefined });
  expect(states).toEqual([{ name: 'absent' }]);
  await port.close();
});
