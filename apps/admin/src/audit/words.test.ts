import { AuditField, Language } from '@offhook/contract';
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { formatIn } from '../i18n/use-format.ts';
import type { Translate } from '../i18n/use-words.ts';
import { catalogues } from '../words/catalogues.ts';
import type { CatalogueKey } from '../words/keys.ts';
import { changesOf } from './changes.ts';
import { fieldWords } from './field-words.ts';
import { valueWords, type ValueWays } from './value-words.ts';

async function speaking(language: Language): Promise<ValueWays> {
  const i18n = createInstance();
  const translation = await catalogues[language]();
  await i18n.init({
    lng: language,
    resources: { [language]: { translation } },
    keySeparator: false,
    nsSeparator: false,
  });
  const t: Translate = (key, values) => i18n.t(key, { ...values });
  return {
    t,
    format: formatIn(language, 'Asia/Tokyo'),
    has: (key): key is CatalogueKey => i18n.exists(key),
    nameOf: (id) => (id === 'con_1' ? 'Head office' : undefined),
  };
}

describe.each(Language.options)('the log in %s', (language) => {
  it('every field that the service writes is called by words', async () => {
    const { t } = await speaking(language);
    for (const field of AuditField.options) {
      for (const kind of ['user', 'connector', 'sso', 'api_key', 'tenant']) {
        const words = fieldWords(t, kind, field);
        expect({ field, isRaw: words === field && words !== 'format', words }).toMatchObject({
          isRaw: false,
        });
        expect(words).not.toMatch(/\.\w|\{\{/u);
      }
    }
  });
});

describe('values of the log', () => {
  it('are said as people read them, in the company’s time zone', async () => {
    const ways = await speaking('en');
    const said = (field: string, value: unknown) => valueWords(ways, field, value);
    expect(said('role', 'admin')).toBe('Administrator');
    expect(said('enabled', false)).toBe('No');
    expect(said('status', 'suspended')).toBe('Suspended');
    expect(said('language', 'ca')).toBe('Català');
    expect(said('scopes', ['connector', 'scim'])).toBe('Connector, SCIM 2.0');
    expect(said('scopes', 'openid email')).toBe('openid email');
    expect(said('line.connectorId', 'con_1')).toBe('Head office');
    expect(said('line.connectorId', 'con_2')).toBe('con_2');
    expect(said('subscription.price', { amount: 490, currency: 'EUR' })).toBe('€4.90');
    expect(said('subscription.startsOn', '2026-11-24')).toBe('Nov 24, 2026');
    expect(said('goodUntil', '2026-11-24T20:00:00.000Z')).toMatch(/^Nov 25, 2026, 5:00.AM$/u);
    expect(said('port', 5060)).toBe('5060');
    expect(said('new', 12_000)).toBe('12,000');
    expect(said('domains', [])).toBe('–');
    expect(said('what', null)).toBe('–');
    expect(said('unheardOf', { a: 1 })).toBe('{"a":1}');
  });

  it('of parts only the fields that differ are shown, and money is one value', () => {
    const subscription = { platform: 'generic-sip', seats: 5, price: { amount: 490, currency: 'EUR' } };
    expect(
      changesOf({
        before: { subscription, name: 'Acme', csta: { port: 1040, host: 'a' }, supportContact: null },
        after: {
          subscription: { ...subscription, price: { amount: 500, currency: 'EUR' } },
          name: 'Acme',
          csta: { port: 1041, host: 'a' },
          domains: [],
        },
      }),
    ).toEqual([
      {
        field: 'subscription.price',
        before: { amount: 490, currency: 'EUR' },
        after: { amount: 500, currency: 'EUR' },
      },
      { field: 'csta.port', before: 1040, after: 1041 },
    ]);
  });
});
