import type { Effect, EndpointEvent, Input, Millis, SessionId, SipEndpointApi } from '@offhook/sip';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Driver, type World } from './driver.ts';

/** An endpoint that gives out what the test puts in. */
class ScriptedEndpoint {
  readonly effects: Effect[] = [];
  readonly inputs: Input[] = [];
  due: Millis | undefined;

  poll(): Effect | undefined {
    return this.effects.shift();
  }
  deadline(): Millis | undefined {
    return this.due;
  }
  handle(input: Input): void {
    this.inputs.push(input);
  }
}

const ended = (session: number): Effect => ({
  kind: 'event',
  event: { type: 'session.ended', session: session as SessionId, end: { by: 'local' } },
});

function drive(deliver: (event: EndpointEvent) => void = () => undefined) {
  const endpoint = new ScriptedEndpoint();
  const sent: string[] = [];
  const world: World = {
    now: () => Date.now(),
    send: (target) => sent.push(target.address),
    close: () => undefined,
    resolve: () => undefined,
    deliver,
  };
  return { endpoint, sent, driver: new Driver(endpoint as unknown as SipEndpointApi, world) };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the loop around a pure endpoint', () => {
  it('carries out sends before a command returns, and delivers its events after', async () => {
    const seen: EndpointEvent[] = [];
    const { endpoint, sent, driver } = drive((event) => seen.push(event));
    const result = driver.run(() => {
      endpoint.effects.push(
        {
          kind: 'send',
          target: { transport: 'udp', address: '192.0.2.1', port: 5060 },
          bytes: new Uint8Array(),
        },
        ended(1),
      );
      return 'id';
    });
    expect({ result, sent, seen }).toEqual({ result: 'id', sent: ['192.0.2.1'], seen: [] });
    await Promise.resolve();
    expect(seen).toHaveLength(1);
  });

  it('delivers events raised inside a listener after it returns, in order', () => {
    const order: string[] = [];
    const { endpoint, driver } = drive((event) => {
      if (event.type !== 'session.ended') return;
      order.push(`start ${String(event.session)}`);
      if (event.session === 1) driver.run(() => endpoint.effects.push(ended(3)));
      order.push(`end ${String(event.session)}`);
    });
    endpoint.effects.push(ended(1), ended(2));
    driver.input({ kind: 'tick' });
    expect(order).toEqual(['start 1', 'end 1', 'start 2', 'end 2', 'start 3', 'end 3']);
  });

  it('goes on delivering after a listener has thrown', async () => {
    const seen: number[] = [];
    const { endpoint, driver } = drive((event) => {
      if (event.type !== 'session.ended') return;
      seen.push(event.session);
      if (event.session === 1) throw new Error('listener');
    });
    endpoint.effects.push(ended(1), ended(2));
    expect(() => driver.input({ kind: 'tick' })).toThrow('listener');
    await Promise.resolve();
    expect(seen).toEqual([1, 2]);
  });

  it('keeps one timer for the earliest deadline and none after close', () => {
    vi.useFakeTimers();
    const { endpoint, driver } = drive();
    endpoint.due = Date.now() + 500;
    driver.run(() => undefined);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(499);
    expect(endpoint.inputs).toEqual([]);
    endpoint.due = undefined;
    vi.advanceTimersByTime(5);
    expect(endpoint.inputs).toEqual([{ kind: 'tick' }]);
    endpoint.due = Date.now() + 500;
    driver.run(() => undefined);
    driver.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sets no new timer where the deadline gets later, and one where it gets earlier', () => {
    vi.useFakeTimers();
    const { endpoint, driver } = drive();
    const ticks = (): number => endpoint.inputs.splice(0).length;
    endpoint.due = Date.now() + 100;
    driver.run(() => undefined);
    endpoint.due = Date.now() + 300;
    driver.run(() => undefined);
    vi.advanceTimersByTime(105);
    expect(ticks()).toBe(1);
    vi.advanceTimersByTime(190);
    expect(ticks()).toBe(0);
    endpoint.due = undefined;
    vi.advanceTimersByTime(10);
    expect(ticks()).toBe(1);
    endpoint.due = Date.now() + 300;
    driver.run(() => undefined);
    endpoint.due = Date.now() + 50;
    driver.run(() => undefined);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(55);
    expect(ticks()).toBe(1);
  });
});
