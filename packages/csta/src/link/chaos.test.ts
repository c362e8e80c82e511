import { SeededRandom } from '@offhook/testkit';
import { expect, it } from 'vitest';
import { answerCall, Lab } from './lab.test-support.ts';

/**
 * A client and a server through everything that a link can do: cuts, silence, refusals, late and missing answers. Whatever happens, each
 * request has exactly one outcome, and there is a session again when there can be one.
 */
it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))('comes back from everything (seed %i)', (seed) => {
  const random = new SeededRandom(seed);
  const lab = new Lab(
    { random: () => random.fraction() },
    { heartbeatSeconds: 20, admit: () => (random.chance(0.8) ? 'admitted' : 'serverResourcesBusy') },
  );
  let requests = 0;
  for (let step = 0; step < 120; step += 1) {
    const open = lab.serverEffects.flatMap((effect) => (effect.kind === 'request' ? [effect.invokeId] : []));
    random.pick<() => void>([
      () => lab.cut(),
      () => {
        lab.isReachable = !lab.isReachable;
      },
      () => {
        lab.isSilent = !lab.isSilent;
      },
      () => lab.server?.terminate('chaos'),
      () => lab.receive(new Uint8Array(random.integer(1, 30))),
      () => {
        requests += 1;
        lab.request(requests, answerCall);
      },
      () => lab.server?.answer(random.pick([0, ...open]), { name: 'AnswerCallResponse' }),
      () => lab.server?.refuse(random.pick([0, ...open]), 'operation.generic'),
    ])();
    lab.settle();
    lab.advance(random.integer(0, 40_000));
  }
  Object.assign(lab, { isReachable: true, isSilent: false });
  lab.advance(600_000);
  expect(lab.status).toMatchObject({ name: 'ready' });
  const keys = lab.effects.flatMap((effect) => (effect.kind === 'answer' ? [effect.key] : []));
  expect(keys.toSorted((a, b) => a - b)).toEqual(Array.from({ length: requests }, (_, at) => at + 1));
});
