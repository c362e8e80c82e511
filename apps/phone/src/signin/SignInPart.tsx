import { browserPasskeys, createSignInApi, SignInForm } from '@offhook/sign-in';
import { useMemo, type ReactNode } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { isLanguage } from '../i18n/languages.ts';
import { useWords } from '../i18n/use-words.ts';

/** The form itself: loaded where nobody is signed in. */
export default function SignInPart({ note }: { readonly note: ReactNode }) {
  const { i18n } = useWords();
  const phone = usePhone();
  const api = useMemo(() => createSignInApi((request) => phone.ask(request)), [phone]);
  return (
    <SignInForm
      api={api}
      passkeys={browserPasskeys}
      language={isLanguage(i18n.language) ? i18n.language : 'en'}
      onSignedIn={(me) => phone.enter(me)}
      leave={(url) => window.location.assign(url)}
      forgotHref="/account/forgot"
      note={note}
    />
  );
}
