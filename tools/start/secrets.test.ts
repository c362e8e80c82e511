import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecrets } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'offhook-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('secrets', () => {
  it('[start-secrets] are made once, differ between installations, and are for their owner alone', () => {
    const first = openSecrets(path.join(folder, 'a'));
    expect(openSecrets(path.join(folder, 'a'))).toEqual(first);
    const other = openSecrets(path.join(folder, 'b'));
    expect(other.accounts['anna@demo.example']).not.toBe(first.accounts['anna@demo.example']);
    expect(first.accounts['anna@demo.example']).toMatch(/^(?:[a-z]+-){4}\d\d$/u);
    expect(statSync(first.secretKeyFile).mode & 0o777).toBe(0o600);
  });
});
