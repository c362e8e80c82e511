import { TextInput } from '@mantine/core';
import type { InviteAdministrator } from '@offhook/contract';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { MissingFields } from '../shared/fields.ts';
import { FormDrawer } from '../shared/FormDrawer.tsx';
import { LanguageField } from '../shared/LanguageField.tsx';
import { useAct } from '../shared/use-act.ts';
import { useFieldErrors, type FieldErrors } from '../shared/use-field-errors.ts';

export interface InviteDrawerProps {
  /** Absent: of an administrator. */
  readonly title?: string;
  readonly onInvite: (wanted: InviteAdministrator) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Invites an administrator: of the own company, or the provider one of a customer. */
export function InviteDrawer({ title, onInvite, onClose }: InviteDrawerProps) {
  const { t, language } = useWords();
  const [form, setForm] = useState<InviteAdministrator>({ email: '', name: '', language });
  const act = useAct();
  const errors = useFieldErrors(act.problem, ['name', 'email', 'language']);
  async function send(): Promise<void> {
    const fields = missingOf(form);
    if (fields.length > 0) return act.fail(new MissingFields(fields));
    await act.run(() => onInvite(cleaned(form)));
    return undefined;
  }
  return (
    <FormDrawer
      title={title ?? t('administrators.invite')}
      submit={t('administrators.invite.submit')}
      busy={act.busy}
      problem={errors.rest}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <AdministratorFields form={form} onChange={setForm} errors={errors} prefix="" first />
    </FormDrawer>
  );
}

export const missingOf = ({ name, email }: InviteAdministrator, prefix = ''): string[] => [
  ...(name.trim() === '' ? [`${prefix}name`] : []),
  ...(email.includes('@') ? [] : [`${prefix}email`]),
];

export const cleaned = ({ name, email, language }: InviteAdministrator): InviteAdministrator => ({
  name: name.trim(),
  email: email.trim(),
  language,
});

export interface AdministratorFieldsProps {
  readonly form: InviteAdministrator;
  readonly onChange: (form: InviteAdministrator) => void;
  readonly errors: FieldErrors;
  /** Before the fields' names in the contract: `administrator.`. */
  readonly prefix: string;
  /** Its first field has the focus when the form opens. */
  readonly first?: boolean;
}

/** Who is invited, and in which language. */
export function AdministratorFields({ form, onChange, errors, prefix, first }: AdministratorFieldsProps) {
  const { t } = useWords();
  return (
    <>
      <TextInput
        label={t('users.field.name')}
        required
        value={form.name}
        onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
        error={errors.of(`${prefix}name`)}
        autoComplete="off"
        {...(first === true ? { 'data-autofocus': true } : {})}
      />
      <TextInput
        label={t('users.field.email')}
        description={t('administrators.email.hint')}
        required
        type="email"
        value={form.email}
        onChange={(event) => onChange({ ...form, email: event.currentTarget.value })}
        error={errors.of(`${prefix}email`)}
        autoComplete="off"
      />
      <LanguageField
        label={t('users.field.language')}
        value={form.language}
        onChange={(language) => onChange({ ...form, language })}
      />
    </>
  );
}
