import { describe, expect, test } from 'vitest';
import { DialogInfoTable } from './dialog-info-table.ts';
import type { DialogEntry, DialogInfo } from './dialog-info.ts';

function info(version: number, state: DialogInfo['state'], ...dialogs: DialogEntry[]): DialogInfo {
  return { version, state, entity: 'sip:a@b', dialogs, unreadable: 0 };
}

const early = (id: string): DialogEntry => ({ id, state: 'early' });
const confirmed = (id: string): DialogEntry => ({ id, state: 'confirmed' });
const terminated = (id: string): DialogEntry => ({ id, state: 'terminated' });
const ids = (table: DialogInfoTable): string[] => table.dialogs.map(({ id, state }) => `${id} ${state}`);

describe('[RFC4235-4.3] the table of a subscription', () => {
  test('[RFC4235-4.3] partial states change single dialogs, terminated ones leave', () => {
    const table = new DialogInfoTable();
    expect(table.needsFullState).toBe(true);
    table.apply(info(0, 'full', early('1'), confirmed('2')));
    expect(table.apply(info(1, 'partial', confirmed('1'), early('3')))).toEqual({
      kind: 'applied',
      changed: [confirmed('1'), early('3')],
      ended: [],
      dropped: 0,
    });
    expect(table.apply(info(2, 'partial', terminated('2')))).toMatchObject({
      changed: [],
      ended: [terminated('2')],
    });
    expect(ids(table)).toEqual(['1 confirmed', '3 early']);
    expect([table.version, table.needsFullState]).toEqual([2, false]);
  });

  test('[RFC4235-4.3] a full state replaces all; what it does not have has ended', () => {
    const table = new DialogInfoTable();
    table.apply(info(0, 'full', early('1'), early('2')));
    expect(table.apply(info(5, 'full', early('2'), confirmed('3'), terminated('4')))).toEqual({
      kind: 'applied',
      changed: [early('2'), confirmed('3')],
      ended: [terminated('4'), early('1')],
      dropped: 0,
    });
    expect(ids(table)).toEqual(['2 early', '3 confirmed']);
  });

  test('[RFC4235-4.3] the same or an older partial state is stale', () => {
    const table = new DialogInfoTable();
    table.apply(info(3, 'full', early('1')));
    expect(table.apply(info(3, 'partial', terminated('1')))).toEqual({ kind: 'stale' });
    expect(table.apply(info(2, 'partial', terminated('1')))).toEqual({ kind: 'stale' });
    expect(ids(table)).toEqual(['1 early']);
  });

  test('[RFC4235-4.3] after a gap a full state is needed, and a later one without a gap does not mend it', () => {
    const table = new DialogInfoTable();
    table.apply(info(0, 'full', early('1')));
    table.apply(info(2, 'partial', early('2')));
    expect(table.needsFullState).toBe(true);
    table.apply(info(3, 'partial', early('3')));
    expect(table.needsFullState).toBe(true);
    expect(ids(table)).toEqual(['1 early', '2 early', '3 early']);
    table.apply(info(4, 'full', early('3')));
    expect(table.needsFullState).toBe(false);
  });

  test('[RFC4235-4.3] a partial state at the start is kept, and the full one asked for', () => {
    const table = new DialogInfoTable();
    expect(table.apply(info(7, 'partial', early('1'))).kind).toBe('applied');
    expect([ids(table), table.needsFullState]).toEqual([['1 early'], true]);
  });

  test('a notifier that counts anew with a full state is followed', () => {
    const table = new DialogInfoTable();
    table.apply(info(9, 'full', early('1')));
    table.apply(info(0, 'full', confirmed('1')));
    expect(table.apply(info(1, 'partial', terminated('1'))).kind).toBe('applied');
    expect(ids(table)).toEqual([]);
  });

  test('who is in a dialog stays known where later documents leave it out; how it stands does not', () => {
    const table = new DialogInfoTable();
    const held = { uri: 'sip:a@1', params: new Map([['+sip.rendering', 'no']]) };
    table.apply(
      info(0, 'full', {
        id: '1',
        callId: 'c',
        direction: 'recipient',
        state: 'confirmed',
        duration: 5,
        local: { target: held },
        remote: { identity: { uri: 'sip:x@y', displayName: 'X' } },
      }),
    );
    table.apply(info(1, 'partial', confirmed('1')));
    expect(table.dialogs).toEqual([
      {
        id: '1',
        callId: 'c',
        direction: 'recipient',
        state: 'confirmed',
        remote: { identity: { uri: 'sip:x@y', displayName: 'X' } },
      },
    ]);
    expect(table.apply(info(2, 'partial', terminated('1')))).toMatchObject({
      ended: [{ id: '1', state: 'terminated', remote: { identity: { uri: 'sip:x@y' } } }],
    });
  });

  test('the own tag of a forked call is that of the branch which answered, or unknown', () => {
    const rang = { ...early('1'), direction: 'recipient', localTag: 'rang', remoteTag: 'caller' } as const;
    const table = new DialogInfoTable();
    table.apply(info(0, 'full', rang));
    table.apply(info(1, 'full', confirmed('1')));
    expect(table.dialogs).toEqual([{ ...confirmed('1'), direction: 'recipient', remoteTag: 'caller' }]);
    table.apply(info(2, 'full', { ...confirmed('1'), localTag: 'answered' }));
    table.apply(info(3, 'full', confirmed('1')));
    expect(table.dialogs).toMatchObject([{ localTag: 'answered' }]);
  });

  test('dialogs beyond the bound are dropped and counted, known ones are not', () => {
    const table = new DialogInfoTable(2);
    expect(table.apply(info(0, 'full', early('1'), early('2'), early('3'), early('4')))).toMatchObject({
      dropped: 2,
    });
    expect(table.apply(info(1, 'partial', confirmed('2')))).toMatchObject({ dropped: 0 });
    expect(ids(table)).toEqual(['1 early', '2 confirmed']);
  });
});
