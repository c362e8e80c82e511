import type { EndReason } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { id } from '../testing/ids.ts';
import { anna, at, sdp, times } from '../testing/scene.ts';
import { deadline, placeCall, ringCall, step, takeCall } from './machine.ts';
import type { CallFacts, CallInput, Step } from './model.ts';

const facts = (direction: CallFacts['direction']): CallFacts => ({
  callId: id.call('call-1'),
  userId: id.user('anna'),
  correlationId: id.correlation('click-1'),
  direction,
  remote: { number: '600' },
  startedAt: at(0).instant,
});
const joining = { requestId: 1, clientId: anna, legId: id.leg('leg-1'), offer: 'browser offer' };
const browserAnswer: CallInput = {
  kind: 'media.browser_answer',
  legId: id.leg('leg-1'),
  answer: 'browser answer',
};
const media = { legId: 'leg-1', sdp: 'browser answer' };

const called = (number: string): CallInput => ({ kind: 'called', remote: { number } });

const feed = (first: Step, ...inputs: readonly CallInput[]): Step =>
  inputs.reduce((last, input) => step(last.call, input, at(0)), first);

const placed = (): Step => placeCall(facts('outgoing'), times, joining, at(0), 'pull');
const taken = (): Step => takeCall(facts('incoming'), times, { offer: sdp() }, joining, at(0));

const joined = (): Step =>
  feed(taken(), { kind: 'media.pbx_description', description: 'our answer' }, browserAnswer);
const accept = { kind: 'sip.accept', description: 'our answer' };

const out = (): Step =>
  feed(placed(), browserAnswer, { kind: 'media.pbx_description', description: 'our offer' });

describe('a call that is brought here by an INVITE of ours', () => {
  test('is answered to the client when it is here', () => {
    expect(feed(placed(), browserAnswer).effects.map(({ kind }) => kind)).toEqual(['media.create_pbx_offer']);
    expect(feed(out(), { kind: 'sip.accepted', answer: sdp(), needsAnswer: false }).effects).toEqual([
      { kind: 'media.accept_pbx_answer', answer: sdp() },
      { kind: 'reply', requestId: 1, media },
    ]);
  });

  test('and is another than the one that was meant is with whoever the PBX says', () => {
    const fetched = placeCall(facts('outgoing'), times, joining, at(0), 'pick_up');
    expect(feed(fetched, called('601')).call.remote).toEqual({ number: '601' });
    // Written in another way, or the code.
    expect(feed(fetched, called('+4930600')).call.remote).toEqual({ number: '600' });
    expect(feed(fetched, called('*8101')).call.remote).toEqual({ number: '600' });
    // In the place of a certain dialog there can be nobody else.
    expect(feed(placed(), called('601')).call.remote).toEqual({ number: '600' });
  });

  test.each([
    [481, {}],
    [486, { hindrance: 'busy' }],
    [603, { hindrance: 'rejected' }],
  ] as const)('that the PBX refuses is refused as pull_failed: %i', (status, why) => {
    const response = { kind: 'response', status, reason: '', headers: [], body: new Uint8Array() } as const;
    const end: EndReason = { by: 'refused', response };
    expect(feed(out(), { kind: 'sip.ended', end }).effects).toContainEqual({
      kind: 'refuse',
      requestId: 1,
      code: 'pull_failed',
      ...why,
    });
  });
});

describe('a call that the PBX sends because a client has asked for it', () => {
  test('[A6] rings nowhere; the PBX is answered when the voice flows here, so that nobody misses a word', () => {
    expect(taken().effects).toEqual([
      { kind: 'media.answer_pbx_offer', offer: sdp(), direction: 'sendrecv' },
    ]);
    expect(joined().effects).toEqual([{ kind: 'reply', requestId: 1, media }]);
    const flows = { kind: 'media.browser', legId: id.leg('leg-1'), state: 'connected' } as const;
    const last = feed(joined(), flows);
    expect(last.effects).toEqual([accept]);
    expect(feed(last, flows).effects).toEqual([]);
  });

  test('[A6] whose voice does not come up in time is answered all the same, once', () => {
    const late = deadline(joined().call) ?? Infinity;
    const last = step(joined().call, { kind: 'tick' }, at(late));
    expect(last.effects).toEqual([accept]);
    expect(deadline(last.call)).toBeUndefined();
  });

  test('is refused 480 where the client cannot be joined, and rings nobody else', () => {
    const why = { code: 'codec_unsupported', text: 'none' } as const;
    const last = feed(
      taken(),
      { kind: 'media.pbx_description', description: 'our answer' },
      { kind: 'media.browser_refused', legId: id.leg('leg-1'), why },
    );
    expect(last.effects.slice(0, 2)).toMatchObject([
      { kind: 'sip.refuse', status: 480 },
      { kind: 'refuse', requestId: 1, code: 'codec_unsupported' },
    ]);
    expect(last.call.phase).toMatchObject({ name: 'ended', cause: 'media_failed' });
  });

  test('is given up where that takes too long', () => {
    const last = step(taken().call, { kind: 'tick' }, at(10_000));
    expect(last.call.phase).toMatchObject({ name: 'ended', cause: 'media_failed' });
  });
});

describe('a call that nobody answers', () => {
  const forward = { after: 20_000, uri: 'sip:500@pbx.example' };
  const ringing = (): Step =>
    ringCall(facts('incoming'), times, { offer: sdp(), ringFor: 120_000, forward }, at(0));

  test('[RFC3261-8.1.3.4] is sent on by 302 where the user wants that', () => {
    expect(deadline(ringing().call)).toBe(20_000);
    const last = step(ringing().call, { kind: 'tick' }, at(20_000));
    expect(last.effects[0]).toEqual({ kind: 'sip.redirect', uri: 'sip:500@pbx.example' });
    expect(last.call.phase).toMatchObject({ name: 'ended', cause: 'deflected' });
  });
});
