import { Alert, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { UserRow } from '@offhook/contract';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { MissingFields } from '../shared/fields.ts';
import { FormDrawer } from '../shared/FormDrawer.tsx';
import { LanguageField } from '../shared/LanguageField.tsx';
import { useAct } from '../shared/use-act.ts';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { LineFields } from './LineFields.tsx';
import { changeOf, emptyUser, formOf, missingFields, newUserOf, optionalLineFields } from './user-form.ts';
import { connectorsQuery, pathOf, seatsQuery } from './users.ts';

export interface UserDrawerProps {
  /** Absent: a new one. */
  readonly user?: UserRow;
  readonly onSaved: (user: UserRow) => void;
  readonly onClose: () => void;
}

const inputs = [
  'name',
  'email',
  'role',
  'language',
  'number',
  'line.connectorId',
  'line.number',
  'line.password',
  ...optionalLineFields.map((field) => `line.${field}`),
];

/** A person is made or changed; the connectors are known before the form shows, so that nothing jumps. */
export function UserDrawer(props: UserDrawerProps) {
  const { data, isPending } = useQuery(connectorsQuery(useApi()));
  if (isPending) return null;
  return <UserForm {...props} connectors={data?.connectors ?? []} />;
}

interface UserFormProps extends UserDrawerProps {
  readonly connectors: readonly { readonly connectorId: string; readonly name: string }[];
}

function UserForm({ user, connectors, onSaved, onClose }: UserFormProps) {
  const { t, language } = useWords();
  const api = useApi();
  const [before] = useState(() =>
    user === undefined ? emptyUser(language, connectors[0]?.connectorId) : formOf(user),
  );
  const [form, setForm] = useState(before);
  const act = useAct();
  const errors = useFieldErrors(act.problem, inputs);

  async function save(): Promise<void> {
    const fields = missingFields(form);
    if (fields.length > 0) return act.fail(new MissingFields(fields));
    await act.run(async () => {
      onSaved(
        user === undefined
          ? await api.ask('POST', '/api/admin/users', UserRow, newUserOf(form))
          : await api.ask('PATCH', pathOf(user.userId), UserRow, changeOf(before, form)),
      );
    });
    return undefined;
  }

  return (
    <FormDrawer
      title={user === undefined ? t('users.new') : t('users.edit', { name: user.name })}
      submit={user === undefined ? t('users.create') : t('shared.save')}
      busy={act.busy}
      problem={errors.rest}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      {user === undefined || !isOwned(user) ? null : (
        <Alert variant="light" color="amber" icon={<IconInfoCircle />} radius="md">
          {t(`users.source.${user.source}.warning`)}
        </Alert>
      )}
      <TextInput
        label={t('users.field.name')}
        required
        value={form.name}
        onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        error={errors.of('name')}
        autoComplete="off"
        data-autofocus
      />
      <TextInput
        label={t('users.field.email')}
        description={t('users.field.email.hint')}
        required
        type="email"
        value={form.email}
        onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
        error={errors.of('email')}
        autoComplete="off"
      />
      <NativeSelect
        label={t('users.field.role')}
        value={form.role}
        data={(['user', 'admin'] as const).map((role) => ({ value: role, label: t(`users.role.${role}`) }))}
        onChange={(event) =>
          setForm({ ...form, role: event.currentTarget.value === 'admin' ? 'admin' : 'user' })
        }
        error={errors.of('role')}
      />
      <LanguageField
        label={t('users.field.language')}
        value={form.language}
        onChange={(chosen) => setForm({ ...form, language: chosen })}
      />
      <LineFields
        line={form.line}
        onChange={(line) => setForm({ ...form, line })}
        connectors={connectors}
        hasPassword={user?.line?.hasPassword === true}
        errors={errors}
      />
      {form.line === undefined || user?.seat === true ? null : <SeatsNote />}
      {user === undefined ? (
        <Checkbox
          label={t('users.invite')}
          description={t('users.invite.hint')}
          checked={form.invite}
          onChange={(event) => setForm({ ...form, invite: event.currentTarget.checked })}
        />
      ) : null}
    </FormDrawer>
  );
}

/** Somebody else writes this person, and will write again. */
const isOwned = (user: UserRow): user is UserRow & { source: 'scim' | 'sso' } =>
  user.source === 'scim' || user.source === 'sso';

/** What a line costs: one more seat, of how many. */
function SeatsNote() {
  const { t } = useWords();
  const format = useFormat();
  const { data } = useQuery(seatsQuery(useApi()));
  if (data === undefined || data.of === undefined) return null;
  const full = data.used >= data.of;
  return (
    <Alert variant="light" color={full ? 'amber' : 'gray'} icon={<IconInfoCircle />} radius="md">
      {t(full ? 'users.seats.full' : 'users.seats.note', {
        used: format.number(data.used),
        of: format.number(data.of),
      })}
    </Alert>
  );
}
