import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** What the store asks of a file system. Each may reject with the system's error. */
export interface Disk {
  makeFolder(folder: string): Promise<void>;
  /** Names in the folder; empty where it is not there. */
  list(folder: string): Promise<readonly string[]>;
  /** Undefined where it is not there or longer than `mostBytes`. */
  read(file: string, mostBytes: number): Promise<Uint8Array | undefined>;
  /** The bytes are on the medium when it resolves. */
  write(file: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
}

export const nodeDisk: Disk = {
  async makeFolder(folder) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  },
  async list(folder) {
    return (await ifThere(readdir(folder))) ?? [];
  },
  async read(file, mostBytes) {
    const found = await ifThere(stat(file));
    return found === undefined || !found.isFile() || found.size > mostBytes
      ? undefined
      : await ifThere(readFile(file));
  },
  async write(file, bytes) {
    await using handle = await open(file, 'w', 0o600);
    await handle.writeFile(bytes);
    await handle.datasync();
  },
  rename,
  async remove(file) {
    await rm(file, { force: true });
  },
};

/** Whole or not at all, whenever the process is killed: a temporary file beside it takes its name at the end. */
export async function writeWhole(disk: Disk, folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const file = path.join(folder, name);
  await disk.write(`${file}.tmp`, bytes);
  await disk.rename(`${file}.tmp`, file);
}

async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
