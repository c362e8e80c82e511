import { Anchor, Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { IconBuilding, IconFingerprint } from '@tabler/icons-react';
import { useEffect, useState, type SubmitEvent } from 'react';
import type { SignInState } from './flow.ts';
import classes from './SignInForm.module.css';
import type { SignIn } from './use-sign-in.ts';
import { filled } from './words/index.ts';
import type { Words } from './words/words.ts';

export interface FirstFactorProps {
  readonly state: Extract<SignInState, { name: 'first' }>;
  readonly signIn: SignIn;
  readonly words: Words;
  readonly forgotHref: string;
  readonly withPasskeys: boolean;
}

const TYPING_MS = 400;

export function FirstFactor({ state, signIn, words, forgotHref, withPasskeys }: FirstFactorProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, methods } = state;
  const { typed } = signIn;
  // Asked while the person types the password, so that the right ways are there by then.
  useEffect(() => {
    const timer = window.setTimeout(() => void typed(email), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [email, typed]);

  const ssoOnly = methods?.sso !== undefined && !methods.passwordAllowed;
  const ssoLabel = methods?.sso === undefined ? words.sso : filled(words.ssoNamed, methods.sso.name);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (busy !== undefined) return;
    void (ssoOnly ? signIn.sso(email) : signIn.password(email, password));
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <TextInput
          label={words.email}
          type="email"
          name="email"
          autoComplete="username webauthn"
          inputMode="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {ssoOnly ? (
          <Text size="sm" c="dimmed" role="status">
            {words.ssoOnly}
          </Text>
        ) : (
          <Stack gap={8}>
            <PasswordInput
              label={words.password}
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': words.reveal }}
            />
            <Anchor href={forgotHref} size="sm" className={classes['forgot'] ?? ''}>
              {words.forgot}
            </Anchor>
          </Stack>
        )}
        <Button type="submit" size="md" loading={busy === (ssoOnly ? 'sso' : 'password')} fullWidth>
          {ssoOnly ? ssoLabel : words.submit}
        </Button>
        <Divider label={words.or} />
        <Stack gap="sm">
          {withPasskeys ? (
            <Button
              variant="default"
              size="md"
              fullWidth
              leftSection={<IconFingerprint size={20} stroke={1.7} />}
              loading={busy === 'passkey'}
              onClick={() => void signIn.passkey()}
            >
              {words.passkey}
            </Button>
          ) : null}
          {ssoOnly ? null : (
            <Button
              variant="default"
              size="md"
              fullWidth
              leftSection={<IconBuilding size={20} stroke={1.7} />}
              loading={busy === 'sso'}
              onClick={() => void signIn.sso(email)}
            >
              {ssoLabel}
            </Button>
          )}
        </Stack>
      </Stack>
    </form>
  );
}
