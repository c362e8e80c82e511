import { Accordion, Button, Group, TextInput } from '@mantine/core';
import { ConnectorChange, ConnectorDetail } from '@offhook/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { connectorsKey, pathOf } from './data.ts';
import { draftOf, inputOf, type PbxDraft } from './pbx-draft.ts';
import {
  AddressFields,
  AttachmentFields,
  CodeFields,
  CtiFields,
  KindField,
  pbxInputs,
  TimeFields,
} from './PbxFields.tsx';
import classes from './PbxFields.module.css';

/** How the platform is reached. What somebody types is kept while the state above goes on changing. */
export function PbxForm({ detail }: { readonly detail: ConnectorDetail }) {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const { state, pbx } = detail;
  const [name, setName] = useState(state.name);
  const [draft, setDraft] = useState<PbxDraft>(() => draftOf(pbx));
  const [changed, setChanged] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const errors = useFieldErrors(problem, ['name', ...pbxInputs]);
  const fields = {
    draft,
    errors,
    onChange(change: Partial<PbxDraft>): void {
      setDraft((before) => ({ ...before, ...change }));
      setChanged(true);
    },
  };

  function reset(newest: ConnectorDetail): void {
    setName(newest.state.name);
    setDraft(draftOf(newest.pbx));
    setChanged(false);
    setProblem(undefined);
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setProblem(undefined);
    setBusy(true);
    try {
      const body = ConnectorChange.parse({ name, pbx: inputOf(draft) });
      const saved = await api.ask('PATCH', pathOf(state.connectorId), ConnectorDetail, body);
      queries.setQueryData([...connectorsKey, state.connectorId], saved);
      reset(saved);
      toasts.show({ text: t('shared.saved') });
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  const sections = [
    { id: 'address', fields: <AddressFields {...fields} /> },
    {
      id: 'attachment',
      fields: <AttachmentFields {...fields} hasPassword={pbx?.hasTrunkPassword === true} />,
    },
    { id: 'cti', fields: <CtiFields {...fields} hasPassword={pbx?.hasCstaPassword === true} /> },
    { id: 'codes', fields: <CodeFields {...fields} /> },
    { id: 'times', fields: <TimeFields {...fields} /> },
  ] as const;

  return (
    <Panel title={t('connectors.settings')} hint={t('connectors.settings.hint')}>
      <form className={classes['form']} onSubmit={(event) => void submit(event)} noValidate>
        <div className={classes['sections']}>
          <TextInput
            label={t('connectors.name')}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setChanged(true);
            }}
            error={errors.of('name')}
            autoComplete="off"
          />
          <KindField {...fields} />
          <Accordion
            multiple
            defaultValue={['address']}
            variant="separated"
            radius="md"
            chevronPosition="right"
          >
            {sections.map((section) => (
              <Accordion.Item key={section.id} value={section.id}>
                <Accordion.Control>{t(`connectors.section.${section.id}`)}</Accordion.Control>
                <Accordion.Panel>{section.fields}</Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
          <ProblemNote problem={problem} />
          <Group gap="sm">
            <Button type="submit" loading={busy} disabled={!changed}>
              {t('shared.save')}
            </Button>
            {changed ? (
              <Button variant="default" onClick={() => reset(detail)}>
                {t('shared.cancel')}
              </Button>
            ) : null}
          </Group>
        </div>
      </form>
    </Panel>
  );
}
