import { expect, it } from 'vitest';
import { settle } from '../testing/fake-clock.ts';
import { FakeLockManager, FakeTabStorage } from '../testing/fake-tab.ts';
import { claimClientId } from './client-id.ts';

let ids = 0;
const newId = (): string => {
  ids += 1;
  return `id-${ids}`;
};

it('a reloaded tab keeps its id, also when its former page lets go late', async () => {
  const manager = new FakeLockManager();
  const tabStorage = new FakeTabStorage();
  const before = manager.page();
  const first = await claimClientId({ tabStorage, locks: before, newId });
  const claim = claimClientId({ tabStorage, locks: manager.page(), newId });
  before.unload();
  expect(await claim).toBe(first);
});

it('a duplicated tab, whose storage is a copy, gets an id of its own and keeps that', async () => {
  const manager = new FakeLockManager();
  const tabStorage = new FakeTabStorage();
  const first = await claimClientId({ tabStorage, locks: manager.page(), newId });
  const twin = tabStorage.copy();
  const twinPage = manager.page();
  const second = await claimClientId({ tabStorage: twin, locks: twinPage, newId });
  expect(second).not.toBe(first);
  twinPage.unload();
  expect(await claimClientId({ tabStorage: twin, locks: manager.page(), newId })).toBe(second);
});

it('what is stored but no id of the contract is replaced', async () => {
  const tabStorage = new FakeTabStorage([['offhook.clientId', 'no id at all!']]);
  const id = await claimClientId({ tabStorage, locks: new FakeLockManager().page(), newId });
  expect(id).toMatch(/^id-\d+$/u);
  await settle();
  expect(tabStorage.read('offhook.clientId')).toBe(id);
});
