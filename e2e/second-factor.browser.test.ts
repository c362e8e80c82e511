import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totp } from './src/authenticator-app.ts';
import { Person, type Window } from './src/person.ts';
import { startProduct, type Product } from './src/product.ts';

const email = 'anna@demo.example';
let product: Product;
let anna: Person;
beforeAll(async () => {
  product = await startProduct();
  // By name: browsers have no passkeys for an IP address.
  const url = product.facts.url.replace('127.0.0.1', 'localhost');
  anna = await Person.at(url, email, product.passwordOf(email), { tone: 1_000 });
});
afterAll(async () => {
  await anna.leave();
  await product.close();
});

/** As a page of ours asks. */
const ask = <Answer>(window: Window, method: string, path: string, body?: object): Promise<Answer> =>
  window.page.evaluate(
    async ([verb, where, sent]) => {
      const response = await fetch(where, {
        method: verb,
        ...(sent === null ? {} : { headers: { 'content-type': 'application/json' }, body: sent }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${verb} ${where} was answered ${response.status}: ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
    [method, path, body === undefined ? null : JSON.stringify(body)] as const,
  );

describe('the second factor', () => {
  it('[H4] a passkey of the browser is added, and signs in without a password', async () => {
    await using window = await anna.openWindow();
    const devtools = await window.context.newCDPSession(window.page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    type Challenge = { ticket: string; options: never };
    const added = await ask<Challenge>(window, 'POST', '/api/account/passkeys/options');
    const response = await window.page.evaluate(async (options) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      return ((await navigator.credentials.create({ publicKey })) as PublicKeyCredential).toJSON();
    }, added.options);
    await ask(window, 'POST', '/api/account/passkeys', { ticket: added.ticket, name: 'Laptop', response });
    await ask(window, 'DELETE', '/api/session');

    const asked = await ask<Challenge>(window, 'POST', '/api/session/passkey/options');
    const assertion = await window.page.evaluate(async (options) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      return ((await navigator.credentials.get({ publicKey })) as PublicKeyCredential).toJSON();
    }, asked.options);
    const answer = { ticket: asked.ticket, response: assertion };
    expect(await ask(window, 'POST', '/api/session/passkey', answer)).toMatchObject({
      state: 'signed_in',
      me: { email },
    });
    await window.page.reload();
    await window.expectReady();
    const { passkeys } = await ask<{ passkeys: { passkeyId: string }[] }>(window, 'GET', '/api/account');
    await ask(window, 'DELETE', `/api/account/passkeys/${passkeys[0]?.passkeyId ?? ''}`);
  });

  it('[H4] after the password the phone asks for the code of the app, and takes a recovery code in its place', async () => {
    await using window = await anna.openWindow();
    const { ticket, secret } = await ask<{ ticket: string; secret: string }>(
      window,
      'POST',
      '/api/account/totp',
    );
    const code = totp(secret);
    const { codes } = await ask<{ codes: string[] }>(window, 'POST', '/api/account/totp/confirm', {
      ticket,
      code,
    });

    await using app = await anna.openSignIn();
    await app.signIn(email, product.passwordOf(email));
    const field = app.page.getByLabel('Code', { exact: true });
    await field.fill('000000');
    await app.press('Continue');
    await app.expectText(/This code is not right/u);
    // The code of now is used; the next is taken already, for telephones whose clock is fast.
    await field.fill(totp(secret, 1));
    await app.press('Continue');
    await app.expectReady();

    await using lost = await anna.openSignIn();
    await lost.signIn(email, product.passwordOf(email));
    await lost.page.getByLabel('Code', { exact: true }).fill(codes[0] ?? '');
    await lost.press('Continue');
    await lost.expectReady();
    await ask(window, 'DELETE', '/api/account/totp');
  });
});
