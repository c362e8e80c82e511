import { afterAll, beforeAll, describe, it } from 'vitest';
import { findFirefox, Firefox } from './src/firefox/firefox.ts';
import { startProduct, type Product } from './src/product.ts';
import { attachTrace } from './src/trace.ts';
import { SOON, until } from './src/until.ts';

const program = findFirefox();
if (program === undefined)
  console.warn('There is no Firefox (Debian package firefox-esr): its call is not tried.');

describe.skipIf(program === undefined)('in Firefox', () => {
  let product: Product;
  let firefox: Firefox;
  beforeAll(async () => {
    product = await startProduct();
    firefox = await Firefox.launch(program ?? '');
  });
  afterAll(async () => {
    await firefox[Symbol.asyncDispose]();
    await product.close();
  });
  attachTrace(() => product.facts.pbxUrl);

  const expectText = async (text: RegExp): Promise<void> => {
    await until(
      `to read ${text.source}`,
      () => firefox.evaluate(() => document.body.innerText, null),
      (seen) => text.test(seen),
      SOON,
    );
  };

  /** Firefox' false microphone is one steady tone, which the echo test sends back. */
  const expectVoice = async (): Promise<void> => {
    await until(
      'to hear herself',
      () => firefox.loudness(),
      (level) => level > 0.01,
    );
  };

  it('[D1] Anna signs in, calls the echo test, hears herself, holds, retrieves and hangs up', async () => {
    await firefox.open(product.facts.url);
    await firefox.type('Email', 'anna@demo.example');
    await firefox.type('Password', product.passwordOf('anna@demo.example'));
    await firefox.press('Sign in');
    await expectText(/^Online$/mu);

    await firefox.type('Name or number', '600');
    await firefox.press('Call');
    await expectText(/Connected/u);
    await expectVoice();

    await firefox.press('Hold');
    await expectText(/On hold/iu);
    await firefox.press('Retrieve');
    await expectText(/Connected/u);
    await expectVoice();
    await firefox.press('Hang up');
    await expectText(/Ended/u);
  });
});
