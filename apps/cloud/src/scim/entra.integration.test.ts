import { expect, test } from 'vitest';
import { useTestServer } from '../testing/database.ts';
import { GROUP, PATCH_OP, scimWorld, USER } from './testing/world.ts';

/**
 * Requests as Microsoft Entra ID sends them, in its order and with its ways: written from its documentation ("Develop and plan provisioning for a SCIM
 * endpoint", "Understand user provisioning for SCIM 2.0 compliance"), not recorded from a tenant of it.
 */
const server = useTestServer();

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const isabelle = {
  schemas: [USER, ENTERPRISE],
  externalId: 'object-id-of-isabelle',
  userName: 'Isabelle@aaa.example',
  active: true,
  displayName: 'Isabelle Roux',
  title: 'Engineer',
  emails: [{ primary: true, type: 'work', value: 'isabelle.roux@mail.example' }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Isabelle Roux', familyName: 'Roux', givenName: 'Isabelle' },
  roles: [],
  preferredLanguage: 'fr-FR',
  phoneNumbers: [{ type: 'work', value: '+49 89 722 4711' }],
  [ENTERPRISE]: { department: 'Research' },
};

const filterBy = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;

test('its test of the connection: a user that nobody is', async () => {
  const { ask } = await scimWorld(server);
  const found = await ask('GET', filterBy('userName eq "non-existent-user-0a1b"'));
  expect(found).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } });
  expect(found.headers.get('content-type')).toMatch(/^application\/scim\+json/u);
});

test('a person is looked for, made, changed, disabled, let in again and deleted', async () => {
  const { ask, userOf, acts, query } = await scimWorld(server);
  expect((await ask('GET', filterBy('userName eq "isabelle@aaa.example"'))).body.totalResults).toBe(0);
  const created = await ask('POST', '/Users', isabelle);
  expect(created.status).toBe(201);
  const { id } = created.body;
  expect(created.headers.get('location')).toMatch(new RegExp(`/api/scim/v2/Users/${id}$`, 'u'));
  expect(created.body).toMatchObject({
    externalId: 'object-id-of-isabelle',
    userName: 'isabelle@aaa.example',
    displayName: 'Isabelle Roux',
    name: { givenName: 'Isabelle', familyName: 'Roux' },
    preferredLanguage: 'fr',
    active: true,
    emails: [{ value: 'isabelle@aaa.example', type: 'work' }],
  });
  expect(await userOf('isabelle@aaa.example')).toMatchObject({ source: 'scim', role: 'user', number: null });
  // The same again, as after an answer that was lost.
  expect((await ask('POST', '/Users', isabelle)).body).toMatchObject({
    status: '409',
    scimType: 'uniqueness',
  });
  expect((await ask('GET', filterBy('externalId eq "object-id-of-isabelle"'))).body.Resources).toHaveLength(
    1,
  );

  const patch = (...Operations: object[]) =>
    ask('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations });
  const renamed = await patch(
    { op: 'Replace', path: 'displayName', value: 'Isabelle Roux-Martin' },
    { op: 'Replace', path: 'name.familyName', value: 'Roux-Martin' },
    { op: 'Add', path: 'emails[type eq "work"].value', value: 'other@mail.example' },
    { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+49 170 1' },
    { op: 'Replace', path: 'title', value: 'Head' },
    { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Sales' },
    { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'somebody' },
  );
  expect(renamed).toMatchObject({
    status: 200,
    body: { displayName: 'Isabelle Roux-Martin', name: { familyName: 'Roux-Martin' } },
  });
  expect(await userOf('isabelle@aaa.example')).toMatchObject({ name: 'Isabelle Roux-Martin' });

  const written = await acts('user.change');
  await patch({ op: 'Replace', path: 'displayName', value: 'Isabelle Roux-Martin' });
  expect(await acts('user.change')).toBe(written);

  const disabled = await patch({ op: 'Replace', path: 'active', value: 'False' });
  expect(disabled.body).toMatchObject({ active: false });
  expect(await userOf('isabelle@aaa.example')).toMatchObject({ disabled: true, deleted: false });
  await patch({ op: 'Replace', path: 'active', value: 'True' });
  expect(await userOf('isabelle@aaa.example')).toMatchObject({ disabled: false });

  expect((await ask('DELETE', `/Users/${id}`)).status).toBe(204);
  expect((await ask('DELETE', `/Users/${id}`)).status).toBe(404);
  expect((await ask('GET', `/Users/${id}`)).body).toMatchObject({ status: '404' });
  expect(await userOf('isabelle@aaa.example')).toMatchObject({ deleted: true });
  // Every act is in the log, with the key as who did it.
  const actors = await query<{ actor_kind: string }>(
    `SELECT DISTINCT actor_kind FROM audit_log WHERE subject_name = 'isabelle@aaa.example'`,
  );
  expect(actors).toEqual([{ actor_kind: 'machine' }]);
});

test('whom it has restored comes back; who is another by the same address does not', async () => {
  const { ask, userOf } = await scimWorld(server);
  const { id } = (await ask('POST', '/Users', isabelle)).body;
  await ask('DELETE', `/Users/${id}`);
  const other = await ask('POST', '/Users', { ...isabelle, externalId: 'object-id-of-another' });
  expect(other).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  const again = await ask('POST', '/Users', { ...isabelle, displayName: 'Isabelle R.' });
  expect(again).toMatchObject({ status: 201, body: { id, displayName: 'Isabelle R.', active: true } });
  expect(await userOf('isabelle@aaa.example')).toMatchObject({ deleted: false, disabled: false });
});

test('groups: made empty, filled and emptied by its operations; administrators follow', async () => {
  const { ask, userOf } = await scimWorld(server);
  const anna = await userOf('anna@aaa.example');
  const ben = await userOf('ben@aaa.example');
  expect(
    (
      await ask(
        'GET',
        `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "Offhook administrators"')}`,
      )
    ).body.totalResults,
  ).toBe(0);
  const group = await ask('POST', '/Groups', {
    schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
    externalId: 'object-id-of-group',
    displayName: 'Offhook Administrators',
    members: [],
    meta: { resourceType: 'Group' },
  });
  expect(group).toMatchObject({ status: 201, body: { displayName: 'Offhook Administrators', members: [] } });
  const patch = (...Operations: object[]) =>
    ask('PATCH', `/Groups/${group.body.id}`, { schemas: [PATCH_OP], Operations });
  const added = await patch({
    op: 'Add',
    path: 'members',
    value: [
      { $ref: null, value: anna?.user_id },
      { $ref: null, value: ben?.user_id },
    ],
  });
  expect(added.status).toBe(204);
  expect(await userOf('anna@aaa.example')).toMatchObject({ role: 'admin', source: 'file' });
  expect(await userOf('ben@aaa.example')).toMatchObject({ role: 'admin' });

  expect(
    (await patch({ op: 'Remove', path: 'members', value: [{ $ref: null, value: ben?.user_id }] })).status,
  ).toBe(204);
  expect(await userOf('ben@aaa.example')).toMatchObject({ role: 'user' });
  // Who is an administrator by hand stays one.
  expect(await userOf('admin@aaa.example')).toMatchObject({ role: 'admin' });
  const shown = await ask('GET', `/Groups/${group.body.id}`);
  expect(shown.body).toMatchObject({ members: [{ value: anna?.user_id, display: 'Anna Berger' }] });
  const short = await ask('GET', `/Groups/${group.body.id}?excludedAttributes=members`);
  expect(short.body).not.toHaveProperty('members');

  await patch({ op: 'Replace', path: 'displayName', value: 'Somebody else' });
  expect(await userOf('anna@aaa.example')).toMatchObject({ role: 'user' });
  await patch({ op: 'Replace', path: 'displayName', value: 'offhook administrators' });
  expect(await userOf('anna@aaa.example')).toMatchObject({ role: 'admin' });
  expect((await ask('DELETE', `/Groups/${group.body.id}`)).status).toBe(204);
  expect(await userOf('anna@aaa.example')).toMatchObject({ role: 'user' });
});
