export type NoteState = 'still' | 'unsaved' | 'saving' | 'saved' | 'failed';

export interface NoteView {
  readonly text: string;
  readonly state: NoteState;
}

/**
 * A note as it is typed, and how far it is saved. One save at a time: what is typed meanwhile is saved after it.
 * ```
 *  still ──► unsaved ──► saving ──► saved
 *               ▲           │  └──► failed ──► saving
 *               └───────────┘
 * ```
 */
export class NoteDraft {
  readonly #write: (note: string) => Promise<unknown>;
  readonly #listeners = new Set<() => void>();
  #saved: string;
  #view: NoteView;
  #saving = false;

  constructor(saved: string, write: (note: string) => Promise<unknown>) {
    this.#saved = saved;
    this.#view = { text: saved, state: 'still' };
    this.#write = write;
  }

  readonly view = (): NoteView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  type(text: string): void {
    if (this.#saving) this.#show({ text, state: 'saving' });
    else this.#show({ text, state: text.trim() === this.#saved ? 'still' : 'unsaved' });
  }

  /** Does not reject: a note that could not be saved is `failed`, and stays. */
  async save(): Promise<void> {
    const note = this.#view.text.trim();
    if (this.#saving || note === this.#saved) return;
    this.#saving = true;
    this.#show({ ...this.#view, state: 'saving' });
    try {
      await this.#write(note);
    } catch {
      this.#saving = false;
      this.#show({ ...this.#view, state: 'failed' });
      return;
    }
    this.#saving = false;
    this.#saved = note;
    const isAll = this.#view.text.trim() === note;
    this.#show({ ...this.#view, state: isAll ? 'saved' : 'unsaved' });
    if (!isAll) await this.save();
  }

  #show(view: NoteView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }
}
