import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';

/* The accessible names are part of the interface: whoever uses these pages, a person with a screen reader or a test, finds things by them. */

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});
afterAll(() => gallery.close());
beforeEach(() => page.setViewportSize({ width: 1280, height: 800 }));

const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });

async function signIn(email: string, password = 'secret'): Promise<void> {
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button('Sign in').click();
}

describe('[E1] signing in', () => {
  it('a wrong password is said in words', async () => {
    await gallery.show('sign-in');
    await signIn('anna@berger.example');
    expect(await page.getByRole('alert').textContent()).toBe('E-mail address or password is wrong.');
  });

  it('nothing typed is said before anything is asked', async () => {
    await gallery.show('sign-in');
    await button('Sign in').click();
    expect(await page.getByRole('alert').textContent()).toContain('Enter your e-mail address');
  });

  it('a second factor is asked for; the focus is in its field; a recovery code is another way, and there is one back', async () => {
    await gallery.show('sign-in-second');
    await signIn('anna@berger.example');
    await heading('One more step').waitFor();
    const code = page.getByLabel('Code', { exact: true });
    expect(await code.evaluate((field) => field === document.activeElement)).toBe(true);
    await code.fill('123 456');
    await code.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('This code is not right');
    await button('Use a recovery code').click();
    await page.getByLabel('Recovery code').waitFor();
    await button('Back to sign-in').click();
    await heading('Welcome back').waitFor();
  });

  it('a domain with its own sign-in page has a button with its name; where it is the only way there is no password', async () => {
    await gallery.show('sign-in-sso');
    await page.getByLabel('Email', { exact: true }).fill('anna@berger.example');
    await button('Continue with Berger Entra ID').waitFor();
    expect(await page.getByLabel('Password', { exact: true }).count()).toBe(1);
    await gallery.show('sign-in-sso-only');
    await page.getByLabel('Email', { exact: true }).fill('anna@berger.example');
    await page.getByText('Your company signs in through its own page.').waitFor();
    expect(await page.getByLabel('Password', { exact: true }).count()).toBe(0);
  });
});

describe('[E1] links from mails', () => {
  it('an invitation greets by name; the password’s strength is told; without accepting the terms nobody comes in', async () => {
    await gallery.show('invitation-terms');
    await heading('Welcome, Carla Duval').waitFor();
    await page.getByRole('radio', { name: 'Choose a password' }).check();
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('short');
    await page.getByText('Too short', { exact: true }).waitFor();
    await password.fill('tree lamp seven ocean window');
    await page.getByText('Strong', { exact: true }).waitFor();
    await button('Set password and sign in').click();
    expect(await page.getByRole('alert').textContent()).toContain('accept the terms');
    await page.getByRole('checkbox').check();
    await button('Set password and sign in').click();
    await page.getByText('This password is easy to guess', { exact: false }).waitFor();
  });

  it('a passkey is what is offered first; what goes wrong with it is said in words', async () => {
    await gallery.show('invitation');
    expect(await page.getByRole('radio', { name: 'Create a passkey' }).isChecked()).toBe(true);
    expect(await page.getByLabel('Password', { exact: true }).count()).toBe(0);
    await button('Create passkey and sign in').click();
    await page.getByText('This link has been used already.', { exact: false }).waitFor();
    // After a reset a password is what is chosen.
    await gallery.show('reset');
    await page.getByLabel('New password', { exact: true }).waitFor();
    expect(await page.getByRole('radio').count()).toBe(0);
  });

  it('a link that is expired or cut off says so and leads to sign-in', async () => {
    await gallery.show('link-expired');
    await heading('This link does not work any more').waitFor();
    await gallery.show('link-incomplete');
    await heading('This link is not complete').waitFor();
    expect(await page.getByRole('link', { name: 'Go to sign-in' }).count()).toBe(1);
  });

  it('who forgot the password is answered the same whoever they are', async () => {
    await gallery.show('forgot');
    await page.getByLabel('Your e-mail address').fill('nobody@berger.example');
    await button('Send link').click();
    await heading('Look into your mailbox').waitFor();
    expect(await page.getByText('If nobody@berger.example has an account here').count()).toBe(1);
  });
});

describe('[E1] the own account', () => {
  it('an authenticator app: QR code, typed key, first code, and recovery codes that have to be kept', async () => {
    await gallery.show('security');
    await button('Set up').click();
    await page.getByRole('img', { name: 'QR code with the secret for your app' }).waitFor();
    expect(await page.getByLabel('Or type this key', { exact: true }).inputValue()).toContain('JBSW');
    await page.getByLabel('Code that the app shows').fill('123456');
    await button('Turn on').click();
    const dialog = page.getByRole('dialog', { name: 'Recovery codes' });
    await dialog.waitFor();
    expect(await dialog.getByRole('listitem').count()).toBe(10);
    const done = dialog.getByRole('button', { name: 'Done' });
    expect(await done.isDisabled()).toBe(true);
    await dialog.getByRole('checkbox').check();
    await done.click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('what weakens the account asks for the password again', async () => {
    await gallery.show('security-full');
    await button('Turn off').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await dialog.getByLabel('Your password').fill('wrong');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    const alert = dialog.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toBe('E-mail address or password is wrong.');
  });

  it('who has no password proves who it is by a passkey, and what was wanted goes on', async () => {
    await gallery.show('security-passkey-only');
    await button('New codes').click();
    await page.getByRole('dialog').getByRole('button', { name: 'New codes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('dialog', { name: 'Recovery codes' }).waitFor();
    expect(await page.getByLabel('Your password').count()).toBe(0);
  });

  it('other devices can be signed out, the own one cannot', async () => {
    await gallery.show('security-full');
    await button('Sign out Safari on iPhone').click();
    await page.getByText('Signed out.', { exact: true }).waitFor();
    expect(await page.getByText('This device', { exact: true }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Sign out Chrome on Windows' }).count()).toBe(0);
  });

  it('in another language everything is in it at once', async () => {
    await gallery.show('security', { language: 'fr' });
    await heading('Compte et sécurité').waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('fr');
  });
});

describe('shell', () => {
  it('on a narrow screen navigation opens as a drawer; Escape closes it and gives the focus back', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await gallery.show('not-found');
    await button('Menu').click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await button('Menu').evaluate((one) => one === document.activeElement)).toBe(true);
  });

  it('the first Tab reaches the link to the content', async () => {
    await gallery.show('not-found');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });

  it('the page is named in the browser’s tab', async () => {
    await gallery.show('not-found');
    expect(await page.title()).toBe('This page does not exist · Offhook');
  });
});
