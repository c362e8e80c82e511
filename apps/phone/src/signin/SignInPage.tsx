import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { OffhookError } from '@offhook/contract';
import type { SignedOutReason } from '@offhook/phone-core';
import { Logo } from '@offhook/ui';
import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePhone } from '../app/PhoneContext.tsx';
import { OngoingCalls } from '../calls/OngoingCalls.tsx';
import type { WordKey } from '../i18n/words.ts';
import classes from './SignInPage.module.css';

export function SignInPage({ reason }: { readonly reason: SignedOutReason | undefined }) {
  const { t } = useWords();
  const phone = usePhone();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<WordKey>();
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (email.trim() === '' || password === '') {
      setProblem('signIn.missing');
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      await phone.signIn(email.trim(), password);
    } catch (thrown) {
      setProblem(`error.${OffhookError.from(thrown).code}`);
      setBusy(false);
    }
  }

  const goodbye = goodbyeWords(reason);
  return (
    <main className={classes['page']}>
      <OngoingCalls />
      <form className={classes['card']} onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="lg">
          <Stack gap={4}>
            <Logo size={44} />
            <Title order={1} size={26} mt="lg" lts="-0.02em">
              {t('signIn.title')}
            </Title>
            <Text c="dimmed">{t('signIn.subtitle')}</Text>
          </Stack>
          {goodbye === undefined || problem !== undefined ? null : (
            <Alert variant="light" color="cobalt" icon={<IconInfoCircle />} role="note">
              {t(goodbye)}
            </Alert>
          )}
          {problem === undefined ? null : (
            <Alert variant="light" color="signal" icon={<IconAlertCircle />}>
              {t(problem)}
            </Alert>
          )}
          <TextInput
            label={t('signIn.email')}
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.reveal') }}
          />
          <Button type="submit" size="md" loading={busy} fullWidth>
            {t('signIn.submit')}
          </Button>
        </Stack>
      </form>
    </main>
  );
}

function goodbyeWords(reason: SignedOutReason | undefined): WordKey | undefined {
  switch (reason) {
    case 'expired':
      return 'signIn.expired';
    case 'revoked':
      return 'signIn.revoked';
    case 'signed_out':
    case undefined:
      return undefined;
  }
}
