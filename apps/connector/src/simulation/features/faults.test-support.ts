import { perfectNetwork } from '@offhook/testkit';
import type { Blindness } from './judge.test-support.ts';
import type { FeatureOffice } from './office.test-support.ts';

/** What is out of order in one sequence. Each is drawn from the seed, most sequences have one or two. */
export const FAULTS = [
  'csta answers late',
  'csta answers missing',
  'csta requests lost',
  'csta events lost',
  'csta events late',
  'csta events twice',
  'csta events contradictory',
  'csta link lost',
  'sip lossy',
  'sip duplicated',
  'client leaves',
  'cloud link lost',
  'exchange restarted',
] as const;
export type Fault = (typeof FAULTS)[number];

const NEEDS_CSTA = (fault: Fault): boolean => fault.startsWith('csta');

export function drawFaults(office: FeatureOffice): Set<Fault> {
  const { random } = office;
  const possible = FAULTS.filter((fault) => office.link !== undefined || !NEEDS_CSTA(fault));
  const count = random.pick([0, 0, 1, 1, 1, 2, 2, 3]);
  return new Set(Array.from({ length: count }, () => random.pick(possible)));
}

/** Faults that may keep the connector from knowing something until it looks of its own accord. */
export const takesLong = (faults: ReadonlySet<Fault>): boolean =>
  faults.has('csta events lost') ||
  faults.has('csta events contradictory') ||
  faults.has('csta events late') ||
  faults.has('exchange restarted');

/** What nobody could have known because of them. */
export const blindnessOf = (office: FeatureOffice, faults: ReadonlySet<Fault>): Blindness => {
  const hadBreak = faults.has('csta link lost') || takesLong(faults);
  // By SIP alone a NOTIFY that comes after the answer makes a call of its own of what still rings (seeds 1043, 1204, 1289).
  const lateNotify = office.link === undefined && faults.size > 0;
  return { hadBreak, missedEvents: hadBreak || lateNotify || faults.has('csta requests lost') };
};

/** Those that act on everything that is sent. @returns what ends them; `count` is called each time one acts */
export function begin(
  office: FeatureOffice,
  faults: ReadonlySet<Fault>,
  count: (fault: Fault) => void,
): () => void {
  const { link, network, random, clock } = office;
  const noise = random.fork();
  const acts = (fault: Fault, chance: number): boolean => {
    if (!faults.has(fault) || !noise.chance(chance)) return false;
    count(fault);
    return true;
  };
  if (faults.has('sip lossy')) {
    network.conditions = { ...perfectNetwork, loss: 0.1, delay: [1, 80] };
    count('sip lossy');
  }
  if (faults.has('sip duplicated')) {
    network.conditions = { ...network.conditions, duplication: 0.2, delay: [1, 80] };
    count('sip duplicated');
  }
  if (link === undefined) {
    return () => {
      network.conditions = perfectNetwork;
    };
  }
  link.faultOf = () => {
    if (acts('csta requests lost', 0.15)) return { lost: 'request' };
    if (acts('csta answers missing', 0.15)) return { lost: 'answer' };
    if (acts('csta answers late', 0.3)) return { late: noise.integer(100, 7_000) };
    return undefined;
  };
  link.sendsTwice = () => acts('csta events twice', 0.2);
  const tell = link.tell.bind(link);
  link.tell = (told) => {
    if (acts('csta events lost', 0.15)) return;
    if (acts('csta events contradictory', 0.15)) {
      const state = noise.pick(['null', 'alerting', 'connected', 'hold', 'queued', 'fail'] as const);
      tell({ ...told, event: { ...told.event, localConnectionInfo: state } as typeof told.event });
      return;
    }
    if (acts('csta events late', 0.3)) clock.after(noise.integer(10, 3_000), () => tell(told));
    else tell(told);
  };
  return () => {
    network.conditions = perfectNetwork;
    link.faultOf = undefined;
    link.sendsTwice = undefined;
    link.tell = tell;
  };
}

/** Those that happen at one moment, and are over some time later. */
export function strike(
  office: FeatureOffice,
  faults: ReadonlySet<Fault>,
  count: (fault: Fault) => void,
): string | undefined {
  const { random, link, clock } = office;
  const possible = (
    ['csta link lost', 'client leaves', 'cloud link lost', 'exchange restarted'] as const
  ).filter((fault) => faults.has(fault));
  if (possible.length === 0) return undefined;
  const fault = random.pick(possible);
  const lasts = random.pick([200, 2_000, 12_000, 25_000]);
  count(fault);
  switch (fault) {
    case 'csta link lost':
      if (link === undefined) return undefined;
      link.isReachable = false;
      link.cut();
      clock.after(lasts, () => (link.isReachable = true));
      break;
    case 'client leaves': {
      const client = random.pick(office.clients);
      office.clientLeft(client);
      clock.after(lasts, () => office.clientCame(client));
      break;
    }
    case 'cloud link lost':
      office.cloudLost();
      clock.after(lasts, () => office.cloudBack());
      break;
    case 'exchange restarted':
      office.restartExchange();
  }
  return `${fault} for ${String(lasts)} ms`;
}

/** Everything is in order again. */
export function mend(office: FeatureOffice): void {
  if (office.link !== undefined) office.link.isReachable = true;
  for (const client of office.clients) if (!office.here.has(client)) office.clientCame(client);
  office.cloudBack();
}
