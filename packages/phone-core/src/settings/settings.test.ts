import type { LineSettings, SettingsChange } from '@offhook/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld, revision, settings as before, snapshotOf } from '../testing/fake-world.ts';
import { inverseOf, isTaken, namesOf, withChange } from './changes.ts';

const toVoicemail: SettingsChange = { forwarding: { immediate: { to: 'voicemail' } } };
const after: LineSettings = withChange(before, toVoicemail);

describe('changes', () => {
  it.each<[SettingsChange, string[]]>([
    [toVoicemail, ['forwarding.immediate']],
    [{ forwarding: { busy: null, noAnswer: null } }, ['forwarding.busy', 'forwarding.noAnswer']],
    [{ doNotDisturb: true }, ['doNotDisturb']],
    [{ alternativeNumber: null }, ['alternativeNumber']],
    [{ routing: 'desk_only' }, ['routing']],
    [{ busyBehaviour: 'busy' }, ['busyBehaviour']],
  ])('%j touches %j; applied and taken back it leaves what was before', (change, names) => {
    expect(namesOf(change)).toEqual(names);
    const changed = withChange(before, change);
    expect(isTaken(changed, change)).toBe(true);
    expect(isTaken(before, change)).toBe(false);
    expect(withChange(changed, inverseOf(before, change))).toEqual(before);
  });
});

describe('[A8] settings', () => {
  let world: FakeWorld;
  const state = () => world.state.settings;

  beforeEach(async () => {
    world = new FakeWorld();
    world.cloud.on('ping', () => ({ result: { now: 1 } }));
    await world.start();
  });

  it('are what the snapshot says the platform says', () => {
    expect(state()).toEqual({ held: before, pending: undefined, last: undefined });
    world.cloud.socket.event('settings.changed', { settings: after });
    expect(state().held).toEqual(after);
  });

  it('are asked for, waited for, and then what came back; the change can be undone', async () => {
    const done = world.phone.settings.change(toVoicemail);
    expect(state()).toMatchObject({ held: before, pending: toVoicemail });
    const [request] = world.cloud.socket.requests('settings.set');
    expect(request?.params).toEqual({ change: toVoicemail });
    world.cloud.socket.answer(request?.id ?? 0, { settings: after });
    await done;
    expect(state()).toMatchObject({
      held: after,
      pending: undefined,
      last: { of: ['forwarding.immediate'], outcome: { name: 'changed' } },
    });
    world.cloud.on('settings.set', () => ({ result: { settings: before } }));
    await world.phone.settings.undo();
    expect(world.cloud.socket.requests('settings.set').at(-1)?.params).toEqual({
      change: { forwarding: { immediate: null } },
    });
    expect(state().held).toEqual(before);
  });

  it('that the platform did not take show what it says, and that it did not', async () => {
    world.cloud.on('settings.set', () => ({ result: { settings: before } }));
    await world.phone.settings.change(toVoicemail);
    expect(state()).toMatchObject({ held: before, last: { outcome: { name: 'not_taken' } } });
    await world.phone.settings.undo();
    expect(world.cloud.socket.requests('settings.set')).toHaveLength(1);
  });

  it('that are refused are as before, and say why', async () => {
    world.cloud.on('settings.set', () => ({ refuse: 'feature_refused' }));
    await world.phone.settings.change(toVoicemail);
    expect(state()).toMatchObject({
      held: before,
      pending: undefined,
      last: { outcome: { name: 'failed', problem: { code: 'feature_refused' } } },
    });
    world.phone.settings.dismiss();
    expect(state().last).toBeUndefined();
  });

  it('change one at a time', async () => {
    void world.phone.settings.change(toVoicemail);
    await world.phone.settings.change({ doNotDisturb: true });
    expect(world.cloud.socket.requests('settings.set')).toHaveLength(1);
  });

  it('are not known while the telephone system cannot be asked, and known again after', async () => {
    world.cloud.socket.event('snapshot', snapshotOf('unknown'));
    expect(state().held).toBeUndefined();
    await world.phone.settings.change(toVoicemail);
    expect(world.cloud.socket.requests('settings.set')).toEqual([]);
    world.cloud.socket.event('snapshot', snapshotOf([], revision(3)));
    expect(state().held).toEqual(before);
  });

  it('whose answer is lost with the connection end, and the snapshot tells what holds', async () => {
    const done = world.phone.settings.change(toVoicemail);
    world.cloud.socket.drop();
    await done;
    expect(state()).toMatchObject({ pending: undefined, last: { outcome: { name: 'failed' } } });
  });

  it('abilities are what the cloud says now', () => {
    expect(world.state.abilities).toContain('placeAtDesk');
    world.cloud.socket.event('abilities.changed', { abilities: ['voicemail'] });
    expect(world.state.abilities).toEqual(['voicemail']);
  });
});
