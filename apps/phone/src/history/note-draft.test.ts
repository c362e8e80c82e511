import { describe, expect, it } from 'vitest';
import { NoteDraft } from './note-draft.ts';

function setUp(saved = '') {
  const writes: { note: string; done: () => void; failed: (error: Error) => void }[] = [];
  const draft = new NoteDraft(
    saved,
    (note) => new Promise<void>((done, failed) => writes.push({ note, done, failed })),
  );
  return { draft, writes };
}

describe('[D7] a note as it is typed', () => {
  it('is saved once, without the spaces around it; what is typed meanwhile is saved after it', async () => {
    const { draft, writes } = setUp();
    draft.type(' a ');
    expect(draft.view().state).toBe('unsaved');
    const saving = draft.save();
    await draft.save();
    draft.type(' ab');
    expect(draft.view()).toEqual({ text: ' ab', state: 'saving' });
    writes[0]?.done();
    await expect.poll(() => writes.map(({ note }) => note)).toEqual(['a', 'ab']);
    writes[1]?.done();
    await saving;
    expect(draft.view()).toEqual({ text: ' ab', state: 'saved' });
  });

  it('that could not be saved stays, and can be saved again', async () => {
    const { draft, writes } = setUp('old');
    draft.type('new');
    const first = draft.save();
    writes[0]?.failed(new Error('away'));
    await first;
    expect(draft.view()).toEqual({ text: 'new', state: 'failed' });
    const again = draft.save();
    writes[1]?.done();
    await again;
    expect(draft.view().state).toBe('saved');
  });

  it('that is as it was is not saved', async () => {
    const { draft, writes } = setUp('same');
    draft.type('same ');
    await draft.save();
    expect({ writes, state: draft.view().state }).toEqual({ writes: [], state: 'still' });
  });
});
