import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { PlatformKind } from '@offhook/contract';
import { useWords } from '../i18n/use-words.ts';
import { FormSection } from '../shared/FormDrawer.tsx';
import { TimeZoneField } from '../shared/TimeZoneField.tsx';
import type { FieldErrors } from '../shared/use-field-errors.ts';
import { currencyDigits, type SubscriptionForm, type TenantForm } from './tenant-form.ts';
import classes from './tenants.module.css';

export const tenantInputs = [
  'name',
  'timeZone',
  'supportContact',
  'subscription.platform',
  'subscription.seats',
  'subscription.price',
  'subscription.price.amount',
  'subscription.price.currency',
  'subscription.startsOn',
];

interface TenantFieldsProps<Form extends TenantForm> {
  readonly form: Form;
  readonly onChange: (form: Form) => void;
  readonly errors: FieldErrors;
}

export function TenantFields<Form extends TenantForm>({ form, onChange, errors }: TenantFieldsProps<Form>) {
  const { t } = useWords();
  return (
    <>
      <TextInput
        label={t('tenants.field.name')}
        required
        value={form.name}
        onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
        error={errors.of('name')}
        autoComplete="off"
        data-autofocus
      />
      <TimeZoneField
        label={t('tenants.field.timeZone')}
        description={t('tenants.field.timeZone.hint')}
        value={form.timeZone}
        onChange={(timeZone) => onChange({ ...form, timeZone })}
        error={errors.of('timeZone')}
      />
      <TextInput
        label={t('tenants.field.supportContact')}
        description={t('tenants.field.supportContact.hint')}
        type="email"
        value={form.supportContact}
        onChange={(event) => onChange({ ...form, supportContact: event.currentTarget.value })}
        error={errors.of('supportContact')}
        autoComplete="off"
      />
      <SubscriptionFields
        form={form.subscription}
        onChange={(subscription) => onChange({ ...form, subscription })}
        errors={errors}
      />
    </>
  );
}

const CURRENCIES = ['EUR', 'CHF', 'GBP', 'USD', 'DKK', 'SEK', 'NOK', 'PLN', 'CZK'] as const;

interface SubscriptionFieldsProps {
  readonly form: SubscriptionForm;
  readonly onChange: (form: SubscriptionForm) => void;
  readonly errors: FieldErrors;
}

/** Between whole units and decimals, as people of a language write it. */
const decimalSeparator = (language: string): string =>
  new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';

function SubscriptionFields({ form, onChange, errors }: SubscriptionFieldsProps) {
  const { t, language } = useWords();
  const currencies = [...new Set<string>([...CURRENCIES, form.currency])];
  return (
    <FormSection title={t('tenants.subscription')}>
      <NativeSelect
        label={t('tenants.field.platform')}
        value={form.platform}
        data={PlatformKind.options.map((kind) => ({ value: kind, label: t(`tenants.platform.${kind}`) }))}
        onChange={(event) => onChange({ ...form, platform: PlatformKind.parse(event.currentTarget.value) })}
        error={errors.of('subscription.platform')}
      />
      <div className={classes['pair']}>
        <NumberInput
          label={t('tenants.field.seats')}
          size="md"
          required
          min={0}
          max={100_000}
          allowDecimal={false}
          value={form.seats}
          onChange={(seats) => onChange({ ...form, seats })}
          error={errors.of('subscription.seats')}
        />
        <TextInput
          label={t('tenants.field.startsOn')}
          required
          type="date"
          value={form.startsOn}
          onChange={(event) => onChange({ ...form, startsOn: event.currentTarget.value })}
          error={errors.of('subscription.startsOn')}
        />
        <NumberInput
          label={t('tenants.field.price')}
          size="md"
          required
          min={0}
          max={100_000}
          decimalScale={currencyDigits(form.currency)}
          fixedDecimalScale
          decimalSeparator={decimalSeparator(language)}
          value={form.price}
          onChange={(price) => onChange({ ...form, price })}
          error={errors.of('subscription.price', 'subscription.price.amount')}
        />
        <NativeSelect
          label={t('tenants.field.currency')}
          value={form.currency}
          data={currencies}
          onChange={(event) => onChange({ ...form, currency: event.currentTarget.value })}
          error={errors.of('subscription.price.currency')}
        />
      </div>
    </FormSection>
  );
}
