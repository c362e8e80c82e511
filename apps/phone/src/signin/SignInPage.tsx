import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { OffhookError, type SecondFactorAnswer } from '@offhook/contract';
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
  const [ticket, setTicket] = useState<string>();
  const [code, setCode] = useState('');

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const typed = code.trim();
    if (ticket === undefined ? email.trim() === '' || password === '' : typed.length < 6) {
      setProblem(ticket === undefined ? 'signIn.missing' : 'signIn.codeMissing');
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      const result =
        ticket === undefined
          ? await phone.signIn(email.trim(), password)
          : await phone.answerSecondFactor(secondFactor(ticket, typed));
      if (result.state === 'second_factor') {
        setTicket(result.ticket);
        setBusy(false);
      }
    } catch (thrown) {
      const error = OffhookError.from(thrown).code;
      setProblem(`error.${error}`);
      setCode('');
      if (error === 'ticket_expired') setTicket(undefined);
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
          {ticket === undefined ? (
            <>
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
            </>
          ) : (
            <TextInput
              key="code"
              label={t('signIn.code')}
              description={t('signIn.codeHint')}
              name="code"
              autoComplete="one-time-code"
              ref={focusOnce}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          <Button type="submit" size="md" loading={busy} fullWidth>
            {t(ticket === undefined ? 'signIn.submit' : 'signIn.continue')}
          </Button>
        </Stack>
      </form>
    </main>
  );
}

/** The same function at every drawing, so that it runs when the field appears and not again. */
const focusOnce = (field: HTMLInputElement | null): void => field?.focus();

/** Six digits are the app's; anything else can only be a recovery code. */
function secondFactor(ticket: string, code: string): SecondFactorAnswer {
  const digits = code.replaceAll(' ', '');
  return /^\d{6}$/u.test(digits)
    ? { ticket, method: 'totp', code: digits }
    : { ticket, method: 'recovery_code', code };
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
