import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGallery, type Gallery } from '../../scripts/open-gallery.ts';

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await openGallery();
  page = gallery.page;
});
afterAll(() => gallery.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });

describe('[E3] telephone systems', () => {
  it('the wizard names what is missing, and ends with a key and the line that starts the connector', async () => {
    await gallery.show('connector-wizard');
    await button('Continue').click();
    await page.getByText('Please check this.').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Branch Lyon');
    await button('Continue').click();
    await page.getByLabel('Host name or IP address').fill('pbx.example');
    await button('Continue').click();
    await page.getByRole('radio', { name: 'One SIP trunk for all' }).check();
    await button('Create').click();
    await page.getByText('Please check this.').first().waitFor();
    await page.getByRole('radio', { name: 'Each line registers by itself' }).check();
    await button('Create').click();
    await page.getByRole('heading', { name: 'Start the connector' }).waitFor();
    await button('Create key').first().click();
    await page.getByLabel('Key', { exact: true }).waitFor();
    expect(await page.getByLabel('Key', { exact: true }).inputValue()).toContain('ohk_');
    expect(await page.getByLabel('The one line that starts it', { exact: true }).inputValue()).toContain(
      '--cloud',
    );
  });

  it('trouble says what to do; deleting wants the name', async () => {
    await gallery.show('connector-trouble');
    await page.getByText('Correct them at the users concerned', { exact: false }).waitFor();
    await button('Delete telephone system').click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Delete telephone system' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Works Esslingen');
    expect(await confirm.isDisabled()).toBe(false);
  });
});

describe('[E3] live updates', () => {
  it('what is interrupted is said in a small place', async () => {
    await gallery.show('live-interrupted');
    const note = page.getByRole('status').getByText('Live updates are interrupted');
    await note.waitFor();
    expect(await note.innerText()).toContain('with a delay');
  });
});

describe('[E6] single sign-on', () => {
  it('a test that failed says what to do; what is not saved cannot be tested', async () => {
    await gallery.show('sso-failed');
    await page.getByText('does not accept client ID or secret', { exact: false }).waitFor();
    await page.getByLabel('Client ID').fill('another');
    expect(await button('Test sign-in').isDisabled()).toBe(true);
    await button('Save').click();
    await page.getByText('Nobody could sign in any more', { exact: false }).waitFor();
  });

  it('a domain that waits for its proof shows the record to copy, and a look at the DNS says what is there instead', async () => {
    await gallery.show('sso');
    await page.getByText('Waiting for proof').waitFor();
    expect(await page.getByRole('textbox', { name: 'TXT record of berger.cat' }).inputValue()).toMatch(
      /^offhook-verification=/u,
    );
    await button('Check now: berger.cat').click();
    await page.getByText('shows another record of ours', { exact: false }).waitFor();
    await page.getByText('oldOldOldOldOldOld', { exact: false }).waitFor();
  });
});

describe('[E8] the audit log', () => {
  it('an entry opens by keyboard with before and after', async () => {
    await gallery.show('audit');
    await button('User changed').press('Enter');
    const dialog = page.getByRole('dialog', { name: 'User changed' });
    const changed = (field: string) =>
      dialog.getByRole('row', { name: field }).getByRole('cell').allTextContents();
    await dialog.getByText('4711').waitFor();
    expect(await changed('Number')).toEqual(['4711', '4712']);
    expect(await changed('Role')).toEqual(['User', 'Administrator']);
    expect(await changed('Language')).toEqual(['Deutsch', 'Français']);
    expect(await changed('Password of the line changed')).toEqual(['–', 'Yes']);
    expect(await changed('notYetKnown')).toEqual(['–', 'as the log has it']);
  });
});
