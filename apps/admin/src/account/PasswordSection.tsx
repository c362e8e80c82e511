import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import type { Account } from '@offhook/contract';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { NewPasswordField } from './NewPasswordField.tsx';
import { useAccountChanged } from './own-account.ts';
import classes from './SecurityPage.module.css';

export function PasswordSection({ account }: { readonly account: Account }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const act = t(account.hasPassword ? 'account.pw.change' : 'account.pw.set');
  return (
    <Panel title={t('account.pw.title')}>
      <div className={classes['state']}>
        <span>{t(account.hasPassword ? 'account.pw.has' : 'account.pw.hasNot')}</span>
        <Button variant="default" onClick={() => setOpen(true)}>
          {act}
        </Button>
      </div>
      {open ? <PasswordDialog account={account} title={act} onClose={() => setOpen(false)} /> : null}
    </Panel>
  );
}

interface PasswordDialogProps {
  readonly account: Account;
  readonly title: string;
  readonly onClose: () => void;
}

function PasswordDialog({ account, title, onClose }: PasswordDialogProps) {
  const { t } = useWords();
  const api = useApi();
  const toasts = useToasts();
  const changed = useAccountChanged();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const errors = useFieldErrors(problem, ['next', 'current']);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy || next === '') return;
    setBusy(true);
    setProblem(undefined);
    try {
      const body = account.hasPassword ? { current, next } : { next };
      await api.send('POST', '/api/account/password', body);
      await changed();
      toasts.show({ text: t('account.pw.changed') });
      onClose();
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <input type="hidden" name="email" autoComplete="username" value={account.email} />
          {account.hasPassword ? (
            <PasswordInput
              label={t('account.pw.current')}
              name="current-password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.currentTarget.value)}
              error={errors.of('current')}
              visibilityToggleButtonProps={{ 'aria-label': t('shared.reveal') }}
              data-autofocus
            />
          ) : null}
          <NewPasswordField
            label={t('account.new')}
            value={next}
            onChange={setNext}
            error={errors.of('next')}
            not={[account.email, account.name]}
          />
          <Text size="sm" c="dimmed">
            {t('account.pw.note')}
          </Text>
          <ProblemNote problem={errors.rest} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={next === ''}>
              {title}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
