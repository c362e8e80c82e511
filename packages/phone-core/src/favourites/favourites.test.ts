import type { DirectoryPerson } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld } from '../testing/fake-world.ts';

const person = (name: string) => ({ userId: name, name, email: `${name}@demo.example` }) as DirectoryPerson;
const [ben, carla, david] = [person('ben'), person('carla'), person('david')];

describe('[H5] favourites', () => {
  let world: FakeWorld;
  const held = () => world.state.favourites.held;
  const asked = (method: string) => world.cloud.socket.requests(method);

  beforeEach(async () => {
    world = new FakeWorld();
    world.cloud.on('favourites.get', () => ({ result: { people: [ben, carla] } }));
    await world.start();
  });

  it('are asked for on each new socket, and when another window changed them', async () => {
    expect(held()).toEqual([ben, carla]);
    world.cloud.on('favourites.get', () => ({ result: { people: [carla] } }));
    world.cloud.socket.event('favourites.changed', {});
    await world.pass();
    expect(held()).toEqual([carla]);
  });

  it('are shown as wanted at once, then as the cloud says', async () => {
    const done = world.phone.favourites.place(david, carla.userId);
    expect(held()).toEqual([ben, david, carla]);
    const [request] = asked('favourites.place');
    expect(request?.params).toEqual({ userId: 'david', before: 'carla' });
    world.cloud.socket.answer(request?.id ?? 0, { people: [ben, david] });
    await done;
    expect(held()).toEqual([ben, david]);
    void world.phone.favourites.remove(ben.userId);
    expect(held()).toEqual([david]);
  });

  it('are as before where the cloud refuses, with a word about it', async () => {
    world.cloud.on('favourites.place', () => ({ refuse: 'conflict' }));
    await world.phone.favourites.place(david);
    await world.pass();
    expect(world.state.favourites).toMatchObject({
      held: [ben, carla],
      problem: { kind: 'error', code: 'conflict' },
    });
    world.phone.favourites.dismiss();
    expect(world.state.favourites.problem).toBeUndefined();
  });

  it('are what the last change wants, whichever answer comes first', async () => {
    const first = world.phone.favourites.place(david);
    const second = world.phone.favourites.remove(ben.userId);
    const [place] = asked('favourites.place');
    const [remove] = asked('favourites.remove');
    world.cloud.socket.answer(remove?.id ?? 0, { people: [carla, david] });
    world.cloud.socket.answer(place?.id ?? 0, { people: [ben, carla, david] });
    await Promise.all([first, second]);
    expect(held()).toEqual([carla, david]);
  });
});
