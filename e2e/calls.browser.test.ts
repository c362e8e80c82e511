import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNotToHear, expectSilence, expectToHear } from './src/ear.ts';
import { missedCall, Person } from './src/person.ts';
import { PracticePbx } from './src/practice-pbx.ts';
import { startProduct, type Product } from './src/product.ts';
import { attachTrace } from './src/trace.ts';

/** Anna's and Ben's voices, in Hz. */
const ANNA = 1_000;
const BEN = 700;

let product: Product;
let anna: Person;
let ben: Person;
beforeAll(async () => {
  product = await startProduct();
  anna = await Person.sitDown(product, 'anna@demo.example', { tone: ANNA });
  ben = await Person.sitDown(product, 'ben@demo.example', { tone: BEN });
});
afterAll(async () => {
  await anna.leave();
  await ben.leave();
  await product.close();
});
attachTrace(() => product.facts.pbxUrl);

describe('signing in', () => {
  it('[D-sign-in] refuses a wrong password in plain words and lets the right one in', async () => {
    await using window = await anna.openSignIn();
    await window.signIn('anna@demo.example', 'not-her-password');
    await window.expectText(/password is wrong/iu);
    await window.signIn('anna@demo.example', product.passwordOf('anna@demo.example'));
    await window.expectReady();
  });
});

describe('a call of one person', () => {
  it('[A1] the echo test gives back her own voice, until she hangs up', async () => {
    await using window = await anna.openWindow();
    await window.dial('600');
    await window.expectStatus(/Connected/u);
    await expectToHear(window.page, ANNA);
    await window.press('Hang up');
    await window.expectStatus(/Ended/u);
  });

  it('[A1] a call that is placed before the connection stands waits for it', async () => {
    await using window = await anna.openSignIn();
    await window.slowDownSocket(1_000);
    await window.signIn('anna@demo.example', product.passwordOf('anna@demo.example'));
    await window.dial('601');
    await window.expectStatus(/Connected/u);
    await window.press('Hang up');
    await window.expectStatus(/Ended/u);
  });

  it('[A2] keys of the keypad arrive: the service reads them back as tones', async () => {
    await using window = await anna.openWindow();
    await window.dial('602');
    await window.expectStatus(/Connected/u);
    await window.pressKeys('5');
    // The upper tone of the pair is the louder one (RFC 4733 section 3.2, ITU-T Q.23): 770 and 1336 Hz.
    await expectToHear(window.page, 1_336);
    await window.press('Hang up');
    await window.expectStatus(/Ended/u);
  });

  it('[A1] an announcement that hangs up ends the call here, too', async () => {
    await using window = await anna.openWindow();
    await window.dial('603');
    await window.expectStatus(/Connected/u);
    await window.expectStatus(/Ended/u, 30_000);
  });

  it.each([
    ['604', /busy/iu],
    ['606', /(?:rejected|declined|refused)/iu],
    ['999', /(?:unknown|not in service|does not exist|no such)/iu],
  ])('[A1] %s fails in plain words', async (number, words) => {
    await using window = await anna.openWindow();
    await window.dial(number);
    await window.expectStatus(words);
  });

  it('[A1] a phone that nobody answers says so', async () => {
    await using window = await anna.openWindow();
    await window.dial('605');
    await window.expectStatus(/Ringing/u);
    await window.expectStatus(/(?:no answer|not answered|nobody answered)/iu, 30_000);
  });
});

describe('a call between two people', () => {
  it('[A1 A3 C1] Anna types the name of Ben, they hear each other, mute, hold and hang up', async () => {
    await using hers = await anna.openWindow();
    await using his = await ben.openWindow();
    await hers.callByName('Ben', 'Ben Carter');
    await hers.expectStatus(/Ringing/u);
    await his.expectRinging(/Anna Berger/u);
    await his.press('Answer');
    await hers.expectStatus(/Connected/u);
    await his.expectStatus(/Connected/u);
    await Promise.all([expectToHear(his.page, ANNA), expectToHear(hers.page, BEN)]);

    await hers.press('Mute');
    await expectSilence(his.page);
    await expectToHear(hers.page, BEN);
    await hers.press('Unmute');
    await expectToHear(his.page, ANNA);

    await hers.press('Hold');
    await hers.expectStatus(/On hold/u);
    await Promise.all([expectNotToHear(his.page, ANNA), expectSilence(hers.page)]);
    await hers.press('Retrieve');
    await hers.expectStatus(/Connected/u);
    await Promise.all([expectToHear(his.page, ANNA), expectToHear(hers.page, BEN)]);

    await his.press('Hang up');
    await hers.expectStatus(/Ended/u);
    await his.expectStatus(/Ended/u);
  });

  it('[A1] Ben rejects, and Anna is told so', async () => {
    await using hers = await anna.openWindow();
    await using his = await ben.openWindow();
    await hers.dial('102');
    await his.expectRinging();
    await his.press('Reject');
    await hers.expectStatus(/(?:busy|rejected|declined|refused)/iu);
    await his.expectNotRinging();
  });

  it('[A1] Anna gives up before Ben answers, and his window stops ringing', async () => {
    await using hers = await anna.openWindow();
    await using his = await ben.openWindow();
    await hers.dial('102');
    await his.expectRinging();
    await hers.press('Hang up');
    await his.expectNotRinging();
  });
});

describe('a call from a desk phone', () => {
  it('[A14] rings in every tab and window of hers and on her desk, and stops everywhere when one answers', async () => {
    await using first = await anna.openWindow();
    const tab = await first.openTab();
    await using second = await anna.openWindow();
    const everywhere = [first, tab, second];
    const pbx = new PracticePbx(product.facts.pbxUrl);

    await pbx.call('201', '101');
    await Promise.all(everywhere.map((window) => window.expectRinging(/Carla Duval/u)));
    await pbx.waitFor('101', 'ringing');
    await second.press('Answer');
    await Promise.all(everywhere.map((window) => window.expectNotRinging()));
    await pbx.waitFor('101', 'idle');
    await second.expectStatus(/Connected/u);
    expect(await first.button('Hang up').isVisible()).toBe(false);
    await pbx.hangUp('201');
    await second.expectStatus(/Ended/u);
    await Promise.all(everywhere.map((window) => window.expectText(/Carla Duval[^]*Incoming/u)));
    await Promise.all(everywhere.map((window) => window.expectNoText(missedCall)));
  });
});
