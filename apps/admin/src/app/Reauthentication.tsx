import { Button, Group, Modal, PasswordInput, Skeleton, Stack, Text } from '@mantine/core';
import { PasskeyChallenge } from '@offhook/contract';
import { IconFingerprint } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useState, useSyncExternalStore, type SubmitEvent } from 'react';
import { accountQuery } from '../account/own-account.ts';
import { usePasskeys } from '../account/passkeys-context.ts';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { createReauthenticationDesk, type ReauthenticationDesk } from './reauthentication.ts';

export const ReauthenticationContext = createContext<ReauthenticationDesk>(createReauthenticationDesk());

/** Asks anew who it is before something that weakens the account, by password or passkey; what was wanted then goes on by itself. */
export function Reauthentication() {
  const desk = useContext(ReauthenticationContext);
  const asked = useSyncExternalStore(desk.subscribe, desk.isAsked);
  return asked ? <ProofDialog onAnswer={desk.answer} /> : null;
}

type Busy = 'password' | 'passkey' | undefined;

function ProofDialog({ onAnswer }: { readonly onAnswer: (confirmed: boolean) => void }) {
  const { t } = useWords();
  const api = useApi();
  const passkeys = usePasskeys();
  const { data: account, isPending } = useQuery(accountQuery(api));
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState<Busy>();
  // Who cannot be asked what they have is asked for what most have.
  const hasPassword = account?.hasPassword ?? true;
  const hasPasskey = (account?.passkeys.length ?? 0) > 0 && passkeys.supported();

  async function prove(by: NonNullable<Busy>, work: () => Promise<boolean>): Promise<void> {
    if (busy !== undefined) return;
    setBusy(by);
    setProblem(undefined);
    setFailed(false);
    try {
      if (await work()) return onAnswer(true);
    } catch (thrown) {
      setProblem(thrown);
    }
    setBusy(undefined);
  }

  const byPasskey = () =>
    prove('passkey', async () => {
      const { ticket, options } = await api.ask(
        'POST',
        '/api/account/reauthenticate/options',
        PasskeyChallenge,
      );
      const outcome = await passkeys.get(options);
      if (outcome.name === 'given') {
        await api.send('POST', '/api/account/reauthenticate', { ticket, response: outcome.response });
        return true;
      }
      setFailed(outcome.name !== 'cancelled');
      return false;
    });

  const byPassword = (event: SubmitEvent) => {
    event.preventDefault();
    if (password === '' || !hasPassword) return;
    void prove('password', async () => {
      await api.send('POST', '/api/account/reauthenticate', { password });
      return true;
    });
  };

  return (
    <Modal
      opened
      onClose={() => onAnswer(false)}
      title={t('shell.reauthenticate.title')}
      radius="lg"
      centered
      zIndex={300}
    >
      <form onSubmit={byPassword} noValidate>
        <Stack gap="md">
          <Text size="sm">{t('shell.reauthenticate.hint')}</Text>
          {isPending ? <Skeleton height={64} radius="md" /> : null}
          {!isPending && hasPassword ? (
            <PasswordInput
              label={t('shell.reauthenticate.password')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t('shared.reveal') }}
              data-autofocus
            />
          ) : null}
          {hasPasskey ? (
            <Button
              variant={hasPassword ? 'light' : 'filled'}
              leftSection={<IconFingerprint size={18} stroke={1.7} />}
              loading={busy === 'passkey'}
              onClick={() => void byPasskey()}
            >
              {t('shell.reauthenticate.passkey')}
            </Button>
          ) : null}
          {!isPending && !hasPassword && !hasPasskey ? (
            <Text size="sm" fw={540}>
              {t('shell.reauthenticate.neither')}
            </Text>
          ) : null}
          <ProblemNote problem={problem} />
          {failed ? (
            <Text role="alert" size="sm" c="signal">
              {t('shell.reauthenticate.failed')}
            </Text>
          ) : null}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={() => onAnswer(false)}>
              {t('shared.cancel')}
            </Button>
            {hasPassword ? (
              <Button type="submit" loading={busy === 'password'}>
                {t('shell.reauthenticate.confirm')}
              </Button>
            ) : null}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
