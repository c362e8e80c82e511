import path from 'node:path';
import { nodeDisk } from './disk.ts';
import type { Disk } from './disk.ts';
import { MailboxFolder } from './mailbox-folder.ts';
import { DEFAULT_LIMITS, Mailbox } from './mailbox.ts';
import type { MailboxCounts, MailboxLimits } from './mailbox.ts';

export type MailboxTrouble =
  /** What changed is in memory alone; the next change or `flush` tries again. */
  | { readonly code: 'not_saved'; readonly mailbox: string; readonly cause: unknown }
  /** Files of messages were missing or damaged at the start. */
  | { readonly code: 'messages_lost'; readonly mailbox: string; readonly files: readonly string[] }
  /** The folder has no index that can be read: it is left as it is until that mailbox changes. */
  | { readonly code: 'unreadable'; readonly folder: string };

export interface MailboxStoreOptions {
  /** Where mailboxes outlive the process; for one process at a time. In memory alone where it is left out. */
  readonly directory?: string;
  readonly limits?: MailboxLimits;
  /** The numbers of new or old messages changed: the lamps are to be told (RFC 3842). */
  readonly onCounts?: (mailbox: string, counts: MailboxCounts) => void;
  readonly onTrouble?: (trouble: MailboxTrouble) => void;
  readonly disk?: Disk;
}

/** Folders read at the start: as many as an exchange has extensions. */
const MOST_MAILBOXES = 1000;
const WAV_HEADER = 64;

interface Entry {
  readonly mailbox: Mailbox;
  readonly folder: MailboxFolder | undefined;
  counts: MailboxCounts;
  isDirty: boolean;
  saving: Promise<void> | undefined;
}

/**
 * All mailboxes. They are served from memory; a change is on the disk shortly after it, and whatever the disk does, a
 * call is not held up by it.
 */
export class MailboxStore implements AsyncDisposable {
  readonly #options: MailboxStoreOptions;
  readonly #limits: MailboxLimits;
  readonly #entries = new Map<string, Entry>();

  private constructor(options: MailboxStoreOptions) {
    this.#options = options;
    this.#limits = options.limits ?? DEFAULT_LIMITS;
  }

  static inMemory(options: Omit<MailboxStoreOptions, 'directory' | 'disk'> = {}): MailboxStore {
    return new MailboxStore(options);
  }

  /** Reads what an earlier process left. Rejects where the directory cannot be made or read. */
  static async open(options: MailboxStoreOptions): Promise<MailboxStore> {
    const store = new MailboxStore(options);
    const { directory, disk = nodeDisk } = options;
    if (directory === undefined) return store;
    await disk.makeFolder(directory);
    const names = (await disk.list(directory)).filter((name) => name.startsWith(FOLDER_PREFIX));
    for (const name of names.slice(0, MOST_MAILBOXES)) await store.#load(directory, disk, name);
    return store;
  }

  /** The mailbox of an extension, made when first asked for: ask for extensions alone. */
  mailbox(number: string): Mailbox {
    const entry = this.#entries.get(number);
    if (entry !== undefined) return entry.mailbox;
    const { directory, disk = nodeDisk } = this.#options;
    const folder =
      directory === undefined ? undefined : this.#folder(disk, path.join(directory, folderName(number)));
    return this.#keep(new Mailbox(number, this.#limits), folder);
  }

  counts(number: string): MailboxCounts {
    return this.#entries.get(number)?.mailbox.counts ?? { new: 0, old: 0 };
  }

  /** Everything that is written when it resolves was there when it was called; what failed before is tried again. */
  async flush(): Promise<void> {
    for (const entry of this.#entries.values()) this.#save(entry);
    await Promise.all([...this.#entries.values()].map(async ({ saving }) => await saving));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  async #load(directory: string, disk: Disk, name: string): Promise<void> {
    const folder = this.#folder(disk, path.join(directory, name));
    const found = await folder.load();
    if (found === 'none') return;
    // Renamed by hand: a change would go to another folder.
    if (found === 'unreadable' || folderName(found.number) !== name) {
      this.#options.onTrouble?.({ code: 'unreadable', folder: name });
      return;
    }
    const { number, contents, lost } = found;
    this.#keep(new Mailbox(number, this.#limits, contents), folder);
    if (lost.length > 0) this.#options.onTrouble?.({ code: 'messages_lost', mailbox: number, files: lost });
  }

  #folder(disk: Disk, folder: string): MailboxFolder {
    return new MailboxFolder(disk, folder, this.#limits.bytes + WAV_HEADER);
  }

  #keep(mailbox: Mailbox, folder: MailboxFolder | undefined): Mailbox {
    const entry: Entry = { mailbox, folder, counts: mailbox.counts, isDirty: false, saving: undefined };
    this.#entries.set(mailbox.number, entry);
    mailbox.onChange = () => this.#changed(entry);
    return mailbox;
  }

  #changed(entry: Entry): void {
    entry.isDirty = true;
    this.#save(entry);
    const { counts } = entry.mailbox;
    if (counts.new === entry.counts.new && counts.old === entry.counts.old) return;
    entry.counts = counts;
    this.#options.onCounts?.(entry.mailbox.number, counts);
  }

  #save(entry: Entry): void {
    if (entry.folder === undefined || !entry.isDirty || entry.saving !== undefined) return;
    entry.saving = this.#saveWhileDirty(entry, entry.folder).finally(() => {
      entry.saving = undefined;
    });
  }

  async #saveWhileDirty(entry: Entry, folder: MailboxFolder): Promise<void> {
    const { mailbox } = entry;
    while (entry.isDirty) {
      entry.isDirty = false;
      try {
        await folder.save(mailbox.number, mailbox.contents);
      } catch (cause) {
        entry.isDirty = true;
        this.#options.onTrouble?.({ code: 'not_saved', mailbox: mailbox.number, cause });
        return;
      }
    }
  }
}

const FOLDER_PREFIX = 'mailbox-';

/** Numbers may have `*` in them and more that no file system likes. */
function folderName(number: string): string {
  return FOLDER_PREFIX + encodeURIComponent(number).replaceAll('*', '%2A');
}
