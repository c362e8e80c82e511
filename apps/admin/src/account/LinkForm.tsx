import { Button } from '@mantine/core';
import { LinkInfo, OffhookError } from '@offhook/contract';
import { IconLinkOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { linkKey } from '../app/session.ts';
import { hasChosenLanguage, showLanguage } from '../i18n/i18n.ts';
import { problemWords, useWords } from '../i18n/use-words.ts';
import { PageLoading } from '../shell/PageLoading.tsx';
import { Unreachable } from '../shell/Unreachable.tsx';
import { AcceptForm } from './AcceptForm.tsx';
import { AccountCard } from './AccountCard.tsx';
import { deadLinks } from './dead-links.ts';

/**
 * A link from a mail. Its token is in the fragment, so that it reaches no log; it is taken out of the address at once, so that nobody who looks over a shoulder, and
 * no history of the browser, has it.
 */
export function LinkForm() {
  const { hash } = useLocation();
  const [token] = useState(hash.replace(/^#/u, ''));
  useEffect(() => {
    if (window.location.hash !== '') {
      window.history.replaceState(window.history.state, '', window.location.pathname);
    }
  }, []);
  return token.length < 20 ? <Incomplete /> : <Inspected token={token} />;
}

function Inspected({ token }: { readonly token: string }) {
  const { t, i18n } = useWords();
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: [...linkKey, token],
    queryFn: () => api.ask('POST', '/api/links/inspect', LinkInfo, { token }),
    staleTime: Infinity,
  });
  const language = data?.language;
  useEffect(() => {
    if (language !== undefined && !hasChosenLanguage()) void showLanguage(i18n, language);
  }, [language, i18n]);
  if (data !== undefined) return <AcceptForm token={token} info={data} />;
  if (error === null) return <PageLoading />;
  if (!deadLinks.has(OffhookError.from(error).code)) {
    return <Unreachable problem={error} onRetry={() => void refetch()} />;
  }
  return (
    <AccountCard
      icon={<IconLinkOff size={36} stroke={1.5} />}
      title={t('account.link.dead')}
      hint={problemWords(t, error)}
    >
      <SignInButton />
    </AccountCard>
  );
}

function Incomplete() {
  const { t } = useWords();
  return (
    <AccountCard
      icon={<IconLinkOff size={36} stroke={1.5} />}
      title={t('account.link.missing')}
      hint={t('account.link.missing.hint')}
    >
      <SignInButton />
    </AccountCard>
  );
}

function SignInButton() {
  const { t } = useWords();
  return (
    <Button component={Link} to="/account/sign-in" variant="default">
      {t('account.toSignIn')}
    </Button>
  );
}
