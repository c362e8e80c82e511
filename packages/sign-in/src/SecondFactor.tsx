import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import type { SecondFactorMethod } from '@offhook/contract';
import { IconFingerprint } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import type { SignInState } from './flow.ts';
import classes from './SignInForm.module.css';
import type { SignIn } from './use-sign-in.ts';
import type { Words } from './words/words.ts';

export interface SecondFactorProps {
  readonly state: Extract<SignInState, { name: 'second' }>;
  readonly signIn: SignIn;
  readonly words: Words;
}

export function SecondFactor({ state, signIn, words }: SecondFactorProps) {
  const { chosen, methods, busy } = state;
  return (
    <Stack gap="lg">
      {chosen === 'passkey' ? (
        <>
          <Text c="dimmed">{words.passkeyHint}</Text>
          <Button
            ref={focusOnce}
            size="md"
            fullWidth
            leftSection={<IconFingerprint size={20} stroke={1.7} />}
            loading={busy === 'passkey'}
            onClick={() => void signIn.passkey()}
          >
            {words.passkey}
          </Button>
        </>
      ) : (
        <CodeForm key={chosen} method={chosen} busy={busy === 'code'} signIn={signIn} words={words} />
      )}
      <div className={classes['links']}>
        {methods
          .filter((method) => method !== chosen)
          .map((method) => (
            <Anchor
              key={method}
              component="button"
              type="button"
              size="sm"
              onClick={() => signIn.choose(method)}
            >
              {wordsOf(method, words)}
            </Anchor>
          ))}
        <Anchor component="button" type="button" size="sm" onClick={signIn.back}>
          {words.back}
        </Anchor>
      </div>
    </Stack>
  );
}

interface CodeFormProps {
  readonly method: 'totp' | 'recovery_code';
  readonly busy: boolean;
  readonly signIn: SignIn;
  readonly words: Words;
}

function CodeForm({ method, busy, signIn, words }: CodeFormProps) {
  const [code, setCode] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (busy) return;
    void signIn.code(code);
    setCode('');
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Text c="dimmed">{method === 'totp' ? words.totpHint : words.recoveryHint}</Text>
        <TextInput
          ref={focusOnce}
          label={method === 'totp' ? words.code : words.recoveryCode}
          name="code"
          autoComplete={method === 'totp' ? 'one-time-code' : 'off'}
          inputMode={method === 'totp' ? 'numeric' : 'text'}
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={busy} fullWidth>
          {words.continue}
        </Button>
      </Stack>
    </form>
  );
}

function wordsOf(method: SecondFactorMethod, words: Words): string {
  switch (method) {
    case 'totp':
      return words.useTotp;
    case 'recovery_code':
      return words.useRecovery;
    case 'passkey':
      return words.passkey;
  }
}

/** The same function at every drawing, so that it runs when the element appears and not again. */
const focusOnce = (element: HTMLElement | null): void => element?.focus();
