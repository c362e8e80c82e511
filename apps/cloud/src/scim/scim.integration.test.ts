import { expect, test } from 'vitest';
import { useTestServer } from '../testing/database.ts';
import { GROUP, PATCH_OP, scimWorld, USER } from './testing/world.ts';

const server = useTestServer();
const where = (filter: string, more = '') => `/Users?filter=${encodeURIComponent(filter)}${more}`;
const operation = (...Operations: object[]) => ({ schemas: [PATCH_OP], Operations });

test('filters find whom they name', async () => {
  const { ask, userOf } = await scimWorld(server);
  const carla = {
    schemas: [USER],
    userName: 'carla%@aaa.example',
    displayName: 'Carla_Diaz',
    externalId: 'X1',
  };
  expect((await ask('POST', '/Users', carla)).body).toMatchObject({ scimType: 'invalidValue' });
  await ask('POST', '/Users', { ...carla, userName: 'carla@aaa.example', name: { givenName: 'Carla' } });
  const [anna, ben] = await Promise.all(['anna@aaa.example', 'ben@aaa.example'].map(userOf));
  const group = await ask('POST', '/Groups', {
    schemas: [GROUP],
    displayName: 'Sales',
    members: [{ value: anna?.user_id }],
  });
  await ask('PATCH', `/Users/${ben?.user_id}`, operation({ op: 'replace', value: { active: false } }));
  const names = async (filter: string) => {
    const { body, status, text } = await ask('GET', where(filter, '&sortBy=userName'));
    expect([filter, status, status === 200 ? '' : text]).toEqual([filter, 200, '']);
    return body.Resources.map((user) => String(user['userName']).split('@')[0]).join(' ');
  };
  const cases: Record<string, string> = {
    'userName eq "ANNA@aaa.example"': 'anna',
    'userName ne "anna@aaa.example"': 'admin ben carla',
    'userName sw "a"': 'admin anna',
    'displayName co "berg"': 'anna',
    'displayName co "_"': 'carla',
    'displayName co "%"': '',
    'displayName ew "ADMIN"': 'admin',
    'externalId pr': 'carla',
    'externalId eq "x1"': '',
    'not (externalId pr)': 'admin anna ben',
    'name.givenName eq "carla"': 'carla',
    'active eq "False"': 'ben',
    'active eq true and userName sw "a"': 'admin anna',
    'phoneNumbers.value eq "102" or userName sw "car"': 'ben carla',
    'phoneNumbers pr': 'anna ben',
    'emails[type eq "work" and value co "ben"]': 'ben',
    'emails[type eq "home"]': '',
    'emails co "@aaa"': 'admin anna ben carla',
    [`groups eq "${group.body.id}"`]: 'anna',
    'groups.display eq "sales" or userName sw "ben"': 'anna ben',
    [`id eq "${ben?.user_id}"`]: 'ben',
    'meta.lastModified gt "2001-01-01T00:00:00Z"': 'admin anna ben carla',
    'meta.lastModified lt "2001-01-01T00:00:00Z"': '',
    'userName eq "x\' OR 1=1 --"': '',
  };
  const found: Record<string, string> = {};
  for (const filter of Object.keys(cases)) found[filter] = await names(filter);
  expect(found).toEqual(cases);
  for (const filter of [
    'shoeSize eq "44"',
    'active gt true',
    'meta.created eq "then"',
    'userName eq 3',
    'a b c',
  ])
    expect((await ask('GET', where(filter))).body).toMatchObject({
      status: '400',
      scimType: 'invalidFilter',
    });
  const members = `/Groups?filter=${encodeURIComponent(`members eq "${anna?.user_id}"`)}`;
  expect((await ask('GET', members)).body.totalResults).toBe(1);
});

test('what changed since is found by the time, whoever changed it', async () => {
  const { ask, query } = await scimWorld(server);
  await query(`UPDATE users SET changed_at = 1; UPDATE lines SET changed_at = 1`);
  const since = async () =>
    (
      await ask('GET', where('meta.lastModified gt "2020-01-01T00:00:00Z"', '&sortBy=userName'))
    ).body.Resources.map((user) => user['userName']);
  expect(await since()).toEqual([]);
  await query(`UPDATE users SET last_seen_at = 5 WHERE email = 'admin@aaa.example'`);
  expect(await since()).toEqual([]);
  await query(`UPDATE users SET name = 'A' WHERE email = 'admin@aaa.example'`);
  await query(`UPDATE lines SET number = '111' WHERE number = '101' AND tenant_id = 'aaa'`);
  await query(`DELETE FROM lines WHERE number = '102' AND tenant_id = 'aaa'`);
  expect(await since()).toEqual(['admin@aaa.example', 'anna@aaa.example', 'ben@aaa.example']);
});

test('a list is sorted both ways, and shows what was asked for', async () => {
  const { ask } = await scimWorld(server);
  const names = async (query: string) =>
    (await ask('GET', `/Users?${query}`)).body.Resources.map((user) => user['displayName']);
  expect(await names('sortBy=displayName')).toEqual(['Ada Admin', 'Anna Berger', 'Ben Carter']);
  expect(await names('sortBy=name.formatted&sortOrder=descending')).toEqual([
    'Ben Carter',
    'Anna Berger',
    'Ada Admin',
  ]);
  expect((await ask('GET', '/Users?sortBy=shoeSize')).body).toMatchObject({ scimType: 'invalidPath' });
  const [user] = (await ask('GET', '/Users?attributes=userName,name.formatted&count=1')).body.Resources;
  expect(Object.keys(user ?? {}).toSorted()).toEqual(['id', 'name', 'schemas', 'userName']);
  const [other] = (await ask('GET', '/Users?excludedAttributes=emails,meta&count=1')).body.Resources;
  expect(other).not.toHaveProperty('emails');
  expect(other).toHaveProperty('userName');
});

test('versions: nothing is sent twice, and nothing is written over what somebody else has changed', async () => {
  const { ask, userOf } = await scimWorld(server);
  const path = `/Users/${(await userOf('anna@aaa.example'))?.user_id}`;
  const etag = (await ask('GET', path)).headers.get('etag') ?? '';
  expect(etag).toMatch(/^W\/"[\w-]{22}"$/u);
  expect((await ask('GET', path, undefined, { 'if-none-match': etag })).status).toBe(304);
  const rename = (name: string, match: string) =>
    ask('PATCH', path, operation({ op: 'replace', path: 'displayName', value: name }), { 'if-match': match });
  const renamed = await rename('Anna B.', etag);
  expect(renamed.status).toBe(200);
  expect(renamed.headers.get('etag')).not.toBe(etag);
  expect((await rename('Anna C.', etag)).body).toMatchObject({ status: '412' });
  expect((await ask('DELETE', path, undefined, { 'if-match': etag })).body).toMatchObject({ status: '412' });
  expect(await userOf('anna@aaa.example')).toMatchObject({ name: 'Anna B.', deleted: false });
});

test('the last administrator is neither deactivated, deleted nor taken out of the group', async () => {
  const { ask, userOf, query } = await scimWorld(server);
  const anna = await userOf('anna@aaa.example');
  const byHand = await userOf('admin@aaa.example');
  const refused = { status: '409', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] };
  const group = await ask('POST', '/Groups', {
    schemas: [GROUP],
    displayName: 'Offhook administrators',
    members: [{ value: anna?.user_id }],
  });
  await query(`UPDATE users SET disabled_at = 1 WHERE user_id = $1`, [byHand?.user_id]);
  const path = `/Users/${anna?.user_id}`;
  expect(
    (await ask('PATCH', path, operation({ op: 'replace', value: { active: false } }))).body,
  ).toMatchObject(refused);
  expect((await ask('DELETE', path)).body).toMatchObject(refused);
  const emptied = operation({ op: 'remove', path: 'members' });
  expect((await ask('PATCH', `/Groups/${group.body.id}`, emptied)).body).toMatchObject(refused);
  expect((await ask('DELETE', `/Groups/${group.body.id}`)).body).toMatchObject(refused);
  expect(await userOf('anna@aaa.example')).toMatchObject({ role: 'admin', disabled: false, deleted: false });
  expect((await ask('GET', `/Groups/${group.body.id}`)).body).toMatchObject({ members: [{}] });
});

test('of an administrator SCIM changes neither the address nor a role that people gave; the rest it may', async () => {
  const { ask, userOf, query } = await scimWorld(server);
  const admin = await userOf('admin@aaa.example');
  const path = `/Users/${admin?.user_id}`;
  const said = {
    status: '400',
    scimType: 'mutability',
    detail: expect.stringContaining('administrator') as string,
  };
  const moved = { schemas: [USER], userName: 'eve@evil.example', displayName: 'Ada Admin' };
  expect((await ask('PUT', path, moved)).body).toMatchObject(said);
  for (const userName of ['eve@evil.example', 'admin2@aaa.example']) {
    const patched = await ask('PATCH', path, operation({ op: 'replace', path: 'userName', value: userName }));
    expect(patched.body).toMatchObject(said);
  }
  const renamed = operation({ op: 'replace', path: 'displayName', value: 'Ada Adams' });
  expect((await ask('PATCH', path, renamed)).body).toMatchObject({ displayName: 'Ada Adams' });
  await query(`UPDATE users SET role = 'admin' WHERE email = 'anna@aaa.example'`);
  const group = await ask('POST', '/Groups', {
    schemas: [GROUP],
    displayName: 'Offhook administrators',
    members: [{ value: admin?.user_id }],
  });
  const emptied = operation({ op: 'remove', path: 'members' });
  expect((await ask('PATCH', `/Groups/${group.body.id}`, emptied)).status).toBe(204);
  expect(await userOf('admin@aaa.example')).toMatchObject({ role: 'admin', name: 'Ada Adams' });
});

test('people of another tenant are nobody: not by id, by name, as members, nor in a list', async () => {
  const { ask, askOther, userOf } = await scimWorld(server);
  const theirs = await userOf('anna@other-firm.example');
  const group = await askOther('POST', '/Groups', { schemas: [GROUP], displayName: 'Theirs of other-firm' });
  const silent = async (...args: Parameters<typeof ask>) => {
    const answer = await ask(...args);
    expect(answer.text).not.toMatch(/other-firm/u);
    return answer.body['status'];
  };
  const path = `/Users/${theirs?.user_id}`;
  const named = { schemas: [USER], userName: 'x@aaa.example', active: false };
  expect(await silent('GET', path)).toBe('404');
  expect(await silent('PUT', path, named)).toBe('404');
  expect(await silent('PATCH', path, operation({ op: 'replace', value: { active: false } }))).toBe('404');
  expect(await silent('DELETE', path)).toBe('404');
  const ofGroup = `/Groups/${group.body.id}`;
  expect(await silent('GET', ofGroup)).toBe('404');
  expect(await silent('PUT', ofGroup, { schemas: [GROUP], displayName: 'Mine' })).toBe('404');
  expect(await silent('PATCH', ofGroup, operation({ op: 'remove', path: 'members' }))).toBe('404');
  expect(await silent('DELETE', ofGroup)).toBe('404');
  const members = [{ value: theirs?.user_id }];
  expect(await silent('POST', '/Groups', { schemas: [GROUP], displayName: 'Mine', members })).toBe('400');
  expect(await silent('POST', '/Users', { schemas: [USER], userName: 'Anna@Other-Firm.example' })).toBe(
    '409',
  );
  await silent('GET', '/Users');
  await silent('GET', '/Groups');
  expect(await userOf('anna@other-firm.example')).toMatchObject({ disabled: false, deleted: false });
});

const person = (name: string, ...phones: string[]) => ({
  schemas: [USER],
  userName: `${name}@aaa.example`,
  displayName: name,
  phoneNumbers: phones.map((value) => ({ value, type: 'work' })),
});

test('a number makes a line, and takes a seat, only where nothing has to be guessed', async () => {
  const trunk = {
    kind: 'generic-sip',
    host: '127.0.0.1',
    port: 5070,
    transport: 'udp',
    attachment: { by: 'trunk', register: false, number: '+4989722', authUser: 'trunk', password: 'x' },
  };
  const withTrunk = await scimWorld(server, { pbx: trunk, connector: 'Office' });
  await withTrunk.subscribe(3);
  await withTrunk.ask('POST', '/Users', person('carla', '+49 (0) 89 722-103'));
  expect(await withTrunk.userOf('carla@aaa.example')).toMatchObject({ number: '+4989722103' });
  expect((await withTrunk.ask('POST', '/Users', person('dave', '104'))).body).toMatchObject({
    status: '409',
  });
  expect(await withTrunk.userOf('dave@aaa.example')).toBeUndefined();
  expect((await withTrunk.ask('POST', '/Users', person('dave', '104', '105'))).status).toBe(201);
  expect(await withTrunk.userOf('dave@aaa.example')).toMatchObject({ number: null });
  // Lines that register for themselves have passwords, which no identity provider knows; and a key of no connector says nothing of lines.
  for (const options of [{ connector: 'Office' }, { pbx: trunk }]) {
    const { ask, userOf } = await scimWorld(server, options);
    expect((await ask('POST', '/Users', person('carla', '103'))).status).toBe(201);
    expect(await userOf('carla@aaa.example')).toMatchObject({ number: null });
  }
});

test('a type is named also where nothing is sent', async () => {
  const { ask, userOf } = await scimWorld(server);
  const path = `/Users/${(await userOf('ben@aaa.example'))?.user_id}`;
  const named = { 'content-type': 'application/scim+json; charset=utf-8' };
  expect((await ask('DELETE', path, undefined, named)).status).toBe(204);
  const empty = await ask('POST', '/Users', undefined, { 'content-type': 'application/json' });
  expect(empty.body).toMatchObject({ status: '400', scimType: 'invalidSyntax' });
});

test('errors are SCIM’s, also of what never comes to it', async () => {
  const { ask, cloud, admin } = await scimWorld(server);
  const error = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] };
  const stranger = await fetch(`${cloud.url}/api/scim/v2/Users`);
  expect(stranger.status).toBe(401);
  expect(stranger.headers.get('www-authenticate')).toMatch(/^Bearer/u);
  expect(await stranger.json()).toMatchObject({ ...error, status: '401' });
  const { key } = await admin.createMachineKey('aaa', ['provisioning']);
  const wrong = await ask('GET', '/Users', undefined, { authorization: `Bearer ${key}` });
  expect(wrong.body).toMatchObject({ ...error, status: '403' });
  const broken = await fetch(`${cloud.url}/api/scim/v2/Users`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${(await admin.createMachineKey('aaa', ['scim'])).key}`,
      'content-type': 'application/scim+json',
    },
    body: '{"userName": ',
  });
  expect(await broken.json()).toMatchObject({ ...error, status: '400', scimType: 'invalidSyntax' });
  for (const body of [
    [],
    'x',
    { Operations: [] },
    operation({ op: 'move', path: 'active' }),
    operation({ op: 'replace', path: 'a[', value: 1 }),
  ])
    expect((await ask('PATCH', '/Users/none', body)).body).toMatchObject(error);
  for (const query of ['count=x', 'startIndex=many', 'sortOrder=up'])
    expect((await ask('GET', `/Users?${query}`)).body).toMatchObject({ ...error, status: '400' });
});

test('[RFC7644-4] what the service can is told', async () => {
  const { ask } = await scimWorld(server);
  const config = await ask('GET', '/ServiceProviderConfig');
  expect(config.body).toMatchObject({
    patch: { supported: true },
    bulk: { supported: false },
    etag: { supported: true },
    sort: { supported: true },
    filter: { supported: true, maxResults: 200 },
    changePassword: { supported: false },
  });
  const types = await ask('GET', '/ResourceTypes');
  expect(types.body.Resources.map((type) => type['endpoint'])).toEqual(['/Users', '/Groups']);
  expect((await ask('GET', '/ResourceTypes/User')).body).toMatchObject({ schema: USER });
  expect((await ask('GET', '/Schemas')).body.totalResults).toBe(2);
  expect((await ask('GET', `/Schemas/${GROUP}`)).body).toMatchObject({ id: GROUP, name: 'Group' });
  expect((await ask('GET', '/Schemas/none')).body).toMatchObject({ status: '404' });
});
