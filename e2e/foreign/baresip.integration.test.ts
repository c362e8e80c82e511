import { freePort } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import { hasBaresip, startBaresip } from './baresip.ts';
import { hasKamailio, startKamailio } from './kamailio.ts';
import { callScenario, hasSipp, registerScenario, runSipp } from './sipp.ts';

/** The foreign endpoints among themselves: where this fails, what they say of ours means nothing. */
describe.skipIf(!hasBaresip() || !hasKamailio())(
  'baresip and Kamailio (skipped where one is missing)',
  () => {
    it('[foreign-control] two baresips call each other through Kamailio and hear each other', async () => {
      await using registrar = await startKamailio();
      const { port, password } = registrar;
      const aor = (user: string) => `sip:${user}@127.0.0.1:${port}`;
      await using caller = await startBaresip({
        aor: aor('301'),
        user: '301',
        password,
        tone: 440,
        answers: 'manual',
      });
      await using called = await startBaresip({
        aor: aor('302'),
        user: '302',
        password,
        tone: 700,
        answers: 'auto',
      });
      await caller.dial(aor('302'));
      await caller.process.waitFor(/Call established/u);
      await Promise.all([caller.expectToHear(700), called.expectToHear(440)]);
      await caller.hangUp();
      await called.process.waitFor(/terminated|closed/u);
    });

    it.skipIf(!hasSipp())(
      '[foreign-control] SIPp registers at Kamailio and calls baresip through it',
      async () => {
        await using registrar = await startKamailio();
        const { port, password } = registrar;
        await using called = await startBaresip({
          aor: `sip:302@127.0.0.1:${port}`,
          user: '302',
          password,
          tone: 700,
          answers: 'auto',
        });
        const run = { target: `127.0.0.1:${port}`, localPort: await freePort() };
        await runSipp(registerScenario({ user: '301', password }), run);
        await runSipp(callScenario({ user: '301', password }, '302'), { ...run, to: '302' });
        await called.process.waitFor(/Call established/u);
        expect(called.process.output()).toContain('301');
      },
    );
  },
);
