import { describe, expect, it } from 'vitest';
import type { Target } from '@offhook/sip';
import type { SocketLimit } from './limits.ts';
import { TargetCache } from './target-cache.ts';

const options = { freshMs: 30_000, staleMs: 3_600_000, names: 2, lookups: 2 };
const a: Target = { transport: 'udp', address: '192.0.2.1', port: 5060 };

function cache() {
  const state = { now: 0, asked: 0 };
  const limited: SocketLimit[] = [];
  const made = new TargetCache(
    () => state.now,
    options,
    (limit) => limited.push(limit),
  );
  const ask = (answer: readonly Target[] | Error) => () => {
    state.asked += 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { state, made, ask, limited };
}

describe('answers of the DNS', () => {
  it('are used again for a while', async () => {
    const { state, made, ask } = cache();
    for (state.now of [0, 10_000, 29_999]) expect(await made.find('pbx', ask([a]))).toEqual([a]);
    expect(state.asked).toBe(1);
    state.now = 30_000;
    await made.find('pbx', ask([a]));
    expect(state.asked).toBe(2);
  });

  it('are shared by those who ask at the same time', async () => {
    const { state, made, ask } = cache();
    const both = [made.find('pbx', ask([a])), made.find('pbx', ask([a]))];
    expect(await Promise.all(both)).toEqual([[a], [a]]);
    expect(state.asked).toBe(1);
  });

  it('serve while nobody can be asked, and not for ever', async () => {
    const { state, made, ask } = cache();
    await made.find('pbx', ask([a]));
    state.now = 3_599_999;
    expect(await made.find('pbx', ask(new Error('no DNS')))).toEqual([a]);
    state.now = 3_600_000;
    expect(await made.find('pbx', ask(new Error('no DNS')))).toEqual([]);
  });

  it('that are empty are not kept: the name may be in the making', async () => {
    const { made, ask } = cache();
    expect(await made.find('pbx', ask([]))).toEqual([]);
    expect(await made.find('pbx', ask([a]))).toEqual([a]);
  });

  it('are kept for so many names and no more', async () => {
    const { state, made, ask, limited } = cache();
    for (const name of ['one', 'two', 'three', 'one']) await made.find(name, ask([a]));
    expect([state.asked, limited]).toEqual([4, ['names', 'names']]);
  });

  it('are asked for so many at a time and no more; what was known before serves meanwhile', async () => {
    const { state, made, ask, limited } = cache();
    await made.find('known', ask([a]));
    state.now = 60_000;
    const slow = Promise.withResolvers<readonly Target[]>();
    const waiting = [made.find('one', () => slow.promise), made.find('two', ask([a]))];
    expect(await Promise.all([made.find('three', ask([a])), made.find('known', ask([]))])).toEqual([[], [a]]);
    expect(limited).toEqual(['lookups', 'lookups']);
    slow.resolve([a]);
    expect(await Promise.all(waiting)).toEqual([[a], [a]]);
    expect(await made.find('three', ask([a]))).toEqual([a]);
  });
});
