import { Button, Group, TextInput } from '@mantine/core';
import { ConnectorDetail, NewConnector } from '@offhook/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import classes from './Connectors.module.css';
import { connectorsKey } from './data.ts';
import { inputOf, newDraft, type PbxDraft } from './pbx-draft.ts';
import { AddressFields, AttachmentFields, CtiFields, KindField, pbxInputs } from './PbxFields.tsx';
import pbxClasses from './PbxFields.module.css';

const steps = ['kind', 'address', 'attachment'] as const;
type Step = (typeof steps)[number];

/** What each step must have right before the next one, by the beginning of the contract's paths. */
const fieldsOf: Readonly<Record<Step, readonly string[]>> = {
  kind: ['name'],
  address: ['pbx.host', 'pbx.port', 'pbx.domain'],
  attachment: ['pbx'],
};

/** Kind, address and attachment; then the connector is there, and its own page leads on: key, start line, and the wait until it is online. */
export function ConnectWizard() {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState<PbxDraft>(newDraft);
  const [step, setStep] = useState<Step>('kind');
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const errors = useFieldErrors(problem, ['name', ...pbxInputs]);
  const index = steps.indexOf(step);
  const fields = {
    draft,
    errors,
    onChange: (change: Partial<PbxDraft>): void => setDraft((before) => ({ ...before, ...change })),
  };

  /** What is wrong on this page of the form; later pages are not judged yet. */
  function wrongHere(): unknown {
    const parsed = NewConnector.safeParse({ name, pbx: inputOf(draft) });
    const here = parsed.error?.issues.some(({ path }) =>
      fieldsOf[step].some((field) => path.join('.').startsWith(field)),
    );
    return here === true ? parsed.error : undefined;
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const wrong = wrongHere();
    setProblem(wrong);
    if (wrong !== undefined || busy) return;
    const next = steps[index + 1];
    if (next !== undefined) return setStep(next);
    setBusy(true);
    try {
      const body = NewConnector.parse({ name, pbx: inputOf(draft) });
      const { state } = await api.ask('POST', '/api/admin/connectors', ConnectorDetail, body);
      await queries.invalidateQueries({ queryKey: connectorsKey });
      await navigate({
        to: '/admin/connectors/$connectorId',
        params: { connectorId: state.connectorId },
        replace: true,
      });
    } catch (thrown) {
      setProblem(thrown);
      if (errorIsName(thrown)) setStep('kind');
      setBusy(false);
    }
  }

  return (
    <>
      <PageHeader
        title={t('connectors.wizard')}
        hint={t('connectors.wizard.step', { step: index + 1, steps: steps.length + 1 })}
        back={{ to: '/admin/connectors', label: t('connectors.title') }}
      />
      <div className={classes['progress']} aria-hidden="true">
        {[...steps, 'start'].map((one, at) => (
          <span key={one} data-done={at <= index || undefined} />
        ))}
      </div>
      <Panel title={t(`connectors.wizard.${step}`)} hint={t(`connectors.wizard.${step}.hint`)}>
        <form className={pbxClasses['form']} onSubmit={(event) => void submit(event)} noValidate>
          <div className={pbxClasses['sections']}>
            {step === 'kind' ? (
              <>
                <KindField {...fields} />
                <TextInput
                  label={t('connectors.name')}
                  description={t('connectors.name.hint')}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                  error={errors.of('name')}
                  autoComplete="off"
                />
              </>
            ) : step === 'address' ? (
              <AddressFields {...fields} />
            ) : (
              <>
                <AttachmentFields {...fields} hasPassword={false} />
                <CtiFields {...fields} hasPassword={false} />
              </>
            )}
            <ProblemNote problem={errors.rest} />
            <Group justify="space-between">
              <Button
                variant="default"
                onClick={() => {
                  const before = steps[index - 1];
                  setProblem(undefined);
                  if (before === undefined) void navigate({ to: '/admin/connectors' });
                  else setStep(before);
                }}
              >
                {t(index === 0 ? 'shared.cancel' : 'shared.back')}
              </Button>
              <Button type="submit" loading={busy}>
                {t(index === steps.length - 1 ? 'connectors.wizard.create' : 'shared.next')}
              </Button>
            </Group>
          </div>
        </form>
      </Panel>
    </>
  );
}

const errorIsName = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'name_taken';
