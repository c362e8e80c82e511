import { NewUser, UserChange, UserRow } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { changeOf, emptyUser, formOf, missingFields, newUserOf } from './user-form.ts';

const CONNECTOR = 'con_0000000000000000000001';
const row = UserRow.parse({
  userId: 'usr_0000000000000000000007',
  email: 'carla@berger.example',
  name: 'Carla Duval',
  role: 'user',
  status: 'active',
  language: 'fr',
  seat: true,
  line: {
    connectorId: CONNECTOR,
    connectorName: 'Head office',
    number: '101',
    deskPhone: '901',
    hasPassword: true,
  },
  createdAt: 1,
  source: 'portal',
});

describe('the form of a user', () => {
  it('sends only what was changed', () => {
    const before = formOf(row);
    expect(changeOf(before, before)).toEqual({});
    expect(changeOf(before, { ...before, name: ' Carla D. ', role: 'admin' })).toEqual({
      name: 'Carla D.',
      role: 'admin',
    });
  });

  it('a cleared number is sent as none, an empty password is not sent at all', () => {
    const before = formOf(row);
    const line = before.line === undefined ? undefined : { ...before.line, deskPhone: ' ' };
    const { line: sent } = UserChange.parse(changeOf(before, { ...before, line }));
    expect(sent).toMatchObject({ connectorId: CONNECTOR, number: '101', deskPhone: null });
    expect(sent).not.toHaveProperty('password');
  });

  it('a line can be taken away', () => {
    const before = formOf(row);
    expect(changeOf(before, { ...before, line: undefined })).toEqual({ line: null });
  });

  it('says what is missing, by the names of the contract; what is filled is accepted by it', () => {
    const empty = emptyUser('en', CONNECTOR);
    expect(missingFields(empty)).toEqual(['name', 'email', 'line.number']);
    const filled = { ...empty, name: 'Ada', email: 'ada@x.example', line: { ...empty.line!, number: '7' } };
    expect(missingFields(filled)).toEqual([]);
    expect(NewUser.parse(newUserOf(filled))).toMatchObject({ email: 'ada@x.example', invite: true });
  });
});
