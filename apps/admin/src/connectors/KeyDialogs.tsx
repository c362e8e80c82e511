import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { NewKeyRequest, type ConnectorId, type KeyScope } from '@offhook/contract';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { useNow } from '../shared/use-now.ts';

interface DialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly act: () => Promise<unknown>;
  readonly onClose: () => void;
  /** The inputs, with what the service said of the last attempt. */
  readonly children: (problem: unknown) => ReactNode;
  /** Of the inputs, as the contract names them. */
  readonly inputs: readonly string[];
}

function Dialog({ title, confirm, act, onClose, children, inputs }: DialogProps) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const { rest } = useFieldErrors(problem, inputs);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      onClose();
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={busy ? () => undefined : onClose} title={title}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          {children(problem)}
          <ProblemNote problem={rest} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export interface NewKeyDialogProps {
  readonly connector?: { readonly connectorId: ConnectorId; readonly name: string };
  readonly act: (request: NewKeyRequest) => Promise<void>;
  readonly onClose: () => void;
}

const programScopes = ['provisioning', 'scim'] as const satisfies readonly KeyScope[];

export function NewKeyDialog({ connector, act, onClose }: NewKeyDialogProps) {
  const { t } = useWords();
  const [name, setName] = useState(connector?.name ?? '');
  const [scopes, setScopes] = useState<string[]>(['provisioning']);
  return (
    <Dialog
      title={t('connectors.key.create')}
      confirm={t('connectors.key.create')}
      inputs={['name', 'scopes']}
      act={() =>
        act(
          NewKeyRequest.parse(
            connector === undefined
              ? { name, scopes }
              : { name, scopes: ['connector'], connectorId: connector.connectorId },
          ),
        )
      }
      onClose={onClose}
    >
      {(problem) => (
        <NewKeyFields problem={problem} name={name} onName={setName}>
          {connector === undefined
            ? (error) => (
                <Checkbox.Group
                  label={t('connectors.key.scopes')}
                  value={scopes}
                  onChange={setScopes}
                  error={error}
                >
                  <Stack gap="sm" mt="xs">
                    {programScopes.map((scope) => (
                      <Checkbox
                        key={scope}
                        value={scope}
                        label={t(`connectors.scope.${scope}`)}
                        description={t(`connectors.scope.${scope}.hint`)}
                      />
                    ))}
                  </Stack>
                </Checkbox.Group>
              )
            : () => null}
        </NewKeyFields>
      )}
    </Dialog>
  );
}

interface NewKeyFieldsProps {
  readonly problem: unknown;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly children: (error: string | undefined) => ReactNode;
}

function NewKeyFields({ problem, name, onName, children }: NewKeyFieldsProps) {
  const { t } = useWords();
  const errors = useFieldErrors(problem, ['name', 'scopes']);
  return (
    <>
      <TextInput
        label={t('connectors.key.name')}
        description={t('connectors.key.name.hint')}
        value={name}
        onChange={(event) => onName(event.currentTarget.value)}
        error={errors.of('name')}
        autoComplete="off"
        data-autofocus
      />
      {children(errors.of('scopes'))}
    </>
  );
}

export interface RegenerateDialogProps {
  readonly name: string;
  readonly act: (graceHours: number) => Promise<void>;
  readonly onClose: () => void;
}

const graces = [0, 1, 24, 72, 168] as const;

export function RegenerateDialog({ name, act, onClose }: RegenerateDialogProps) {
  const { t, language } = useWords();
  const format = useFormat();
  const now = useNow();
  const [grace, setGrace] = useState('24');
  const words = (hours: number): string => {
    if (hours === 0) return t('connectors.key.grace.none');
    const unit = hours < 48 ? 'hour' : 'day';
    const value = unit === 'hour' ? hours : hours / 24;
    return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  };
  return (
    <Dialog
      title={t('connectors.key.regenerate.title', { name })}
      confirm={t('connectors.key.regenerate')}
      inputs={['graceHours']}
      act={() => act(Number(grace))}
      onClose={onClose}
    >
      {() => (
        <>
          <Text size="sm">{t('connectors.key.regenerate.hint')}</Text>
          <NativeSelect
            label={t('connectors.key.grace')}
            value={grace}
            onChange={(event) => setGrace(event.currentTarget.value)}
            data={graces.map((hours) => ({ value: String(hours), label: words(hours) }))}
            description={
              grace === '0'
                ? undefined
                : t('connectors.key.until', {
                    when: format.dateTime(now + Number(grace) * 3_600_000),
                  })
            }
          />
        </>
      )}
    </Dialog>
  );
}
