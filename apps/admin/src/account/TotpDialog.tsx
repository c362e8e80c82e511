import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { OffhookError, RecoveryCodes, type TotpSetup } from '@offhook/contract';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { CopyField } from '../shared/CopyField.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { QrCode } from './QrCode.tsx';

export interface TotpDialogProps {
  readonly setup: TotpSetup;
  readonly onDone: (codes: readonly string[]) => void;
  readonly onClose: () => void;
}

const DIGITS = 6;

/** The secret goes into the app by its camera or by hand; a first code proves that it arrived. */
export function TotpDialog({ setup, onDone, onClose }: TotpDialogProps) {
  const { t } = useWords();
  const api = useApi();
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const errors = useFieldErrors(problem, ['code']);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const digits = code.replaceAll(/\s/gu, '');
    if (busy) return;
    if (digits.length < DIGITS) return setProblem(new OffhookError('code_invalid'));
    setBusy(true);
    setProblem(undefined);
    try {
      const body = { ticket: setup.ticket, code: digits };
      onDone((await api.ask('POST', '/api/account/totp/confirm', RecoveryCodes, body)).codes);
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
    return undefined;
  }

  return (
    <Modal opened onClose={onClose} title={t('account.totp.dialog')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <Text size="sm">{t('account.totp.scan')}</Text>
          <QrCode text={setup.uri} label={t('account.totp.qr')} />
          <CopyField label={t('account.totp.secret')} value={setup.secret} />
          <TextInput
            label={t('account.totp.code')}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={errors.of('code')}
            data-autofocus
          />
          <ProblemNote problem={errors.rest} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('account.totp.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
