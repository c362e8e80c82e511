import { AuditField, PbxConfig, SsoSettings, Subscription, TenantSettings } from '@offhook/contract';
import { expect, test } from 'vitest';
import { partSecrets } from '../secrets/pbx-secrets.ts';
import { auditState } from './audit.ts';
import * as z from 'zod';

/** Every field that a schema can have, by its way: `csta.port`. Money is one value. */
function fieldsOf(schema: unknown, way: readonly string[] = []): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return fieldsOf(schema.unwrap(), way);
  if (schema instanceof z.ZodDiscriminatedUnion)
    return schema.options.flatMap((option) => fieldsOf(option, way));
  if (schema instanceof z.ZodObject && way.at(-1) !== 'price') {
    return Object.entries(schema.shape).flatMap(([name, field]) => fieldsOf(field, [...way, name]));
  }
  return [way.join('.')];
}

const isKnown = (field: string) => (AuditField.options as readonly string[]).includes(field);
const unknownOf = (fields: readonly string[]) => fields.filter((field) => !isKnown(field));

test('every setting of a telephone system has its place in the log, and a password none', () => {
  const passwords = ['attachment.password', 'csta.password'];
  const fields = fieldsOf(PbxConfig);
  expect(fields).toEqual(expect.arrayContaining(passwords));
  expect(unknownOf(fields.filter((field) => !passwords.includes(field)))).toEqual([]);
  const { config } = partSecrets(
    PbxConfig.parse({
      kind: 'generic-sip',
      host: 'pbx',
      port: 5060,
      transport: 'udp',
      csta: { password: 'a' },
      attachment: { by: 'trunk', register: true, number: '1', authUser: 'u', password: 'b' },
    }),
  );
  expect(JSON.stringify(config)).not.toContain('password');
});

test('so has every setting of a company, of its subscription and of its single sign-on', () => {
  expect(unknownOf(fieldsOf(TenantSettings))).toEqual([]);
  expect(unknownOf(fieldsOf(Subscription, ['subscription']))).toEqual([]);
  // Proofs are shown beside the settings and have acts of their own.
  const beside = ['ssoId', 'proofs'];
  const connection = fieldsOf(SsoSettings.shape.connection).filter((field) => !beside.includes(field));
  expect(connection).toContain('issuer');
  expect(unknownOf(connection)).toEqual([]);
});

test('a field without a place in the log does not compile', () => {
  const state = { name: 'Acme', favouriteColour: 'green' };
  // @ts-expect-error There is no such field.
  expect(auditState(state)).toBe(state);
});
