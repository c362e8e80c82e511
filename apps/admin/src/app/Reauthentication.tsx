import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { createContext, useContext, useState, useSyncExternalStore, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { createReauthenticationDesk, type ReauthenticationDesk } from './reauthentication.ts';

export const ReauthenticationContext = createContext<ReauthenticationDesk>(createReauthenticationDesk());

/** Asks for the password again before something that weakens the account; what was wanted then goes on by itself. */
export function Reauthentication() {
  const desk = useContext(ReauthenticationContext);
  const asked = useSyncExternalStore(desk.subscribe, desk.isAsked);
  return asked ? <PasswordDialog onAnswer={desk.answer} /> : null;
}

function PasswordDialog({ onAnswer }: { readonly onAnswer: (confirmed: boolean) => void }) {
  const { t } = useWords();
  const api = useApi();
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (password === '') return;
    setBusy(true);
    setProblem(undefined);
    try {
      await api.send('POST', '/api/account/reauthenticate', { password });
      onAnswer(true);
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  }

  return (
    <Modal
      opened
      onClose={() => onAnswer(false)}
      title={t('shell.reauthenticate.title')}
      radius="lg"
      centered
      zIndex={300}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <Text size="sm">{t('shell.reauthenticate.hint')}</Text>
          <PasswordInput
            label={t('shell.reauthenticate.password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('shared.reveal') }}
            data-autofocus
          />
          <ProblemNote problem={problem} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={() => onAnswer(false)}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('shell.reauthenticate.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
