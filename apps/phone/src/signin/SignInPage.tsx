import { Anchor, Center, Loader } from '@mantine/core';
import type { SignedOutReason } from '@offhook/phone-core';
import { lazy, Suspense } from 'react';
import { OngoingCalls } from '../calls/OngoingCalls.tsx';
import { useWords } from '../i18n/use-words.ts';
import type { WordKey } from '../i18n/words.ts';
import { NotLoaded } from '../shell/NotLoaded.tsx';
import classes from './SignInPage.module.css';

const SignInPart = lazy(() => import('./SignInPart.tsx'));

/** Calls that go on, and below them the way in. */
export function SignInPage({ reason }: { readonly reason: SignedOutReason | undefined }) {
  const { t } = useWords();
  const goodbye = goodbyeWords(reason);
  const note =
    goodbye === undefined ? undefined : (
      <>
        {t(goodbye)}
        {reason === 'second_factor_missing' ? (
          <Anchor href="/account/security" display="block" mt="xs">
            {t('signIn.toAccount')}
          </Anchor>
        ) : null}
      </>
    );
  const loading = (
    <Center h="60dvh">
      <Loader role="progressbar" aria-label={t('app.loading')} />
    </Center>
  );
  return (
    <main className={classes['page']}>
      <OngoingCalls />
      <NotLoaded>
        <Suspense fallback={loading}>
          <SignInPart note={note} />
        </Suspense>
      </NotLoaded>
    </main>
  );
}

function goodbyeWords(reason: SignedOutReason | undefined): WordKey | undefined {
  switch (reason) {
    case 'expired':
      return 'signIn.expired';
    case 'revoked':
      return 'signIn.revoked';
    case 'second_factor_missing':
      return 'signIn.secondFactorMissing';
    case 'signed_out':
    case undefined:
      return undefined;
  }
}
