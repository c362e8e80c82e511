import type { DialogEntry, DialogInfo, DialogParticipant } from './dialog-info.ts';

/** What a document has done to a {@link DialogInfoTable}. */
export type DialogInfoOutcome =
  | {
      readonly kind: 'applied';
      /** New ones and those that the document speaks of, without those that have ended. */
      readonly changed: readonly DialogEntry[];
      /** Ended: terminated, with the last that is known of them, or no more in a full state. */
      readonly ended: readonly DialogEntry[];
      /** Dialogs beyond the bound of the table, which are left out. */
      readonly dropped: number;
    }
  /** A partial state that is not newer than what the table has: nothing is changed. */
  | { readonly kind: 'stale' };

/**
 * The dialogs of one entity, as its documents tell (RFC 4235 section 4.3): the state of one subscription, so a new
 * subscription has a new table.
 *
 * ```
 *              partial, version + 1: applied            full: replaces all
 *             ┌────┐                                   ┌────┐
 *             ▼    │        partial, version + n       ▼    │
 *   full ──► complete ───────────────────────────► incomplete ◄── partial at the start
 *             ▲                  applied                │
 *             └──────────────────full───────────────────┘
 * ```
 *
 * A partial state with an old version is stale. While `needsFullState`, something was lost: whoever owns the subscription
 * refreshes it (SUBSCRIBE), which brings a full state. More lenient than the RFC: a full state counts whatever its version
 * is, because the dialog of the subscription keeps NOTIFYs in order, and notifiers are seen that begin to count anew.
 */
export class DialogInfoTable {
  readonly #most: number;
  readonly #dialogs = new Map<string, DialogEntry>();
  #version: number | undefined;
  #isComplete = false;

  /** @param most dialogs that are kept. Default 100: far more than a phone has, fewer than a gateway. */
  constructor(most = 100) {
    this.#most = most;
  }

  /** Of the last document that was applied. */
  get version(): number | undefined {
    return this.#version;
  }

  /** The table lacks something that only a full state can bring. */
  get needsFullState(): boolean {
    return !this.#isComplete;
  }

  /** The dialogs that have not ended, in the order in which they were first heard of. */
  get dialogs(): readonly DialogEntry[] {
    return [...this.#dialogs.values()];
  }

  apply(info: DialogInfo): DialogInfoOutcome {
    if (info.state === 'partial' && this.#version !== undefined) {
      if (info.version <= this.#version) return { kind: 'stale' };
      if (info.version !== this.#version + 1) this.#isComplete = false;
    }
    const before = new Map(this.#dialogs);
    if (info.state === 'full') {
      this.#dialogs.clear();
      this.#isComplete = true;
    }
    this.#version = info.version;
    const ended = new Map<string, DialogEntry>();
    let dropped = 0;
    for (const dialog of info.dialogs) {
      if (dialog.state === 'terminated') {
        this.#dialogs.delete(dialog.id);
        ended.set(dialog.id, continued(before.get(dialog.id), dialog));
      } else if (this.#dialogs.has(dialog.id) || this.#dialogs.size < this.#most) {
        this.#dialogs.set(dialog.id, continued(before.get(dialog.id), dialog));
        ended.delete(dialog.id);
      } else dropped += 1;
    }
    if (info.state === 'full') {
      for (const [id, dialog] of before) if (!this.#dialogs.has(id) && !ended.has(id)) ended.set(id, dialog);
    }
    const changed = new Map(info.dialogs.map(({ id }) => [id, this.#dialogs.get(id)]));
    return {
      kind: 'applied',
      changed: [...changed.values()].filter((dialog) => dialog !== undefined),
      ended: [...ended.values()],
      dropped,
    };
  }
}

/**
 * What cannot change while a dialog lives need not be said again, and some notifiers do not: who is on either side, the
 * direction, Call-ID and tags. Everything else is as the newer element has it, also where that has nothing.
 *
 * One tag can change where a proxy tells of a forked call as one dialog (Kamailio): that of the branch which rang first is not
 * that of the branch which answered. With the wrong one nobody could take its place, so it is unknown until it is said.
 */
function continued(before: DialogEntry | undefined, now: DialogEntry): DialogEntry {
  if (before === undefined) return now;
  const { callId, remoteTag, direction } = before;
  const isAnswered = now.state === 'confirmed' && before.state !== 'confirmed';
  const localTag = isAnswered && direction === 'recipient' ? undefined : before.localTag;
  const local = withIdentity(before.local, now.local);
  const remote = withIdentity(before.remote, now.remote);
  return {
    ...(callId !== undefined && { callId }),
    ...(localTag !== undefined && { localTag }),
    ...(remoteTag !== undefined && { remoteTag }),
    ...(direction !== undefined && { direction }),
    ...now,
    ...(local !== undefined && { local }),
    ...(remote !== undefined && { remote }),
  };
}

function withIdentity(
  before: DialogParticipant | undefined,
  now: DialogParticipant | undefined,
): DialogParticipant | undefined {
  return before?.identity === undefined ? now : { identity: before.identity, ...now };
}
