import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser } from './src/chromium.ts';
import { expectToHear } from './src/ear.ts';
import { Person } from './src/person.ts';
import { PracticePbx } from './src/practice-pbx.ts';
import { repository, startProduct } from './src/product.ts';

/** Takes the pictures of the documentation from the running product: `npm run screenshots`. */
const folder = path.join(repository, 'docs', 'images');
mkdirSync(folder, { recursive: true });
const file = (name: string) => path.join(folder, `${name}.png`);

await using product = await startProduct();
const pbx = new PracticePbx(product.facts.pbxUrl);
await using anna = await Person.sitDown(product, 'anna@demo.example', { tone: 1_000 });
await using ben = await Person.sitDown(product, 'ben@demo.example', { tone: 700 });
await using hers = await anna.openWindow();
await using his = await ben.openWindow();

// Something for the list of past calls: one that nobody took, one that was busy, one that was talked.
await pbx.call('202', '101');
await hers.expectRinging(/David Engel/u);
await hers.page.screenshot({ path: file('phone-incoming') });
await pbx.hangUp('202');
await hers.expectNotRinging();
await hers.dial('604');
await hers.expectStatus(/busy/iu);
await hers.dial('201');
await hers.expectStatus(/Connected/u);
await expectToHear(hers.page, 550);
await hers.press('Hang up');
await hers.expectStatus(/Ended/u);

await hers.callByName('Ben', 'Ben Carter');
await his.expectRinging(/Anna Berger/u);
await his.press('Answer');
await hers.expectStatus(/Connected/u);
await expectToHear(hers.page, 700);
await hers.expectText(/0:0[3-9]/u);
await hers.page.screenshot({ path: file('phone-call') });
await hers.press('Hang up');

// The desk phones: one is about to be transferred, another rings.
const view = { viewport: { width: 1440, height: 605 }, reducedMotion: 'reduce' } as const;
await using browser = await launchBrowser('denied');
const desk = await browser.newPage(view);
await desk.goto(product.facts.pbxUrl);
await pbx.call('201', '202');
await pbx.waitFor('202', 'ringing');
await pbx.answer('202');
await pbx.waitFor('201', 'talking');
await pbx.call('101', '102');
const phone = (id: string) => desk.locator(`[data-phone="${id}"]`);
await phone('202').getByRole('button', { name: 'Transfer', exact: true }).click();
await phone('202').getByRole('button', { name: '6', exact: true }).click();
await phone('102').getByText('Call from').waitFor();
await phone('201')
  .getByText(/hears 660 Hz/u)
  .waitFor();
await desk.screenshot({ path: file('practice-pbx') });

console.log(`Pictures are in ${path.relative(process.cwd(), folder)}.`);
