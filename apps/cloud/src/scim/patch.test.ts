import { expect, test } from 'vitest';
import { applyPatch, PatchRequest, PATCH_SCHEMA } from './patch.ts';
import { userShape } from './user-resource.ts';

const patched = (resource: Record<string, unknown>, ...Operations: object[]) =>
  applyPatch(resource, PatchRequest.parse({ schemas: [PATCH_SCHEMA], Operations }).Operations, userShape);

const work = { value: '1', type: 'work' };
const home = { value: '2', type: 'home', primary: true };

test('[RFC7644-3.5.2.1] add: sets one, appends to many, adds nothing twice', () => {
  expect(patched({}, { op: 'add', path: 'displayName', value: 'A' })).toEqual({ displayName: 'A' });
  expect(
    patched({ phoneNumbers: [work] }, { op: 'Add', path: 'phoneNumbers', value: [home, work] }),
  ).toMatchObject({ phoneNumbers: [{ value: '2' }, { value: '1' }] });
  expect(patched({ name: { givenName: 'A' } }, { op: 'add', value: { 'name.familyName': 'B' } })).toEqual({
    name: { givenName: 'A', familyName: 'B' },
  });
});

test('[RFC7644-3.5.2.2] remove: an attribute, elements by filter, a part', () => {
  expect(patched({ displayName: 'A' }, { op: 'remove', path: 'displayname' })).toEqual({});
  expect(
    patched({ phoneNumbers: [work, home] }, { op: 'remove', path: 'phoneNumbers[type eq "HOME"]' }),
  ).toEqual({ phoneNumbers: [work] });
  expect(
    patched({ name: { givenName: 'A', familyName: 'B' } }, { op: 'remove', path: 'name.givenName' }),
  ).toEqual({ name: { familyName: 'B' } });
  expect(() => patched({}, { op: 'remove' })).toThrow('named by a path');
});

test('[RFC7644-3.5.2.3] replace: the whole, or what a filter finds; with a filter of equals one is made', () => {
  expect(
    patched(
      { phoneNumbers: [work, home] },
      { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '9' },
    ),
  ).toMatchObject({ phoneNumbers: [{ value: '9', type: 'work' }, home] });
  expect(patched({}, { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '9' })).toEqual({
    phoneNumbers: [{ type: 'work', value: '9' }],
  });
  expect(() => patched({}, { op: 'replace', path: 'phoneNumbers[value sw "0"].value', value: '9' })).toThrow(
    'Nothing matches',
  );
});

test('what only the service writes cannot be written; a client may send it along', () => {
  expect(() => patched({ id: 'a' }, { op: 'replace', path: 'id', value: 'b' })).toThrow('cannot be written');
  expect(() => patched({}, { op: 'add', path: 'groups', value: [] })).toThrow('cannot be written');
  expect(patched({ id: 'a' }, { op: 'replace', value: { id: 'b', active: false } })).toEqual({
    id: 'a',
    active: false,
  });
});

test('what we do not keep is passed over, and nothing of it reaches the prototype', () => {
  const after = patched(
    {},
    { op: 'add', path: 'title', value: 'x' },
    { op: 'add', value: JSON.parse('{"name":{"__proto__":{"polluted":true}}}') as object },
  );
  expect(after).not.toHaveProperty('title');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
