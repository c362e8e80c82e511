import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Three heights of test, told apart by the file's ending:
 * `*.test.ts` unit (pure, virtual time), `*.integration.test.ts` real sockets, processes and
 * PostgreSQL, `*.browser.test.ts` real Chromium. Those of the last that measure milliseconds have the machine to themselves.
 */
const sources = ['packages/**', 'apps/**', 'bench/**', 'e2e/**', 'tools/**'];
const under = (ending: string) => sources.map((folder) => `${folder}/*${ending}`);
const never = ['**/node_modules/**', '**/dist/**'];
/** Tests that `./test` has a shorter form of: they run with `npm run test:long`. */
const longIntegration = [
  // Their like runs with SIPp and the practice PBX.
  'e2e/foreign/kamailio-linphone.integration.test.ts',
  'e2e/foreign/kamailio-baresip.integration.test.ts',
];
const long = [
  // Every scene of the phone, by light and by dark: minutes.
  'apps/phone/src/gallery/axe.browser.test.ts',
  'e2e/foreign/kamailio-transfer.browser.test.ts',
  'e2e/foreign/kamailio-dialog.browser.test.ts',
  'e2e/cti/platforms.browser.test.ts',
  'e2e/cti/aside.browser.test.ts',
  'e2e/telephony/aside.browser.test.ts',
  // What these show is in `e2e/calls` and `apps/phone/src/browser/mixers` in a few stories.
  'e2e/telephony/everywhere.browser.test.ts',
  'e2e/telephony/mixing.browser.test.ts',
  // Their like runs against the OpenScape office.
  'e2e/telephony/moving.browser.test.ts',
  'e2e/telephony/reachable.browser.test.ts',
  'e2e/telephony/settings.browser.test.ts',
  'e2e/telephony/truth.browser.test.ts',
];
/** What a person would notice is measured here: how long a call takes to move, and what is missing meanwhile. */
const measuring = ['e2e/cti/moving.browser.test.ts', 'packages/media/src/embedded/chromium.browser.test.ts'];
const isLong = process.env['OFFHOOK_LONG'] === '1';

/** Files at once. Tests wait more than they compute, those of real sockets most: more of them than the machine has cores. */
const atOnce = Math.max(2, availableParallelism() - 1);

export default defineConfig({
  test: {
    // Tests that say so wait side by side: they wait for timers and other programs, and compute little.
    maxConcurrency: 12,
    projects: [
      {
        test: {
          name: 'unit',
          maxWorkers: atOnce,
          sequence: { groupOrder: 0 },
          include: [...under('.test.ts'), ...under('.test.tsx')],
          exclude: [...never, ...under('.integration.test.ts'), ...under('.browser.test.ts')],
        },
      },
      {
        test: {
          name: 'integration',
          globalSetup: 'apps/cloud/src/testing/template-cluster.ts',
          maxWorkers: atOnce + 1,
          sequence: { groupOrder: 1 },
          include: isLong ? longIntegration : under('.integration.test.ts'),
          exclude: isLong ? never : [...never, ...longIntegration],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: isLong ? long : under('.browser.test.ts'),
          exclude: isLong ? never : [...never, ...long, ...measuring],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser-alone',
          include: isLong ? [] : measuring,
          exclude: never,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
