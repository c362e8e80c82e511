import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { OffhookError, PasskeyChallenge, SignInResult, type LinkInfo } from '@offhook/contract';
import { useRouter } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import type { WordKey } from '../words/keys.ts';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useFieldErrors } from '../shared/use-field-errors.ts';
import classes from './AcceptForm.module.css';
import { AccountCard } from './AccountCard.tsx';
import { NewPasswordField } from './NewPasswordField.tsx';
import { usePasskeys } from './passkeys-context.ts';
import { useEntered } from './use-entered.ts';
import { WayChoice, type Way } from './WayChoice.tsx';

export interface AcceptFormProps {
  readonly token: string;
  readonly info: LinkInfo;
}

/**
 * What the link is for decides what is asked: a passkey or a password (after a reset a password), the terms where they have to be accepted, who it is
 * where nobody knows yet.
 */
export function AcceptForm({ token, info }: AcceptFormProps) {
  const { t } = useWords();
  const format = useFormat();
  const api = useApi();
  const router = useRouter();
  const entered = useEntered();
  const passkeys = usePasskeys();
  const first = info.kind === 'first_provider';
  const { terms } = info;
  const canChoose = info.kind !== 'password_reset' && passkeys.supported();
  const [way, setWay] = useState<Way>(canChoose ? 'passkey' : 'password');
  const [name, setName] = useState(info.name);
  const [email, setEmail] = useState(info.email);
  const [password, setPassword] = useState('');
  const [accepted, setAccepted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [refusal, setRefusal] = useState<WordKey>();
  const errors = useFieldErrors(problem, ['password', ...(first ? ['name', 'email'] : [])]);
  const who = first ? { name: name.trim(), email: email.trim() } : {};

  /** What the device has made; undefined where it made nothing, which is then said. */
  async function newPasskey(): Promise<{ ticket: string; response: unknown } | undefined> {
    const { ticket, options } = await api.ask('POST', '/api/links/passkey', PasskeyChallenge, {
      token,
      ...who,
    });
    const outcome = await passkeys.create(options);
    switch (outcome.name) {
      case 'given':
        return { ticket, response: outcome.response };
      case 'known':
        setRefusal('account.passkeys.known');
        return undefined;
      case 'cancelled':
      case 'failed':
        setRefusal('account.way.failed');
        return undefined;
    }
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setProblem(undefined);
    setRefusal(undefined);
    const missing = [
      ...(way === 'password' && password === '' ? ['password'] : []),
      ...(first && name.trim() === '' ? ['name'] : []),
      ...(first && email.trim() === '' ? ['email'] : []),
    ];
    if (missing.length > 0) return setProblem(new OffhookError('bad_request', { fields: missing }));
    // Before a key is made that nobody could use.
    if (terms !== undefined && !accepted) return setProblem(new OffhookError('terms_required'));
    setBusy(true);
    try {
      const chosen = way === 'password' ? { password } : { passkey: await newPasskey() };
      if ('passkey' in chosen && chosen.passkey === undefined) return setBusy(false);
      const result = await api.ask('POST', '/api/links/accept', SignInResult, {
        token,
        ...chosen,
        ...(terms === undefined ? {} : { termsVersion: terms.version }),
        ...who,
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
          {canChoose ? <WayChoice value={way} onChange={setWay} /> : null}
          {way === 'password' ? (
            <NewPasswordField
              label={t(info.kind === 'password_reset' ? 'account.new' : 'account.password')}
              value={password}
              onChange={setPassword}
              error={errors.of('password')}
              not={[email, name, info.tenantName]}
            />
          ) : null}
          {terms === undefined ? null : <Terms terms={terms} accepted={accepted} onAccept={setAccepted} />}
          <ProblemNote problem={errors.rest} />
          {refusal === undefined ? null : (
            <Text role="alert" size="sm" c="signal">
              {t(refusal)}
            </Text>
          )}
          <Button type="submit" size="md" loading={busy} fullWidth>
            {t(way === 'passkey' ? 'account.link.submit.passkey' : 'account.link.submit')}
          </Button>
          <Text size="xs" c="dimmed" ta="center">
            {t('account.link.expires', { when: format.dateTime(info.expiresAt) })}
          </Text>
        </Stack>
      </form>
    </AccountCard>
  );
}

interface TermsProps {
  readonly terms: NonNullable<LinkInfo['terms']>;
  readonly accepted: boolean;
  readonly onAccept: (accepted: boolean) => void;
}

function Terms({ terms, accepted, onAccept }: TermsProps) {
  const { t } = useWords();
  return (
    <div>
      <h2 className={classes['heading']}>{t('account.terms')}</h2>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls has to be reached by the keyboard. */}
      <div className={classes['terms']} role="region" aria-label={t('account.terms')} tabIndex={0}>
        {terms.text}
      </div>
      <Checkbox
        mt="sm"
        checked={accepted}
        onChange={(event) => onAccept(event.currentTarget.checked)}
        label={t('account.terms.accept', { version: terms.version })}
      />
    </div>
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

function hintOf({ kind, role, email, tenantName }: LinkInfo): Said {
  switch (kind) {
    case 'invitation':
      return role === 'provider'
        ? ['account.link.provider.hint', { email }]
        : ['account.link.invitation.hint', { tenant: tenantName, email }];
    case 'first_provider':
      return ['account.link.first.hint'];
    case 'password_reset':
      return ['account.link.reset.hint', { email }];
  }
}
