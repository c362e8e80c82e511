import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectToHear } from '../src/ear.ts';
import { Person, type Window } from '../src/person.ts';
import { PASSWORD, extension } from '../src/practice-office.ts';
import { attachTrace } from '../src/trace.ts';
import { SOON } from '../src/until.ts';
import { openFreshCloud, type FreshCloud } from './fresh-cloud.ts';

const CHOSEN = 'tree lamp seven ocean window';
const COMPANY = 'Berger & Söhne GmbH';
/** As Excel saves it on a German Windows: semicolons and Windows-1252. */
const CSV = Buffer.from(
  [
    'E-Mail;Vorname;Nachname;Rufnummer;Passwort;Kostenstelle',
    `jürgen@berger.example;Nobody;At All;;;1`,
    `carla@berger.example;Carla;Düval;201;${PASSWORD};4711`,
    `david@berger.example;David;Engel;202;${PASSWORD};4712`,
    '',
  ].join('\r\n'),
  'latin1',
);
const TONES = { carla: 1_000, david: 700 } as const;

let cloud: FreshCloud;
/** A browser for each: one has one microphone. */
let office: Person;
let carla: Person;
let david: Person;
beforeAll(async () => {
  cloud = await openFreshCloud({
    extensions: [extension('201', 'Carla Düval'), extension('202', 'David Engel')],
    phones: [],
    outside: [],
    services: [],
  });
  const at = (email: string, tone: number) => Person.at(cloud.url, email, CHOSEN, { tone });
  office = await at('anna@berger.example', TONES.carla);
  carla = await at('carla@berger.example', TONES.carla);
  david = await at('david@berger.example', TONES.david);
});
afterAll(async () => {
  await Promise.all([office, carla, david].map((person) => person?.leave()));
  await cloud?.[Symbol.asyncDispose]();
});
attachTrace(() => cloud?.pbx.url);

/** Follows a link of a mail and chooses a password. */
async function accept(window: Window, link: string, terms = false): Promise<void> {
  const { page } = window;
  await page.goto(link);
  await page.getByLabel('Password', { exact: true }).fill(CHOSEN);
  if (terms) await page.getByRole('checkbox').check();
  await window.press('Set password and sign in');
}

const navigation = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

describe('the life of a tenant', () => {
  let administrator: Window;

  it('[E1] of a fresh cloud the printed link makes the first provider, who creates a customer and invites its administrator', async () => {
    await using provider = await office.openSignIn();
    const { page } = provider;
    await page.goto(cloud.firstProvider);
    await page.getByLabel('Your name').fill('Nora Lindqvist');
    await page.getByLabel('Your e-mail address').fill('nora@provider.example');
    await page.getByLabel('Password', { exact: true }).fill(CHOSEN);
    await provider.press('Set password and sign in');
    await heading(page, 'Customers').waitFor({ timeout: SOON });
    await page.getByText('No customers yet').waitFor();

    await page.getByRole('button', { name: 'New customer' }).first().click();
    const form = page.getByRole('dialog', { name: 'New customer' });
    await form.getByLabel('Company').fill(COMPANY);
    await form.getByLabel('Telephone system').selectOption('generic-sip');
    await form.getByLabel('Seats').fill('5');
    await form.getByLabel('Price per user and month').fill('4.90');
    await form.getByLabel('Name', { exact: false }).last().fill('Anna Berger');
    await form.getByLabel('E-mail address').fill('anna@berger.example');
    await form.getByRole('button', { name: 'Create and invite' }).click();
    await heading(page, COMPANY).waitFor({ timeout: SOON });
    await page.getByText('€4.90').waitFor();
    expect(await page.getByRole('row', { name: /Anna Berger/u }).innerText()).toContain('Invited');
  });

  it('[E1 E4] the administrator follows the mail, accepts the terms, connects the telephone system by the guide, and the page hears that it comes in', async () => {
    administrator = await office.openSignIn();
    await accept(administrator, await cloud.linkFor('anna@berger.example'), true);
    const { page } = administrator;
    await navigation(page, 'Users').click({ timeout: SOON });
    await heading(page, 'Users').waitFor();

    await navigation(page, 'Overview').click();
    await page
      .getByRole('link', { name: /^Begin: Name your telephone system/u })
      .first()
      .click();
    await heading(page, 'Connect a telephone system').waitFor();
    await page.getByRole('radio', { name: /Other \(SIP\)/u }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Head office');
    await administrator.press('Continue');
    await page.getByLabel('Host name or IP address').fill('127.0.0.1');
    await page.getByLabel('Transport', { exact: true }).selectOption('udp');
    await page.getByLabel('Port', { exact: true }).fill(String(cloud.pbxSip));
    await administrator.press('Continue');
    await page.getByRole('radio', { name: 'Each line registers by itself' }).check();
    await administrator.press('Create');
    await heading(page, 'Start the connector').waitFor({ timeout: SOON });
    await page.getByText('Waiting for the connector').waitFor();
    await page.getByRole('button', { name: 'Create key' }).first().click();
    await page.getByText('You see this only now', { exact: false }).first().waitFor();
    const copied = async (name: string): Promise<string> =>
      page.getByLabel(name, { exact: true }).inputValue();
    cloud.runStartLine(await copied('The one line that starts it'), await copied('Key'));
    // Nobody reloads: the page hears of it.
    await page.getByText('It is online.', { exact: false }).waitFor({ timeout: SOON });
    const address = page.url();

    await navigation(page, 'Import').click();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'Mitarbeiter.csv', mimeType: 'text/csv', buffer: CSV });
    await heading(page, 'This is what would happen').waitFor({ timeout: SOON });
    await page.getByRole('row', { name: /Carla Düval/u }).waitFor();
    await page.getByRole('tab', { name: /^Refused/u }).click();
    await page.getByText('This is no e-mail address').waitFor();
    await page.getByRole('button', { name: 'Apply 2 rows' }).click();
    await page.getByText('The import has been applied').waitFor({ timeout: SOON });
    await page.goto(address);
    await page.getByText('2 of 2', { exact: true }).waitFor({ timeout: SOON });

    await navigation(page, 'Users').click();
    await page.getByRole('row', { name: /David Engel/u }).waitFor();
    await page.getByText('2 of 5 seats are taken.').waitFor();
    expect(await page.getByRole('row').count()).toBe(4);
  });

  it('[E4] the imported people follow their mails, and one calls the other', async () => {
    await using hers = await carla.openSignIn();
    await using his = await david.openSignIn();
    await accept(hers, await cloud.linkFor('carla@berger.example'));
    await accept(his, await cloud.linkFor('david@berger.example'));
    await hers.expectReady();
    await his.expectReady();

    await hers.callByName('Dav', 'David Engel');
    await his.expectRinging(/Carla Düval/u);
    await his.press('Answer');
    await hers.card('David Engel').expect(/Connected/u);
    await Promise.all([expectToHear(hers.page, TONES.david), expectToHear(his.page, TONES.carla)]);
    await hers.press('Hang up');

    const { page } = administrator;
    await page.reload();
    await page.getByRole('row', { name: /Carla Düval.*Active/u }).waitFor();
    await administrator[Symbol.asyncDispose]();
  });
});
