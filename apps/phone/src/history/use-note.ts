import type { HistoryEntry } from '@offhook/contract';
import { useEffect, useRef, useState } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';

/** Milliseconds without a key until what was typed is saved. */
const PAUSE = 800;

export type NoteState = 'still' | 'unsaved' | 'saving' | 'saved' | 'failed';

/** A note as it is typed: saved after a pause, when the field is left and when it is closed. */
export function useNote(entry: HistoryEntry): {
  readonly text: string;
  readonly state: NoteState;
  readonly type: (text: string) => void;
  readonly save: () => void;
} {
  const { history } = usePhone();
  const [text, setText] = useState(entry.note ?? '');
  const [state, setState] = useState<NoteState>('still');
  const saved = useRef(entry.note ?? '');
  const wanted = useRef(saved.current);
  const saving = useRef(false);

  const { current: act } = useRef({
    async save(): Promise<void> {
      if (saving.current || wanted.current.trim() === saved.current) return;
      saving.current = true;
      setState('saving');
      const note = wanted.current.trim();
      try {
        await history.change(entry.recordId, { note });
        saved.current = note;
        setState(wanted.current.trim() === note ? 'saved' : 'unsaved');
      } catch {
        setState('failed');
        return;
      } finally {
        saving.current = false;
      }
      // Typed on meanwhile.
      await act.save();
    },
  });

  useEffect(() => {
    if (state !== 'unsaved') return undefined;
    const timer = window.setTimeout(() => void act.save(), PAUSE);
    return () => window.clearTimeout(timer);
  }, [text, state, act]);
  useEffect(() => () => void act.save(), [act]);

  return {
    text,
    state,
    type: (next) => {
      wanted.current = next;
      setText(next);
      if (!saving.current) setState(next.trim() === saved.current ? 'still' : 'unsaved');
    },
    save: () => void act.save(),
  };
}
