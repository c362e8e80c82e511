import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { OffhookError } from '@offhook/contract';
import { useState, type SubmitEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { MissingFields } from '../shared/fields.ts';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useAct } from '../shared/use-act.ts';
import { useFieldErrors } from '../shared/use-field-errors.ts';

export interface ProveDomainDialogProps {
  readonly name: string;
  /** @param domain in lower case */
  readonly onProve: (domain: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** A customer's e-mail domain is taken as proved by the provider's word. */
export function ProveDomainDialog({ name, onProve, onClose }: ProveDomainDialogProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const act = useAct();
  const errors = useFieldErrors(act.problem, ['domain']);
  const code = act.problem instanceof OffhookError ? act.problem.code : undefined;
  const refused =
    code === 'not_found'
      ? t('tenants.prove.unknown')
      : code === 'name_taken'
        ? t('tenants.prove.taken')
        : undefined;
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const domain = typed.trim().toLowerCase().replace(/^@/u, '');
    if (domain === '') return act.fail(new MissingFields(['domain']));
    if (await act.run(() => onProve(domain))) onClose();
    return undefined;
  }
  return (
    <Modal opened onClose={onClose} title={t('tenants.prove.title', { name })}>
      <form onSubmit={(event) => void send(event)} noValidate>
        <Stack gap="md">
          <Text size="sm" lh={1.55}>
            {t('tenants.prove.hint')}
          </Text>
          <TextInput
            label={t('tenants.prove.domain')}
            description={t('tenants.prove.domain.hint')}
            required
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={refused ?? errors.of('domain')}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          <ProblemNote problem={refused === undefined ? errors.rest : undefined} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={act.busy}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" loading={act.busy}>
              {t('tenants.prove')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
