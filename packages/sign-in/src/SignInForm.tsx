import { Alert, Center, Loader, Stack, Text, Title } from '@mantine/core';
import type { Language, Me } from '@offhook/contract';
import { Logo } from '@offhook/ui';
import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react';
import type { SignInApi } from './api.ts';
import type { ReactNode } from 'react';
import { FirstFactor } from './FirstFactor.tsx';
import type { SignInProblem } from './flow.ts';
import type { Passkeys } from './passkeys.ts';
import { SecondFactor } from './SecondFactor.tsx';
import classes from './SignInForm.module.css';
import { useSignIn } from './use-sign-in.ts';
import { problemWords, signInWords } from './words/index.ts';

export interface SignInFormProps {
  readonly api: SignInApi;
  readonly passkeys: Passkeys;
  readonly language: Language;
  readonly onSignedIn: (me: Me) => void;
  /** Goes to the company's own sign-in page. */
  readonly leave: (url: string) => void;
  readonly forgotHref: string;
  /** The product's mark above the title; left out where the page has it already. */
  readonly withLogo?: boolean;
  /** Why people are here: their session ended. */
  readonly note?: ReactNode;
}

/** Signing in, by every way there is: password, passkey, the company's own page, and a second factor where one is asked for. */
export function SignInForm({ language, note, forgotHref, withLogo = true, ...ports }: SignInFormProps) {
  const signIn = useSignIn(ports);
  const { state } = signIn;
  const words = signInWords[language];
  switch (state.name) {
    case 'first':
      return (
        <Card withLogo={withLogo} title={words.title} subtitle={words.subtitle}>
          <Notes language={language} problem={state.problem} note={note} />
          <FirstFactor
            state={state}
            signIn={signIn}
            words={words}
            forgotHref={forgotHref}
            withPasskeys={ports.passkeys.supported()}
          />
        </Card>
      );
    case 'second':
      return (
        <Card withLogo={withLogo} title={words.secondTitle} subtitle={undefined}>
          <Notes language={language} problem={state.problem} note={undefined} />
          <SecondFactor state={state} signIn={signIn} words={words} />
        </Card>
      );
    case 'leaving':
      return (
        <Card withLogo={withLogo} title={words.title} subtitle={words.leaving}>
          <Center py="lg">
            <Loader role="status" aria-label={words.leaving} />
          </Center>
        </Card>
      );
    case 'done':
      return null;
  }
}

interface CardProps {
  readonly withLogo: boolean;
  readonly title: string;
  readonly subtitle: string | undefined;
  readonly children: ReactNode;
}

function Card({ withLogo, title, subtitle, children }: CardProps) {
  return (
    <div className={classes['card']}>
      <Stack gap="lg">
        <Stack gap={4}>
          {withLogo ? <Logo size={44} /> : null}
          <Title order={1} size={26} mt={withLogo ? 'lg' : 0} lts="-0.02em">
            {title}
          </Title>
          {subtitle === undefined ? null : <Text c="dimmed">{subtitle}</Text>}
        </Stack>
        {children}
      </Stack>
    </div>
  );
}

interface NotesProps {
  readonly language: Language;
  readonly problem: SignInProblem | undefined;
  readonly note: ReactNode;
}

function Notes({ language, problem, note }: NotesProps) {
  if (problem !== undefined) {
    return (
      <Alert variant="light" color="signal" icon={<IconAlertCircle />}>
        {problemWords(language, problem)}
      </Alert>
    );
  }
  if (note === undefined) return null;
  return (
    <Alert variant="light" color="cobalt" icon={<IconInfoCircle />} role="note">
      {note}
    </Alert>
  );
}
