import path from 'node:path';
import { WavError, readWav, writeWav } from '@offhook/audio';
import type { Recording } from '../prompts/sound.ts';
import { writeWhole } from './disk.ts';
import type { Disk } from './disk.ts';
import {
  INDEX_FILE,
  MOST_INDEX_BYTES,
  greetingFile,
  indexOf,
  isOurs,
  messageFile,
  parseIndex,
} from './index-file.ts';
import type { MailboxContents } from './mailbox.ts';

/** What a folder held. */
export interface FoundMailbox {
  readonly number: string;
  readonly contents: MailboxContents;
  /** Files of the index that are missing or damaged: their messages are given up. */
  readonly lost: readonly string[];
}

/**
 * One mailbox on disk: `index.json` and a WAV file per message and greeting.
 *
 * ```
 *   new sound files ─► index.json ─► files that no index names are removed
 * ```
 *
 * Each file is written whole or not at all, and the index last: killed at any point, the folder holds the mailbox as
 * it was before or after, and at most files that nobody names. The next save or load removes those.
 */
export class MailboxFolder {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #mostSoundBytes: number;
  /** Sound files that are on the disk as they should be. */
  readonly #written = new Set<string>();
  #greeting: { readonly recording: Recording; readonly file: string } | undefined;
  #greetings = 0;

  constructor(disk: Disk, folder: string, mostSoundBytes: number) {
    this.#disk = disk;
    this.#folder = folder;
    this.#mostSoundBytes = mostSoundBytes;
  }

  /** `none`: killed before the first index was there. `unreadable`: the folder stays as it is until the next save. */
  async load(): Promise<FoundMailbox | 'none' | 'unreadable'> {
    const bytes = await this.#disk.read(path.join(this.#folder, INDEX_FILE), MOST_INDEX_BYTES);
    if (bytes === undefined) {
      await this.#removeUnnamed();
      return 'none';
    }
    const index = parseIndex(Buffer.from(bytes).toString('utf8'));
    if (index === undefined) return 'unreadable';
    const lost: string[] = [];
    const messages = [];
    for (const { file, ...message } of index.messages) {
      const recording = await this.#readSound(file);
      if (recording === undefined) lost.push(file);
      else messages.push({ ...message, recording });
    }
    const greeting = index.greeting === undefined ? undefined : await this.#readSound(index.greeting);
    if (index.greeting !== undefined) {
      this.#greetings = Number(/\d+/.exec(index.greeting)?.[0] ?? 0);
      if (greeting === undefined) lost.push(index.greeting);
      else this.#greeting = { recording: greeting, file: index.greeting };
    }
    await this.#removeUnnamed();
    return { number: index.mailbox, contents: { nextId: index.nextId, messages, greeting }, lost };
  }

  /** One at a time. */
  async save(number: string, contents: MailboxContents): Promise<void> {
    await this.#disk.makeFolder(this.#folder);
    for (const { id, recording } of contents.messages) await this.#writeSound(messageFile(id), recording);
    if (contents.greeting !== this.#greeting?.recording) await this.#writeGreeting(contents.greeting);
    const index = indexOf(number, contents, this.#greeting?.file);
    await writeWhole(this.#disk, this.#folder, INDEX_FILE, Buffer.from(JSON.stringify(index)));
    const named = new Set([
      ...index.messages.map(({ file }) => file),
      ...(index.greeting === undefined ? [] : [index.greeting]),
    ]);
    for (const file of [...this.#written].filter((file) => !named.has(file))) {
      await this.#disk.remove(path.join(this.#folder, file));
      this.#written.delete(file);
    }
  }

  async #writeGreeting(recording: Recording | undefined): Promise<void> {
    if (recording === undefined) {
      this.#greeting = undefined;
      return;
    }
    this.#greetings += 1;
    const file = greetingFile(this.#greetings);
    await this.#writeSound(file, recording);
    this.#greeting = { recording, file };
  }

  async #writeSound(file: string, { samples, sampleRate }: Recording): Promise<void> {
    if (this.#written.has(file)) return;
    await writeWhole(this.#disk, this.#folder, file, writeWav({ samples, sampleRate, channels: 1 }));
    this.#written.add(file);
  }

  async #readSound(file: string): Promise<Recording | undefined> {
    const bytes = await this.#disk.read(path.join(this.#folder, file), this.#mostSoundBytes);
    const recording = bytes === undefined ? undefined : recordingOf(bytes);
    if (recording !== undefined) this.#written.add(file);
    return recording;
  }

  async #removeUnnamed(): Promise<void> {
    for (const file of await this.#disk.list(this.#folder)) {
      if (isOurs(file) && !this.#written.has(file)) await this.#disk.remove(path.join(this.#folder, file));
    }
  }
}

function recordingOf(bytes: Uint8Array): Recording | undefined {
  try {
    const { samples, sampleRate, channels } = readWav(bytes);
    const isTelephony = channels === 1 && (sampleRate === 8000 || sampleRate === 16_000);
    return isTelephony ? { samples, sampleRate } : undefined;
  } catch (error) {
    if (error instanceof WavError) return undefined;
    throw error;
  }
}
