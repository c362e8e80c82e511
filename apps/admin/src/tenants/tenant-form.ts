import type {
  InviteAdministrator,
  Language,
  NewTenant,
  PlatformKind,
  Subscription,
  TenantChange,
  TenantDetail,
} from '@offhook/contract';

/** A subscription as it is typed: the price in whole units with decimals, such as `4.90` (a text, as long as a number would say less). */
export interface SubscriptionForm {
  readonly platform: PlatformKind;
  readonly seats: number | string;
  readonly price: number | string;
  readonly currency: string;
  readonly startsOn: string;
}

export interface TenantForm {
  readonly name: string;
  readonly timeZone: string;
  readonly supportContact: string;
  readonly subscription: SubscriptionForm;
}

export interface NewTenantForm extends TenantForm {
  readonly administrator: InviteAdministrator;
}

/** How many of a currency's digits are behind the point: 2 of EUR, 0 of JPY. */
export const currencyDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

const today = (now: Date): string =>
  `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;

const emptySubscription = (now: Date): SubscriptionForm => ({
  platform: 'openscape-business',
  seats: 10,
  price: '',
  currency: 'EUR',
  startsOn: today(now),
});

export const emptyTenant = (language: Language, now: Date): NewTenantForm => ({
  name: '',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  supportContact: '',
  subscription: emptySubscription(now),
  administrator: { name: '', email: '', language },
});

export function formOf(
  { name, timeZone, supportContact, subscription }: TenantDetail,
  now: Date,
): TenantForm {
  return {
    name,
    timeZone,
    supportContact: supportContact ?? '',
    subscription:
      subscription === undefined
        ? emptySubscription(now)
        : {
            platform: subscription.platform,
            seats: subscription.seats,
            price: subscription.price.amount / 10 ** currencyDigits(subscription.price.currency),
            currency: subscription.price.currency,
            startsOn: subscription.startsOn,
          },
  };
}

/** Inputs that have to be filled and are not, by their path in the contract. */
export function missingFields({ name, subscription }: TenantForm): string[] {
  return [
    ...(name.trim() === '' ? ['name'] : []),
    ...(subscription.seats === '' ? ['subscription.seats'] : []),
    ...(subscription.price === '' ? ['subscription.price'] : []),
    ...(subscription.startsOn === '' ? ['subscription.startsOn'] : []),
  ];
}

function subscriptionOf({ platform, seats, price, currency, startsOn }: SubscriptionForm): Subscription {
  return {
    platform,
    seats: Number(seats),
    price: { amount: Math.round(Number(price) * 10 ** currencyDigits(currency)), currency },
    startsOn,
  };
}

export function newTenantOf(form: NewTenantForm): NewTenant {
  const { name, timeZone, supportContact, subscription, administrator } = form;
  return {
    name: name.trim(),
    timeZone,
    subscription: subscriptionOf(subscription),
    administrator: {
      name: administrator.name.trim(),
      email: administrator.email.trim(),
      language: administrator.language,
    },
    ...(supportContact.trim() === '' ? {} : { supportContact: supportContact.trim() }),
  };
}

export function changeOf({ name, timeZone, supportContact, subscription }: TenantForm): TenantChange {
  return {
    name: name.trim(),
    timeZone,
    supportContact: supportContact.trim() === '' ? null : supportContact.trim(),
    subscription: subscriptionOf(subscription),
  };
}
