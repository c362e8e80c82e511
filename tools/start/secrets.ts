import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { demoPeople, deskPhones } from './demo.ts';
import { readablePassword } from './words.ts';

/** What only this installation knows: made once, kept in files that only their owner can read. */
export interface Secrets {
  /** 32 random octets in base64: encrypts the SIP passwords in the database. */
  readonly secretKeyFile: string;
  /** Where the connector's API key is kept; the file exists once the demo tenant has been created. */
  readonly apiKeyFile: string;
  /** Passwords of the demo accounts as they were created, by e-mail address. */
  readonly accounts: Readonly<Record<string, string>>;
  /** SIP passwords by extension. */
  readonly sip: Readonly<Record<string, string>>;
}

export function openSecrets(dataDir: string): Secrets {
  const folder = path.join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secretKeyFile = path.join(folder, 'secret-key');
  once(secretKeyFile, () => randomBytes(32).toString('base64'));
  const emails = demoPeople.map(({ email }) => email);
  const numbers = [
    ...demoPeople.flatMap(({ number, line }) => [number ?? [], line ?? []].flat()),
    ...deskPhones.map(({ number }) => number),
  ];
  return {
    secretKeyFile,
    apiKeyFile: path.join(folder, 'api-key'),
    accounts: passwords(path.join(folder, 'demo-accounts.json'), emails, readablePassword),
    sip: passwords(path.join(folder, 'sip-passwords.json'), numbers, () =>
      randomBytes(15).toString('base64url'),
    ),
  };
}

/** Writes a file that only its owner can read; whole or not at all. */
export function writeSecret(file: string, content: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}

function once(file: string, make: () => string): string {
  if (!existsSync(file)) {
    writeSecret(file, make());
  }
  return readFileSync(file, 'utf8');
}

/** A password for each name: those in the file, and new ones for names that it lacks. */
function passwords(file: string, names: readonly string[], make: () => string): Record<string, string> {
  const kept = JSON.parse(once(file, () => '{}')) as Record<string, string>;
  const all = Object.fromEntries(names.map((name) => [name, kept[name] ?? make()]));
  if (names.some((name) => kept[name] === undefined)) {
    writeSecret(file, JSON.stringify({ ...kept, ...all }, undefined, 2));
  }
  return all;
}
