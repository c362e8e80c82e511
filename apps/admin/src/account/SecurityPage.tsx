import { Alert, Anchor, Skeleton, Stack } from '@mantine/core';
import type { Account, Me } from '@offhook/contract';
import { IconChevronLeft, IconShieldExclamation } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { useApi } from '../api/ApiContext.tsx';
import { homeOf, useSession } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { LanguageSelect } from '../shell/LanguageSelect.tsx';
import { PageLoading } from '../shell/PageLoading.tsx';
import { Unreachable } from '../shell/Unreachable.tsx';
import { AuthenticatorSection } from './AuthenticatorSection.tsx';
import { accountQuery } from './own-account.ts';
import { PasskeySection } from './PasskeySection.tsx';
import { PasswordSection } from './PasswordSection.tsx';
import classes from './SecurityPage.module.css';
import { SessionSection } from './SessionSection.tsx';

/** The own account of whoever is signed in, whatever their role. */
export function Page() {
  const { data, error, refetch } = useSession();
  if (error !== null) return <Unreachable problem={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <PageLoading />;
  if (data.me === null) {
    return <Navigate to="/account/sign-in" search={{ return: '/account/security' }} replace />;
  }
  return <Security me={data.me} />;
}

function Security({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const { data: account, error, refetch } = useQuery(accountQuery(useApi()));
  return (
    <div className={classes['page']}>
      <BackLink me={me} />
      <PageHeader title={t('account.title')} hint={t('account.hint')} />
      {error !== null && account === undefined ? (
        <Unreachable problem={error} onRetry={() => void refetch()} />
      ) : account === undefined ? (
        <Stack gap="lg" aria-busy="true">
          <Skeleton height={150} radius="lg" />
          <Skeleton height={150} radius="lg" />
        </Stack>
      ) : (
        <Sections account={account} />
      )}
    </div>
  );
}

function BackLink({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const icon = <IconChevronLeft size={16} stroke={2} aria-hidden="true" />;
  return homeOf(me.role) === '/' ? (
    <Anchor href="/" size="sm" className={classes['back'] ?? ''}>
      {icon}
      {t('account.backToPhone')}
    </Anchor>
  ) : (
    <Anchor component={Link} to="/admin" size="sm" className={classes['back'] ?? ''}>
      {icon}
      {t('account.backToPortal')}
    </Anchor>
  );
}

function Sections({ account }: { readonly account: Account }) {
  const { t } = useWords();
  return (
    <Stack gap="lg">
      {account.secondFactorMissing ? (
        <Alert variant="light" color="amber" icon={<IconShieldExclamation />}>
          {t('account.secondFactorMissing')}
        </Alert>
      ) : null}
      <Panel title={account.name} hint={account.email}>
        <div className={classes['language']}>
          <LanguageSelect />
          <p className={classes['note']}>{t('account.language.hint')}</p>
        </div>
      </Panel>
      <PasswordSection account={account} />
      <AuthenticatorSection account={account} />
      <PasskeySection account={account} />
      <SessionSection />
    </Stack>
  );
}
