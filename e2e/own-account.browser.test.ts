import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plugInAuthenticator } from './src/authenticator.ts';
import { totp } from './src/authenticator-app.ts';
import { Person } from './src/person.ts';
import { startProduct, type Product } from './src/product.ts';
import { until } from './src/until.ts';

const email = 'ben@demo.example';
let product: Product;
let ben: Person;
beforeAll(async () => {
  product = await startProduct();
  // By name: browsers have no passkeys for an IP address.
  const url = product.facts.url.replace('127.0.0.1', 'localhost');
  ben = await Person.at(url, email, product.passwordOf(email), { tone: 1_000 });
});
afterAll(async () => {
  await ben.leave();
  await product.close();
});

describe('the own account', () => {
  it('[D8 H4] from the phone’s menu: a second factor is set up, asked for at the next sign-in, and other devices are signed out', async () => {
    await using window = await ben.openWindow();
    const { page } = window;
    const breaches: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') breaches.push(message.text());
    });
    await page.getByRole('button', { name: /^Account/u }).click();
    await page.getByRole('link', { name: 'Account and security' }).click();
    await page.getByRole('heading', { name: 'Account and security' }).waitFor();

    await window.press('Set up');
    const secret = await page.getByLabel('Or type this key', { exact: true }).inputValue();
    await page.getByLabel('Code that the app shows').fill(totp(secret));
    await window.press('Turn on');
    const codes = page.getByRole('dialog', { name: 'Recovery codes' });
    await codes.getByRole('listitem').nth(1).waitFor();
    const [code = '', another = ''] = await codes.getByRole('listitem').allTextContents();
    await codes.getByRole('checkbox').check();
    await window.press('Done');
    await page.getByText('On', { exact: true }).waitFor();

    await using byApp = await ben.openSignIn();
    await byApp.signIn(email, product.passwordOf(email));
    const field = byApp.page.getByLabel('Code', { exact: true });
    await field.fill('000000');
    await byApp.press('Continue');
    await byApp.expectText(/This code is not right/u);
    // The code of now is used; the next is taken already, for telephones whose clock is fast.
    await field.fill(totp(secret, 1));
    await byApp.press('Continue');
    await byApp.expectReady();

    await using inItsPlace = await ben.openSignIn();
    await inItsPlace.signIn(email, product.passwordOf(email));
    await inItsPlace.page.getByLabel('Code', { exact: true }).fill(another);
    await inItsPlace.press('Continue');
    await inItsPlace.expectReady();

    await using second = await ben.openSignIn();
    await second.signIn(email, product.passwordOf(email));
    await second.press('Use a recovery code');
    await second.page.getByLabel('Recovery code').fill(code);
    await second.press('Continue');
    await second.expectReady();

    await page.reload();
    await window.press('Sign out everywhere else');
    await page.getByText('Signed out everywhere else.').waitFor();
    await second.page.getByLabel('Email', { exact: true }).waitFor();

    await window.press('Turn off');
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    await page.getByText('The authenticator app is off.').waitFor();
    expect(breaches).toEqual([]);
  });

  it('[D8] the language is chosen for pages and mails; a wrong current password is told', async () => {
    await using window = await ben.openSignIn();
    const { page } = window;
    await page.goto(new URL('/account/sign-in?return=/account/security', page.url()).href);
    await window.signIn(email, product.passwordOf(email));
    await page.getByRole('heading', { name: 'Account and security' }).waitFor();
    await window.press('Change password');
    await page.getByLabel('Current password').fill('not mine');
    await page.getByLabel('New password', { exact: true }).fill('tree lamp seven ocean window');
    await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click();
    await page.getByText('E-mail address or password is wrong.').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('combobox', { name: 'Language' }).last().click();
    await page.getByRole('option', { name: 'Deutsch' }).last().click();
    await page.getByRole('heading', { name: 'Konto und Sicherheit' }).waitFor();
    const account = await page.evaluate(
      async () => (await (await fetch('/api/account')).json()) as { language: string },
    );
    expect(account.language).toBe('de');
  });

  it('[D8] who forgot the password gets a link by mail, chooses a new one and is in the phone', async () => {
    await using window = await ben.openSignIn();
    const { page } = window;
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('Your e-mail address').fill(email);
    await window.press('Send link');
    await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();

    const link = await until<string | undefined>(
      'the mail with the link',
      async () => {
        const { mails } = await page.evaluate(
          async () =>
            (await (await fetch('/api/outbox')).json()) as { mails: { to: string; text?: string }[] },
        );
        const text = mails.find(({ to }) => to === email)?.text ?? '';
        return /\/account\/reset#\S+/u.exec(text)?.[0];
      },
      (seen) => seen !== undefined,
    );
    await page.goto(new URL(link ?? '', page.url()).href);
    const field = page.locator('input[name="new-password"]');
    await field.fill('short');
    await page.getByText(/^(Too short|Zu kurz)$/u).waitFor();
    await field.fill(product.passwordOf(email));
    expect(new URL(page.url()).hash).toBe('');
    await page.locator('button[type="submit"]').click();
    await window.expectReady();
  });

  it('[D8 H4] a passkey is added on the page, and signs in to the phone without a password', async () => {
    await using window = await ben.openWindow();
    const { page } = window;
    await plugInAuthenticator(page);
    await page.goto(new URL('/account/security', page.url()).href);
    await window.press('Add a passkey');
    await page.getByLabel('Name of this passkey').fill('Laptop');
    await window.press('Save');
    await page.getByText('The passkey has been added.').waitFor();

    await window.context.clearCookies();
    await page.goto(new URL('/', page.url()).href);
    // The browser offers it in the e-mail field; the virtual authenticator takes the offer at once.
    await window.expectReady();
  });
});
