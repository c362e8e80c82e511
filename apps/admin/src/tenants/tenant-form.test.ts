import { NewTenant, TenantChange } from '@offhook/contract';
import { expect, it } from 'vitest';
import { changeOf, emptyTenant, missingFields, newTenantOf } from './tenant-form.ts';

const day = new Date(2026, 10, 4);
const filled = {
  ...emptyTenant('de', day),
  name: ' Berger & Söhne GmbH ',
  administrator: { name: 'Anna', email: 'anna@berger.example', language: 'de' as const },
};

const priced = (price: number | string, currency: string) =>
  newTenantOf({ ...filled, subscription: { ...filled.subscription, price, currency } }).subscription.price;

it('a price is sent in the smallest unit of its currency', () => {
  expect(priced(4.9, 'EUR')).toEqual({ amount: 490, currency: 'EUR' });
  expect(priced('4.90', 'EUR')).toEqual({ amount: 490, currency: 'EUR' });
  expect(priced(19.99, 'CHF')).toEqual({ amount: 1999, currency: 'CHF' });
  expect(priced(500, 'JPY')).toEqual({ amount: 500, currency: 'JPY' });
});

it('what is missing is named; what is filled is accepted by the contract', () => {
  expect(missingFields(emptyTenant('de', day))).toEqual(['name', 'subscription.price']);
  const form = { ...filled, subscription: { ...filled.subscription, price: 4.9 } };
  expect(missingFields(form)).toEqual([]);
  expect(NewTenant.parse(newTenantOf(form))).toMatchObject({
    name: 'Berger & Söhne GmbH',
    subscription: { seats: 10, startsOn: '2026-11-04' },
  });
  expect(TenantChange.parse(changeOf(form)).supportContact).toBeNull();
});
