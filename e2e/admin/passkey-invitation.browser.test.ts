import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plugInAuthenticator } from '../src/authenticator.ts';
import { Person } from '../src/person.ts';
import { SOON } from '../src/until.ts';
import { openFreshCloud, type FreshCloud } from './fresh-cloud.ts';

let cloud: FreshCloud;
let nora: Person;
let url: string;
beforeAll(async () => {
  cloud = await openFreshCloud({ extensions: [], phones: [], outside: [], services: [] });
  // By name: browsers have no passkeys for an IP address.
  url = cloud.url.replace('127.0.0.1', 'localhost');
  nora = await Person.at(url, 'nora@provider.example', '', { tone: 1_000 });
});
afterAll(async () => {
  await nora?.leave();
  await cloud?.[Symbol.asyncDispose]();
});

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

describe('an account without a password', () => {
  it('[E1 H4] the first provider makes a passkey in place of a password, signs in with it, and its only way in stays', async () => {
    await using window = await nora.openSignIn();
    const { page } = window;
    await plugInAuthenticator(page);
    await page.goto(cloud.firstProvider.replace('127.0.0.1', 'localhost'));
    await page.getByLabel('Your name').fill('Nora Lindqvist');
    await page.getByLabel('Your e-mail address').fill('nora@provider.example');
    expect(await page.getByRole('radio', { name: 'Create a passkey' }).isChecked()).toBe(true);
    await window.press('Create passkey and sign in');
    await heading(page, 'Customers').waitFor({ timeout: SOON });

    await page.goto(`${url}/account/security`);
    await page.getByText('You have no password.', { exact: false }).waitFor();
    await page.getByRole('button', { name: /^Remove Chrom/u }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove passkey?' });
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText('Without this you could no longer sign in.', { exact: false }).waitFor();

    await window.context.clearCookies();
    await page.goto(`${url}/account/sign-in`);
    // The browser offers it in the e-mail field; the virtual authenticator takes the offer at once.
    await heading(page, 'Customers').waitFor({ timeout: SOON });
  });
});
