import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectLinesRegistered } from './src/connector.ts';
import { expectToHear } from './src/ear.ts';
import { Person } from './src/person.ts';
import { PracticePbx } from './src/practice-pbx.ts';
import { startProduct, type Product } from './src/product.ts';
import { attachTrace } from './src/trace.ts';
import { until } from './src/until.ts';

const ANNA = 1_000;
const BEN = 700;
/** The voice of Carla's desk phone. */
const CARLA = 550;

let product: Product;
let anna: Person;
beforeAll(async () => {
  product = await startProduct();
  anna = await Person.sitDown(product, 'anna@demo.example', { tone: ANNA });
});
afterAll(async () => {
  await anna.leave();
  await product.close();
});
attachTrace(() => product.facts.pbxUrl);

describe('a reload during a call', () => {
  it('[reload] the call is still there, and its voice comes back without the other side hanging up', async () => {
    await using ben = await Person.sitDown(product, 'ben@demo.example', { tone: BEN });
    await using hers = await anna.openWindow();
    await using his = await ben.openWindow();
    await hers.dial('102');
    await his.expectRinging();
    await his.press('Answer');
    await Promise.all([expectToHear(his.page, ANNA), expectToHear(hers.page, BEN)]);

    await hers.page.reload();
    await hers.expectStatus(/Connected/u);
    await Promise.all([expectToHear(his.page, ANNA), expectToHear(hers.page, BEN)]);
    await his.expectStatus(/Connected/u);
    await hers.press('Hang up');
    await his.expectStatus(/Ended/u);
  });
});

describe('a cloud that dies during a call', () => {
  it('[H2] the voice goes on, the phone says what is wrong, and afterwards the call can be ended', async () => {
    await using hers = await anna.openWindow();
    await hers.dial('600');
    await hers.expectStatus(/Connected/u);
    await expectToHear(hers.page, ANNA);

    process.kill(product.facts.pids.cloud, 'SIGKILL');
    // A colleague may be offline meanwhile: these words are about the own connection.
    await hers.expectText(/(?:reconnecting|connection to the service lost)/iu);
    await expectToHear(hers.page, ANNA);

    await hers.expectNoText(/(?:reconnecting|connection to the service lost)/iu, 40_000);
    await hers.expectStatus(/Connected/u);
    await expectToHear(hers.page, ANNA);
    await hers.press('Hang up');
    await hers.expectStatus(/Ended/u);
  });
});

describe('a connector that dies during a call', () => {
  it('[restart] the phone says that the call has ended and why, and the next call gets through', async () => {
    await using hers = await anna.openWindow();
    await hers.dial('600');
    await hers.expectStatus(/Connected/u);
    await expectToHear(hers.page, ANNA);

    process.kill(product.facts.pids.connector, 'SIGKILL');
    await hers.expectStatus(/Ended · The telephone connector was restarted/u, 40_000);
    await until(
      'the connector to be back',
      () => product.output(),
      (text) => text.includes('connector is back.'),
    );
    await expectLinesRegistered(product.facts.connectorUrl);
    await hers.expectText(/^Online$/mu);
    await hers.dial('600');
    await hers.expectStatus(/Connected/u);
    await expectToHear(hers.page, ANNA);
    await hers.press('Hang up');
    await hers.expectNoText(/Connected/u);
  });
});

describe('a browser without microphone', () => {
  it('[no-microphone] says so in clear words when calling, and still can receive a call', async () => {
    await using ben = await Person.sitDown(product, 'ben@demo.example', 'denied');
    await using his = await ben.openWindow();
    await his.dial('601');
    await his.expectText(/microphone/iu);

    const pbx = new PracticePbx(product.facts.pbxUrl);
    await pbx.call('201', '102');
    await his.expectRinging(/Carla Duval/u);
    await his.press('Answer');
    await his.press('Listen only');
    await his.expectStatus(/Connected/u);
    await expectToHear(his.page, CARLA);
    await pbx.hangUp('201');
    await his.expectStatus(/Ended/u);
  });
});
