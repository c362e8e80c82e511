import { checkIds, type CheckId, type CheckReport, type CheckResult, type Phone } from '@offhook/phone-core';

const good = (facts: CheckResult['facts'] = {}): CheckResult => ({ outcome: 'good', finding: 'ok', facts });
const bad = (finding: CheckResult['finding']): CheckResult => ({ outcome: 'bad', finding, facts: {} });

const fine: Readonly<Record<CheckId, CheckResult>> = {
  browser: good(),
  server: good({ ms: 24, offsetMs: 12 }),
  socket: good({ ms: 19 }),
  connector: good(),
  line: good(),
  media: { outcome: 'good', finding: 'no_relay', facts: { host: 2, reflexive: 0, relay: 0, relays: 0 } },
  microphone: good({ percent: 21 }),
  speaker: good(),
};
const broken: Readonly<Record<CheckId, CheckResult>> = {
  ...fine,
  server: { outcome: 'warn', finding: 'slow', facts: { ms: 1_240 } },
  connector: bad('offline'),
  line: bad('failed'),
  microphone: bad('refused'),
  speaker: bad('not_heard'),
};

/** A self-test with results that are known. */
export function fakeDiagnostics(check: 'good' | 'bad' | 'running'): Phone['diagnostics'] {
  return {
    run: async (_device, told) => {
      const reports: CheckReport[] = [];
      for (const id of checkIds) {
        told.onBegin(id);
        // Stays with it.
        if (check === 'running' && id === 'media') return new Promise(() => undefined);
        const report = { id, result: (check === 'bad' ? broken : fine)[id] };
        told.onEnd(report);
        reports.push(report);
      }
      return reports;
    },
    bundle: (checks) => JSON.stringify({ kind: 'offhook-log', version: 1, checks, events: [] }, undefined, 1),
  };
}
