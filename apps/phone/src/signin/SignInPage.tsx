import { Anchor } from '@mantine/core';
import type { SignedOutReason } from '@offhook/phone-core';
import { browserPasskeys, createSignInApi, SignInForm } from '@offhook/sign-in';
import { useMemo } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { OngoingCalls } from '../calls/OngoingCalls.tsx';
import { isLanguage } from '../i18n/languages.ts';
import { useWords } from '../i18n/use-words.ts';
import type { WordKey } from '../i18n/words.ts';
import classes from './SignInPage.module.css';

export function SignInPage({ reason }: { readonly reason: SignedOutReason | undefined }) {
  const { t, i18n } = useWords();
  const phone = usePhone();
  const api = useMemo(() => createSignInApi((request) => phone.ask(request)), [phone]);
  const goodbye = goodbyeWords(reason);
  return (
    <main className={classes['page']}>
      <OngoingCalls />
      <SignInForm
        api={api}
        passkeys={browserPasskeys}
        language={isLanguage(i18n.language) ? i18n.language : 'en'}
        onSignedIn={(me) => phone.enter(me)}
        leave={(url) => window.location.assign(url)}
        forgotHref="/account/forgot"
        note={
          goodbye === undefined ? undefined : (
            <>
              {t(goodbye)}
              {reason === 'second_factor_missing' ? (
                <Anchor href="/account/security" display="block" mt="xs">
                  {t('signIn.toAccount')}
                </Anchor>
              ) : null}
            </>
          )
        }
      />
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
