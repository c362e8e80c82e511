import { freePort } from '@offhook/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBaresip, startBaresip, type BaresipOptions } from './baresip.ts';
import { foreignPassword, startPracticePbx, type PbxAlone } from './practice-pbx.ts';
import {
  answerScenario,
  answerWithSipp,
  callScenario,
  counted,
  hasSipp,
  registerScenario,
  runSipp,
} from './sipp.ts';

let pbx: PbxAlone;
beforeAll(async () => {
  pbx = await startPracticePbx();
});
afterAll(async () => {
  await pbx[Symbol.asyncDispose]();
});

const telephone = (user: '301' | '302', options: Pick<BaresipOptions, 'tone' | 'answers' | 'transport'>) =>
  startBaresip({ aor: `sip:${user}@${pbx.sip}`, user, password: foreignPassword, ...options });

describe.skipIf(!hasSipp())('SIPp at the practice PBX (skipped without SIPp)', () => {
  const account = { user: '301', password: foreignPassword };

  it.each(['udp', 'tcp'] as const)(
    '[foreign-sipp] registers and calls the echo over %s',
    async (transport) => {
      const run = { target: pbx.sip, localPort: await freePort(), transport };
      await runSipp(registerScenario(account), run);
      await runSipp(callScenario(account, '600'), { ...run, to: '600' });
      expect(pbx.port).toBeGreaterThan(0);
    },
  );

  it('[foreign-sipp] a wrong password is challenged again or refused, never accepted', async () => {
    const run = { target: pbx.sip, localPort: await freePort() };
    const wrong = registerScenario({ user: '301', password: 'guessed' });
    await expect(runSipp(wrong, run)).rejects.toThrow(/SIPp ended with code 1/u);
  });

  it('[foreign-sipp] twenty calls at once all get through', async () => {
    const run = { target: pbx.sip, localPort: await freePort(), calls: 20, rate: 20, to: '601' };
    const outcome = await runSipp(callScenario(account, '601'), run);
    expect(counted(outcome, 'BYE_Sent')).toBe(20);
  });

  it('[foreign-sipp] a desk phone calls it, it answers, and the desk phone hangs up', async () => {
    const run = { target: pbx.sip, localPort: await freePort() };
    await runSipp(registerScenario(account), run);
    const { done } = answerWithSipp(answerScenario(), run);
    await pbx.desk.call('202', '301');
    await pbx.desk.waitFor('202', 'talking');
    await pbx.desk.hangUp('202');
    expect(counted(await done, 'BYE_Recv')).toBe(1);
  });
});

describe.skipIf(!hasBaresip())('baresip at the practice PBX (skipped without baresip)', () => {
  it.each(['udp', 'tcp'] as const)(
    '[foreign-baresip] hears itself in the echo test over %s',
    async (transport) => {
      await using baresip = await telephone('301', { tone: 440, answers: 'manual', transport });
      await baresip.dial(`sip:600@${pbx.sip}`);
      await baresip.process.waitFor(/Call established/u);
      await baresip.expectToHear(440);
      await baresip.hangUp();
      await baresip.process.waitFor(/terminate call|terminated/u);
    },
  );

  it('[foreign-baresip] two call each other through the PBX and hear each other', async () => {
    await using caller = await telephone('301', { tone: 440, answers: 'manual' });
    await using called = await telephone('302', { tone: 700, answers: 'auto' });
    await caller.dial(`sip:302@${pbx.sip}`);
    await caller.process.waitFor(/Call established/u);
    await Promise.all([caller.expectToHear(700), called.expectToHear(440)]);
    await caller.hangUp();
    await called.process.waitFor(/terminated|closed/u);
  });
});
