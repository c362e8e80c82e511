import type { HistoryEntry } from '@offhook/contract';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { NoteDraft, type NoteView } from './note-draft.ts';

/** Milliseconds without a key until what was typed is saved. */
const PAUSE = 800;

/** The note of an entry: saved after a pause, by `save` when the field is left, and when it is closed. */
export function useNote(
  entry: HistoryEntry,
): NoteView & { readonly type: (text: string) => void; readonly save: () => void } {
  const { history } = usePhone();
  const [draft] = useState(
    () => new NoteDraft(entry.note ?? '', (note) => history.change(entry.recordId, { note })),
  );
  const view = useSyncExternalStore(draft.subscribe, draft.view);
  useEffect(() => {
    if (view.state !== 'unsaved') return undefined;
    const timer = window.setTimeout(() => void draft.save(), PAUSE);
    return () => window.clearTimeout(timer);
  }, [view, draft]);
  useEffect(() => () => void draft.save(), [draft]);
  return { ...view, type: (text) => draft.type(text), save: () => void draft.save() };
}
