import type { HistoryEntry, Party } from '@offhook/contract';
import { expect, test } from 'vitest';
import { fitsParty, recentParties } from './suggestion.ts';

const germany = { callingCode: '49', international: '00', national: '0' };
const garage: Party = { number: '+4989700721', name: 'Autohaus Müller' };

test('[D7] whom one has talked to is found by name and by number, however it is written', () => {
  for (const query of ['muller', 'auto mü', '089 7007', '+49 89 7007-21', '0049 89', '700721']) {
    expect([query, fitsParty(garage, query, germany)]).toEqual([query, true]);
  }
  for (const query of ['haus', '721', '030', 'müller ben']) {
    expect([query, fitsParty(garage, query, germany)]).toEqual([query, false]);
  }
  expect(fitsParty({ number: '+4989700721' }, '+4989', undefined)).toBe(true);
});

const of = (remote: Party) => ({ remote }) as HistoryEntry;

test('[D7] each party once, newest first; colleagues and withheld numbers are not among them', () => {
  const colleague = { number: '102', name: 'Ben', userId: 'ben' } as Party;
  const calls = [
    of(garage),
    of({ number: '' }),
    of(colleague),
    of({ number: '+49 89 700721' }),
    of({ number: '110' }),
  ];
  expect(recentParties(calls)).toEqual([garage, { number: '110' }]);
});
