import {
  Collapse,
  NativeSelect,
  PasswordInput,
  SimpleGrid,
  Switch,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { FormSection } from '../shared/FormDrawer.tsx';
import type { FieldErrors } from '../shared/use-field-errors.ts';
import { emptyLine, optionalLineFields, type LineForm, type OptionalLineField } from './user-form.ts';
import classes from './users.module.css';

export interface LineFieldsProps {
  readonly line: LineForm | undefined;
  readonly onChange: (line: LineForm | undefined) => void;
  readonly connectors: readonly { readonly connectorId: string; readonly name: string }[];
  /** There is a password already: an empty field leaves it. */
  readonly hasPassword: boolean;
  readonly errors: FieldErrors;
}

/** Beside the platform's number; what few need is folded away. */
const common = [
  'shortNumber',
  'deskPhone',
  'alternativeNumber',
] as const satisfies readonly OptionalLineField[];
const rare = optionalLineFields.filter((field) => !(common as readonly string[]).includes(field));

/** A person's telephone line. Its password can be written and never read. */
export function LineFields({ line, onChange, connectors, hasPassword, errors }: LineFieldsProps) {
  const { t } = useWords();
  const [unfolded, setUnfolded] = useState(line !== undefined && rare.some((field) => line[field] !== ''));
  const first = connectors[0];
  const input = (of: LineForm, field: OptionalLineField) => (
    <TextInput
      key={field}
      label={t(`users.field.${field}`)}
      description={t(`users.field.${field}.hint`)}
      value={of[field]}
      onChange={(event) => onChange({ ...of, [field]: event.currentTarget.value })}
      error={errors.of(`line.${field}`)}
      inputMode={field === 'authUser' ? 'text' : 'tel'}
      autoComplete="off"
      spellCheck={false}
    />
  );
  return (
    <FormSection title={t('users.line')}>
      <Switch
        label={t('users.line.has')}
        description={t(
          first === undefined && line === undefined ? 'users.line.noConnector' : 'users.line.has.hint',
        )}
        checked={line !== undefined}
        disabled={first === undefined && line === undefined}
        onChange={(event) =>
          onChange(
            event.currentTarget.checked && first !== undefined ? emptyLine(first.connectorId) : undefined,
          )
        }
      />
      {line === undefined ? null : (
        <>
          <NativeSelect
            label={t('users.field.connector')}
            value={line.connectorId}
            data={connectors.map(({ connectorId, name }) => ({ value: connectorId, label: name }))}
            onChange={(event) => onChange({ ...line, connectorId: event.currentTarget.value })}
            error={errors.of('line.connectorId')}
          />
          <TextInput
            label={t('users.field.number')}
            description={t('users.field.number.hint')}
            required
            value={line.number}
            onChange={(event) => onChange({ ...line, number: event.currentTarget.value })}
            error={errors.of('line.number', 'number')}
            inputMode="tel"
            autoComplete="off"
          />
          <PasswordInput
            label={t('users.field.password')}
            description={t(hasPassword ? 'users.field.password.kept' : 'users.field.password.hint')}
            placeholder={hasPassword ? '••••••••' : ''}
            value={line.password}
            onChange={(event) => onChange({ ...line, password: event.currentTarget.value })}
            error={errors.of('line.password')}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('shared.reveal') }}
          />
          {common.map((field) => input(line, field))}
          <UnstyledButton
            className={classes['unfold'] ?? ''}
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            <IconChevronDown size={16} aria-hidden="true" data-open={unfolded || undefined} />
            {t('users.line.more')}
          </UnstyledButton>
          <Collapse expanded={unfolded}>
            <SimpleGrid cols={1} spacing={16}>
              {rare.map((field) => input(line, field))}
            </SimpleGrid>
          </Collapse>
        </>
      )}
    </FormSection>
  );
}
