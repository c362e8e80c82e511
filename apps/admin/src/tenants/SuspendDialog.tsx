import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { MissingFields } from '../shared/fields.ts';
import { useAct } from '../shared/use-act.ts';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { ProblemNote } from '../shared/ProblemNote.tsx';

export interface SuspendDialogProps {
  readonly name: string;
  readonly onSuspend: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
}

const MOST = 500;

/** Why a customer is suspended is told to its administrators, so it has to be said. */
export function SuspendDialog({ name, onSuspend, onClose }: SuspendDialogProps) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const act = useAct();
  const errors = useFieldErrors(act.problem, ['reason']);
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (reason.trim() === '') return act.fail(new MissingFields(['reason']));
    if (await act.run(() => onSuspend(reason.trim()))) onClose();
    return undefined;
  }
  return (
    <Modal opened onClose={onClose} title={t('tenants.suspend.title', { name })}>
      <form onSubmit={(event) => void send(event)} noValidate>
        <Stack gap="md">
          <Text size="sm" lh={1.55}>
            {t('tenants.suspend.hint')}
          </Text>
          <Textarea
            label={t('tenants.suspend.reason')}
            description={t('tenants.suspend.reason.hint')}
            required
            autosize
            minRows={3}
            maxLength={MOST}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={errors.of('reason')}
            data-autofocus
          />
          <ProblemNote problem={errors.rest} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={act.busy}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" color="signal" loading={act.busy}>
              {t('tenants.suspend')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
