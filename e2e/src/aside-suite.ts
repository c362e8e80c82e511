import { afterEach, describe, it } from 'vitest';
import { expectToHear } from './ear.ts';
import type { Window } from './person.ts';
import { ANNA, BEN, CARLA, type Office } from './practice-office.ts';

/** Who is there when a test begins. */
export interface Aside {
  readonly office: Office;
  readonly hers: Window;
  /** Another window of hers. */
  readonly second: Window;
  readonly his: Window;
}

export interface AsideOptions {
  /** How she takes a parked call back in another window: from the card that she is shown there, where the platform tells of it. */
  readonly takeBack: (second: Window) => Promise<void>;
}

/**
 * Calls that are laid aside and taken by whoever is near: parked, picked up, called back. Office phones have done this for ever, so it
 * is tried with every kind of telephone system in the same way.
 */
export function describeAside(now: () => Aside, { takeBack }: AsideOptions): void {
  afterEach(() => now().office.pbx.setFeature('201', { set: 'busyBehaviour', behaviour: 'secondCall' }));

  const expectToHearEachOther = async (at: Window, tone: number): Promise<void> => {
    await at.card('Carla Duval').expect(/Connected/u);
    await Promise.all([expectToHear(at.page, CARLA), now().office.pbx.expectToHear('201', tone)]);
  };

  /** Anna calls Carla and parks her. */
  async function carlaIsParked(): Promise<void> {
    const { office, hers } = now();
    await hers.dial('201');
    await office.pbx.waitFor('201', 'ringing');
    await office.pbx.answer('201');
    await expectToHearEachOther(hers, ANNA);
    await hers.card('Carla Duval').move('Park');
    await hers.card('Carla Duval').expect(/Parked/u);
    await office.pbx.expectDisplay('201', /Parked at \*71/u);
    await office.pbx.expectMusic('201', ANNA);
  }

  /** Carla calls Ben, whose window rings. */
  async function carlaRingsBen(): Promise<void> {
    await now().office.pbx.call('201', '102');
    await now().his.expectRinging(/Carla Duval/u);
  }

  /** Carla is free again: Anna's telephone rings, and when she has answered Carla's does. */
  async function isCalledBack(): Promise<void> {
    const { office, hers } = now();
    await hers.expectRinging();
    await hers.press('Answer');
    await office.pbx.waitFor('201', 'ringing');
    await office.pbx.answer('201');
    await expectToHearEachOther(hers, ANNA);
  }

  describe('a call that is parked', () => {
    it('[H5] waits with music, and she takes it back in another window', async () => {
      await carlaIsParked();
      await takeBack(now().second);
      await expectToHearEachOther(now().second, ANNA);
    });

    it('[H5] is taken by a colleague who dials its number', async () => {
      await carlaIsParked();
      await now().his.dial('*71');
      await expectToHearEachOther(now().his, BEN);
      await now()
        .hers.card('Carla Duval')
        .expectNot(/Parked at/u);
    });
  });

  describe('a colleague’s call that rings', () => {
    it.each([
      ['at his number', 'Pick up their ringing phone', '102'],
      ['in the group', 'Pick up in my group', ''],
    ])('[H5] is picked up %s, stops there and is not missed', async (_, way, number) => {
      await carlaRingsBen();
      const { hers, his } = now();
      await hers.dialAnotherWay(way, number);
      await expectToHearEachOther(hers, ANNA);
      await his.expectNotRinging();
      await his.expectNoText(/Missed/u);
    });
  });

  describe('a colleague whom she has starred', () => {
    it('[H5 C2] is on her team panel in every window; what rings there is picked up there', async () => {
      const { hers, second, his } = now();
      await hers.openSection('Contacts');
      await hers.star('Ben Carter');
      await Promise.all([hers.openSection('Team'), second.openSection('Team')]);
      await second.expectText(/Ben Carter/u);
      await carlaRingsBen();
      await hers.press('Pick up the call for Ben Carter');
      await expectToHearEachOther(hers, ANNA);
      await his.expectNotRinging();
      await hers.unstar('Ben Carter');
      await Promise.all([hers.openSection('Recent'), second.openSection('Recent')]);
    });
  });

  describe('being called back', () => {
    it('[H5] who was busy is called when she has hung up', async () => {
      const { office, hers } = now();
      await office.pbx.setFeature('201', { set: 'busyBehaviour', behaviour: 'busy' });
      await office.pbx.call('201', '202');
      await office.pbx.waitFor('201', 'talking');
      await hers.dial('201');
      // Nobody has said whose number it is.
      const card = hers.card('201');
      await card.expect(/Busy/u);
      await card.press('Call back when free');
      await card.expect(/You are called as soon as the line is free/u);
      await office.pbx.hangUp('201');
      await isCalledBack();
    });

    it('[H5] who did not answer is called when she has used her telephone', async () => {
      const { office, hers } = now();
      await hers.dial('201');
      await office.pbx.waitFor('201', 'ringing');
      const card = hers.card('Carla Duval');
      await card.press('Call back when free');
      await card.expect(/You are called as soon as the line is free/u);
      await hers.press('Hang up');
      await office.pbx.waitFor('201', 'idle');
      await office.pbx.call('201', '202');
      await office.pbx.waitFor('201', 'talking');
      await office.pbx.hangUp('201');
      await isCalledBack();
    });
  });
}
