import { SeededRandom } from '@offhook/testkit';
import { expect, test } from 'vitest';
import { runCase } from './cases.ts';
import { productSdp, readCorpus } from './corpus.test-support.ts';
import { Lab, requestFromPeer } from '../simulation/lab.test-support.ts';
import { sdp } from '../simulation/world.test-support.ts';

/*
 * What the fuzzer has found, each with a name. Where one input is enough it stands here; of episodes the seed does, and a test
 * that says the same in words stands beside the code.
 */

test('[RFC3261-19.1.1] a caller whose Contact has URI headers gets a BYE that can be read', () => {
  const lab = new Lab();
  const invite = requestFromPeer(lab, 'INVITE', { body: 'offer' });
  lab.receive(invite.replace('<sip:bob@192.0.2.2:5060>', '<sip:bob@192.0.2.2:5060?Subject=a>'));
  const { session } = lab.last('session.incoming');
  lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
  const toTag = /tag=(\w+)/.exec(
    lab.response(200).headers.find(({ name }) => name === 'to')?.value ?? '',
  )?.[1];
  lab.receive(requestFromPeer(lab, 'ACK', { toTag: toTag ?? '' }));
  lab.run((sip, now) => sip.end(session, now));
  expect(lab.request('BYE').uri).toBe('sip:bob@192.0.2.2:5060');
  expect(lab.echoes).toEqual([]);
});

test.each([1_915_140_359, 2_927_689_647])('episode %i', (seed) => {
  const context = { sdp: productSdp, corpus: readCorpus(), onInput: () => undefined };
  const run = () => runCase('endpoint', new SeededRandom(seed), { ...context, timed: (work) => work() });
  expect(run).not.toThrow();
});
