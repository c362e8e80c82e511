import { expect, test } from 'vitest';
import { changedNames, mergeKept } from './kept.ts';

const toAnna = { to: 'number', number: '101' } as const;

test('a change replaces what it names and leaves the rest', () => {
  const kept = { forwarding: { busy: toAnna }, routing: 'all', doNotDisturb: true } as const;
  expect(mergeKept(kept, { forwarding: { immediate: { to: 'voicemail' } }, routing: 'desk_only' })).toEqual({
    forwarding: { busy: toAnna, immediate: { to: 'voicemail' } },
    routing: 'desk_only',
    doNotDisturb: true,
  });
});

test('what is switched off is kept as switched off', () => {
  const kept = { forwarding: { busy: toAnna }, alternativeNumber: '+4915550101' };
  expect(mergeKept(kept, { forwarding: { busy: null }, alternativeNumber: null })).toEqual({
    forwarding: { busy: null },
    alternativeNumber: null,
  });
});

test('absent is absent, however it is written', () => {
  expect(mergeKept({}, { forwarding: {} })).toEqual({});
  expect(mergeKept({ doNotDisturb: true }, { doNotDisturb: undefined })).toEqual({ doNotDisturb: true });
  expect(mergeKept({}, {})).toEqual({});
});

test('names of a change tell nothing of its numbers', () => {
  const change = { forwarding: { busy: toAnna, noAnswer: null }, alternativeNumber: '+4915550101' };
  expect(changedNames(change)).toEqual(['forwarding.busy', 'forwarding.noAnswer', 'alternativeNumber']);
  expect(changedNames({})).toEqual([]);
});
