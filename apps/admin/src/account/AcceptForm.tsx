import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { OffhookError, SignInResult, type LinkInfo } from '@offhook/contract';
import { useRouter } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import classes from './AcceptForm.module.css';
import { AccountCard } from './AccountCard.tsx';
import { NewPasswordField } from './NewPasswordField.tsx';
import { useEntered } from './use-entered.ts';

export interface AcceptFormProps {
  readonly token: string;
  readonly info: LinkInfo;
}

/** What the link is for decides what is asked: always a password, the terms where they have to be accepted, who it is where nobody knows yet. */
export function AcceptForm({ token, info }: AcceptFormProps) {
  const { t } = useWords();
  const format = useFormat();
  const api = useApi();
  const router = useRouter();
  const entered = useEntered();
  const first = info.kind === 'first_provider';
  const { terms } = info;
  const [name, setName] = useState(info.name);
  const [email, setEmail] = useState(info.email);
  const [password, setPassword] = useState('');
  const [accepted, setAccepted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const errors = useFieldErrors(problem, ['password', ...(first ? ['name', 'email'] : [])]);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const missing = [
      ...(password === '' ? ['password'] : []),
      ...(first && name.trim() === '' ? ['name'] : []),
      ...(first && email.trim() === '' ? ['email'] : []),
    ];
    if (missing.length > 0) return setProblem(new OffhookError('bad_request', { fields: missing }));
    if (terms !== undefined && !accepted) return setProblem(new OffhookError('terms_required'));
    setBusy(true);
    setProblem(undefined);
    try {
      const result = await api.ask('POST', '/api/links/accept', SignInResult, {
        token,
        password,
        ...(terms === undefined ? {} : { termsVersion: terms.version }),
        ...(first ? { name: name.trim(), email: email.trim() } : {}),
      });
      if (result.state === 'signed_in') await entered(result.me);
      else router.history.push('/account/sign-in');
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
    return undefined;
  }

  return (
    <AccountCard title={t(...titleOf(info))} hint={t(...hintOf(info))}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="lg">
          {first ? (
            <>
              <TextInput
                label={t('account.name')}
                name="name"
                autoComplete="name"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                error={errors.of('name')}
              />
              <TextInput
                label={t('account.email')}
                type="email"
                name="email"
                autoComplete="username"
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
                error={errors.of('email')}
              />
            </>
          ) : (
            // Password managers take the name of the account from here.
            <input type="hidden" name="email" autoComplete="username" value={info.email} />
          )}
          <NewPasswordField
            label={t(info.kind === 'password_reset' ? 'account.new' : 'account.password')}
            value={password}
            onChange={setPassword}
            error={errors.of('password')}
            not={[email, name, info.tenantName]}
          />
          {terms === undefined ? null : (
            <div>
              <h2 className={classes['heading']}>{t('account.terms')}</h2>
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls has to be reached by the keyboard. */}
              <div className={classes['terms']} role="region" aria-label={t('account.terms')} tabIndex={0}>
                {terms.text}
              </div>
              <Checkbox
                mt="sm"
                checked={accepted}
                onChange={(event) => setAccepted(event.currentTarget.checked)}
                label={t('account.terms.accept', { version: terms.version })}
              />
            </div>
          )}
          <ProblemNote problem={errors.rest} />
          <Button type="submit" size="md" loading={busy} fullWidth>
            {t('account.link.submit')}
          </Button>
          <Text size="xs" c="dimmed" ta="center">
            {t('account.link.expires', { when: format.dateTime(info.expiresAt) })}
          </Text>
        </Stack>
      </form>
    </AccountCard>
  );
}

type Said = Parameters<ReturnType<typeof useWords>['t']>;

function titleOf({ kind, name }: LinkInfo): Said {
  switch (kind) {
    case 'invitation':
      return ['account.link.invitation', { name }];
    case 'first_provider':
      return ['account.link.first'];
    case 'password_reset':
      return ['account.link.reset'];
  }
}

function hintOf({ kind, email, tenantName }: LinkInfo): Said {
  switch (kind) {
    case 'invitation':
      return ['account.link.invitation.hint', { tenant: tenantName, email }];
    case 'first_provider':
      return ['account.link.first.hint'];
    case 'password_reset':
      return ['account.link.reset.hint', { email }];
  }
}
