import { chosenSeeds, perfectNetwork, roughNetwork } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { pass } from '../testing/virtual-clock.ts';
import { Office, type Told } from './office.test-support.ts';
import { scenarios, type Expected } from './scenarios.test-support.ts';

interface Running {
  readonly scenario: string;
  readonly user: string;
  readonly peer: string;
  readonly expected: Expected;
}

/** States as the contract names them, `heldByRemote` where the other side holds; repeats left out. */
function statesOf(told: readonly Told[]): string[] {
  const names = told.map(({ call: { state } }) =>
    state.name === 'connected' && state.heldByRemote ? 'heldByRemote' : state.name,
  );
  return names.filter((name, index) => name !== names[index - 1]);
}

const NEXT: Record<string, readonly string[]> = {
  calling: ['ringing', 'connected', 'heldByRemote', 'ended'],
  ringing: ['connected', 'heldByRemote', 'ended'],
  connected: ['held', 'heldByRemote', 'ended'],
  heldByRemote: ['held', 'connected', 'ended'],
  held: ['connected', 'heldByRemote', 'ended'],
  ended: [],
};

function isSubsequence(wanted: readonly string[], all: readonly string[]): boolean {
  let from = 0;
  for (const name of wanted) {
    const found = all.indexOf(name, from);
    if (found < 0) return false;
    from = found + 1;
  }
  return true;
}

/** What is wrong with one call; empty when it went as it should. */
function faultsOf(office: Office, { scenario, user, peer, expected }: Running): string[] {
  const faults: string[] = [];
  const fault = (text: string): void => {
    faults.push(`${scenario} (${user}): ${text}`);
  };
  const records = office.records.filter(({ userId }) => userId === user);
  const [record] = records;
  if (records.length !== 1 || record === undefined) fault(`${String(records.length)} records`);
  else if (!expected.causes.includes(record.cause)) fault(`ended as ${record.cause}`);
  const told = office.toldOf(record?.userId ?? ('' as never));
  const states = statesOf(told);
  if (!isSubsequence(expected.through ?? [], states)) fault(`went ${states.join(' ► ')}`);
  for (const [index, name] of states.entries()) {
    const next = states[index + 1];
    if (next !== undefined && NEXT[name]?.includes(next) !== true) fault(`forbidden: ${name} ► ${next}`);
  }
  if (expected.through !== undefined && told.filter(({ call }) => call.state.name === 'ended').length !== 1) {
    fault('its end was not told once');
  }
  const revisions = told.map(({ rev }) => rev);
  if (revisions.some((rev, index) => index > 0 && rev <= (revisions[index - 1] ?? 0)))
    fault('revisions go back');
  const other = office.peers.byName.get(peer);
  if (other !== undefined && other.end === undefined) fault('the other side still thinks that it talks');
  return faults;
}

async function runOffice(calls: number, office: Office): Promise<string[]> {
  const running: Running[] = [];
  for (let index = 0; index < calls; index += 1) {
    const scenario = scenarios[index % scenarios.length];
    if (scenario === undefined) break;
    const user = `u${String(index)}`;
    const peer = String(7_000_000 + index);
    office.clock.after(office.random.integer(0, 60_000), () => {
      running.push({ scenario: scenario.name, user, peer, expected: scenario.start(office, user, peer) });
    });
  }
  // The last call starts after a minute, and the longest takes two: re-INVITEs that cross, answers that get lost.
  await pass(office.clock, 240_000, 10);
  const faults = running.flatMap((one) => faultsOf(office, one));
  office.clock.runToEnd(300_000);
  return faults;
}

const nothing = (office: Office): Record<string, number> =>
  Object.fromEntries(Object.keys(office.leftovers()).map((key) => [key, 0]));

describe('calls on a simulated network', () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s, on a perfect network',
    async (name, { start }) => {
      const office = new Office(1, perfectNetwork);
      const expected = start(office, 'anna', '600');
      await pass(office.clock, 120_000, 20);
      expect(faultsOf(office, { scenario: name, user: 'anna', peer: '600', expected })).toEqual([]);
      office.clock.runToEnd(300_000);
      expect(office.leftovers()).toEqual(nothing(office));
    },
  );

  test.each(chosenSeeds([20_260_000, 4_711]))(
    '1,000 calls at 5 % loss, duplicated and reordered, end as they should and leave nothing (OFFHOOK_SEED=%i)',
    { timeout: 120_000 },
    async (seed) => {
      const office = new Office(seed, roughNetwork);
      expect(await runOffice(1_000, office)).toEqual([]);
      expect(office.records).toHaveLength(1_000);
      expect(office.leftovers()).toEqual(nothing(office));
    },
  );
});
