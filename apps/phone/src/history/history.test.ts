import { RecordId, type HistoryPage } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { history } from '../gallery/builders.ts';
import { kindOf } from './kind.ts';
import { withEntry } from './pages.ts';

const [first, second, third] = history;
if (first === undefined || second === undefined || third === undefined) throw new Error('No history.');

describe('kind', () => {
  const incoming = { ...second, direction: 'incoming' } as const;

  it('missed is what rang and nobody took or refused', () => {
    expect(kindOf({ ...incoming, cause: 'cancelled' })).toBe('missed');
    expect(kindOf({ ...incoming, cause: 'no_answer' })).toBe('missed');
  });

  it('[A14] answered on another device, refused here, or talked: not missed', () => {
    expect(kindOf({ ...incoming, cause: 'answered_elsewhere' })).toBe('incoming');
    expect(kindOf({ ...incoming, cause: 'declined' })).toBe('incoming');
    expect(kindOf({ ...incoming, cause: 'completed', answeredAt: 5 })).toBe('incoming');
  });

  it('what this person dialled is outgoing, whatever became of it', () => {
    expect(kindOf({ ...incoming, direction: 'outgoing', cause: 'no_answer' })).toBe('outgoing');
  });
});

function page(...entries: HistoryPage['entries']): HistoryPage {
  return { entries, more: true };
}

describe('pages', () => {
  const pages = { pages: [page(first), page(second)], pageParams: [undefined, RecordId.parse('1')] };

  it('a finished call goes to the top', () => {
    const next = withEntry(pages, third);
    expect(next.pages.map((one) => one.entries.map((entry) => entry.recordId))).toEqual([['3', '1'], ['2']]);
  });

  it('the same call told twice is there once, also where it is on a later page', () => {
    expect(withEntry(pages, first)).toBe(pages);
    expect(withEntry(pages, second)).toBe(pages);
  });
});
