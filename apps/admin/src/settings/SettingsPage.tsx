import { Button, NativeSelect, NumberInput, Radio, Skeleton, Stack, TextInput } from '@mantine/core';
import { TenantSettings, type TenantSettingsChange } from '@offhook/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { sessionKey } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { CountryField } from '../shared/CountryField.tsx';
import { LanguageField } from '../shared/LanguageField.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { TimeZoneField } from '../shared/TimeZoneField.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useAct } from '../shared/use-act.ts';
import { useFieldErrors, type FieldErrors } from '../shared/use-field-errors.ts';
import { settingsPath, settingsQuery } from './settings.ts';
import classes from './settings.module.css';

const inputs = [
  'name',
  'language',
  'timeZone',
  'country',
  'supportAddress',
  'callRetentionDays',
  'deletionGraceDays',
  'secondFactorFor',
];

/** What holds for the whole company. */
export function Page() {
  const { t } = useWords();
  const { data, error, refetch } = useQuery(settingsQuery(useApi()));
  return (
    <>
      <PageHeader
        title={t('settings.title')}
        hint={t('settings.hint')}
        {...(data?.status === 'suspended'
          ? { badge: <StatusPill tone="bad">{t('tenants.status.suspended')}</StatusPill> }
          : {})}
      />
      {data !== undefined ? (
        <SettingsForm settings={data} />
      ) : error === null ? (
        <Stack gap="lg" aria-busy="true">
          <Skeleton height={300} radius="lg" />
          <Skeleton height={200} radius="lg" />
        </Stack>
      ) : (
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

/** What differs; an empty support address is none. */
function changeOf(before: TenantSettings, after: TenantSettings): TenantSettingsChange {
  const wanted = {
    ...after,
    name: after.name.trim(),
    supportAddress: (after.supportAddress ?? '').trim() === '' ? null : (after.supportAddress ?? '').trim(),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => name !== 'status' && value !== before[name as keyof TenantSettings],
    ),
  );
}

function SettingsForm({ settings }: { readonly settings: TenantSettings }) {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [form, setForm] = useState(settings);
  const act = useAct();
  const errors = useFieldErrors(act.problem, inputs);
  const change = changeOf(settings, form);
  const unchanged = Object.keys(change).length === 0;

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    await act.run(async () => {
      const saved = await api.ask('PATCH', settingsPath, TenantSettings, change);
      queries.setQueryData(settingsQuery(api).queryKey, saved);
      setForm(saved);
      toasts.show({ text: t('shared.saved') });
      // The company's name is in the navigation; a second factor may be missing now.
      await queries.invalidateQueries({ queryKey: sessionKey });
    });
  }

  const parts = { form, onChange: setForm, errors };
  return (
    <form onSubmit={(event) => void save(event)} noValidate className={classes['form']}>
      <CompanyPanel {...parts} />
      <SafetyPanel {...parts} />
      <DataPanel {...parts} />
      <div className={classes['bar']} data-shown={!unchanged || undefined}>
        <ProblemNote problem={errors.rest} />
        <div className={classes['buttons']}>
          <span className={classes['state']} role="status">
            {unchanged ? t('settings.unchanged') : t('settings.changed')}
          </span>
          <Button variant="default" disabled={unchanged || act.busy} onClick={() => setForm(settings)}>
            {t('settings.discard')}
          </Button>
          <Button type="submit" loading={act.busy} disabled={unchanged}>
            {t('shared.save')}
          </Button>
        </div>
      </div>
    </form>
  );
}

interface PartProps {
  readonly form: TenantSettings;
  readonly onChange: (form: TenantSettings) => void;
  readonly errors: FieldErrors;
}

function CompanyPanel({ form, onChange, errors }: PartProps) {
  const { t } = useWords();
  return (
    <Panel title={t('settings.company')}>
      <div className={classes['fields']}>
        <TextInput
          label={t('settings.name')}
          description={t('settings.name.hint')}
          value={form.name}
          onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
          error={errors.of('name')}
        />
        <LanguageField
          label={t('settings.language')}
          description={t('settings.language.hint')}
          value={form.language}
          onChange={(language) => onChange({ ...form, language })}
        />
        <TimeZoneField
          label={t('settings.timeZone')}
          description={t('settings.timeZone.hint')}
          value={form.timeZone}
          onChange={(timeZone) => onChange({ ...form, timeZone })}
          error={errors.of('timeZone')}
        />
        <CountryField
          label={t('settings.country')}
          description={t('settings.country.hint')}
          value={form.country}
          onChange={(country) => onChange({ ...form, country })}
          error={errors.of('country')}
        />
        <TextInput
          label={t('settings.support')}
          description={t('settings.support.hint')}
          type="email"
          value={form.supportAddress ?? ''}
          onChange={(event) => onChange({ ...form, supportAddress: event.currentTarget.value })}
          error={errors.of('supportAddress')}
        />
      </div>
    </Panel>
  );
}

function SafetyPanel({ form, onChange, errors }: PartProps) {
  const { t } = useWords();
  return (
    <Panel title={t('settings.secondFactor')} hint={t('settings.secondFactor.hint')}>
      <Radio.Group
        aria-label={t('settings.secondFactor')}
        value={form.secondFactorFor}
        error={errors.of('secondFactorFor')}
        onChange={(value) => {
          const chosen = TenantSettings.shape.secondFactorFor.safeParse(value);
          if (chosen.success) onChange({ ...form, secondFactorFor: chosen.data });
        }}
      >
        <Stack gap={14}>
          {TenantSettings.shape.secondFactorFor.options.map((who) => (
            <Radio
              key={who}
              value={who}
              label={t(`settings.secondFactor.${who}`)}
              description={t(`settings.secondFactor.${who}.hint`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    </Panel>
  );
}

/** Usual lengths; one that was set otherwise stays among them. */
const RETENTIONS = [30, 90, 180, 365, 730, 1095, 3650] as const;

function DataPanel({ form, onChange, errors }: PartProps) {
  const { t } = useWords();
  const { callRetentionDays: retention } = form;
  const lengths = [...new Set<number>([...RETENTIONS, retention])].sort((a, b) => a - b);
  return (
    <Panel title={t('settings.data')} hint={t('settings.data.hint')}>
      <div className={classes['fields']}>
        <NativeSelect
          label={t('settings.retention')}
          description={t('settings.retention.hint')}
          value={String(retention)}
          data={lengths.map((days) => ({
            value: String(days),
            label: t('settings.days', { count: days }),
          }))}
          onChange={(event) => onChange({ ...form, callRetentionDays: Number(event.currentTarget.value) })}
          error={errors.of('callRetentionDays')}
        />
        <NumberInput
          label={t('settings.grace')}
          description={t('settings.grace.hint')}
          min={0}
          max={90}
          allowDecimal={false}
          clampBehavior="strict"
          size="md"
          value={form.deletionGraceDays}
          onChange={(value) => onChange({ ...form, deletionGraceDays: Number(value) })}
          error={errors.of('deletionGraceDays')}
        />
      </div>
    </Panel>
  );
}
