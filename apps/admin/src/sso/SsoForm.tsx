import { Button, Group, SegmentedControl, Switch, TagsInput, TextInput } from '@mantine/core';
import { AdminLimits, OffhookError, SsoInput, SsoInputReason, SsoSettings } from '@offhook/contract';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { CopyField } from '../shared/CopyField.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { OidcFields, SamlFields } from './ProtocolFields.tsx';
import { draftOf, inputOf, type SsoDraft } from './sso-draft.ts';
import classes from './Sso.module.css';

export interface SsoFormProps {
  readonly settings: SsoSettings;
  /** Something was typed that is not saved yet. */
  readonly onChanged: (changed: boolean) => void;
  readonly onSaved: (settings: SsoSettings) => void;
}

const domainInputs = [
  'domains',
  ...Array.from({ length: AdminLimits.ssoDomains }, (_, index) => `domains.${index}`),
];
const certificateInputs = ['certificates', 'certificates.0'];
const inputs = ['issuer', 'clientId', 'clientSecret', 'scopes', 'metadata', 'entityId', 'signOnUrl'];

export function SsoForm({ settings, onChanged, onSaved }: SsoFormProps) {
  const { t } = useWords();
  const api = useApi();
  const toasts = useToasts();
  const [draft, setDraft] = useState<SsoDraft>(() => draftOf(settings));
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  // A name that is taken is a domain's here, never the connection's own.
  const isDomainTaken = problem instanceof OffhookError && problem.code === 'name_taken';
  const errors = useFieldErrors(problem, [
    ...inputs,
    ...domainInputs,
    ...certificateInputs,
    ...(isDomainTaken ? [] : ['name']),
  ]);

  function change(part: Partial<SsoDraft>): void {
    setDraft((before) => ({ ...before, ...part }));
    onChanged(true);
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const saved = await api.ask('PUT', '/api/admin/sso', SsoSettings, SsoInput.parse(inputOf(draft)));
      onSaved(saved);
      setDraft(draftOf(saved));
      onChanged(false);
      toasts.show({ text: t('shared.saved') });
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  const protocol = { draft, onChange: change, errors, connection: settings.connection };
  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)} noValidate>
      <Panel title={t('sso.provider')} hint={t('sso.provider.hint')}>
        <div className={classes['copies']}>
          <SegmentedControl
            aria-label={t('sso.kind')}
            value={draft.kind}
            onChange={(kind) => change({ kind })}
            data={[
              { value: 'oidc', label: t('sso.kind.oidc') },
              { value: 'saml', label: t('sso.kind.saml') },
            ]}
            w="fit-content"
            maw="100%"
          />
          {draft.kind === 'oidc' ? (
            <CopyField
              label={t('sso.redirectUri')}
              description={t('sso.redirectUri.hint')}
              value={settings.redirectUri}
            />
          ) : (
            <SamlAddresses settings={settings} />
          )}
        </div>
      </Panel>
      <Panel title={t('sso.here')} hint={t('sso.here.hint')}>
        <div className={classes['column']}>
          <TextInput
            label={t('sso.name')}
            description={t('sso.name.hint')}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={isDomainTaken ? undefined : errors.of('name')}
            autoComplete="off"
          />
          {draft.kind === 'oidc' ? <OidcFields {...protocol} /> : <SamlFields {...protocol} />}
        </div>
      </Panel>
      <Panel title={t('sso.who')} hint={t('sso.who.hint')}>
        <div className={classes['column']}>
          <TagsInput
            label={t('sso.domains')}
            description={t('sso.domains.hint')}
            value={draft.domains}
            onChange={(domains) =>
              change({ domains: domains.map((one) => one.toLowerCase().replace(/^@/u, '')) })
            }
            splitChars={[',', ' ', ';']}
            maxTags={AdminLimits.ssoDomains}
            error={isDomainTaken ? t('sso.domains.taken') : errors.of(...domainInputs)}
          />
          <Switch
            label={t('sso.justInTime')}
            description={t('sso.justInTime.hint')}
            checked={draft.justInTime}
            onChange={(event) => change({ justInTime: event.currentTarget.checked })}
          />
          <Switch
            label={t('sso.enabled')}
            description={t('sso.enabled.hint')}
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
          />
          <Switch
            label={t('sso.only')}
            description={t('sso.only.hint')}
            checked={draft.enabled && draft.only}
            disabled={!draft.enabled}
            onChange={(event) => change({ only: event.currentTarget.checked })}
          />
          <Said problem={problem} />
          <ProblemNote problem={errors.rest} />
          <Group gap="sm">
            <Button type="submit" loading={busy}>
              {t('shared.save')}
            </Button>
          </Group>
        </div>
      </Panel>
    </form>
  );
}

function SamlAddresses({ settings }: { readonly settings: SsoSettings }) {
  const { t } = useWords();
  const { samlMetadataUrl, samlEntityId, samlAcsUrl } = settings;
  return (
    <>
      {samlMetadataUrl === undefined ? null : (
        <CopyField
          label={t('sso.samlMetadata')}
          description={t('sso.samlMetadata.hint')}
          value={samlMetadataUrl}
        />
      )}
      {samlEntityId === undefined ? null : <CopyField label={t('sso.samlEntityId')} value={samlEntityId} />}
      {samlAcsUrl === undefined ? null : <CopyField label={t('sso.samlAcs')} value={samlAcsUrl} />}
    </>
  );
}

/** Why the service refuses an input, such as metadata that cannot be read. */
function Said({ problem }: { readonly problem: unknown }) {
  const { t } = useWords();
  const reason = SsoInputReason.safeParse(problem instanceof OffhookError ? problem.reason : undefined);
  return reason.success ? (
    <p className={classes['reason']} role="alert">
      {t(`sso.reason.${reason.data}`)}
    </p>
  ) : null;
}
