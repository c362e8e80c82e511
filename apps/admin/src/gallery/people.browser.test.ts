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

describe('[E3] users', () => {
  it('a form that is not complete is sent nowhere; what is missing is said at its field; what the service refuses, too', async () => {
    await gallery.show('users');
    await button('New user').click();
    const form = page.getByRole('dialog', { name: 'New user' });
    await form.getByRole('button', { name: 'Create user' }).click();
    expect(await form.getByText('Please fill this in.').count()).toBe(3);
    await form.getByLabel('Name', { exact: false }).first().fill('Ada Lovelace');
    await form.getByLabel('E-mail address').fill('ada@berger.example');
    await form.getByLabel('Number', { exact: false }).first().fill('140');
    await form.getByRole('button', { name: 'Create user' }).click();
    await form.getByText('Somebody already has this e-mail address.').waitFor();
    expect(await form.getByLabel('E-mail address').getAttribute('aria-invalid')).toBe('true');
  });

  it('a line’s password can be written and is never shown', async () => {
    await gallery.show('user');
    await button('Edit').click();
    const form = page.getByRole('dialog', { name: 'Edit Ben Carter' });
    expect(await form.getByLabel('Password of the line').inputValue()).toBe('');
    await form.getByText('There is one. Leave this empty to keep it.').waitFor();
  });

  it('an act on many can be undone, and says who was left as they are and why', async () => {
    await gallery.show('users');
    await page.getByRole('checkbox', { name: 'Select Ben Carter' }).check();
    await page.getByRole('checkbox', { name: 'Select Carla Duval' }).check();
    const bar = page.getByRole('region', { name: '2 selected' });
    await bar.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('1 user has been disabled.').waitFor();
    await page.getByText('1 user was left as they are. This is the last administrator.').waitFor();
    await button('Undo').click();
    await page.getByText('Undone.', { exact: true }).waitFor();
    expect(await bar.count()).toBe(0);
  });

  it('deleting is confirmed by the name', async () => {
    await gallery.show('user');
    await button('Delete user').click();
    const dialog = page.getByRole('dialog', { name: 'Delete Ben Carter?' });
    const confirm = dialog.getByRole('button', { name: 'Delete user' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel('To confirm, type: Ben Carter').fill('Ben Carter');
    await confirm.click();
    await page.getByText('Ben Carter has been deleted.').waitFor();
  });

  it('of oneself nothing can be done that locks out', async () => {
    await gallery.show('user-self');
    await heading('Anna Berger').waitFor();
    expect(await button('Delete user').count()).toBe(0);
    expect(await button('Disable').count()).toBe(0);
  });
});

describe('[E4] import', () => {
  it('a file is chosen by the button; what the service refuses is said', async () => {
    await gallery.show('imports');
    const chooser = page.waitForEvent('filechooser');
    await button(
      'Choose a file, or drop it here CSV as Excel saves it, or the JSON of the migration tool; at most 32 MB. One person in each row.',
    ).click();
    await (await chooser).setFiles({ name: 'staff.csv', mimeType: 'text/csv', buffer: Buffer.from('a') });
    await page.getByText('The request is too large.').waitFor();
    expect(await page.getByRole('link', { name: 'Template' }).getAttribute('download')).toBe(
      'offhook-users.csv',
    );
  });

  it('columns are put right by hand; two of one meaning, or none with addresses, go no further', async () => {
    await gallery.show('import-mapping');
    const preview = button('Show preview');
    expect(await preview.isDisabled()).toBe(false);
    await page.getByLabel('Meaning of column Kostenstelle').selectOption('number');
    expect(await page.getByText('This is chosen twice.').count()).toBe(2);
    expect(await preview.isDisabled()).toBe(true);
    await page.getByLabel('Meaning of column Kostenstelle').selectOption('');
    await page.getByLabel('Meaning of column E-Mail', { exact: true }).selectOption('');
    await page.getByText('One column has to be the e-mail address').waitFor();
    expect(await preview.isDisabled()).toBe(true);
  });

  it('the preview has what was refused with row, column and reason, and what changes with before and after', async () => {
    await gallery.show('import-preview');
    await page.getByRole('tab', { name: /^Refused/u }).click();
    const row = page.getByRole('row', { name: /Giulia Rossi/u });
    expect(await row.innerText()).toMatch(
      /97[\s\S]*Rufnummer[\s\S]*107[\s\S]*This number is in another row, too/u,
    );
    await page.getByRole('tab', { name: /^Changed/u }).click();
    await page.getByText('Number: 110 → 140').waitFor();
  });

  it('applying shows its progress, and what was applied can be undone', async () => {
    await gallery.show('import-applying');
    await page.getByRole('progressbar', { name: 'Applying' }).waitFor();
    await page.getByText('21,000 of 50,000 rows').waitFor();
    await gallery.show('import-applied');
    await button('Undo import').click();
    await page.getByRole('dialog', { name: 'Undo this import?' }).waitFor();
    expect(await page.getByRole('dialog').innerText()).toContain('New users are removed');
  });
});

describe('[E1 E8] administrators and settings', () => {
  it('the last administrator cannot be removed, and it is said why', async () => {
    await gallery.show('administrators-one');
    const remove = button('Remove: Anna Berger');
    await remove.waitFor();
    expect(await remove.isDisabled()).toBe(true);
    expect(await remove.getAttribute('title')).toContain('This is the last administrator');
  });

  it('settings say whether they are saved, and what the service refuses', async () => {
    await gallery.show('settings');
    await page.getByText('Everything is saved.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Berger AG');
    await page.getByText('You have changes that are not saved.').waitFor();
    await button('Save').click();
    await page.getByText('There is already one with this name.').waitFor();
    await button('Discard changes').click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Berger & Söhne GmbH');
  });
});

describe('[F1] customers', () => {
  it('a new customer needs a price and an administrator; a name that is taken is said at the name', async () => {
    await gallery.show('tenants');
    await button('New customer').click();
    const form = page.getByRole('dialog', { name: 'New customer' });
    await form.getByRole('button', { name: 'Create and invite' }).click();
    expect(await form.getByText('Please fill this in.').count()).toBe(4);
    await form.getByLabel('Company').fill('Berger & Söhne GmbH');
    await form.getByLabel('Price per user and month').fill('4.90');
    await form.getByLabel('Name', { exact: false }).last().fill('Anna Berger');
    await form.getByLabel('E-mail address').fill('anna@berger.example');
    await form.getByRole('button', { name: 'Create and invite' }).click();
    await form.getByText('There is already one with this name.').waitFor();
  });

  it('a customer is suspended with a reason, and deleted by its name', async () => {
    await gallery.show('tenant');
    await button('Suspend').click();
    const dialog = page.getByRole('dialog', { name: 'Suspend Berger & Söhne GmbH?' });
    await dialog.getByRole('button', { name: 'Suspend' }).click();
    await dialog.getByText('Please fill this in.').waitFor();
    await dialog.getByLabel('Reason').fill('Invoices are open.');
    await dialog.getByRole('button', { name: 'Suspend' }).click();
    await page.getByText('Berger & Söhne GmbH has been suspended.').waitFor();
    await button('Delete customer').click();
    const confirm = page.getByRole('dialog', { name: 'Delete Berger & Söhne GmbH?' });
    expect(await confirm.getByRole('button', { name: 'Delete customer' }).isDisabled()).toBe(true);
  });
});
