import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { OffhookError } from '@offhook/contract';
import { IconMailFast } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import { AccountCard } from './AccountCard.tsx';

/** Asks for a link by mail. The answer is the same whether the address has an account or not. */
export function Page() {
  const { t } = useWords();
  const api = useApi();
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const errors = useFieldErrors(problem, ['email']);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const address = email.trim();
    if (!address.includes('@')) return setProblem(new OffhookError('bad_request', { fields: ['email'] }));
    setBusy(true);
    setProblem(undefined);
    try {
      await api.send('POST', '/api/password-reset', { email: address });
      setSent(address);
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setBusy(false);
    }
    return undefined;
  }

  if (sent !== undefined) {
    return (
      <AccountCard
        icon={<IconMailFast size={40} stroke={1.5} />}
        title={t('account.forgot.sent')}
        hint={t('account.forgot.sent.hint', { email: sent })}
      >
        <Button component={Link} to="/account/sign-in" variant="default">
          {t('account.toSignIn')}
        </Button>
      </AccountCard>
    );
  }
  return (
    <AccountCard title={t('account.forgot.title')} hint={t('account.forgot.hint')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="lg">
          <TextInput
            label={t('account.email')}
            type="email"
            name="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={errors.of('email')}
          />
          <ProblemNote problem={errors.rest} />
          <Button type="submit" size="md" loading={busy} fullWidth>
            {t('account.forgot.submit')}
          </Button>
          <Anchor component={Link} to="/account/sign-in" size="sm">
            {t('account.toSignIn')}
          </Anchor>
        </Stack>
      </form>
    </AccountCard>
  );
}
