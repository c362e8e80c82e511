import {
  Checkbox,
  NativeSelect,
  PasswordInput,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { PlatformKind, type CstaConfig, type PbxConfig } from '@offhook/contract';
import type { ChangeEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import type { FieldErrors } from '../shared/use-field-errors.ts';
import { dialCodes, usualPort, type PbxDraft } from './pbx-draft.ts';
import classes from './PbxFields.module.css';

export interface PbxFieldsProps {
  readonly draft: PbxDraft;
  readonly onChange: (change: Partial<PbxDraft>) => void;
  readonly errors: FieldErrors;
}

type TextName = { [Name in keyof PbxDraft]: string extends PbxDraft[Name] ? Name : never }[keyof PbxDraft];

/** What a field of text has in common with the others: its value, and where what is wrong with it is said. */
const textsOf =
  ({ draft, onChange, errors }: PbxFieldsProps) =>
  (name: TextName, path: string) => ({
    value: draft[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => onChange({ [name]: event.currentTarget.value }),
    error: errors.of(path),
  });

/** Names of products are no words. */
export const kindNames: Readonly<Record<Exclude<PlatformKind, 'generic-sip'>, string>> = {
  'openscape-voice': 'Unify OpenScape Voice',
  'openscape-4000': 'Unify OpenScape 4000',
  'openscape-business': 'Unify OpenScape Business',
};

export function KindField({ draft, onChange }: PbxFieldsProps) {
  const { t } = useWords();
  return (
    <Radio.Group
      label={t('connectors.kind')}
      value={draft.kind}
      onChange={(kind) => onChange({ kind: PlatformKind.parse(kind) })}
    >
      <div className={classes['cards']}>
        {PlatformKind.options.map((kind) => (
          <Radio.Card key={kind} value={kind} className={classes['card'] ?? ''} radius="md">
            <Radio.Indicator />
            <span className={classes['cardWords']}>
              <span className={classes['cardName']}>
                {kind === 'generic-sip' ? t('connectors.kind.generic') : kindNames[kind]}
              </span>
              <span className={classes['cardHint']}>{t(`connectors.kind.${kind}.hint`)}</span>
            </span>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}

const transports = [
  { value: 'tls', label: 'TLS' },
  { value: 'tcp', label: 'TCP' },
  { value: 'udp', label: 'UDP' },
] as const satisfies readonly { value: PbxConfig['transport']; label: string }[];

export function AddressFields({ draft, onChange, errors }: PbxFieldsProps) {
  const { t } = useWords();
  const text = textsOf({ draft, onChange, errors });
  const setTransport = (transport: PbxConfig['transport']): void =>
    onChange({
      transport,
      ...(draft.port === usualPort(draft.transport) ? { port: usualPort(transport) } : {}),
    });
  return (
    <Stack gap="md">
      <TextInput
        label={t('connectors.host')}
        description={t('connectors.host.hint')}
        {...text('host', 'pbx.host')}
        required
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
      />
      <div className={classes['pair']}>
        <NativeSelect
          label={t('connectors.transport')}
          data={transports}
          value={draft.transport}
          onChange={(event) => setTransport(event.currentTarget.value as PbxConfig['transport'])}
        />
        <TextInput label={t('connectors.port')} inputMode="numeric" {...text('port', 'pbx.port')} />
      </div>
      <TextInput
        label={`${t('connectors.domain')} (${t('shared.optional')})`}
        description={t('connectors.domain.hint')}
        {...text('domain', 'pbx.domain')}
        autoComplete="off"
        spellCheck={false}
      />
    </Stack>
  );
}

export function AttachmentFields({
  draft,
  onChange,
  errors,
  hasPassword,
}: PbxFieldsProps & { readonly hasPassword: boolean }) {
  const { t } = useWords();
  const text = textsOf({ draft, onChange, errors });
  return (
    <Stack gap="md">
      <Radio.Group
        label={t('connectors.attachment')}
        value={draft.by}
        onChange={(by) => onChange({ by: by === 'trunk' ? 'trunk' : 'registration' })}
      >
        <Stack gap="sm" mt="xs">
          <Radio
            value="registration"
            label={t('connectors.attachment.registration')}
            description={t('connectors.attachment.registration.hint')}
          />
          <Radio
            value="trunk"
            label={t('connectors.attachment.trunk')}
            description={t('connectors.attachment.trunk.hint')}
          />
        </Stack>
      </Radio.Group>
      {draft.by === 'registration' ? null : (
        <>
          <TextInput
            label={t('connectors.trunk.number')}
            {...text('trunkNumber', 'pbx.attachment.number')}
            autoComplete="off"
          />
          <TextInput
            label={t('connectors.trunk.user')}
            {...text('trunkUser', 'pbx.attachment.authUser')}
            autoComplete="off"
            spellCheck={false}
          />
          <SecretInput
            label={t('connectors.trunk.password')}
            stored={hasPassword}
            value={draft.trunkPassword}
            onChange={(trunkPassword) => onChange({ trunkPassword })}
            error={errors.of('pbx.attachment.password')}
          />
          <Checkbox
            label={t('connectors.trunk.register')}
            description={t('connectors.trunk.register.hint')}
            checked={draft.register}
            onChange={(event) => onChange({ register: event.currentTarget.checked })}
          />
        </>
      )}
    </Stack>
  );
}

export function CtiFields({
  draft,
  onChange,
  errors,
  hasPassword,
}: PbxFieldsProps & { readonly hasPassword: boolean }) {
  const { t } = useWords();
  const text = textsOf({ draft, onChange, errors });
  return (
    <Stack gap="md">
      <Switch
        label={t('connectors.cti.on')}
        description={t('connectors.cti.on.hint')}
        checked={draft.cti}
        onChange={(event) => onChange({ cti: event.currentTarget.checked })}
      />
      {draft.cti ? (
        <>
          <TextInput
            label={`${t('connectors.cti.host')} (${t('shared.optional')})`}
            description={t('connectors.cti.host.hint')}
            {...text('ctiHost', 'pbx.csta.host')}
            autoComplete="off"
            spellCheck={false}
          />
          <div className={classes['pair']}>
            <NativeSelect
              label={t('connectors.cti.transport')}
              data={transports.filter(({ value }) => value !== 'udp')}
              value={draft.ctiTransport}
              onChange={(event) =>
                onChange({ ctiTransport: event.currentTarget.value as CstaConfig['transport'] })
              }
            />
            <TextInput
              label={t('connectors.cti.port')}
              inputMode="numeric"
              {...text('ctiPort', 'pbx.csta.port')}
            />
          </div>
          <TextInput
            label={`${t('connectors.cti.user')} (${t('shared.optional')})`}
            {...text('ctiUser', 'pbx.csta.user')}
            autoComplete="off"
            spellCheck={false}
          />
          <SecretInput
            label={`${t('connectors.cti.password')} (${t('shared.optional')})`}
            stored={hasPassword}
            value={draft.ctiPassword}
            onChange={(ctiPassword) => onChange({ ctiPassword })}
            error={errors.of('pbx.csta.password')}
          />
        </>
      ) : null}
    </Stack>
  );
}

export function CodeFields({ draft, onChange, errors }: PbxFieldsProps) {
  const { t } = useWords();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="md">
      {dialCodes.map((code) => (
        <TextInput
          key={code}
          label={t(`connectors.code.${code}`)}
          value={draft.codes[code]}
          onChange={(event) => onChange({ codes: { ...draft.codes, [code]: event.currentTarget.value } })}
          error={errors.of(`pbx.codes.${code}`)}
          autoComplete="off"
          spellCheck={false}
        />
      ))}
    </SimpleGrid>
  );
}

export function TimeFields({ draft, onChange, errors }: PbxFieldsProps) {
  const { t } = useWords();
  const text = textsOf({ draft, onChange, errors });
  const seconds = ['registerExpires', 'ringSeconds', 'alternativeAfterSeconds'] as const;
  return (
    <Stack gap="md">
      <TextInput
        label={t('connectors.emergency')}
        description={t('connectors.emergency.hint')}
        {...text('emergencyNumbers', 'pbx.emergencyNumbers')}
        autoComplete="off"
      />
      {seconds.map((name) => (
        <TextInput
          key={name}
          label={t(`connectors.${name}`)}
          inputMode="numeric"
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.value })}
          error={errors.of(`pbx.${name}`)}
        />
      ))}
    </Stack>
  );
}

interface SecretInputProps {
  readonly label: string;
  /** There is one already, which nobody can read. */
  readonly stored: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
}

/** Write-only: what is stored is never shown, and stays unless something is typed. */
export function SecretInput({ label, stored, value, onChange, error }: SecretInputProps) {
  const { t } = useWords();
  return (
    <PasswordInput
      label={label}
      {...(stored ? { description: t('connectors.password.stored'), placeholder: '••••••••' } : {})}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': t('shared.reveal') }}
    />
  );
}

/** Every path that these fields show, for what the service refuses. */
export const pbxInputs: readonly string[] = [
  ...['host', 'port', 'domain', 'registerExpires', 'ringSeconds', 'alternativeAfterSeconds'].map(
    (name) => `pbx.${name}`,
  ),
  'pbx.emergencyNumbers',
  ...['number', 'authUser', 'password'].map((name) => `pbx.attachment.${name}`),
  ...['host', 'port', 'user', 'password'].map((name) => `pbx.csta.${name}`),
  ...dialCodes.map((code) => `pbx.codes.${code}`),
];
