import { describe, expect, it } from 'vitest';
import { OPENSCAPE_VOICE } from '../openscape-voice/profile.ts';
import { MOBILE } from './testing/desk.ts';
import { lineOf, ANNA, GROUPS, LINES } from './testing/lines.ts';
import { Office } from './testing/office.ts';

const open = (): Promise<Office> => Office.open({ profile: OPENSCAPE_VOICE });

describe('a question has no answer', () => {
  it('a call at the alternative number is shown as it was known, and asked for again', async () => {
    const [anna] = LINES;
    if (anna === undefined) throw new Error('no line');
    const line = { ...anna, kept: { alternativeNumber: MOBILE } };
    const office = new Office({ profile: OPENSCAPE_VOICE, lines: [line] });
    office.exchange.statics.set('101', MOBILE);
    office.apply();
    await office.pass(500);
    const call = office.exchange.call('200', '101');
    office.exchange.answer(call, '101');
    await office.pass(50);
    office.link.faultOf = ({ name }) => (name === 'SnapshotCall' ? { lost: 'request' } : undefined);
    office.exchange.move(call, '101', MOBILE, true);
    await office.pass(8_000);
    expect(office.shown(ANNA)).toEqual(['alternative connected 200']);
    office.link.faultOf = undefined;
    office.exchange.clear(call, '200');
    await office.pass(15_000);
    expect(office.shown(ANNA)).toEqual([]);
  });
});

describe('an answer is older than an event', () => {
  it('[CTI-4] a call that was parked while the platform told who is in it stays parked', async () => {
    const office = await open();
    const call = office.exchange.call('200', '101');
    office.exchange.answer(call, '101');
    await office.pass(50);
    office.link.faultOf = ({ name }) => (name === 'SnapshotCall' ? { late: 200 } : undefined);
    office.exchange.move(call, '101', '5101', true);
    await office.pass(50);
    office.link.faultOf = undefined;
    office.exchange.park(call, '5101', '*71');
    await office.pass(1_000);
    expect(office.shown(ANNA)).toEqual(['parked held 200']);
  });

  it('[CTI-4] a call that has come to a device while the platform told of its calls is not taken out again', async () => {
    const office = await open();
    const call = office.exchange.call('200', '101');
    office.exchange.answer(call, '101');
    await office.pass(50);
    office.link.faultOf = ({ name }) => (name === 'SnapshotDevice' ? { late: 200 } : undefined);
    // A state that contradicts itself: the desk phone is looked at.
    office.exchange.set(call, '101', 'alerting', 'DeliveredEvent', 'normal');
    call.parts.set('101', 'connected');
    await office.pass(50);
    const second = office.exchange.call('201', '101');
    const seen: number[] = [];
    for (let at = 0; at < 1_000; at += 10) {
      await office.pass(10);
      seen.push(office.shown(ANNA).filter((text) => text.endsWith('201')).length);
    }
    expect(second.parts.size).toBe(3);
    expect(seen).toEqual(seen.toSorted((left, right) => left - right));
  });
});

describe('the control link goes', () => {
  it('[CTI-10] what it was needed for is not offered any more at once, and an administrator reads why', async () => {
    const office = await open();
    expect(office.platform.abilities(ANNA).desk).toMatchObject({ place: true, pull: true });
    await office.lose();
    expect(office.platform.abilities(ANNA).desk).toBeUndefined();
    expect(office.links.at(-1)).not.toBe('up');
    expect(office.words.some((words) => words.startsWith('OpenScape Voice closed the control link.'))).toBe(
      true,
    );
  });

  it('[CTI-18] what a user can while it goes and comes is told the moment that it is another', async () => {
    const office = await open();
    office.link.faultOf = () => ({ late: 2_000 });
    office.link.cut();
    const untold: number[] = [];
    for (let at = 0; at < 15_000; at += 10) {
      await office.pass(10);
      if (office.lastAbilities.get(ANNA) !== office.abilitiesOf(ANNA)) untold.push(at);
    }
    expect(office.links.at(-1)).toBe('up');
    expect(untold).toEqual([]);
  });

  it('[CTI-11] a call that rings is shown for ten seconds more, and rings no longer', async () => {
    const office = await open();
    office.exchange.call('200', '101');
    await office.pass(50);
    await office.lose();
    await office.pass(9_000);
    expect(office.shown(ANNA)).toEqual(['desk_phone alerting 200', 'line alerting 200']);
    await office.pass(2_000);
    expect(office.shown(ANNA)).toEqual([]);
    expect(office.reports.at(-1)?.report.gone).toMatchObject([
      { cause: 'pbx_unreachable' },
      { cause: 'pbx_unreachable' },
    ]);
  });

  it('[CTI-12] back in time it is the same call, and nobody was told that it is gone', async () => {
    const office = await open();
    const call = office.exchange.call('200', '101');
    office.exchange.answer(call, '101');
    await office.pass(50);
    const [before] = office.connections(ANNA);
    const told = office.reports.length;
    office.link.cut();
    await office.pass(5_000);
    expect(office.links.at(-1)).toBe('up');
    expect(office.reports).toHaveLength(told);
    office.exchange.hold(call, '101');
    await office.pass(50);
    expect(office.connections(ANNA)).toEqual([{ ...before, state: 'held' }]);
  });

  it('[CTI-13] what has happened meanwhile is told when it is back', async () => {
    const office = await open();
    const first = office.exchange.call('200', '101');
    office.exchange.answer(first, '101');
    await office.pass(50);
    await office.lose();
    office.exchange.clear(first, '200');
    office.exchange.call('201', '101');
    await office.restore();
    expect(office.shown(ANNA)).toEqual(['desk_phone alerting 201', 'line alerting 201']);
  });

  it('[CTI-14] whenever it goes while it comes up, all is there in the end', async () => {
    for (let cut = 0; cut <= 40; cut += 1) {
      const office = new Office({ profile: OPENSCAPE_VOICE });
      const call = office.exchange.call('200', '101');
      office.exchange.answer(call, '101');
      office.apply();
      await office.pass(cut, 1);
      office.link.cut();
      await office.pass(3_000, 5);
      expect(office.shown(ANNA), `cut after ${cut} ms`).toEqual(['desk_phone connected 200']);
      expect(office.platform.abilities(ANNA).desk?.pull, `cut after ${cut} ms`).toBe(true);
      expect(office.platform.counts.watched, `cut after ${cut} ms`).toBe(5);
      office.platform.stop();
    }
  });

  it('[CTI-15] a link that comes and goes keeps no call alive for longer', async () => {
    const office = await open();
    office.exchange.call('200', '101');
    await office.pass(50);
    // The session starts, and no device can be asked.
    office.link.instead = () => 'nothing';
    for (let round = 0; round < 8; round += 1) {
      office.link.cut();
      await office.pass(5_000, 50);
    }
    expect(office.shown(ANNA)).toEqual([]);
  });

  it('[CTI-16] a request that was under way is answered as unreachable', async () => {
    const office = await open();
    office.link.instead = () => 'nothing';
    const [line] = office.lines;
    if (line === undefined) throw new Error('no line');
    const outcome = office.outcome(() => office.platform.calls.place(line, '200', undefined));
    await office.pass(100);
    office.link.cut();
    expect(await outcome).toBe('platform_unreachable');
  });

  it('[CTI-17] nothing is told after the end', async () => {
    const office = await open();
    office.exchange.call('200', '101');
    await office.pass(50);
    office.platform.stop();
    const told = office.reports.length;
    await office.pass(60_000, 100);
    expect(office.reports).toHaveLength(told);
    expect(office.clock.pending).toBe(0);
  });
});

describe('the control link comes up', () => {
  const many = Array.from({ length: 200 }, (_, index) => {
    const number = String(3_000 + index);
    return lineOf(`user${index}`, `5${number}`, number, '');
  });
  const groups = Object.fromEntries(
    many.flatMap(({ number }) => [
      [number, [number]],
      [number.slice(1), [number.slice(1)]],
    ]),
  );

  it('[CTI-20] a platform that has just come back is not rushed', async () => {
    const office = new Office({ profile: OPENSCAPE_VOICE, lines: many, exchange: { groups } });
    let asked = 0;
    office.link.instead = (request) => {
      if (request.name !== 'SystemRegister') asked += 1;
      return 'nothing';
    };
    office.apply();
    await office.pass(2_000);
    expect(asked).toBe(8);
  });

  it('[CTI-21] four hundred devices are in step within seconds', async () => {
    const office = new Office({ profile: OPENSCAPE_VOICE, lines: many, exchange: { groups } });
    office.apply();
    await office.pass(15_000, 5);
    expect(office.platform.counts).toMatchObject({ up: true, devices: 400, watched: 400, unknown: 0 });
  });

  it('[CTI-22] a device that the platform does not know is named, tried again, and found in the end', async () => {
    const known: Record<string, readonly string[]> = { ...GROUPS };
    const { 101: group } = GROUPS;
    const withoutDesk = { ...known, 101: ['5101'] };
    const office = new Office({ profile: OPENSCAPE_VOICE, exchange: { groups: withoutDesk } });
    office.apply();
    await office.pass(1_000);
    expect(office.words.at(-1)).toMatch(/^OpenScape Voice does not know 101\./);
    expect(office.platform.abilities(ANNA).desk).toBeUndefined();
    withoutDesk[101] = [...group];
    await office.pass(40_000, 50);
    expect(office.platform.abilities(ANNA).desk).toMatchObject({ place: true });
  });

  it('[CTI-23] events that are lost are found by looking now and then', async () => {
    const office = await open();
    const call = office.exchange.call('200', '101');
    await office.pass(50);
    // The exchange forgets to tell.
    office.exchange.monitors.clear();
    office.exchange.answer(call, '101');
    await office.pass(35_000, 50);
    expect(office.shown(ANNA)).toEqual(['desk_phone connected 200']);
  });

  it('[CTI-24] an exchange that contradicts itself is asked ever more seldom', async () => {
    const office = await open();
    const call = office.exchange.call('200', '101');
    office.exchange.answer(call, '101');
    await office.pass(50);
    const { snapshots } = office.platform.counts;
    // The call says that Anna rings; her device says that she talks.
    office.link.instead = (request) => {
      if (request.name !== 'SnapshotCall') return undefined;
      const answer = office.exchange.snapshotCall(request.snapshotObject.callID);
      if (answer === 'nothing' || !('name' in answer) || answer.name !== 'SnapshotCallResponse')
        return answer;
      const items = answer.snapshotData ?? [];
      return {
        ...answer,
        snapshotData: items.map((item) => ({ ...item, localConnectionInfo: 'alerting' as const })),
      };
    };
    office.exchange.hold(call, '200');
    office.exchange.set(call, '101', 'alerting', 'DeliveredEvent', 'normal');
    call.parts.set('101', 'connected');
    await office.pass(60_000, 50);
    expect(office.platform.counts.snapshots - snapshots).toBeGreaterThan(2);
    expect(office.platform.counts.snapshots - snapshots).toBeLessThan(20);
  });
});
