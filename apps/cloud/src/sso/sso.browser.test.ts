import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '@offhook/testkit';
import { escapeXml } from '@offhook/xml';
import { chromium, type Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { useTestServer } from '../testing/database.ts';
import { signingKey } from './testing/certificates.ts';
import { openHostileProvider } from './testing/hostile-provider.ts';
import { encode, idpMetadata, readRequest, respond, statementFor } from './testing/saml-idp.ts';
import { ssoWorld } from './testing/world.ts';

/**
 * A real browser, for which `localhost` and `127.0.0.1` are different sites: which cookies come along from one to the other is its decision, and
 * the way of a sign-in hangs on it.
 */
const server = useTestServer();

async function openPage(): Promise<Page> {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const executablePath = process.env['CHROMIUM_PATH'] ?? names.map(findProgram).find(Boolean);
  if (executablePath === undefined)
    throw new Error('There is no Chromium. Install it, or set CHROMIUM_PATH.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  onTestFinished(() => browser.close());
  return browser.newPage();
}

async function world() {
  const webRoot = await mkdtemp(join(tmpdir(), 'sso-web-'));
  onTestFinished(() => rm(webRoot, { recursive: true, force: true }));
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>The phone</title>');
  return ssoWorld(server, { webRoot });
}

/** What a page of ours learns when it asks who is there. */
const askedByPage = (page: Page) =>
  page.evaluate(
    async () => ((await (await fetch('/api/session')).json()) as { me: { email: string } | null }).me,
  );

test('[E7] SAML: a page of another site posts the response, and the person is signed in on ours', async () => {
  const [{ cloud, setUp, ssoId }, key] = [await world(), await signingKey()];
  const idp = createServer((request, response) => {
    const asked = readRequest(`http://localhost${request.url ?? ''}`);
    const xml = respond(statementFor(asked, 'urn:idp', 'anna@acme.example'), key);
    response
      .setHeader('content-type', 'text/html')
      .end(
        `<form method="post" action="${escapeXml(asked.acsUrl)}"><input name="SAMLResponse" value="${encode(xml)}">` +
          `<input name="RelayState" value="${asked.relayState}"></form><script>document.forms[0].submit()</script>`,
      );
  });
  await new Promise<void>((done) => {
    idp.listen(0, '127.0.0.1', done);
  });
  onTestFinished(() => void idp.close());
  const signOn = `http://localhost:${(idp.address() as AddressInfo).port}/sso`;
  await setUp({ kind: 'saml', metadata: idpMetadata('urn:idp', signOn, [key.certificate]) });

  const page = await openPage();
  await page.goto(`${cloud.url}/api/sso/${ssoId}/start?return=/people`);
  await page.waitForURL(`${cloud.url}/people`);
  expect(await askedByPage(page)).toMatchObject({ email: 'anna@acme.example' });
});

test('[E7] another site’s page cannot begin a sign-in: nobody is signed in as a stranger (login CSRF)', async () => {
  const { cloud, setUp, ssoId } = await world();
  const { issuer } = await openHostileProvider('anna@acme.example', 'localhost');
  await setUp({ kind: 'oidc', issuer, clientId: 'offhook', clientSecret: 'secret' });
  const evil = createServer((_request, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end(`<script>location = '${cloud.url}/api/sso/${ssoId}/start'</script>`);
  });
  await new Promise<void>((done) => {
    evil.listen(0, '127.0.0.1', done);
  });
  onTestFinished(() => void evil.close());
  const page = await openPage();
  await page.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`);
  await page.waitForURL(`${cloud.url}/?sso_error=state_unknown`);
  expect(await askedByPage(page)).toBeNull();
});

test('[E7] OpenID Connect: another site sends back, and the person is signed in on ours', async () => {
  const { cloud, setUp, ssoId } = await world();
  const { issuer } = await openHostileProvider('anna@acme.example', 'localhost');
  await setUp({ kind: 'oidc', issuer, clientId: 'offhook', clientSecret: 'secret' });
  const page = await openPage();
  await page.goto(`${cloud.url}/`);
  // As the sign-in page does it.
  await page.evaluate(`location.assign('/api/sso/${ssoId}/start?return=/people')`);
  await page.waitForURL(`${cloud.url}/people`);
  expect(await askedByPage(page)).toMatchObject({ email: 'anna@acme.example' });
});
