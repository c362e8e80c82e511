import { expect, test } from 'vitest';
import { useTestServer } from '../testing/database.ts';
import { GROUP, PATCH_OP, scimWorld, USER } from './testing/world.ts';

/**
 * Requests as Okta sends them: written from its documentation ("SCIM Protocol: Okta and SCIM Version 2.0") and its published tests of SCIM services, not
 * recorded from a tenant of it.
 */
const server = useTestServer();

const bjarke = {
  schemas: [USER],
  userName: 'bjarke@aaa.example',
  name: { givenName: 'Bjarke', familyName: 'Holm' },
  emails: [{ primary: true, value: 'bjarke@aaa.example', type: 'work' }],
  displayName: 'Bjarke Holm',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
};

const byName = (name: string) =>
  `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}&startIndex=1&count=100`;

test('its life of a person: import, create, update whole, deactivate, reactivate', async () => {
  const { ask, userOf, url } = await scimWorld(server);
  const page = await ask('GET', '/Users?startIndex=1&count=2');
  expect(page.body).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 2 });
  expect(page.body.Resources).toHaveLength(2);
  expect((await ask('GET', '/Users?startIndex=3&count=2')).body.Resources).toHaveLength(1);
  expect((await ask('GET', '/Users?count=0')).body).toMatchObject({ totalResults: 3, Resources: [] });

  expect((await ask('GET', byName('bjarke@aaa.example'))).body).toMatchObject({ totalResults: 0 });
  const created = await ask('POST', '/Users', bjarke);
  expect(created).toMatchObject({ status: 201, body: { active: true } });
  // A password of theirs is nobody's business here.
  expect(created.text).not.toContain('1mz050nq');
  expect(
    await server.query(url, `SELECT 1 FROM users WHERE email LIKE 'bjarke%' AND password_hash IS NULL`),
  ).toHaveLength(1);

  const { id } = created.body;
  const read = await ask('GET', `/Users/${id}`);
  const put = await ask('PUT', `/Users/${id}`, {
    ...read.body,
    name: { givenName: 'Bjarke', familyName: 'Holm-Lund' },
    displayName: 'Bjarke Holm-Lund',
  });
  expect(put).toMatchObject({ status: 200, body: { id, displayName: 'Bjarke Holm-Lund' } });
  expect(await userOf('bjarke@aaa.example')).toMatchObject({ name: 'Bjarke Holm-Lund' });

  const patch = (value: object) =>
    ask('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations: [{ op: 'replace', value }] });
  expect((await patch({ active: false })).body).toMatchObject({ active: false });
  expect(await userOf('bjarke@aaa.example')).toMatchObject({ disabled: true });
  expect((await ask('GET', byName('bjarke@aaa.example'))).body.Resources[0]).toMatchObject({ active: false });
  expect((await patch({ active: true })).body).toMatchObject({ active: true });
});

test('somebody who is here already is found by name and taken over', async () => {
  const { ask, userOf } = await scimWorld(server);
  const found = await ask('GET', byName('Anna@aaa.example'));
  const [anna] = found.body.Resources;
  const { id } = anna as { id: string };
  expect(anna).toMatchObject({
    userName: 'anna@aaa.example',
    phoneNumbers: [{ value: '101', type: 'work' }],
  });
  await ask('PUT', `/Users/${id}`, { ...anna, externalId: '00u-of-anna', active: true });
  expect(await userOf('anna@aaa.example')).toMatchObject({ source: 'scim', number: '101', disabled: false });
  expect(
    (await ask('GET', `/Users?filter=${encodeURIComponent('externalId eq "00u-of-anna"')}`)).body
      .totalResults,
  ).toBe(1);
});

test('group push: made with members, renamed with its id, one taken out by a filter, replaced, deleted', async () => {
  const { ask, userOf } = await scimWorld(server);
  const [anna, ben] = await Promise.all(['anna@aaa.example', 'ben@aaa.example'].map(userOf));
  const group = await ask('POST', '/Groups', {
    schemas: [GROUP],
    displayName: 'Sales',
    members: [{ value: anna?.user_id, display: 'anna@aaa.example' }],
  });
  expect(group).toMatchObject({ status: 201, body: { members: [{ value: anna?.user_id }] } });
  const { id } = group.body;
  const patch = (...Operations: object[]) =>
    ask('PATCH', `/Groups/${id}`, { schemas: [PATCH_OP], Operations });
  expect((await patch({ op: 'replace', value: { id, displayName: 'Sales EMEA' } })).status).toBe(204);
  await patch(
    { op: 'remove', path: `members[value eq "${anna?.user_id}"]` },
    { op: 'add', path: 'members', value: [{ value: ben?.user_id, display: 'ben@aaa.example' }] },
  );
  const shown = await ask('GET', `/Groups/${id}`);
  expect(shown.body).toMatchObject({ displayName: 'Sales EMEA', members: [{ value: ben?.user_id }] });
  await patch({ op: 'replace', path: 'members', value: [{ value: anna?.user_id }] });
  const of = await ask('GET', `/Users/${anna?.user_id}`);
  expect(of.body).toMatchObject({ groups: [{ value: id, display: 'Sales EMEA', type: 'direct' }] });
  expect((await ask('GET', `/Users/${ben?.user_id}`)).body).toMatchObject({ groups: [] });
  expect((await ask('DELETE', `/Groups/${id}`)).status).toBe(204);
  expect((await ask('GET', `/Groups/${id}`)).body).toMatchObject({ status: '404' });
});
