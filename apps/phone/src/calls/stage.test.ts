import { CallService } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { call, ended, full, paired, people, states, type CallOptions } from '../gallery/builders.ts';
import { serviceButtons } from './service-buttons.ts';
import { drawnServices, stageOf } from './stage.ts';

const incoming = call(states.ringing, { id: 'in', direction: 'incoming' });
const talking = call(states.connected, { id: 'talks' });
const held = call(states.held, { id: 'waits', permitted: paired });
const ids = (...calls: Parameters<typeof stageOf>[0]['calls'][number][]) =>
  stageOf(full({ calls })).map((item) => item.map((one) => one.callId));

it('every service has a button, but the one that this window does by itself', () => {
  const places = CallService.options.map((service) => [service, serviceButtons[service].place]);
  expect(places.filter(([, place]) => place === 'nowhere')).toEqual([['attach', 'nowhere']]);
});

describe('the stage', () => {
  it('shows first what rings, then who talks here, then the desk phone, then who waits, then what is over', () => {
    const desk = call(states.connected, { id: 'desk', position: 'desk_phone' });
    const over = call(ended('busy'), { id: 'over' });
    expect(ids(over, held, desk, talking, incoming)).toEqual([
      ['in'],
      ['talks'],
      ['desk'],
      ['waits'],
      ['over'],
    ]);
  });

  it('a call that rings at the desk phone alone does not push the conversation aside', () => {
    const elsewhere = call(states.ringing, { id: 'in', direction: 'incoming', rings: ['desk_phone'] });
    expect(ids(elsewhere, talking)).toEqual([['talks'], ['in']]);
  });

  it('[A5] who has answered beside a conversation does not push it aside, but does beside none', () => {
    const waits = call(states.connected, { id: 'answered', waits: true });
    expect(ids(waits, talking)).toEqual([['talks'], ['answered']]);
    expect(ids(held, waits)).toEqual([['answered'], ['waits']]);
  });

  it('[A5] two calls that this window mixes are one card; one-sided or held they are two', () => {
    const a: CallOptions = { id: 'a', mixedWith: 'b' };
    const b: CallOptions = { id: 'b', mixedWith: 'a', remote: people.carla };
    expect(ids(call(states.connected, a), call(states.connected, b))).toEqual([['a', 'b']]);
    expect(ids(call(states.connected, a), call(states.connected, { id: 'b' }))).toHaveLength(2);
    expect(ids(call(states.connected, a), call(states.held, b))).toHaveLength(2);
  });

  it('[A5] both legs of a conference that the platform joins are one card', () => {
    const members = [people.ben, people.carla];
    expect(
      ids(call(states.connected, { id: 'a', members }), call(states.connected, { id: 'b', members })),
    ).toEqual([['a', 'b']]);
  });
});

const drawn = (id: string, ...calls: (typeof held)[]) => {
  const state = full({ calls });
  const [one] = calls.filter((each) => each.callId === id);
  return one === undefined ? [] : drawnServices(state, one);
};

describe('what a card draws', () => {
  it('[A5] services of two calls where both permit them: at the one that waits', () => {
    const both = call(states.connected, { id: 'talks', permitted: [...talking.permitted, ...paired] });
    expect(drawn('waits', both, held)).toEqual(paired.filter((service) => service !== 'retrieve'));
    expect(drawn('talks', both, held).filter((service) => serviceButtons[service].place === 'pair')).toEqual(
      [],
    );
  });

  it('[A4] where only the talking one permits it, there', () => {
    const one = call(states.connected, { id: 'talks', permitted: ['completeTransfer', 'hangUp'] });
    const other = call(states.held, { id: 'waits', permitted: ['hangUp'] });
    expect(drawn('talks', one, other)).toEqual(['completeTransfer', 'hangUp']);
  });

  it('[A4] a transfer of two without a second is not drawn', () => {
    expect(drawn('waits', held)).not.toContain('completeTransfer');
  });

  it('nothing that the call does not permit, and no attaching', () => {
    expect(drawn('talks', talking)).toEqual(talking.permitted.filter((service) => service !== 'attach'));
  });
});
