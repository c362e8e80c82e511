/**
 * `npm run bench:phone`: the phone's production build in a real Chromium, before the whole product with 50,000 colleagues and 10,000 calls in the history.
 * Prints a table and, as its last line, one JSON object: medians, and the limit of the same run beside where there is one.
 *
 * `CONTACTS`, `HISTORY`, `CALLS`, `RUNS` in the environment make it shorter or longer.
 */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Person, type Window } from '../src/person.ts';
import { repository } from '../src/product.ts';
import { busyPerMille, heapBytes, interactionsMs, measuredAt, readyMs, searchMs } from './measures.ts';
import { openOffice } from './office.ts';

const CONTACTS = Number(process.env['CONTACTS'] ?? 50_000);
const HISTORY = Number(process.env['HISTORY'] ?? 10_000);
const CALLS = Number(process.env['CALLS'] ?? 1_000);
const RUNS = Number(process.env['RUNS'] ?? 9);
/** After these the caches of the engine and of the page are what they stay. */
const WARM_CALLS = Math.min(50, CALLS);
const IDLE_MS = 20_000;

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const share = (values: readonly number[], part: number) =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;
const figure = (values: readonly number[]) => ({
  median: Math.round(share(values, 0.5)),
  least: Math.round(Math.min(...values)),
  most: Math.round(Math.max(...values)),
});

async function oneCall(window: Window): Promise<void> {
  // With Enter: the list of those whom the number may mean lies over the button.
  await window.numberField.fill('600');
  await window.numberField.press('Enter');
  await window.button('Hold').waitFor({ state: 'visible' });
  await window.quiet();
}

async function ready(anna: Person, url: string): Promise<object> {
  await using window = await anna.openWindow();
  const state = await window.context.storageState();
  const cold: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const context = await anna.browser.newContext({ locale: 'en-GB', storageState: state });
    const page = measuredAt(await context.newPage(), url);
    cold.push(await readyMs(page));
    await page.goto(`${url}icons/favicon.svg`);
    bare.push(await page.evaluate(() => performance.now()));
    await context.close();
  }
  const page = measuredAt(window.page, url);
  const warm: number[] = [];
  for (let run = 0; run < RUNS; run += 1) warm.push(await readyMs(page));
  return { ready_ms: figure(cold), ready_warm_ms: figure(warm), ready_limit_ms: figure(bare) };
}

/** The last name that `office.ts` gives a person, as far as somebody would type it. */
function nameEnd(person: number): string {
  return createHash('md5').update(String(person)).digest('hex').slice(0, 6);
}

async function work(anna: Person): Promise<object> {
  await using window = await anna.openWindow();
  const found: number[] = [];
  // Each asked for once: what the page keeps of an earlier answer is not what is measured.
  for (let turn = 0; turn < 4 * RUNS; turn += 1) {
    const person = 1 + Math.floor((turn * CONTACTS) / (4 * RUNS));
    found.push(await searchMs(window, turn % 2 === 0 ? String(100_000 + person) : nameEnd(person)));
  }
  const inp = await interactionsMs(window, async () => {
    const { page } = window;
    for (const text of ['clara', '1047', 'smith']) {
      await window.numberField.fill('');
      await window.numberField.click();
      await page.keyboard.type(text, { delay: 40 });
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Escape');
    }
    await window.numberField.fill('');
    for (let turn = 0; turn < RUNS; turn += 1) {
      await page.getByRole('button', { name: 'Telephone settings' }).click();
      await page.getByRole('button', { name: 'Telephone settings' }).click();
      await page.getByRole('button', { name: /^Your status/u }).click();
      await page.keyboard.press('Escape');
      await page.locator('#recent-title').hover();
      await page.mouse.wheel(0, 2_000);
    }
  });
  return {
    search_ms_p50: Math.round(share(found, 0.5)),
    search_ms_p95: Math.round(share(found, 0.95)),
    inp_ms_p95: Math.round(share(inp, 0.95)),
    inp_ms_most: Math.round(Math.max(...inp)),
    interactions: inp.length,
  };
}

async function calls(anna: Person): Promise<object> {
  await using window = await anna.openWindow();
  const session = await window.context.newCDPSession(window.page);
  for (let call = 0; call < WARM_CALLS; call += 1) await oneCall(window);
  const before = await heapBytes(session);
  const began = performance.now();
  for (let call = 0; call < CALLS; call += 1) {
    await oneCall(window);
    if ((call + 1) % 100 === 0)
      console.log(`${call + 1} calls: ${((await heapBytes(session)) / 1e6).toFixed(2)} MB`);
  }
  const after = await heapBytes(session);
  return {
    heap_growth_bytes_per_call: Math.round((after - before) / CALLS),
    heap_bytes: after,
    calls: CALLS,
    calls_seconds: Math.round((performance.now() - began) / 1_000),
  };
}

async function idle(anna: Person): Promise<object> {
  await using window = await anna.openWindow();
  const page = await window.context.newPage();
  const limit = await busyPerMille(page, IDLE_MS);
  await page.close();
  return {
    idle_busy_per_mille: Number((await busyPerMille(window.page, IDLE_MS)).toFixed(2)),
    idle_limit_per_mille: Number(limit.toFixed(2)),
  };
}

const budget = spawnSync(
  process.execPath,
  [path.join(repository, 'apps', 'phone', 'scripts', 'budget', 'main.ts'), '--json'],
  { encoding: 'utf8' },
);

await using office = await openOffice(CONTACTS, HISTORY);
await using anna = await Person.sitDown(office.product, 'anna@demo.example', { tone: 1_000 });
const url = new URL('/', office.product.facts.url).href;
const result: Record<string, unknown> = {};
for (const measure of [() => ready(anna, url), () => idle(anna), () => work(anna), () => calls(anna)]) {
  const measured = await measure();
  console.log(JSON.stringify(measured));
  Object.assign(result, measured);
}
const all = {
  ...(JSON.parse(budgetLine(budget.stdout)) as object),
  ...result,
  contacts: CONTACTS,
  history: HISTORY,
};
for (const [key, value] of Object.entries(all)) console.log(`${key.padEnd(32)} ${JSON.stringify(value)}`);
console.log(JSON.stringify(all));

function budgetLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '{}';
}
