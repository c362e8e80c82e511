import { expect, test } from 'vitest';
import { createSignInLimits, type Trial } from './sign-in-limits.ts';

const MINUTE = 60_000;

const trial = (parts: Partial<Trial> = {}): Trial => ({
  account: 'anna',
  address: '192.0.2.1',
  device: undefined,
  ...parts,
});

function world() {
  const clock = { now: 1_000_000 };
  const limits = createSignInLimits(() => clock.now);
  /** Milliseconds to wait; 0: tried, and failed. */
  const fail = (parts: Partial<Trial> = {}) => {
    const begun = limits.begin(trial(parts));
    if ('wait' in begun) return begun.wait;
    lockedTimes += begun.failed() ? 1 : 0;
    return 0;
  };
  const succeed = (parts: Partial<Trial> = {}) => {
    const begun = limits.begin(trial(parts));
    if ('wait' in begun) return begun.wait;
    begun.succeeded();
    return 0;
  };
  let lockedTimes = 0;
  let address = 0;
  /** Somebody with a network of addresses, one failure from each. */
  const attack = (times: number, account = 'anna') =>
    Array.from({ length: times }, () => fail({ account, address: `198.51.100.${(address += 1)}` }));
  return { clock, fail, succeed, attack, limits, locked: () => lockedTimes };
}

test('[SL-1] after ten failures at one account the address waits there for the rest of 15 minutes, and not elsewhere', () => {
  const { clock, fail, succeed } = world();
  for (let round = 0; round < 10; round += 1) expect(fail()).toBe(0);
  clock.now += MINUTE;
  expect(succeed()).toBe(14 * MINUTE);
  expect(succeed({ account: 'ben' })).toBe(0);
  expect(succeed({ address: '192.0.2.2' })).toBe(0);
  clock.now += 14 * MINUTE;
  expect(succeed()).toBe(0);
});

test('[SL-2] an address that fails at a hundred accounts waits everywhere', () => {
  const { fail } = world();
  for (let round = 0; round < 100; round += 1) expect(fail({ account: `u${round}` })).toBe(0);
  expect(fail({ account: 'another' })).toBeGreaterThan(0);
});

test('[SL-3] from many addresses an account is tried 20 times, then after waits that double to 15 minutes; that is told once', () => {
  const { clock, attack, locked } = world();
  expect(attack(20)).toEqual(Array.from({ length: 20 }, () => 0));
  expect(locked()).toBe(1);
  const waits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const [wait = 0] = attack(1);
    waits.push(wait / 1_000);
    clock.now += wait;
    expect(attack(1)).toEqual([0]);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  expect(locked()).toBe(1);
});

test('[SL-3] a day of attack on one account from a million addresses comes to about a hundred attempts', () => {
  const { clock, attack } = world();
  let tried = 0;
  for (let second = 0; second < 86_400; second += 5) {
    clock.now += 5_000;
    tried += attack(1)[0] === 0 ? 1 : 0;
  }
  expect(tried).toBeLessThan(125);
});

test('[SL-3] attempts that wait do not lengthen the wait; an hour of peace and all is forgotten', () => {
  const { clock, attack, succeed } = world();
  attack(20);
  for (clock.now += 1_000; attack(1)[0] !== 0; clock.now += 1_000);
  expect(clock.now).toBe(1_000_000 + 30_000 + 1_000 - 1_000);
  clock.now += 60 * MINUTE;
  expect(attack(20)).toEqual(Array.from({ length: 20 }, () => 0));
  expect(succeed({ account: 'ben', address: '198.51.100.1' })).toBe(0);
});

test('[SL-4] a device that has been here before is let in while strangers have to wait, also from their address', () => {
  const { attack, fail, succeed } = world();
  attack(30);
  for (let round = 0; round < 12; round += 1) fail();
  expect(succeed()).toBeGreaterThan(0);
  expect(succeed({ device: 'annas-own' })).toBe(0);
  // It does not make strangers quicker.
  expect(attack(1)[0]).toBeGreaterThan(0);
});

test('[SL-4] a stolen device cookie is worth ten failures in 15 minutes, and then is one like any other', () => {
  const { clock, attack, fail } = world();
  attack(20);
  for (let round = 0; round < 10; round += 1) expect(fail({ device: 'stolen' })).toBe(0);
  expect(fail({ device: 'stolen' })).toBeGreaterThan(0);
  expect(fail({ device: 'annas-own' })).toBe(0);
  clock.now += 15 * MINUTE;
  expect(fail({ device: 'stolen' })).toBe(0);
});

test('[SL-5] sign-ins that succeed, or could not be tried, are not counted', () => {
  const { succeed, limits, fail } = world();
  for (let round = 0; round < 200; round += 1) {
    expect(succeed()).toBe(0);
    const begun = limits.begin(trial());
    if (!('wait' in begun)) begun.cancelled();
  }
  for (let round = 0; round < 10; round += 1) expect(fail()).toBe(0);
});
