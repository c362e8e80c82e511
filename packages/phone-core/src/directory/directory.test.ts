import type { DirectoryPerson } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { anna, FakeWorld, refusal, signedIn } from '../testing/fake-world.ts';

const numbering = { callingCode: '49', international: '00', national: '0' };
const person = (name: string, number: string) =>
  ({ userId: name.toLowerCase(), name, email: `${name}@demo.example`, number }) as DirectoryPerson;

describe('[C2] the directory', () => {
  let world: FakeWorld;
  let parts: Map<string, DirectoryPerson[]>;
  let away = false;

  const asked = () => world.requests.map(({ path }) => path).filter((path) => path.includes('directory'));
  const names = () => world.state.directory.people?.entries.map((entry) => entry.person.name);
  const settled = async () => {
    for (let turn = 0; turn < 6; turn += 1) await world.pass();
  };

  beforeEach(async () => {
    world = new FakeWorld();
    away = false;
    parts = new Map([
      ['part-a-000000000', [person('Carla', '201'), person('Anna', '101')]],
      ['part-b-000000000', [person('Ben', '102')]],
    ]);
    world.http = ({ path }) => {
      if (!path.startsWith('/api/directory')) return signedIn(anna);
      if (away) return refusal(503, 'unavailable');
      if (path === '/api/directory') {
        return { status: 200, body: { country: 'DE', numbering, people: 3, parts: [...parts.keys()] } };
      }
      const people = parts.get(path.split('/').at(-1) ?? '');
      return people === undefined ? refusal(404, 'not_found') : { status: 200, body: { people } };
    };
    await world.start();
  });

  it('is read when somebody looks for people, and not before', async () => {
    await settled();
    expect(asked()).toEqual([]);
    world.phone.directory.need();
    world.phone.directory.need();
    await settled();
    expect(asked()).toHaveLength(3);
    expect(names()).toEqual(['Anna', 'Ben', 'Carla']);
    expect(world.state.directory.reading).toBe('whole');
    expect(world.phone.directory.person('ben' as never)?.number).toBe('102');
  });

  it('asks after a change for what has changed alone, within some seconds', async () => {
    world.phone.directory.need();
    await settled();
    parts.delete('part-b-000000000');
    parts.set('part-c-000000000', [person('Benno', '102')]);
    world.cloud.socket.event('directory.changed', {});
    world.cloud.socket.event('directory.changed', {});
    await world.clock.advance(8_000);
    await settled();
    expect(asked().slice(3)).toEqual(['/api/directory', '/api/directory/parts/part-c-000000000']);
    expect(names()).toEqual(['Anna', 'Benno', 'Carla']);
    expect(world.phone.directory.person('ben' as never)).toBeUndefined();
  });

  it('looks at the list again where a part went out of date meanwhile', async () => {
    const answers = world.http;
    world.http = (request) => {
      if (request.path.endsWith('part-b-000000000') && parts.delete('part-b-000000000')) {
        parts.set('part-d-000000000', [person('Ben', '103')]);
        return refusal(404, 'not_found');
      }
      return answers(request);
    };
    world.phone.directory.need();
    await settled();
    expect(names()).toEqual(['Anna', 'Ben', 'Carla']);
    expect(world.phone.directory.person('ben' as never)?.number).toBe('103');
    expect(world.state.directory.reading).toBe('whole');
  });

  it('does not ask without a pause where parts are out of date again and again', async () => {
    const answers = world.http;
    world.http = (request) =>
      request.path.endsWith('part-b-000000000') ? refusal(404, 'not_found') : answers(request);
    world.phone.directory.need();
    await settled();
    expect(asked().filter((path) => path === '/api/directory')).toHaveLength(2);
    world.http = answers;
    await world.clock.advance(15_000);
    await settled();
    expect(names()).toEqual(['Anna', 'Ben', 'Carla']);
  });

  it('is tried again by itself, and keeps what it has', async () => {
    away = true;
    world.phone.directory.need();
    await settled();
    expect(world.state.directory.reading).toBe('failed');
    away = false;
    await world.clock.advance(15_000);
    await settled();
    expect(names()).toHaveLength(3);
  });

  it('is nobody’s after signing out', async () => {
    world.phone.directory.need();
    await settled();
    world.cloud.socket.event('session.ended', { reason: 'signed_out' });
    await settled();
    expect(names()).toBeUndefined();
    expect(world.phone.directory.person('ben' as never)).toBeUndefined();
  });
});
