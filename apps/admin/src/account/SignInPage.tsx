import { ErrorCode, type Me } from '@offhook/contract';
import { createSignInApi, SignInForm, signInWords } from '@offhook/sign-in';
import { Navigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { homeOf, useSession } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { usePasskeys } from './passkeys-context.ts';
import { returnTo } from './return-to.ts';
import classes from './SignInPage.module.css';
import { useEntered } from './use-entered.ts';

const anything = { safeParse: (data: unknown) => ({ success: true, data }) as const };

/** Sign-in for administrators and the provider; whoever comes from a page goes back to it. `?error=` is what the company's own sign-in said. */
export function Page() {
  const { t, language } = useWords();
  const api = useApi();
  const { data } = useSession();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const wanted = returnTo(search['return']);
  const failure = ErrorCode.safeParse(search['error']);
  const entered = useEntered();
  const passkeys = usePasskeys();
  const signInApi = useMemo(
    () =>
      createSignInApi(({ method, path, body }) =>
        method === 'GET' ? api.get(path, anything) : api.ask(method, path, anything, body),
      ),
    [api],
  );
  const title = signInWords[language].submit;
  useEffect(() => {
    document.title = `${title} · Offhook`;
  }, [title]);

  const home = data?.me === undefined || data.me === null ? undefined : homeOf(data.me.role);
  if (home !== undefined && home !== '/') return <Navigate to={wanted ?? home} replace />;
  return (
    <div className={classes['place']}>
      <SignInForm
        api={signInApi}
        passkeys={passkeys}
        language={language}
        onSignedIn={(me: Me) => void entered(me, wanted)}
        leave={(url) => window.location.assign(withReturn(url, wanted ?? '/admin'))}
        forgotHref="/account/forgot"
        withLogo={false}
        note={
          failure.success
            ? t(`error.${failure.data}`)
            : data?.expired === true
              ? t('account.signIn.expired')
              : undefined
        }
      />
    </div>
  );
}

function withReturn(url: string, to: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}return=${encodeURIComponent(to)}`;
}
