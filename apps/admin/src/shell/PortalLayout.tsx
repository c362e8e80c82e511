import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { isPermitted, type Me } from '@offhook/contract';
import { Logo } from '@offhook/ui';
import { IconMenu2 } from '@tabler/icons-react';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { accessOf } from '../app/portal.ts';
import { useSession } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { LiveUpdates } from '../live/LiveUpdates.tsx';
import { Navigation } from './Navigation.tsx';
import { NotFound } from './NotFound.tsx';
import { PageLoading } from './PageLoading.tsx';
import classes from './PortalLayout.module.css';
import { Unreachable } from './Unreachable.tsx';
import { UserMenu } from './UserMenu.tsx';

/** The portal and the console: only with a session; whoever has none comes back here after sign-in. */
export function PortalLayout() {
  const { data, error, refetch } = useSession();
  const { href } = useLocation();
  if (error !== null) return <Unreachable problem={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <PageLoading />;
  const { me, secondFactorMissing } = data;
  if (me === null) {
    // While the next page loads the address is its already: that is nowhere to come back to.
    if (!href.startsWith('/admin')) return <PageLoading />;
    return <Navigate to="/account/sign-in" search={{ return: href }} replace />;
  }
  if (secondFactorMissing === true) return <Navigate to="/account/security" replace />;
  return <Portal me={me} />;
}

function Portal({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const { pathname } = useLocation();
  const [opened, { open, close }] = useDisclosure(false);
  useEffect(close, [pathname, close]);
  const access = accessOf(pathname);
  return (
    <div className={classes['portal']}>
      <header className={classes['top']}>
        <ActionIcon variant="subtle" color="gray" size={40} onClick={open} aria-label={t('shell.menu')}>
          <IconMenu2 size={22} />
        </ActionIcon>
        <Brand me={me} />
        <UserMenu me={me} compact />
      </header>
      <Drawer
        opened={opened}
        onClose={close}
        size={288}
        padding={0}
        title={<Brand me={me} />}
        classNames={{ header: classes['drawerHead'] ?? '' }}
        closeButtonProps={{ 'aria-label': t('shared.close') }}
      >
        <Navigation role={me.role} />
      </Drawer>
      <div className={classes['side']}>
        <div className={classes['sideHead']}>
          <Brand me={me} />
        </div>
        <Navigation role={me.role} />
        <div className={classes['sideFoot']}>
          <UserMenu me={me} />
        </div>
      </div>
      <main className={classes['main']} id="content" tabIndex={-1}>
        <div className={classes['page']}>
          {access === undefined || isPermitted(me.role, access) ? <Outlet /> : <NotFound />}
        </div>
      </main>
      {isPermitted(me.role, 'connectors.read') ? <LiveUpdates /> : null}
    </div>
  );
}

function Brand({ me }: { readonly me: Me }) {
  const { t } = useWords();
  return (
    <span className={classes['brand']}>
      <Logo size={30} />
      <span className={classes['names']}>
        <span className={classes['name']}>{me.role === 'provider' ? t('shell.console') : me.tenantName}</span>
        <span className={classes['product']}>
          {me.role === 'provider' ? t('shell.product') : t('shell.portal')}
        </span>
      </span>
    </span>
  );
}
