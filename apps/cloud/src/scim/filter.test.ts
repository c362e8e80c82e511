import { expect, test } from 'vitest';
import { ScimError } from './errors.ts';
import { matches, parseFilter, parsePath } from './filter.ts';

test('[RFC7644-3.4.2.2] the examples of the standard are read', () => {
  expect(parseFilter('userName eq "bjensen"')).toEqual({
    kind: 'compare',
    path: 'username',
    operator: 'eq',
    value: 'bjensen',
  });
  expect(parseFilter('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"')).toMatchObject({
    path: 'username',
    operator: 'sw',
  });
  expect(parseFilter('title pr and userType eq "Employee"')).toMatchObject({
    kind: 'and',
    of: [{ kind: 'present', path: 'title' }, { path: 'usertype' }],
  });
  expect(
    parseFilter('userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")'),
  ).toMatchObject({ of: [{ operator: 'ne' }, { kind: 'not', of: { kind: 'or' } }] });
  expect(
    parseFilter(
      'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
    ),
  ).toMatchObject({
    kind: 'or',
    of: [
      { kind: 'where', path: 'emails' },
      { kind: 'where', path: 'ims' },
    ],
  });
  expect(parseFilter('active EQ true')).toMatchObject({ value: true });
  expect(parseFilter(String.raw`displayName eq "a \"quoted\" \u00e4"`)).toMatchObject({
    value: 'a "quoted" ä',
  });
});

test('[RFC7644-3.4.2.2] “and” binds before “or”', () => {
  expect(parseFilter('a pr or b pr and c pr')).toMatchObject({
    kind: 'or',
    of: [{ path: 'a' }, { kind: 'and', of: [{ path: 'b' }, { path: 'c' }] }],
  });
});

test.each([
  '',
  'userName',
  'userName is "x"',
  'userName eq',
  'userName eq x',
  '(userName pr',
  'userName pr)',
  'emails[type eq "work"',
  'userName eq "x" and',
  'userName eq "\\u0000"',
  `${'('.repeat(30)}a pr${')'.repeat(30)}`,
  Array.from({ length: 60 }, () => 'a pr').join(' or '),
  'a'.repeat(5_000),
])('what is no filter, or too much of one, is refused in words: %j', (text) => {
  const refused = (() => {
    try {
      return parseFilter(text);
    } catch (error) {
      return error;
    }
  })();
  expect(refused).toBeInstanceOf(ScimError);
  expect(refused).toMatchObject({ status: 400, scimType: 'invalidFilter' });
});

test('[RFC7644-3.5.2] paths of operations', () => {
  expect(parsePath('name.familyName')).toEqual({ attribute: 'name', sub: 'familyname' });
  expect(parsePath('emails[type eq "work"].value')).toMatchObject({
    attribute: 'emails',
    filter: { path: 'type', value: 'work' },
    sub: 'value',
  });
  expect(parsePath('urn:ietf:params:scim:schemas:core:2.0:User:name.givenName')).toMatchObject({
    attribute: 'name',
    sub: 'givenname',
  });
  const extension = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:department';
  expect(parsePath(extension)).toEqual({ attribute: extension });
  for (const text of ['', 'a b', 'a.b.c', 'emails[type eq "work"', 'emails[type eq "work"]value'])
    expect(() => parsePath(text)).toThrow(ScimError);
});

test('elements match as the standard says, in whatever case', () => {
  const home = { Type: 'Home', value: 'a@x.example', primary: true };
  expect(matches(parseFilter('type eq "home"'), home)).toBe(true);
  expect(matches(parseFilter('type ne "home" or value ew ".EXAMPLE"'), home)).toBe(true);
  expect(matches(parseFilter('not (primary eq true) or display pr'), home)).toBe(false);
});
