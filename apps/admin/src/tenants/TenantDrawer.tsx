import { TenantDetail } from '@offhook/contract';
import { useState } from 'react';
import { AdministratorFields, missingOf } from '../administrators/InviteDrawer.tsx';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { MissingFields } from '../shared/fields.ts';
import { FormDrawer, FormSection } from '../shared/FormDrawer.tsx';
import { useAct } from '../shared/use-act.ts';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { changeOf, emptyTenant, formOf, missingFields, newTenantOf } from './tenant-form.ts';
import { TenantFields, tenantInputs } from './TenantFields.tsx';
import { PATH, pathOf } from './tenants.ts';

export interface TenantDrawerProps {
  readonly onSaved: (tenant: TenantDetail) => void;
  readonly onClose: () => void;
}

/** A new customer with its subscription, and whom it is handed to. */
export function NewTenantDrawer({ onSaved, onClose }: TenantDrawerProps) {
  const { t, language } = useWords();
  const api = useApi();
  const [form, setForm] = useState(() => emptyTenant(language, new Date()));
  const act = useAct();
  const errors = useFieldErrors(act.problem, [
    ...tenantInputs,
    'administrator.name',
    'administrator.email',
    'administrator.language',
  ]);
  async function save(): Promise<void> {
    const fields = [...missingFields(form), ...missingOf(form.administrator, 'administrator.')];
    if (fields.length > 0) return act.fail(new MissingFields(fields));
    await act.run(async () => onSaved(await api.ask('POST', PATH, TenantDetail, newTenantOf(form))));
    return undefined;
  }
  return (
    <FormDrawer
      title={t('tenants.new')}
      submit={t('tenants.create')}
      busy={act.busy}
      problem={errors.rest}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <TenantFields form={form} onChange={setForm} errors={errors} />
      <FormSection title={t('tenants.administrator')} hint={t('tenants.administrator.hint')}>
        <AdministratorFields
          form={form.administrator}
          onChange={(administrator) => setForm({ ...form, administrator })}
          errors={errors}
          prefix="administrator."
        />
      </FormSection>
    </FormDrawer>
  );
}

export function EditTenantDrawer({
  tenant,
  onSaved,
  onClose,
}: TenantDrawerProps & { readonly tenant: TenantDetail }) {
  const { t } = useWords();
  const api = useApi();
  const [form, setForm] = useState(() => formOf(tenant, new Date()));
  const act = useAct();
  const errors = useFieldErrors(act.problem, tenantInputs);
  async function save(): Promise<void> {
    const fields = missingFields(form);
    if (fields.length > 0) return act.fail(new MissingFields(fields));
    await act.run(async () =>
      onSaved(await api.ask('PATCH', pathOf(tenant.tenantId), TenantDetail, changeOf(form))),
    );
    return undefined;
  }
  return (
    <FormDrawer
      title={t('tenants.edit', { name: tenant.name })}
      submit={t('shared.save')}
      busy={act.busy}
      problem={errors.rest}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <TenantFields form={form} onChange={setForm} errors={errors} />
    </FormDrawer>
  );
}
