import { PasswordInput, Textarea, TextInput } from '@mantine/core';
import type { SsoSettings } from '@offhook/contract';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { StatusPill } from '../shared/StatusPill.tsx';
import type { FieldErrors } from '../shared/use-field-errors.ts';
import { useNow } from '../shared/use-now.ts';
import type { SsoDraft } from './sso-draft.ts';
import classes from './Sso.module.css';

export interface ProtocolFieldsProps {
  readonly draft: SsoDraft;
  readonly onChange: (change: Partial<SsoDraft>) => void;
  readonly errors: FieldErrors;
  readonly connection: SsoSettings['connection'];
}

export function OidcFields({ draft, onChange, errors, connection }: ProtocolFieldsProps) {
  const { t } = useWords();
  const stored = connection?.kind === 'oidc' && connection.hasClientSecret;
  return (
    <>
      <TextInput
        label={t('sso.issuer')}
        description={t('sso.issuer.hint')}
        type="url"
        value={draft.issuer}
        onChange={(event) => onChange({ issuer: event.currentTarget.value })}
        error={errors.of('issuer')}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        label={t('sso.clientId')}
        value={draft.clientId}
        onChange={(event) => onChange({ clientId: event.currentTarget.value })}
        error={errors.of('clientId')}
        autoComplete="off"
        spellCheck={false}
      />
      <PasswordInput
        label={t('sso.clientSecret')}
        {...(stored ? { description: t('sso.clientSecret.stored'), placeholder: '••••••••' } : {})}
        value={draft.clientSecret}
        onChange={(event) => onChange({ clientSecret: event.currentTarget.value })}
        error={errors.of('clientSecret')}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('shared.reveal') }}
      />
      <TextInput
        label={t('sso.scopes')}
        value={draft.scopes}
        onChange={(event) => onChange({ scopes: event.currentTarget.value })}
        error={errors.of('scopes')}
        autoComplete="off"
        spellCheck={false}
      />
    </>
  );
}

export function SamlFields({ draft, onChange, errors, connection }: ProtocolFieldsProps) {
  const { t } = useWords();
  const hasMetadata = draft.metadata.trim() !== '';
  return (
    <>
      <Textarea
        label={t('sso.metadata')}
        description={t('sso.metadata.hint')}
        classNames={{ input: classes['monospace'] ?? '' }}
        rows={5}
        value={draft.metadata}
        onChange={(event) => onChange({ metadata: event.currentTarget.value })}
        error={errors.of('metadata')}
        spellCheck={false}
      />
      {hasMetadata ? null : (
        <>
          <TextInput
            label={t('sso.entityId')}
            value={draft.entityId}
            onChange={(event) => onChange({ entityId: event.currentTarget.value })}
            error={errors.of('entityId')}
            autoComplete="off"
            spellCheck={false}
          />
          <TextInput
            label={t('sso.signOnUrl')}
            type="url"
            value={draft.signOnUrl}
            onChange={(event) => onChange({ signOnUrl: event.currentTarget.value })}
            error={errors.of('signOnUrl')}
            autoComplete="off"
            spellCheck={false}
          />
          <Certificates connection={connection} />
          <Textarea
            label={t('sso.certificate')}
            description={t('sso.certificate.hint')}
            classNames={{ input: classes['monospace'] ?? '' }}
            rows={4}
            value={draft.certificate}
            onChange={(event) => onChange({ certificate: event.currentTarget.value })}
            error={errors.of('certificates', 'certificates.0')}
            spellCheck={false}
          />
        </>
      )}
      <TextInput
        label={`${t('sso.emailAttribute')} (${t('shared.optional')})`}
        description={t('sso.emailAttribute.hint')}
        value={draft.emailAttribute}
        onChange={(event) => onChange({ emailAttribute: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        label={`${t('sso.nameAttribute')} (${t('shared.optional')})`}
        value={draft.nameAttribute}
        onChange={(event) => onChange({ nameAttribute: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
      />
    </>
  );
}

const SOON_MS = 30 * 24 * 3_600_000;

function Certificates({ connection }: Pick<ProtocolFieldsProps, 'connection'>) {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  const { certificates = [] } = connection ?? {};
  if (certificates.length === 0) return null;
  return (
    <ul className={classes['certificates']} aria-label={t('sso.certificates')}>
      {certificates.map(({ fingerprint, expiresAt }) => (
        <li key={fingerprint}>
          <StatusPill tone={expiresAt <= now ? 'bad' : expiresAt - now < SOON_MS ? 'wait' : 'good'}>
            {t(expiresAt <= now ? 'sso.certificate.expired' : 'sso.certificate.until', {
              when: format.date(expiresAt),
            })}
          </StatusPill>{' '}
          <span className={classes['fingerprint']}>{fingerprint}</span>
        </li>
      ))}
    </ul>
  );
}
