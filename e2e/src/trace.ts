import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach } from 'vitest';
import { repository } from './product.ts';

/** Where the whole messages go. */
const folder = path.join(repository, 'test-results', 'traces');
/** Of a ladder in the report; the file has them all. */
const LINES_SHOWN = 150;

/**
 * Once in a test file: a test that fails has what the practice PBX saw since it began beside its report, as a ladder, and in
 * `test-results/traces` with every message.
 *
 * @param pbxUrl the page of the PBX that the test uses; undefined while there is none
 */
export function attachTrace(pbxUrl: () => string | undefined): void {
  beforeEach(({ task, onTestFailed }) => {
    const from = Date.now();
    onTestFailed(async () => {
      const url = pbxUrl();
      if (url !== undefined) await report(url, from, `${task.suite?.name ?? ''} ${task.name}`.trim());
    });
  });
}

async function report(url: string, from: number, title: string): Promise<void> {
  try {
    const ladder = await traceOf(url, { from: String(from) });
    const whole = await traceOf(url, { from: String(from), routine: '1', messages: '1' });
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${title.replaceAll(/[^\w[\] -]+/gu, '').slice(0, 120)}.txt`);
    writeFileSync(file, `${title}\n\n${whole}`);
    const shown = ladder.split('\n').slice(0, LINES_SHOWN).join('\n');
    console.error(`What the practice PBX saw (all of it in ${path.relative(repository, file)}):\n${shown}`);
  } catch (error) {
    // The failure of the test itself is what counts.
    console.error('The practice PBX does not tell its trace any more:', error);
  }
}

/** The trace of the practice PBX as text; the query as its README has it. */
export async function traceOf(url: string, query: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await fetch(new URL(`/api/trace.txt?${new URLSearchParams(query)}`, url));
  if (!response.ok) throw new Error(`GET /api/trace.txt: ${response.status} ${await response.text()}`);
  return response.text();
}
